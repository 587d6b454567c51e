"""The verb that draws, units or whole networks: draw."""

import argparse
import json
from base64 import b64decode
from pathlib import Path

from resnet_explorer.api import networks as api
from resnet_explorer.api.network_drawings import draw_network
from resnet_explorer.api.path_drawings import draw_paths
from resnet_explorer.cli.arguments import Verb, add_json
from resnet_explorer.errors import NetworkError


def add(verb: Verb) -> None:
    """Add the verb to a parser."""
    draw = verb("draw", "one unit of each network, or all of them, as a picture: SVG, TikZ or PDF", _draw)
    draw.add_argument("networks", nargs="+", metavar="NETWORK[:ORDERING]")
    draw.add_argument(
        "--unit", default="inside", metavar="PLACE", help="inside, first, transition, last, or such as 2.3 (inside)"
    )
    draw.add_argument("--whole", action="store_true", help="the whole of each network, a block a unit")
    draw.add_argument(
        "--colour", default="none", metavar="NAME", help="of the whole: none, parameters, macs, memory, measured (none)"
    )
    draw.add_argument("--values", default="", metavar="FILE", help="for measured: JSON, a list of numbers a network")
    draw.add_argument("--label", default="measured", metavar="TEXT", help="what those numbers are, such as |dL/dx|")
    draw.add_argument(
        "--paths", action="store_true", help="the measured gradient through shortcut and branch, as bands"
    )
    draw.add_argument("--theme", default="light", metavar="NAME", help="light or dark (light)")
    draw.add_argument("--format", default="svg", metavar="NAME", help="svg, tikz or pdf (svg)")
    draw.add_argument("--output", default="", metavar="FILE", help="write the picture there instead of printing it")
    add_json(draw)


def _draw(options: argparse.Namespace) -> str:
    if options.whole:
        return _draw_whole(options)
    if options.colour != "none":
        raise NetworkError("--colour is for whole networks; add --whole")
    if options.paths:
        paths = draw_paths(options.networks, options.unit, theme=options.theme, format=options.format)
        return json.dumps(paths, indent=1) if options.json else _keep(paths["picture"], options.format, options.output)
    answer = api.draw(options.networks, options.unit, options.theme, format=options.format)
    return json.dumps(answer, indent=1) if options.json else _keep(answer["sheet"], options.format, options.output)


def _draw_whole(options: argparse.Namespace) -> str:
    values = _read_values(options.values) if options.values else None
    answer = draw_network(options.networks, options.colour, values, options.label, options.theme, format=options.format)
    return json.dumps(answer, indent=1) if options.json else _keep(answer["picture"], options.format, options.output)


def _read_values(path: str) -> list[list[float | None]]:
    """Lists of numbers from a file of JSON; null stands for what is no finite number."""
    try:
        rows = json.loads(Path(path).read_text())
    except (OSError, ValueError):
        raise NetworkError(f"cannot read numbers from {path}: it is no file of JSON") from None
    if not (isinstance(rows, list) and all(isinstance(row, list) and all(map(_is_number, row)) for row in rows)):
        raise NetworkError(f"{path} needs a list of numbers for each network, such as [[1.5, 0.9], [2, 1]]")
    return rows


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _keep(picture: str, format: str, output: str) -> str:
    """Write a picture to a file and say so, or give its text to be printed."""
    if not output:
        if format == "pdf":
            raise NetworkError("a PDF is written to a file; name it, such as --output units.pdf")
        return picture.rstrip("\n")
    content = b64decode(picture) if format == "pdf" else picture.encode()
    try:
        Path(output).write_bytes(content)
    except OSError as error:
        raise NetworkError(f"cannot write {output}: {error.strerror}") from None
    return f"{output}: {len(content):,} bytes"

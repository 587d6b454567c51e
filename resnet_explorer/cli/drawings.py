"""The verb that draws: draw."""

import argparse
import json
from base64 import b64decode
from pathlib import Path

from resnet_explorer.api import networks as api
from resnet_explorer.cli.arguments import Verb, add_json
from resnet_explorer.errors import NetworkError


def add(verb: Verb) -> None:
    """Add the verb to a parser."""
    draw = verb("draw", "one unit of each network as a picture: SVG, TikZ or PDF", _draw)
    draw.add_argument("networks", nargs="+", metavar="NETWORK[:ORDERING]")
    draw.add_argument(
        "--unit", default="inside", metavar="PLACE", help="inside, first, transition, last, or such as 2.3 (inside)"
    )
    draw.add_argument("--theme", default="light", metavar="NAME", help="light or dark (light)")
    draw.add_argument("--format", default="svg", metavar="NAME", help="svg, tikz or pdf (svg)")
    draw.add_argument("--output", default="", metavar="FILE", help="write the picture there instead of printing it")
    add_json(draw)


def _draw(options: argparse.Namespace) -> str:
    answer = api.draw(options.networks, options.unit, options.theme, format=options.format)
    return json.dumps(answer, indent=1) if options.json else _keep(answer["sheet"], options.format, options.output)


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

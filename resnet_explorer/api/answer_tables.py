"""Answers as tables of cells: the same for the command line and for the page's downloads.

`plain` gives bare numbers and shapes for programs (CSV); else what a person reads.
"""

from collections.abc import Callable, Sequence

from resnet_explorer.api import network_answers as answers
from resnet_explorer.describe import text_tables as formats
from resnet_explorer.describe.table import format_shape
from resnet_explorer.networks.budget import format_bytes

Listing = tuple[list[str], list[list[formats.Cell]]]
FORMATS: dict[str, Callable[[Sequence[str], formats.Table], str]] = {
    "csv": formats.comma_separated,
    "latex": formats.latex,
    "markdown": formats.markdown,
}


def layers(found: answers.Description, plain: bool = False) -> Listing:
    """Every layer with its costs."""
    header = ["stage", "unit", "part", "op", "output shape", "parameters", "MACs", "activation memory"]
    if plain:
        header = ["stage", "unit", "part", "op", "shape", "params", "macs", "memory"]
    cells = [
        [*_place(layer), _shape(layer["shape"], plain), layer["params"], layer["macs"], layer["memory"]]
        for layer in found["layers"]
    ]
    return header, cells


def totals(networks: Sequence[answers.Totals], plain: bool = False) -> Listing:
    """Networks side by side, one a row."""
    names = ["network", "depth", "parameters", "without BN", "MACs", "activation memory", "training memory"]
    return [*names, "receptive field", "trunk"], [_total(found, plain) for found in networks]


def difference(lines: Sequence[answers.DifferenceAnswer], plain: bool = False) -> Listing:
    """The layers that only one of two networks has."""
    header = ["", "stage", "unit", "part", "op", "output shape", "parameters", "MACs"]
    if plain:
        header = ["sign", "stage", "unit", "part", "op", "shape", "params", "macs"]
    changed = [line for line in lines if line["sign"] != " "]
    return header, [[line["sign"], *_line(line, plain)] for line in changed]


def _line(line: answers.DifferenceAnswer, plain: bool) -> list[formats.Cell]:
    return [*_place(line), _shape(line["shape"], plain), line["params"], line["macs"]]


def _total(found: answers.Totals, plain: bool) -> list[formats.Cell]:
    need = found["memory"]
    sizes: list[formats.Cell] = [found["depth"], found["params"], found["params_without_bn"], found["macs"]]
    bytes_ = [need["activations"], need["training"]]
    trunk = "exact" if found["trunk"]["exact"] else " ".join(found["trunk"]["ops"])
    return [found["name"], *sizes, *(bytes_ if plain else map(format_bytes, bytes_)), found["receptive_field"], trunk]


def _place(row: answers.LayerAnswer | answers.DifferenceAnswer) -> list[formats.Cell]:
    return [str(row["stage"] or ""), str(row["unit"] or ""), row["part"], row["op"]]


def _shape(dims: list[int], plain: bool) -> str:
    return "x".join(map(str, dims)) if plain else format_shape(tuple(dims))

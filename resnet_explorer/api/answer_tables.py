"""Answers as a header and rows of cells, for the command line and for the page's downloads.

`plain` gives bare numbers and shapes, for programs that read CSV; otherwise sizes have units and shapes have signs.
"""

from collections.abc import Callable, Sequence

from resnet_explorer.api.network_answers import Description, DifferenceAnswer, LayerAnswer, Totals
from resnet_explorer.describe import spreadsheet, text_tables
from resnet_explorer.describe.table import format_shape
from resnet_explorer.networks.budget import format_bytes

Listing = tuple[list[str], list[list[text_tables.Cell]]]
FORMATS: dict[str, Callable[[Sequence[str], text_tables.Table], str]] = {
    "csv": spreadsheet.comma_separated,
    "latex": text_tables.latex,
    "markdown": text_tables.markdown,
}


def layers(description: Description, plain: bool = False) -> Listing:
    """Every layer with its costs."""
    header = ["stage", "unit", "part", "op", "output shape", "parameters", "MACs", "activation memory"]
    if plain:
        header = ["stage", "unit", "part", "op", "shape", "params", "macs", "memory"]
    cells = [
        [*_position_cells(layer), _shape_cell(layer["shape"], plain), layer["params"], layer["macs"], layer["memory"]]
        for layer in description["layers"]
    ]
    return header, cells


def totals(networks: Sequence[Totals], plain: bool = False) -> Listing:
    """Networks side by side, one a row."""
    names = ["network", "depth", "parameters", "without BN", "MACs", "activation memory", "training memory"]
    return [*names, "receptive field", "trunk"], [_total_cells(network, plain) for network in networks]


def difference(lines: Sequence[DifferenceAnswer], plain: bool = False) -> Listing:
    """The layers that only one of two networks has."""
    header = ["", "stage", "unit", "part", "op", "output shape", "parameters", "MACs"]
    if plain:
        header = ["sign", "stage", "unit", "part", "op", "shape", "params", "macs"]
    changed = [line for line in lines if line["sign"] != " "]
    return header, [[line["sign"], *_difference_cells(line, plain)] for line in changed]


def _difference_cells(line: DifferenceAnswer, plain: bool) -> list[text_tables.Cell]:
    return [*_position_cells(line), _shape_cell(line["shape"], plain), line["params"], line["macs"]]


def _total_cells(network: Totals, plain: bool) -> list[text_tables.Cell]:
    memory = network["memory"]
    sizes: list[text_tables.Cell] = [network["depth"], network["params"], network["params_without_bn"], network["macs"]]
    bytes_ = [memory["activations"], memory["training"]]
    trunk = "exact" if network["trunk"]["exact"] else " ".join(network["trunk"]["ops"])
    shown = bytes_ if plain else map(format_bytes, bytes_)
    return [network["name"], *sizes, *shown, network["receptive_field"], trunk]


def _position_cells(row: LayerAnswer | DifferenceAnswer) -> list[text_tables.Cell]:
    return [str(row["stage"] or ""), str(row["unit"] or ""), row["part"], row["op"]]


def _shape_cell(dims: list[int], plain: bool) -> str:
    return "x".join(map(str, dims)) if plain else format_shape(tuple(dims))

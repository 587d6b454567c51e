"""The inside of composites, as they are drawn: cells in a box, and how data runs through them."""

from typing import NamedTuple

from resnet_explorer.language.layer import Layer

CELL, GAP, SUM_GAP = 16, 8, 16
HEADER, FOOTER = 24, 16
MAX_CELLS = 9


class Cell(NamedTuple):
    """One step inside a composite; it reads the composite's input, the cell above, or their sum."""

    text: str
    reads_input: bool = False
    reads_above: bool = False
    gives_result: bool = False

    @property
    def sums(self) -> bool:
        return self.reads_input and self.reads_above


class Inside(NamedTuple):
    """The cells from top to bottom, and how their results become one: 'cat', '×' with the input, or nothing."""

    cells: tuple[Cell, ...]
    ending: str = ""

    def tops(self) -> list[int]:
        """Where each cell begins, below the top of the box."""
        tops, y = [], HEADER
        for cell in self.cells:
            y += (SUM_GAP - GAP) * cell.sums
            tops.append(y)
            y += CELL + GAP
        return tops

    @property
    def height(self) -> int:
        return self.tops()[-1] + CELL + (FOOTER if self.ending else GAP)


def open_composite(layer: Layer) -> Inside | None:
    """The inside of a composite; None for any other layer."""
    drawings = {
        "Res2": _draw_res2,
        "Wasp": _draw_wasp,
        "Aspp": _draw_aspp,
        "SqueezeExcite": _draw_squeeze,
        "Gate": _draw_gate,
        "Decoder": _draw_decoder,
    }
    return drawings[layer.call](layer) if layer.call in drawings else None


def _draw_res2(layer: Layer) -> Inside:
    """Splits top to bottom: each convolved after adding the one before; in a stage's first unit nothing is added."""
    scale, first = _as_int(layer.args[1]), bool(layer.args[3])
    convs = sum(part.call == "Conv2d" for part in layer.parts)
    cells = [Cell("3×3", reads_input=True, reads_above=bool(i) and not first, gives_result=True) for i in range(convs)]
    pooled = any(part.call == "AvgPool2d" for part in layer.parts)
    cells += [Cell("pool" if pooled else "as is", reads_input=True, gives_result=True)] * (scale - convs)
    return Inside(_shorten(cells), "cat")


def _draw_wasp(layer: Layer) -> Inside:
    return _draw_dilated(layer, Cell("", reads_above=True, gives_result=True))


def _draw_aspp(layer: Layer) -> Inside:
    return _draw_dilated(layer, Cell("", reads_input=True, gives_result=True))


def _draw_dilated(layer: Layer, cell: Cell) -> Inside:
    """A cell like this one for each rate, between the 1×1 and the pooled branch."""
    rates = layer.args[2]
    assert isinstance(rates, tuple)
    cells = _shorten([cell._replace(text=f"3×3 d{rate}") for rate in rates])
    return Inside(
        (Cell("1×1", reads_input=True, gives_result=True), *cells, Cell("gap", reads_input=True, gives_result=True)),
        "cat 1×1",
    )


def _draw_squeeze(layer: Layer) -> Inside:
    cells = (Cell("gap", reads_input=True), Cell("1×1 relu", reads_above=True), Cell("1×1 σ", reads_above=True))
    return Inside(cells, "×")


def _draw_gate(layer: Layer) -> Inside:
    return Inside((Cell("1×1", reads_input=True), Cell("1 − σ", reads_above=True)), "×")


def _draw_decoder(layer: Layer) -> Inside:
    early = Cell("early 1×1", gives_result=True)
    return Inside((early, Cell("input", reads_input=True, gives_result=True)), "cat 3×3 3×3 1×1")


def _shorten(cells: list[Cell]) -> tuple[Cell, ...]:
    """The first and the last of many cells, and how many are left out."""
    if len(cells) <= MAX_CELLS:
        return tuple(cells)
    left_out = cells[1]._replace(text=f"{len(cells) - MAX_CELLS + 1} more")
    return (*cells[: MAX_CELLS - 2], left_out, cells[-1])


def _as_int(value: object) -> int:
    assert isinstance(value, int)
    return int(value)

"""Composites drawn open: the cells inside a box, and how data runs through them."""

from typing import NamedTuple

from resnet_explorer.language.layer import Layer

CELL, GAP, SUM_GAP = 16, 8, 16
HEADER, FOOTER = 24, 16
MAX_CELLS = 9


class Cell(NamedTuple):
    """One step inside a composite; `takes` the composite's input, what is `above` it, or their sum."""

    text: str
    takes: bool = False
    above: bool = False
    gives: bool = False

    @property
    def sums(self) -> bool:
        return self.takes and self.above


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
    """What is inside a layer, if it has an inside."""
    drawn = {"Res2": _res2, "Wasp": _wasp, "SqueezeExcite": _excite, "Gate": _gate, "Decoder": _decoder}
    return drawn[layer.call](layer) if layer.call in drawn else None


def _res2(layer: Layer) -> Inside:
    """Splits top to bottom: each convolved after adding the one before; in a stage's first unit nothing is added."""
    scale, first = _whole(layer.args[1]), bool(layer.args[3])
    convs = sum(part.call == "Conv2d" for part in layer.parts)
    cells = [Cell("3×3", takes=True, above=bool(i) and not first, gives=True) for i in range(convs)]
    pooled = any(part.call == "AvgPool2d" for part in layer.parts)
    cells += [Cell("pool" if pooled else "as is", takes=True, gives=True)] * (scale - convs)
    return Inside(_shortened(cells), "cat")


def _wasp(layer: Layer) -> Inside:
    rates = layer.args[2]
    assert isinstance(rates, tuple)
    falls = _shortened([Cell(f"3×3 d{rate}", above=True, gives=True) for rate in rates])
    return Inside((Cell("1×1", takes=True, gives=True), *falls, Cell("gap", takes=True, gives=True)), "cat 1×1")


def _excite(layer: Layer) -> Inside:
    cells = (Cell("gap", takes=True), Cell("1×1 relu", above=True), Cell("1×1 σ", above=True))
    return Inside(cells, "×")


def _gate(layer: Layer) -> Inside:
    return Inside((Cell("1×1", takes=True), Cell("1 − σ", above=True)), "×")


def _decoder(layer: Layer) -> Inside:
    early = Cell("early 1×1", gives=True)
    return Inside((early, Cell("input", takes=True, gives=True)), "cat 3×3 3×3 1×1")


def _shortened(cells: list[Cell]) -> tuple[Cell, ...]:
    """The first and the last of many cells, and how many are left out."""
    if len(cells) <= MAX_CELLS:
        return tuple(cells)
    left_out = cells[1]._replace(text=f"{len(cells) - MAX_CELLS + 1} more")
    return (*cells[: MAX_CELLS - 2], left_out, cells[-1])


def _whole(value: object) -> int:
    assert isinstance(value, int)
    return int(value)

"""Heat maps as a picture: one for each line, units downward and steps to the right, all on one scale, named below."""

from collections import Counter
from collections.abc import Iterator, Sequence
from math import isfinite, log10
from typing import NamedTuple

from resnet_explorer.describe.drawing.shapes import Path, Picture, Rect, Shape, Style, Text

WIDE, HIGH, GAP, HEAD = 320.0, 140.0, 24.0, 28.0
ACROSS = 3
BAR, BAR_HIGH = 160.0, 10.0
# boxes of a colour reach so far into the next, so that no seam shows
SEAM = 0.3


class Map(NamedTuple):
    """One map: its title, columns of a number a unit from the input on, and how much of the width they fill."""

    title: str
    columns: Sequence[Sequence[float | None]]
    filled: float = 1


class Scale(NamedTuple):
    """The lowest and the highest power of ten, the colours between them, and the one of what is 0 or no number."""

    low: float
    high: float
    shades: Sequence[str]
    warn: str

    def colour(self, value: float | None) -> str:
        """The colour of a number."""
        if value is None or not isfinite(value) or value <= 0:
            return self.warn
        last = len(self.shades) - 1
        share = (log10(value) - self.low) / (self.high - self.low)
        return self.shades[max(0, min(last, round(share * last)))]


def heat_maps(maps: Sequence[Map], scale: Scale, legend: str, ink: str) -> Picture:
    """The picture: up to three maps beside each other, and the scale with its legend below."""
    across = max(1, min(ACROSS, len(maps)))
    width = across * (WIDE + GAP) + GAP
    bottom = -(-len(maps) // across) * (HIGH + GAP + HEAD) + GAP
    shapes: list[Shape] = []
    for at, one in enumerate(maps):
        x, y = GAP + at % across * (WIDE + GAP), GAP + at // across * (HIGH + GAP + HEAD)
        shapes += [Text(one.title, x, y + 12, 13, ink, "start"), *_cells(one, scale, x, y + 20)]
    shapes += [*_bar(scale, bottom), Text(legend, GAP + BAR + 12, bottom + BAR_HIGH, 13, ink, "start")]
    return Picture(width, bottom + HEAD, tuple(shapes), legend)


def _cells(one: Map, scale: Scale, left: float, top: float) -> Iterator[Shape]:
    """A path for each colour: the boxes in which it stands, equal neighbours of a row as one.

    Below lies the most frequent colour, so that no paper shines through between two boxes.
    """
    boxes: dict[str, list[str]] = {}
    cells: Counter[str] = Counter()
    units = max(map(len, one.columns), default=0)
    for unit in range(units):
        row = [scale.colour(column[unit] if unit < len(column) else None) for column in one.columns]
        cells.update(row)
        for start, end, colour in _runs(row):
            width, height = WIDE * one.filled / len(row), HIGH / units
            x, y = left + start * width, top + unit * height
            right = min(x + (end - start) * width + SEAM, left + WIDE * one.filled)
            below = min(y + height + SEAM, top + HIGH)
            boxes.setdefault(colour, []).append(f"M{x:.2f} {y:.2f}H{right:.2f}V{below:.2f}H{x:.2f}Z")
    for colour, _ in cells.most_common(1):
        yield Rect(left, top, WIDE * one.filled, HIGH, Style(fill=colour))
    for colour, paths in boxes.items():
        yield Path("".join(paths), Style(fill=colour))


def _runs(row: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Where equal neighbours begin and end."""
    start = 0
    for at in range(1, len(row) + 1):
        if at == len(row) or row[at] != row[start]:
            yield start, at, row[start]
            start = at


def _bar(scale: Scale, y: float) -> Iterator[Shape]:
    step = BAR / len(scale.shades)
    for at, shade in enumerate(scale.shades):
        yield Rect(GAP + at * step, y, min(step + SEAM, BAR - at * step), BAR_HIGH, Style(fill=shade))

"""A curve in a terminal: braille characters, two by four dots each, with the ends of both axes."""

from collections.abc import Sequence
from math import isfinite

# the bit of each dot of a character, by column and row
DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
BLANK = 0x2800


def plot(x: Sequence[float], y: Sequence[float], width: int = 60, height: int = 10) -> str:
    """A curve as lines of text; what is not a finite number leaves a gap, and is counted."""
    points = [(a, b) for a, b in zip(x, y, strict=True) if isfinite(b)]
    if not points:
        return "nothing to draw yet"
    left, right = min(a for a, _ in points), max(a for a, _ in points)
    low, high = min(b for _, b in points), max(b for _, b in points)
    cells = [[0] * width for _ in range(height)]
    for a, b in points:
        column = _dot(a, left, right, 2 * width)
        row = 4 * height - 1 - _dot(b, low, high, 4 * height)
        cells[row // 4][column // 2] |= DOTS[column % 2][row % 4]
    return "\n".join([*_rows(cells, low, high), _axis(left, right, width, len(x) - len(points))])


def _dot(value: float, least: float, most: float, places: int) -> int:
    return min(places - 1, int((value - least) / (most - least) * places)) if most > least else 0


def _rows(cells: Sequence[Sequence[int]], low: float, high: float) -> list[str]:
    labels = [f"{high:.4g}", *[""] * (len(cells) - 2), f"{low:.4g}"]
    return [
        f"{label:>9} │{''.join(chr(BLANK + cell) for cell in row)}" for label, row in zip(labels, cells, strict=True)
    ]


def _axis(left: float, right: float, width: int, gaps: int) -> str:
    line = f"{'':>9} {left:g}{f'{right:g}':>{max(1, width - len(f'{left:g}') + 1)}}"
    return f"{line}  ({gaps:,} not finite)" if gaps else line

"""What explains a number: a linear model of yes-or-no properties, the effect of each with its interval.

In plain Python as the rest of the statistics; tests compare with numpy.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import mean

from resnet_explorer.studies.statistics import Interval, t_quantile

# a column that keeps less than this share of its squares beside the others says nothing of its own
DEPENDENT = 1e-9
Matrix = list[list[float]]


@dataclass(frozen=True)
class Model:
    """A constant and the effect of each column, None where it follows from others; the share of variance explained."""

    constant: float
    effects: tuple[Interval | None, ...]
    explained: float
    count: int


def linear_model(rows: Sequence[Sequence[float]], ys: Sequence[float], level: float = 0.05) -> Model | None:
    """Least squares of numbers on columns and a constant, with t intervals; None where there are too few rows."""
    width = len(rows[0]) if rows else 0
    columns = [[1.0] * len(ys), *([float(row[place]) for row in rows] for place in range(width))]
    kept = _independent(columns)
    degrees = len(ys) - len(kept)
    if degrees < 1:
        return None
    used = [columns[place] for place in kept]
    inverse = _inverse([[_dot(one, other) for other in used] for one in used])
    products = [_dot(column, ys) for column in used]
    effects = [_dot(row, products) for row in inverse]
    fitted = [_dot(effects, [column[place] for column in used]) for place in range(len(ys))]
    left = sum((y - each) ** 2 for y, each in zip(ys, fitted, strict=True))
    total = sum((y - mean(ys)) ** 2 for y in ys)
    t = t_quantile(1 - level / 2, degrees)
    halves = [t * sqrt(left / degrees * inverse[place][place]) for place in range(len(kept))]
    intervals = {
        place: Interval(effect - half, effect, effect + half, level, len(ys))
        for place, effect, half in zip(kept, effects, halves, strict=True)
    }
    explained = 1 - left / total if total else 0.0
    return Model(effects[0], tuple(intervals.get(place + 1) for place in range(width)), explained, len(ys))


def _independent(columns: Sequence[Sequence[float]]) -> list[int]:
    """The columns that do not follow from earlier ones, by Gram and Schmidt."""
    kept: list[int] = []
    basis: list[list[float]] = []
    for place, column in enumerate(columns):
        rest, squares = list(column), _dot(column, column)
        for one in basis:
            share = _dot(rest, one) / _dot(one, one)
            rest = [value - share * other for value, other in zip(rest, one, strict=True)]
        if squares and _dot(rest, rest) > DEPENDENT * squares:
            kept.append(place)
            basis.append(rest)
    return kept


def _inverse(matrix: Matrix) -> Matrix:
    """The inverse of a positive matrix, by Gauss and Jordan with pivots."""
    size = len(matrix)
    rows = [[*row, *(float(place == number) for place in range(size))] for number, row in enumerate(matrix)]
    for place in range(size):
        best = max(range(place, size), key=lambda number: abs(rows[number][place]))
        rows[place], rows[best] = rows[best], rows[place]
        pivot = rows[place][place]
        rows[place] = [value / pivot for value in rows[place]]
        for number in range(size):
            if number != place:
                factor = rows[number][place]
                rows[number] = [value - factor * other for value, other in zip(rows[number], rows[place], strict=True)]
    return [row[size:] for row in rows]


def _dot(xs: Sequence[float], ys: Sequence[float]) -> float:
    return sum(x * y for x, y in zip(xs, ys, strict=True))

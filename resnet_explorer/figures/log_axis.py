"""Log axes: the decades that values span, their ticks, and labels that do not overlap."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resnet_explorer.figures.theme import POWERS

# the fewest decades an axis spans
LEAST = 0.6
MARGIN = 0.05
MOST_TICKS = 8
# decades below which 2 and 5 have ticks too, and the power of ten from which on it is written as one
FEW, LARGE = 2, 4


@dataclass(frozen=True)
class Span:
    """From the lowest to the highest value, as powers of ten, with a margin on both sides."""

    low: float
    high: float

    @property
    def decades(self) -> float:
        return self.high - self.low


def span(columns: Sequence[NDArray[np.floating[Any]]]) -> Span:
    """The decades that all positive values span; at least LEAST of one, and a margin."""
    values = np.concatenate([np.ravel(column) for column in columns]) if columns else np.array([1.0])
    logs = np.log10(values[np.isfinite(values) & (values > 0)])
    low, high = (float(logs.min()), float(logs.max())) if logs.size else (-0.5, 0.5)
    missing = max(0.0, LEAST - (high - low)) / 2
    margin = MARGIN * max(high - low, LEAST)
    return Span(low - missing - margin, high + missing + margin)


def decade_axis(title: str, values: Span) -> dict[str, Any]:
    """A log axis with a tick a decade; more of them where there are few decades, fewer where there are many."""
    axis = {"type": "log", "title": {"text": title}, "range": [values.low, values.high], **POWERS}
    if values.decades < FEW:
        return {**axis, **_whole_numbers(values), "tickfont": {"size": 13}}
    # Plotly writes an axis of powers of ten 1.25 times as large as it is told
    return {**axis, "dtick": ceil(values.decades / MOST_TICKS), "tickfont": {"size": 13 / 1.25}}


def _whole_numbers(values: Span) -> dict[str, object]:
    """Ticks at 1, 2 and 5 of each decade with the number itself, where Plotly writes its first digit only."""
    powers = range(floor(values.low) - 1, ceil(values.high) + 2)
    ticks = [(digit, power) for power in powers for digit in (1, 2, 5)]
    texts = [
        f"{digit * 10.0**power:g}" if abs(power) < LARGE else f"{digit}·10<sup>{power}</sup>" for digit, power in ticks
    ]
    return {"tickmode": "array", "tickvals": [digit * 10.0**power for digit, power in ticks], "ticktext": texts}


def spread_labels(heights: Sequence[float], gap: float, most: float = inf) -> list[float]:
    """The heights, moved as little as possible, so that any two are at least a gap apart and none is above `most`."""
    order = sorted(range(len(heights)), key=lambda i: heights[i])
    groups: list[list[int]] = []
    for index in order:
        groups.append([index])
        while len(groups) > 1 and _top(groups[-2], heights, gap) + gap > _bottom(groups[-1], heights, gap):
            groups[-2:] = [groups[-2] + groups[-1]]
    placed = [0.0] * len(heights)
    for group in groups:
        for step, index in enumerate(group):
            placed[index] = _bottom(group, heights, gap) + step * gap
    for index in reversed(order):
        placed[index] = min(placed[index], most)
        most = placed[index] - gap
    return placed


def _bottom(group: Sequence[int], heights: Sequence[float], gap: float) -> float:
    middle = sum(heights[i] for i in group) / len(group)
    return middle - gap * (len(group) - 1) / 2


def _top(group: Sequence[int], heights: Sequence[float], gap: float) -> float:
    return _bottom(group, heights, gap) + gap * (len(group) - 1)

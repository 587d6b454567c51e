"""A range for an axis that one spike does not squash: the middle nine tenths of the points, and half as much around.

Both ends stop at the lowest and the highest point, so that a curve without spikes is shown whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

# the quantiles that the range is made of, and how far beyond them it reaches, as a share of what lies between
QUANTILES, BEYOND = (0.05, 0.95), 0.5
# the least width, as a share of the value or, on a log axis, in decades
LEAST = 0.05


@dataclass(frozen=True)
class RobustRange:
    """From low to high; how many points lie outside, and the one farthest up, if any."""

    low: float
    high: float
    outside: int = 0
    highest: float | None = None

    def sentence(self) -> str:
        """What a caption says of the points that are not seen; nothing where all are."""
        if not self.outside:
            return ""
        points = "1 point lies" if self.outside == 1 else f"{self.outside:,} points lie"
        return f"{points} outside the axis" + (f", the highest at {self.highest:.3g}." if self.highest else ".")


def robust_range(values: Sequence[float], log: bool = False) -> RobustRange | None:
    """The range of finite values, on a log axis of positive ones; None where there are none."""
    numbers = np.array([value for value in values if np.isfinite(value) and (value > 0 or not log)], dtype=np.float64)
    if not numbers.size:
        return None
    heights = np.log10(numbers) if log else numbers
    first, last = (float(value) for value in np.quantile(heights, QUANTILES))
    margin = BEYOND * (last - first)
    low, high = max(float(heights.min()), first - margin), min(float(heights.max()), last + margin)
    missing = max(0.0, LEAST * (1.0 if log else abs(high) or 1.0) - (high - low)) / 2
    low, high = low - missing, high + missing
    above = heights[heights > high]
    outside = int(above.size + (heights < low).sum())
    highest = float(numbers.max()) if above.size else None
    return RobustRange(10**low if log else low, 10**high if log else high, outside, highest)

"""The colours of numbers on a drawing: cividis, even steps for every eye (Nuñez et al. 2018), log over decades."""

from collections.abc import Iterable
from math import ceil, floor, isfinite, log10
from typing import NamedTuple

CIVIDIS = (
    "#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369", "#e1cc55", "#fee838",
)  # fmt: skip
# a scale is logarithmic where the highest number is so many times the lowest
DECADES = 10.0


class ColourScale(NamedTuple):
    """The lowest and the highest number, and whether steps between them are factors."""

    low: float
    high: float
    log: bool

    def position(self, value: float) -> float:
        """Where a number lies between the lowest, 0, and the highest, 1."""
        if self.high == self.low:
            return 0.5
        if self.log:
            value = max(value, self.low)
            return (log10(value) - log10(self.low)) / (log10(self.high) - log10(self.low))
        return (value - self.low) / (self.high - self.low)

    def colour(self, value: float) -> str:
        """The colour of a number, as #rrggbb."""
        return cividis(self.position(value))

    def ticks(self) -> list[float]:
        """The numbers to write at the scale: both ends, and on a log scale the powers of ten well inside."""
        if self.low == self.high:
            return [self.low]
        powers = range(ceil(log10(self.low)), floor(log10(self.high)) + 1) if self.log else ()
        inside = [10.0**power for power in powers if 0.2 < self.position(10.0**power) < 0.8]
        # a few are enough to read the scale
        return [self.low, *inside[:: max(1, ceil(len(inside) / 2))], self.high]


def colour_scale(values: Iterable[float]) -> ColourScale | None:
    """One scale for all numbers that are finite; zeros do not enter a log scale. None if there is no number."""
    finite = [value for value in values if isfinite(value)]
    positive = [value for value in finite if value > 0]
    if not finite:
        return None
    if min(finite) >= 0 and positive and max(positive) >= DECADES * min(positive):
        return ColourScale(min(positive), max(positive), True)
    return ColourScale(min(finite), max(finite), False)


def cividis(position: float) -> str:
    """The colour between the darkest, 0, and the lightest, 1."""
    place = min(max(position, 0.0), 1.0) * (len(CIVIDIS) - 1)
    index = min(int(place), len(CIVIDIS) - 2)
    left, right = (_channels(CIVIDIS[i]) for i in (index, index + 1))
    mixed = (round(a + (b - a) * (place - index)) for a, b in zip(left, right, strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))

"""A verdict as a picture: its interval with the seeds against the rule's bounds, small in SVG or whole in Plotly.

Everything is read from the answers of the verbs about claims: `part` is what is known of a part of a claim, `form` how
it is measured. Numbers that are not finite are texts there, and have no place in a picture.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, log10
from typing import Any

from resnet_explorer.describe.sentence import Sentence
from resnet_explorer.figures.theme import PAGE, Palette

WIDTH, HEIGHT = 168, 28
# kept free at both ends of the picture, and of what it spans
EDGE, MARGIN = 6, 0.08
# what is judged spans so many decades at least where it is shown by powers of ten
DECADES = 2
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Reach:
    """From the lowest to the highest value that a picture shows; by powers of ten if `log`."""

    low: float
    high: float
    log: bool = False

    def share(self, value: float) -> float:
        """Where a value stands between the ends, from 0 to 1; what is outside stands at the end."""
        if self.log:
            value = log10(value) if value > 0 else self.low
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))


def verdict_svg(part: Values, form: Values, palette: Palette = PAGE) -> str:
    """The picture: seeds faint, the interval with its mean, a line at each bound, ground where the claim holds."""
    reach = reach_of(part, form)
    parts = [*_ground(form, reach, palette), *_seeds(part, reach, palette), *_interval(part, reach, palette)]
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} aria-hidden="true">{"".join(parts)}</svg>'


def verdict_words(part: Values, form: Values) -> Sentence:
    """The same picture as a sentence."""
    values = finite(part["statistics"])
    words = {"statistic": form["statistic"], "seeds": len(part["seeds"]), "bounds": bounds_words(form)}
    interval = part["interval"]
    if not values:
        return Sentence("Nothing is measured yet; {statistic} is judged by {bounds}.", words)
    if interval:
        ends = {name: f"{float(interval[name]):.3g}" for name in ("low", "mean", "high")}
        says = "{statistic}: mean {mean}, interval {low} to {high}, {seeds} seeds; judged by {bounds}."
        return Sentence(says, {**words, **ends})
    span = {"low": f"{min(values):.3g}", "high": f"{max(values):.3g}"}
    return Sentence("{statistic}: {low} to {high}, {seeds} seeds; judged by {bounds}.", {**words, **span})


def bounds_words(form: Values) -> Sentence:
    """The bounds that the statistic is held against."""
    least, most = form["least"], form["most"]
    if least is None and most is None:
        return Sentence("counts alone")
    if most is None:
        return Sentence("at least {least}", {"least": f"{least:g}"})
    if least is None:
        return Sentence("at most {most}", {"most": f"{most:g}"})
    return Sentence("{least} to {most}", {"least": f"{least:g}", "most": f"{most:g}"})


def finite(numbers: Sequence[Any]) -> list[float]:
    """The numbers that have a place in a picture."""
    return [float(number) for number in numbers if is_finite(number)]


def is_finite(number: Any) -> bool:
    """Whether a number of an answer has a place in a picture."""
    return isinstance(number, int | float) and isfinite(number)


def bounds_of(form: Values) -> list[float]:
    """The bounds that there are."""
    return [float(bound) for bound in (form["least"], form["most"]) if bound is not None]


def reach_of(part: Values, form: Values) -> Reach:
    """All that is shown of a part, with a margin; by powers of ten where errors are held against a small bound."""
    values = finite(part["statistics"])
    interval = part["interval"]
    if by_decades(values, form, interval):
        logs = [log10(value) for value in [*values, *bounds_of(form)] if value > 0]
        # zero stands at the end, a decade below all others
        return _spaced(min(logs) - 1, max(logs), log=True)
    ends = finite([interval["low"], interval["high"]]) if interval else []
    shown = [0.0, *values, *ends, *bounds_of(form)]
    return _spaced(min(shown), max(shown))


def by_decades(values: Sequence[float], form: Values, interval: Any = None) -> bool:
    """Whether the errors of an exact rule span decades with their bound."""
    only_most = form["least"] is None and form["most"] is not None and form["most"] > 0
    if not only_most or interval or not values or min(values) < 0:
        return False
    positive = [value for value in (*values, form["most"]) if value > 0]
    return 0.0 in values or max(positive) / min(positive) > 10**DECADES


def _spaced(low: float, high: float, log: bool = False) -> Reach:
    margin = MARGIN * (high - low) or 1.0
    return Reach(low - margin, high + margin, log)


def _x(value: float, reach: Reach) -> float:
    return round(EDGE + reach.share(value) * (WIDTH - 2 * EDGE), 1)


def _ground(form: Values, reach: Reach, palette: Palette) -> list[str]:
    """Where the claim holds, the axis, zero, and a dashed line at each bound."""
    middle = HEIGHT / 2
    bounds = bounds_of(form)
    drawn = []
    if bounds:
        left = EDGE if form["least"] is None else _x(form["least"], reach)
        right = WIDTH - EDGE if form["most"] is None else _x(form["most"], reach)
        box = f'x="{left}" y="2" width="{max(0.0, right - left):.1f}" height="{HEIGHT - 4}"'
        drawn.append(f'<rect {box} fill="{palette.hair}" fill-opacity="0.45"/>')
    drawn.append(_line(EDGE, middle, WIDTH - EDGE, middle, palette.faint, 0.6))
    if not reach.log:
        drawn.append(_line(_x(0.0, reach), middle - 4, _x(0.0, reach), middle + 4, palette.faint, 1))
    for bound in bounds:
        dash = ' stroke-dasharray="3 2"'
        drawn.append(_line(_x(bound, reach), 2, _x(bound, reach), HEIGHT - 2, palette.ink, 1, dash))
    return drawn


def _seeds(part: Values, reach: Reach, palette: Palette) -> list[str]:
    places = [_x(value, reach) for value in finite(part["statistics"])]
    style = f'r="2.5" fill="{palette.faint}" fill-opacity="0.55"'
    return [f'<circle cx="{x}" cy="{HEIGHT / 2}" {style}/>' for x in places]


def _interval(part: Values, reach: Reach, palette: Palette) -> list[str]:
    """The bar from end to end, and the mean."""
    interval = part["interval"]
    if not interval:
        return []
    middle = HEIGHT / 2
    low, mean, high = (_x(float(interval[name]), reach) for name in ("low", "mean", "high"))
    ends = [_line(x, middle - 4, x, middle + 4, palette.ink, 1.5) for x in (low, high)]
    dot = f'<circle cx="{mean}" cy="{middle}" r="3.5" fill="{palette.ink}"/>'
    return [_line(low, middle, high, middle, palette.ink, 1.5), *ends, dot]


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float, more: str = "") -> str:
    place = f'x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"'
    return f'<line {place} stroke="{colour}" stroke-width="{width}"{more}/>'

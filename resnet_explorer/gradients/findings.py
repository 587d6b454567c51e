"""What a lane's gradient profile shows, in sentences computed from its numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf, isfinite

from resnet_explorer.describe.sentence import Sentence, chained
from resnet_explorer.gradients.profile import GradientProfile, SeedStats, decades

# decades: less than FLAT keeps its size, more than the next two vanishes or explodes;
# the steepest stage is named from STEEP on; a step that differs by KINK from those beside it is a kink
FLAT, VANISHED, EXPLODED, STEEP, KINK = 0.1, 3.0, 4.0, 0.5, 0.1


@dataclass(frozen=True)
class Finding:
    """One observation: its kind, the stage it is about (0: all), the number behind it, and the sentence."""

    kind: str
    stage: int
    value: float
    text: Sentence


def find(profile: GradientProfile, lane: str) -> list[Finding]:
    """The findings of one lane: trend, what vanishes, the steepest stage, kinks between stages."""
    readings = profile.readings
    if any(not reading.finite for reading in readings):
        return [_find_overflow(profile, readings, lane)]
    if any(reading.mean == 0 for reading in readings):
        return [_find_zeros(profile, readings, lane)]
    trend = _find_trend(profile, lane)
    steepest = _find_steepest_stage(profile) if abs(trend.value) > STEEP else []
    return [trend, *_check_vanishing(profile, readings), *steepest, *_find_kinks(profile)]


def sentence(findings: Sequence[Finding]) -> Sentence:
    """Findings as one sentence, which does not begin with a capital yet."""
    return Sentence("{said}.", {"said": chained([finding.text for finding in findings])})


def rank_by_ratio(profiles: dict[str, GradientProfile]) -> Sentence:
    """The lanes by how far their first value lies above their last, the most first; an empty one of a single lane."""
    ratios = {lane: profile.ratio[0] for lane, profile in profiles.items() if isfinite(profile.ratio[0])}
    if len(ratios) < 2:
        return Sentence("")
    order = sorted(ratios, key=lambda lane: -ratios[lane])
    ranking = ", ".join(f"{lane} {format_amount(ratios[lane])}" for lane in order)
    return Sentence("First over last, largest first: {ranking}.", {"ranking": ranking})


def format_amount(value: float) -> str:
    """A number with three digits; far from one, with two and a power of ten."""
    if 1e3 <= abs(value) < 1e6:
        return f"{float(f'{value:.3g}'):,.0f}"
    return f"{value:.3g}" if value == 0 or 1e-3 <= abs(value) < 1e3 else f"{value:.1e}"


def _find_overflow(profile: GradientProfile, readings: list[SeedStats], lane: str) -> Finding:
    """The first place along the signal where the value is not finite."""
    in_signal_order = readings[::-1] if profile.metric.backward else readings
    if not any(reading.finite for reading in readings):
        text = "{noun} have no finite value anywhere in lane {lane}"
        return Finding("overflow", 0, inf, Sentence(text, {"noun": profile.metric.noun, "lane": lane}))
    first = next(reading for reading in in_signal_order if not reading.finite)
    text = f"in lane {{lane}} {{noun}} leave the range of float32 at {{place}} and toward the {profile.metric.end}"
    values = {"lane": lane, "noun": profile.metric.noun, "place": format_place(first)}
    return Finding("overflow", first.stage, inf, Sentence(text, values))


def _find_zeros(profile: GradientProfile, readings: list[SeedStats], lane: str) -> Finding:
    count = sum(reading.mean == 0 for reading in readings)
    where = "everywhere" if count == len(readings) else "in {count} of {places} places"
    values = {"noun": profile.metric.noun, "lane": lane, "count": count, "places": len(readings)}
    return Finding("zero", 0, count, Sentence(f"{{noun}} are exactly zero {where} in lane {{lane}}", values))


def _find_trend(profile: GradientProfile, lane: str) -> Finding:
    change = _decades_gained(profile, 0, -1)
    values = {"noun": profile.metric.noun, "lane": lane}
    if abs(change) < FLAT:
        text = "{noun} keep their size in lane {lane} (×{size})"
        return Finding("flat", 0, change, Sentence(text, {**values, "size": format_amount(10**change)}))
    up, down = "explode" if change > EXPLODED else "grow", "vanish" if change < -VANISHED else "shrink"
    verb = up if change > 0 else down
    in_decades = abs(change) >= 0.95
    size = Sentence("{n} decades" if in_decades else "a factor of {n}")
    size = size._replace(values={"n": f"{abs(change) if in_decades else 10 ** abs(change):.1f}"})
    text = f"{{noun}} {verb} toward the {profile.metric.end} by {{size}} in lane {{lane}}"
    return Finding(verb, 0, change, Sentence(text, {**values, "size": size}))


def _check_vanishing(profile: GradientProfile, readings: list[SeedStats]) -> list[Finding]:
    """The place that vanished most, against the value where the signal starts; or that none did."""
    start = readings[-1 if profile.metric.backward else 0]
    least = min(readings, key=lambda reading: reading.mean)
    change = decades(least.mean / start.mean)
    if change < -VANISHED:
        values = {"place": format_place(least), "share": format_amount(10**change)}
        return [Finding("vanish", least.stage, change, Sentence("at {place} only {share} of it is left", values))]
    return [Finding("lasting", 0, change, Sentence("nothing vanishes"))] if profile.metric.backward else []


def _find_steepest_stage(profile: GradientProfile) -> list[Finding]:
    """The stage with most of the change, where there are several."""
    changes = [_decades_gained(profile, first, last) for first, last in profile.stages()]
    if len(changes) < 2:
        return []
    sign = 1 if _decades_gained(profile, 0, -1) > 0 else -1
    most = max(range(len(changes)), key=lambda index: sign * changes[index])
    values = {"stage": most + 1, "change": f"{changes[most]:+.1f}"}
    text = Sentence("most of it in stage {stage} ({change} decades)", values)
    return [Finding("steepest", most + 1, changes[most], text)]


def _find_kinks(profile: GradientProfile) -> Iterator[Finding]:
    """Steps between stages that differ from the steps beside them."""
    for number, ((start, last), (first, end)) in enumerate(pairwise(profile.stages()), start=2):
        neighbours = [
            _decades_gained(profile, place, place + 1)
            for place in (last - 1, first)
            if start <= place and place + 1 <= end
        ]
        step = _decades_gained(profile, last, first)
        if neighbours and abs(step - sum(neighbours) / len(neighbours)) > KINK:
            usual = sum(neighbours) / len(neighbours)
            values = {"stage": number, "jump": format_amount(10**step), "usual": format_amount(10**usual)}
            text = Sentence("a kink where stage {stage} begins: ×{jump} against ×{usual} beside it", values)
            yield Finding("kink", number, step, text)


def _decades_gained(profile: GradientProfile, first: int, last: int) -> float:
    """The decades gained between two places in the direction of the signal; geometric mean over seeds."""
    ratios = [row[first] / row[last] if profile.metric.backward else row[last] / row[first] for row in profile.rows]
    return sum(map(decades, ratios)) / len(ratios)


def format_place(reading: SeedStats) -> Sentence:
    """Stage and unit in words."""
    if not reading.stage:
        return Sentence("the first unit's input")
    return Sentence("stage {stage}, unit {unit}", {"stage": reading.stage, "unit": reading.unit})

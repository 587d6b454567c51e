"""The sentences about times: told apart is what the paired rounds tell apart."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from math import comb, log
from statistics import median
from typing import Any

from resnet_explorer.analyses.request import LaneResult
from resnet_explorer.networks.budget import format_bytes

CONFIDENCE = 0.95
# a difference of rates that is worth a sentence
WORTH = 1.1


def sentences(lanes: Sequence[LaneResult]) -> list[str]:
    """Empty until the first round is over."""
    timed = [lane for lane in lanes if "milliseconds" in lane.values]
    if not timed:
        return []
    lines = [_times(timed)]
    if len(timed) > 1:
        lines += _extremes(timed)
        lines += _rates(timed)
        lines += _inversion(timed)
    return [*lines, _training(timed)]


def ratio_interval(ours: Sequence[float], theirs: Sequence[float]) -> tuple[float, float, float] | None:
    """The median of the ratios of paired rounds, and a 95 % interval of it by their order; None of too few rounds."""
    ratios = sorted(a / b for a, b in zip(ours, theirs))
    count = len(ratios)
    # the interval between the k-th from below and from above holds the median but for twice this tail
    tail, k = 0.0, 0
    while k < count // 2 and 2 * (tail + comb(count, k) / 2**count) <= 1 - CONFIDENCE:
        tail += comb(count, k) / 2**count
        k += 1
    return (ratios[k - 1], median(ratios), ratios[-k]) if k else None


def _times(lanes: Sequence[LaneResult]) -> str:
    batch, threads = lanes[0].values["batch"], lanes[0].values["threads"]
    times = ", ".join(f"{lane.letter} {_ms(lane.values, '')}" for lane in lanes)
    rounds = min(len(lane.values["rounds"]) for lane in lanes)
    return (
        f"A pass forward of {_images(batch)} on {threads} {'thread' if threads == 1 else 'threads'} takes {times} "
        f"(median of {rounds} {'round' if rounds == 1 else 'rounds'}; in brackets the middle half)."
    )


def _ms(values: Mapping[str, Any], kind: str) -> str:
    middle, low, high = (values[f"{kind}milliseconds{bound}"] for bound in ("", "_low", "_high"))
    return f"{middle:.3g} ms [{low:.3g}, {high:.3g}]"


def _images(count: int) -> str:
    return "one image" if count == 1 else f"{count} images"


def _extremes(lanes: Sequence[LaneResult]) -> list[str]:
    quick = min(lanes, key=lambda lane: lane.values["milliseconds"])
    slow = max(lanes, key=lambda lane: lane.values["milliseconds"])
    interval = ratio_interval(slow.values["rounds"], quick.values["rounds"])
    if interval is None:
        return []
    low, middle, high = interval
    if low <= 1:
        return ["Forward, the lanes' times are not told apart by these rounds."]
    near = [
        lane.letter
        for lane in lanes
        if lane is not quick and not _is_above(lane.values["rounds"], quick.values["rounds"], 1)
    ]
    alike = f"; {' and '.join(near)} {'is' if len(near) == 1 else 'are'} not told apart from {quick.letter}"
    return [
        f"Forward, {slow.letter} takes {middle:.3g} times as long as {quick.letter} "
        f"(95 % interval over paired rounds {low:.3g} to {high:.3g}){alike if near else ''}."
    ]


def _is_above(ours: Sequence[float], theirs: Sequence[float], factor: float) -> bool:
    interval = ratio_interval(ours, theirs)
    return interval is not None and interval[0] > factor


def _rates(lanes: Sequence[LaneResult]) -> list[str]:
    """FLOPs are not speed where the quickest and the slowest rate are apart; and what else differs there."""
    fast = max(lanes, key=lambda lane: lane.values["gmacs_per_second"])
    slow = min(lanes, key=lambda lane: lane.values["gmacs_per_second"])
    interval = ratio_interval(_costs(slow), _costs(fast))
    if interval is None:
        return []
    most, least = (lane.values["gmacs_per_second"] for lane in (fast, slow))
    rates = f"{most:.3g} and {least:.3g} billion multiply-adds a second"
    if interval[0] <= WORTH:
        return [f"Between these lanes multiply-adds do foretell time to about a tenth: {rates} at most and at least."]
    part = slow.values["macs"] / fast.values["macs"]
    time = slow.values["milliseconds"] / fast.values["milliseconds"]
    return [
        f"FLOPs are not speed: {slow.letter} has {part:.1%} of the multiply-adds of {fast.letter} and takes {time:.1%} "
        f"of its time, {interval[1]:.3g} times as long a multiply-add "
        f"({fast.letter} and {slow.letter} compute {rates}); "
        f"{_reasons(fast, slow)}."
    ]


def _costs(lane: LaneResult) -> list[float]:
    """Milliseconds a multiply-add, by round."""
    return [time / lane.values["macs"] for time in lane.values["rounds"]]


def _reasons(fast: LaneResult, slow: LaneResult) -> str:
    a, b = fast.values, slow.values
    moved = (b["bytes"] / b["macs"]) / (a["bytes"] / a["macs"])
    return (
        f"a multiply-add, it moves {moved:.3g} times the bytes, and it has {b['layers']} layers in sequence "
        f"against {a['layers']} ({format_bytes(b['bytes'])} against {format_bytes(a['bytes'])} in all)"
    )


def _inversion(lanes: Sequence[LaneResult]) -> list[str]:
    """The pair where fewer multiply-adds take surely longer, the most so."""
    pairs = [pair if pair[0].values["macs"] < pair[1].values["macs"] else pair[::-1] for pair in combinations(lanes, 2)]
    wrong = [
        (few, many)
        for few, many in pairs
        if few.values["macs"] < many.values["macs"] and _is_above(few.values["rounds"], many.values["rounds"], 1)
    ]
    if not wrong:
        return []
    few, many = max(wrong, key=lambda pair: log(pair[0].values["milliseconds"] / pair[1].values["milliseconds"]))
    return [
        f"{few.letter} has fewer multiply-adds than {many.letter} ({few.values['macs']:,} against "
        f"{many.values['macs']:,} for an image) and still takes longer."
    ]


def _training(lanes: Sequence[LaneResult]) -> str:
    factors = [lane.values["training_milliseconds"] / lane.values["milliseconds"] for lane in lanes]
    times = ", ".join(f"{lane.letter} {_ms(lane.values, 'training_')}" for lane in lanes)
    low, high = f"{min(factors):.2g}", f"{max(factors):.2g}"
    factor = low if low == high else f"{low} to {high}"
    return f"A training step without its update takes {factor} times as long as a pass forward: {times}."

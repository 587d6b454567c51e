"""The sentences about times: told apart is what the paired rounds tell apart."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from math import comb, log
from statistics import median
from typing import Any

from resnet_explorer.analyses.request import LaneResult
from resnet_explorer.analyses.settings import LatencySettings
from resnet_explorer.describe.sentence import Sentence, joined
from resnet_explorer.networks.budget import format_bytes

CONFIDENCE = 0.95
# a difference of rates that is worth a sentence
WORTH = 1.1


def findings(lanes: Sequence[LaneResult], settings: LatencySettings) -> list[Sentence]:
    """Which lane is the quickest, where times and multiply-adds disagree, what training costs; first after a round."""
    timed = [lane for lane in lanes if "milliseconds" in lane.values]
    if not timed:
        return []
    lines = [_times(timed)]
    if len(timed) > 1:
        lines += [*_extremes(timed), *_rates(timed), *_inversion(timed)]
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


def _times(lanes: Sequence[LaneResult]) -> Sentence:
    batch, threads = lanes[0].values["batch"], lanes[0].values["threads"]
    rounds = min(len(lane.values["rounds"]) for lane in lanes)
    return Sentence(
        "A pass forward of {images} on {threads} takes {times} (median of {rounds}; in brackets the middle half).",
        {
            "images": Sentence("one image" if batch == 1 else "{n} images", {"n": batch}),
            "threads": Sentence("{n} thread" if threads == 1 else "{n} threads", {"n": threads}),
            "times": ", ".join(f"{lane.letter} {_ms(lane.values, '')}" for lane in lanes),
            "rounds": Sentence("{n} round" if rounds == 1 else "{n} rounds", {"n": rounds}),
        },
    )


def _ms(values: Mapping[str, Any], kind: str) -> str:
    middle, low, high = (values[f"{kind}milliseconds{bound}"] for bound in ("", "_low", "_high"))
    return f"{middle:.3g} ms [{low:.3g}, {high:.3g}]"


def _extremes(lanes: Sequence[LaneResult]) -> Iterator[Sentence]:
    quick = min(lanes, key=lambda lane: lane.values["milliseconds"])
    slow = max(lanes, key=lambda lane: lane.values["milliseconds"])
    interval = ratio_interval(slow.values["rounds"], quick.values["rounds"])
    if interval is None:
        return
    low, middle, high = (f"{bound:.3g}" for bound in interval)
    if interval[0] <= 1:
        yield Sentence("Forward, the lanes' times are not told apart by these rounds.")
        return
    near = [
        lane.letter
        for lane in lanes
        if lane is not quick and not _is_above(lane.values["rounds"], quick.values["rounds"], 1)
    ]
    one, several = "; {lanes} is not told apart from {quick}", "; {lanes} are not told apart from {quick}"
    letters = joined([Sentence(" and {lane}" if place else "{lane}", {"lane": one}) for place, one in enumerate(near)])
    yield Sentence(
        "Forward, {slow} takes {middle} times as long as {quick} (95 % interval over paired rounds {low} to {high})"
        "{alike}.",
        {
            "slow": slow.letter,
            "quick": quick.letter,
            "low": low,
            "middle": middle,
            "high": high,
            "alike": Sentence(several if near[1:] else one, {"lanes": letters, "quick": quick.letter}) if near else "",
        },
    )


def _is_above(ours: Sequence[float], theirs: Sequence[float], factor: float) -> bool:
    interval = ratio_interval(ours, theirs)
    return interval is not None and interval[0] > factor


def _rates(lanes: Sequence[LaneResult]) -> Iterator[Sentence]:
    """FLOPs are not speed where the quickest and the slowest rate are apart; and what else differs there."""
    fast = max(lanes, key=lambda lane: lane.values["gmacs_per_second"])
    slow = min(lanes, key=lambda lane: lane.values["gmacs_per_second"])
    interval = ratio_interval(_costs(slow), _costs(fast))
    if interval is None:
        return
    most, least = (f"{lane.values['gmacs_per_second']:.3g}" for lane in (fast, slow))
    rates = Sentence("{most} and {least} billion multiply-adds a second", {"most": most, "least": least})
    if interval[0] <= WORTH:
        text = "Between these lanes multiply-adds do foretell time to about a tenth: {rates} at most and at least."
        yield Sentence(text, {"rates": rates})
        return
    yield Sentence(
        "FLOPs are not speed: {slow} has {part} of the multiply-adds of {fast} and takes {time} of its time, {times} "
        "times as long a multiply-add ({fast} and {slow} compute {rates}); {reasons}.",
        {
            "slow": slow.letter,
            "fast": fast.letter,
            "part": f"{slow.values['macs'] / fast.values['macs']:.1%}",
            "time": f"{slow.values['milliseconds'] / fast.values['milliseconds']:.1%}",
            "times": f"{interval[1]:.3g}",
            "rates": rates,
            "reasons": _reasons(fast, slow),
        },
    )


def _costs(lane: LaneResult) -> list[float]:
    """Milliseconds a multiply-add, by round."""
    return [time / lane.values["macs"] for time in lane.values["rounds"]]


def _reasons(fast: LaneResult, slow: LaneResult) -> Sentence:
    a, b = fast.values, slow.values
    return Sentence(
        "a multiply-add, it moves {moved} times the bytes, and it has {ours} layers in sequence against {theirs} "
        "({bytes} against {their_bytes} in all)",
        {
            "moved": f"{(b['bytes'] / b['macs']) / (a['bytes'] / a['macs']):.3g}",
            "ours": b["layers"],
            "theirs": a["layers"],
            "bytes": format_bytes(b["bytes"]),
            "their_bytes": format_bytes(a["bytes"]),
        },
    )


def _inversion(lanes: Sequence[LaneResult]) -> Iterator[Sentence]:
    """The pair where fewer multiply-adds take surely longer, the most so."""
    pairs = [pair if pair[0].values["macs"] < pair[1].values["macs"] else pair[::-1] for pair in combinations(lanes, 2)]
    wrong = [
        (few, many)
        for few, many in pairs
        if few.values["macs"] < many.values["macs"] and _is_above(few.values["rounds"], many.values["rounds"], 1)
    ]
    if not wrong:
        return
    few, many = max(wrong, key=lambda pair: log(pair[0].values["milliseconds"] / pair[1].values["milliseconds"]))
    yield Sentence(
        "{few} has fewer multiply-adds than {many} ({least} against {most} for an image) and still takes longer.",
        {
            "few": few.letter,
            "many": many.letter,
            "least": f"{few.values['macs']:,}",
            "most": f"{many.values['macs']:,}",
        },
    )


def _training(lanes: Sequence[LaneResult]) -> Sentence:
    factors = [lane.values["training_milliseconds"] / lane.values["milliseconds"] for lane in lanes]
    low, high = f"{min(factors):.2g}", f"{max(factors):.2g}"
    return Sentence(
        "A training step without its update takes {factor} times as long as a pass forward: {times}.",
        {
            "factor": low if low == high else Sentence("{low} to {high}", {"low": low, "high": high}),
            "times": ", ".join(f"{lane.letter} {_ms(lane.values, 'training_')}" for lane in lanes),
        },
    )

"""Findings of several lanes as few sentences: lanes that do the same share one, with the reason in their numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log10, sqrt

from resnet_explorer.describe.sentence import Sentence, chained
from resnet_explorer.describe.sentence import listed as listed_names
from resnet_explorer.gradients.findings import Finding, find, format_amount, sentence
from resnet_explorer.gradients.profile import GradientProfile
from resnet_explorer.gradients.theory import GROWTH

TRENDS = ("flat", "grow", "explode", "shrink", "vanish")
# E x² grows or restarts where one mean is so many times the other
CHANGE = 1.5
# what several lanes can have in common, in the order in which it is said
DETAILS = {"steepest": "most of it in stage {stage}", "kink": "a kink where stage {stage} begins"}

REASONS = {
    "plain": "No shortcut carries the gradient past a layer, and batch normalisation after ReLU multiplies it at every "
    "layer, by {factor} = √(π/(π−1)) in wide networks.",
    "level": "Batch normalisation on the trunk divides what was added out again, so E x² keeps its scale within a "
    "stage and each unit multiplies the gradient by much the same factor.",
    "unnormalised": "Nothing divides the scale of x out: E x² grows {growth} within a stage, and each unit multiplies "
    "the gradient as well.",
    "growing": "The scale of x grows: E x² grows {growth} within a stage; batch normalisation in the branch divides it "
    "out, so the later a unit stands, the less its branch adds to the gradient{restarts}.",
}


@dataclass(frozen=True)
class LaneFlow:
    """What a reason needs to know of a lane; `moments` is E x² at each place, of the same passes."""

    letter: str
    flow: GradientProfile
    moments: GradientProfile
    shortcut: bool
    batch_norm: bool


@dataclass(frozen=True)
class Group:
    """Lanes that do the same: what is seen in one sentence, and why in another; None where no reason is known."""

    lanes: tuple[str, ...]
    text: Sentence
    reason: Sentence | None


def group(lanes: Sequence[LaneFlow]) -> list[Group]:
    """The lanes by their trend and its reason, in the order in which they come."""
    alike: dict[tuple[str, str], list[tuple[LaneFlow, list[Finding]]]] = {}
    for lane in lanes:
        findings = find(lane.flow, lane.letter)
        kind = findings[0].kind
        # a lane without a trend stays alone
        key = (kind, _reason(lane)) if kind in TRENDS else (kind, lane.letter)
        alike.setdefault(key, []).append((lane, findings))
    return [_describe(kind, reason, members) for (kind, reason), members in alike.items()]


def _describe(kind: str, reason: str, members: list[tuple[LaneFlow, list[Finding]]]) -> Group:
    lanes = [lane for lane, _ in members]
    letters = tuple(lane.letter for lane in lanes)
    if kind not in TRENDS:
        return Group(letters, sentence(members[0][1]), None)
    metric = lanes[0].flow.metric
    does = "keep their size" if kind == "flat" else f"{kind} toward the {metric.end}"
    changes = {lane.letter: findings[0].value for lane, findings in members}
    sizes = changes if kind == "flat" else {letter: abs(change) for letter, change in changes.items()}
    values = {"noun": metric.noun, "lanes": listed(letters), "sizes": _amounts(sizes)}
    text = chained([Sentence(f"{{noun}} {does} in {{lanes}}: {{sizes}}", values), *_shared_details(members)])
    return Group(letters, Sentence("{said}.", {"said": text}), _with_numbers(reason, lanes) if reason else None)


def listed(letters: Sequence[str]) -> Sentence:
    """Letters as they are read: lane A; lanes A, B and C."""
    return Sentence("lanes {letters}" if letters[1:] else "lane {letters}", {"letters": listed_names(letters)})


def _amounts(changes: dict[str, float]) -> Sentence | str:
    """The least and the largest change, with their lanes."""
    order = sorted(changes, key=lambda letter: abs(changes[letter]))
    least, most = (_factor(changes[letter]) for letter in (order[0], order[-1]))
    values = {"least": least, "first": order[0], "most": most, "last": order[-1]}
    return most if least == most else Sentence("{least} ({first}) to {most} ({last})", values)


def _factor(change: float) -> str:
    return f"×{format_amount(10**change)}"


def _shared_details(members: list[tuple[LaneFlow, list[Finding]]]) -> list[Sentence]:
    """Where most of it happens, and the stages that begin with a kink, each with its lanes if not all have it."""
    places: dict[tuple[int, int], list[str]] = {}
    for lane, findings in members:
        for finding in findings:
            if finding.kind in DETAILS:
                places.setdefault((list(DETAILS).index(finding.kind), finding.stage), []).append(lane.letter)
    texts = list(DETAILS.values())
    return [
        Sentence(
            texts[kind] if len(letters) == len(members) else f"{texts[kind]} ({{lanes}})",
            {"stage": stage, "lanes": ", ".join(letters)},
        )
        for (kind, stage), letters in sorted(places.items())
    ]


def _reason(lane: LaneFlow) -> str:
    """Which mechanism the numbers of a lane show; nothing where none is known."""
    if lane.flow.metric.name != "gradient" or not all(reading.mean > 0 for reading in lane.moments.readings):
        return ""
    if not lane.shortcut:
        return "plain" if lane.batch_norm else ""
    if not lane.batch_norm:
        return "unnormalised" if _growth(lane.moments) > CHANGE else ""
    return "growing" if _growth(lane.moments) > CHANGE else "level"


def _with_numbers(reason: str, lanes: Sequence[LaneFlow]) -> Sentence:
    growth = _amounts({lane.letter: log10(_growth(lane.moments)) for lane in lanes})
    values = {"factor": format_amount(sqrt(GROWTH)), "growth": growth, "restarts": _restarts(lanes)}
    return Sentence(REASONS[reason], values)


def _restarts(lanes: Sequence[LaneFlow]) -> Sentence | str:
    """Where a stage begins with a smaller E x² than the one before it ended with."""
    drops: dict[str, float] = {}
    for lane in lanes:
        readings = lane.moments.readings
        ratios = [
            readings[last].mean / readings[first].mean for (_, last), (first, _) in pairwise(lane.moments.stages())
        ]
        if ratios and max(ratios) > CHANGE:
            drops[lane.letter] = -log10(max(ratios))
    if not drops:
        return ""
    text = "; where a stage begins E x² restarts lower ({drops}), which makes the kink"
    return Sentence(text, {"drops": _amounts(drops)})


def _growth(moments: GradientProfile) -> float:
    """How far E x² grows in the stage where it grows most."""
    readings = moments.readings
    return max(readings[last].mean / readings[first].mean for first, last in moments.stages())

"""What the verbs about gradient flow answer, as JSON; NaN and infinity become null."""

from collections.abc import Sequence
from math import isfinite
from typing import TypedDict

from resnet_explorer.api.probe_runner import DepthResult, LaneProgress
from resnet_explorer.describe.sentence import capitalised
from resnet_explorer.gradients.conditions import caption, shortcut
from resnet_explorer.gradients.findings import Finding, find, rank_by_ratio, sentence
from resnet_explorer.gradients.groups import Group, LaneFlow, group
from resnet_explorer.gradients.metrics import METRICS, PATHS
from resnet_explorer.gradients.profile import ProbeConfig, SeedStats, spread


class FlowUnitAnswer(TypedDict):
    """A metric at one unit's output (stage 0, unit 0: what enters the first); null where a seed gave no number."""

    stage: int
    unit: int
    mean: float | None
    low: float | None
    high: float | None
    finite: bool


class FlowStageAnswer(TypedDict):
    """The first value of a stage over its last, mean over seeds."""

    stage: int
    ratio: float | None


class FindingAnswer(TypedDict):
    """One observation: kind, the stage it is about (0: all), the number behind it, the sentence."""

    kind: str
    stage: int
    value: float | None
    text: str


class TheoryAnswer(TypedDict):
    """A predicted value for each unit, on the scale of what was measured, and the fact behind it."""

    fact: str
    values: list[float | None]


class SpreadAnswer(TypedDict):
    """Mean, lowest and highest over the seeds; null where a seed gave no number."""

    mean: float | None
    low: float | None
    high: float | None


class UnitPathsAnswer(TypedDict):
    """The norms of what reaches a unit's input straight through the shortcut (none: null) and through the branch."""

    stage: int
    unit: int
    identity: SpreadAnswer | None
    branch: SpreadAnswer


class FlowAnswer(TypedDict):
    """One lane's metric over the seeds so far; `ratio` is the first value over the last, mean over seeds."""

    lane: str
    name: str
    id: str
    ordering: str
    metric: str
    label: str
    batch: int
    seeds: int
    seeds_asked: int
    complete: bool
    init: str
    batch_norm: bool
    loss: str
    source: str
    shortcut: str
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None
    finite: bool
    loss_value: float | None
    units: list[FlowUnitAnswer]
    stages: list[FlowStageAnswer]
    seen: list[FindingAnswer]
    observation: str
    theory: TheoryAnswer | None
    paths: list[UnitPathsAnswer]


class GroupAnswer(TypedDict):
    """Lanes that do the same: what is seen, and why; no reason where none is known."""

    lanes: list[str]
    text: str
    reason: str


class ProbeAnswer(TypedDict):
    """All lanes of a probe, what the metric counts, the conditions in one line, and what groups of lanes do."""

    metric: str
    label: str
    meaning: str
    caption: str
    summary: str
    groups: list[GroupAnswer]
    lanes: list[FlowAnswer]


class CliffAnswer(TypedDict):
    """The first value over the last of one lane at one depth; `refused` says why there is none."""

    lane: str
    name: str
    depth: int
    ratio: float | None
    low: float | None
    high: float | None
    finite: bool
    refused: str


def probe_answer(lanes: Sequence[LaneProgress], config: ProbeConfig) -> ProbeAnswer:
    """All lanes."""
    metric = METRICS[config.metrics[0]]
    return ProbeAnswer(
        metric=metric.name,
        label=metric.label,
        meaning=metric.meaning,
        caption=str(caption(config)),
        summary=str(rank_by_ratio({lane.lane.letter: lane.flow for lane in lanes})),
        groups=[
            GroupAnswer(lanes=list(one.lanes), text=capitalised(str(one.text)), reason=str(one.reason or ""))
            for one in lane_groups(lanes)
        ],
        lanes=[flow_answer(lane) for lane in lanes],
    )


def lane_groups(lanes: Sequence[LaneProgress]) -> list[Group]:
    """The lanes that do the same, with the reason that their E x² shows."""
    return group(
        [
            LaneFlow(
                step.lane.letter,
                step.flow,
                step.profile("second-moment"),
                step.lane.plan.network.unit.merge is not None,
                step.config.batch_norm,
            )
            for step in lanes
        ]
    )


def flow_answer(progress: LaneProgress) -> FlowAnswer:
    """One lane, over the seeds so far."""
    lane, config, flow = progress.lane, progress.config, progress.flow
    readings, ratio, losses = flow.readings, flow.ratio, progress.losses
    findings = find(flow, lane.letter)
    return FlowAnswer(
        lane=lane.letter,
        name=lane.request.name,
        id=lane.plan.network.id,
        ordering=lane.request.ordering,
        metric=flow.metric.name,
        label=flow.metric.label,
        batch=config.batch,
        seeds=len(flow.rows),
        seeds_asked=config.seeds,
        complete=progress.complete,
        init=config.init,
        batch_norm=config.batch_norm,
        loss=config.loss,
        source=config.source,
        shortcut=str(shortcut(lane.plan)),
        ratio=finite_or_none(ratio[0]),
        ratio_low=finite_or_none(ratio[1]),
        ratio_high=finite_or_none(ratio[2]),
        finite=all(reading.finite for reading in readings),
        loss_value=finite_or_none(sum(losses) / len(losses)),
        units=[_unit(reading) for reading in readings],
        stages=[
            FlowStageAnswer(stage=stage, ratio=finite_or_none(flow.between(*ends)[0]))
            for stage, ends in enumerate(flow.stages(), start=1)
        ],
        seen=[_finding(finding) for finding in findings],
        observation=capitalised(str(sentence(findings))),
        theory=_theory(progress),
        paths=unit_paths(progress),
    )


def unit_paths(progress: LaneProgress) -> list[UnitPathsAnswer]:
    """How much gradient reaches each unit's input by shortcut and by branch; empty if the request leaves paths out."""
    if not progress.config.paths:
        return []
    plain = progress.lane.plan.network.unit.merge is None
    columns = [zip(*progress.tables[name], strict=True) for name in PATHS]
    return [
        UnitPathsAnswer(
            stage=position.stage,
            unit=position.index,
            identity=None if plain else _spread(straight),
            branch=_spread(branch),
        )
        for position, straight, branch in zip(progress.lane.plan.units(), *columns, strict=True)
    ]


def cliff_answer(result: DepthResult) -> CliffAnswer:
    """One lane at one depth."""
    return CliffAnswer(
        lane=result.lane.letter,
        name=result.lane.request.name,
        depth=result.depth,
        ratio=finite_or_none(result.mean),
        low=finite_or_none(result.low),
        high=finite_or_none(result.high),
        finite=isfinite(result.mean),
        refused=result.refused,
    )


def finite_or_none(value: float) -> float | None:
    """The number, or None where it is NaN or infinite, which JSON has no word for."""
    return value if isfinite(value) else None


def _unit(reading: SeedStats) -> FlowUnitAnswer:
    return FlowUnitAnswer(
        stage=reading.stage,
        unit=reading.unit,
        mean=finite_or_none(reading.mean),
        low=finite_or_none(reading.low),
        high=finite_or_none(reading.high),
        finite=reading.finite,
    )


def _spread(values: Sequence[float]) -> SpreadAnswer:
    mean, low, high = map(finite_or_none, spread(values))
    return SpreadAnswer(mean=mean, low=low, high=high)


def _finding(finding: Finding) -> FindingAnswer:
    return FindingAnswer(
        kind=finding.kind, stage=finding.stage, value=finite_or_none(finding.value), text=str(finding.text)
    )


def _theory(progress: LaneProgress) -> TheoryAnswer | None:
    prediction = progress.theory
    if prediction is None:
        return None
    return TheoryAnswer(fact=prediction.fact, values=[finite_or_none(value) for value in prediction.values])

"""What the verbs about gradient flow answer, as JSON."""

from typing import TypedDict


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


class ProbeAnswer(TypedDict):
    """All lanes of a probe, what the metric counts, and the conditions in one line."""

    metric: str
    label: str
    meaning: str
    caption: str
    summary: str
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

"""Gradient flow as a page sees it grow: each lane as it comes, figures as often as an eye follows, words at the end."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from time import monotonic

from resnet_explorer.api.gradient_answers import finite_or_none, shortcut
from resnet_explorer.api.probe_runner import LaneFailure, LaneProgress, ProbeRunner, check_memory, error_text
from resnet_explorer.errors import ExplorerError
from resnet_explorer.figures.gradient import Curve, draw
from resnet_explorer.figures.plotly_json import to_json
from resnet_explorer.figures.theme import PAGE
from resnet_explorer.gradients.findings import find, format_place, rank_by_ratio, sentence
from resnet_explorer.gradients.metrics import METRICS
from resnet_explorer.gradients.profile import SeedStats, decades
from resnet_explorer.networks.plan import Plan
from resnet_explorer.ui.gradient.captions import caption
from resnet_explorer.ui.gradient.request import GradientRequest, PageLane, memory_limit
from resnet_explorer.ui.work_queue import Line

# seconds between two figures
PAUSE = 0.08
DETAILS = ("steepest", "kink")


@dataclass
class FlowStream:
    """What has been measured so far for one request."""

    request: GradientRequest
    done: int = 0
    drawn_at: float = 0.0
    latest: dict[PageLane, LaneProgress] = field(default_factory=dict)

    @property
    def progress(self) -> dict[PageLane, LaneProgress]:
        """What was measured, in the order of the request, whichever lane came first."""
        return {lane: self.latest[lane] for lane in self.request.lanes if lane in self.latest}

    def add(self, lane: PageLane, step: LaneProgress) -> Line:
        """Keep what a lane has now; a line with a figure, or without where the last one is fresh."""
        before = self.latest.get(lane)
        self.done += len(step.losses) - (len(before.losses) if before else 0)
        self.latest[lane] = step
        if monotonic() - self.drawn_at < PAUSE:
            return {"event": "measured", "done": self.done}
        return self.draw()

    def draw(self) -> Line:
        """The figure of all that was measured."""
        curves = [_curve(lane, step, self.request.theory) for lane, step in self.progress.items()]
        drawn = to_json(draw(curves, self.request.fraction, PAGE))
        self.drawn_at = monotonic()
        return {"event": "figure", "done": self.done, "figure": drawn}


def lines(runner: ProbeRunner, request: GradientRequest) -> Iterator[Line]:
    """All lines of one answer: a lane that fails says so and leaves the others alone."""
    stream, lanes = FlowStream(request), {lane.letter: lane for lane in request.lanes}
    probes = []
    for lane in request.lanes:
        try:
            probe = lane.probe_lane()
            check_memory(probe, request.config, memory_limit())
            probes.append(probe)
        except ExplorerError as error:
            yield failure(lane, error_text(error))
    yield {"event": "begun", "of": len(probes) * request.config.seeds}
    with closing(runner.measure(probes, request.config, request.images)) as steps:
        for step in steps:
            lane = lanes[step.lane.letter]
            if isinstance(step, LaneFailure):
                yield failure(lane, error_text(step.error))
            else:
                yield stream.add(lane, step)
    if stream.latest:
        yield stream.draw()
    yield {"event": "done", **_summary(stream)}


def _curve(lane: PageLane, step: LaneProgress, theory: bool) -> Curve:
    predicted = step.theory if theory else None
    return Curve(lane.slot, lane.name, step.flow, _stage_shapes(step.lane.plan), predicted.values if predicted else ())


def _stage_shapes(plan: Plan) -> tuple[str, ...]:
    """What each stage works on, as 16×32²."""
    return tuple(str(stage[-1].unit.y) for stage in plan.stages)


def _summary(stream: FlowStream) -> Line:
    """Numbers, sentences, caption and the table behind the figure."""
    progress = stream.progress
    return {
        "caption": caption(stream.request, [step.lane for step in progress.values()]) + _theory_facts(stream),
        "ranked": rank_by_ratio({lane.letter: step.flow for lane, step in progress.items()}),
        "lanes": [_lane_summary(lane, step) for lane, step in progress.items()],
        "table": _table(stream),
    }


def _theory_facts(stream: FlowStream) -> str:
    """What the thin lines say, where they are drawn."""
    if not stream.request.theory:
        return ""
    facts = [f"{step.theory.fact} ({lane.letter})" for lane, step in stream.progress.items() if step.theory]
    return f" Thin lines, theory: {'; '.join(facts) or 'there is none for these lanes'}."


def _lane_summary(lane: PageLane, step: LaneProgress) -> Line:
    """One lane in one row: first over last, and where it is largest and smallest."""
    finite = [stats for stats in step.flow.readings if stats.finite]
    least, most = (min(finite, key=_mean), max(finite, key=_mean)) if finite else (None, None)
    predicted = step.theory
    return {
        "slot": lane.slot,
        "ratio": [finite_or_none(value) for value in step.flow.ratio],
        "decades": finite_or_none(decades(step.flow.ratio[0])),
        "most": most and {"value": most.mean, "place": format_place(most)},
        "least": least and {"value": least.mean, "place": format_place(least)},
        **_findings(step, lane),
        "shortcut": shortcut(step.lane.plan),
        "theory": predicted.fact if predicted else "",
    }


def _mean(stats: SeedStats) -> float:
    return stats.mean


def _findings(step: LaneProgress, lane: PageLane) -> Line:
    """What matters most in one sentence, and the rest in another."""
    findings = find(step.flow, lane.letter)
    details = [finding for finding in findings if finding.kind in DETAILS]
    first = [finding for finding in findings if finding not in details]
    return {"seen": sentence(first), "more": sentence(details) if details else ""}


def _table(stream: FlowStream) -> Line:
    """A row for each place, with mean, lowest and highest of each lane."""
    first = 0 if METRICS[stream.request.config.metrics[0]].boundary else 1
    columns = [step.flow.readings for step in stream.progress.values()]
    heads = [f"{lane.letter} {what}" for lane in stream.progress for what in ("mean", "lowest", "highest")]
    rows = [
        [index + first, *(cell for column in columns for cell in _cells(column, index))]
        for index in range(max(map(len, columns), default=0))
    ]
    return {"columns": ["unit", *heads], "rows": rows}


def _cells(column: Sequence[SeedStats], index: int) -> list[float | None]:
    if index >= len(column):
        return [None] * 3
    stats = column[index]
    return [finite_or_none(value) for value in (stats.mean, stats.low, stats.high)]


def failure(lane: PageLane, text: str) -> Line:
    """Why a lane cannot go on, in one sentence."""
    return {"event": "failed", "slot": lane.slot, "error": text}

"""Gradient flow as a page sees it grow: each lane as it comes, figures as often as an eye follows, words at the end."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from time import monotonic

from resnet_explorer.api.gradient_answers import finite_or_none
from resnet_explorer.api.probe_runner import LaneFailure, LaneProgress, ProbeRunner, check_memory, error_text
from resnet_explorer.describe.sentence import Sentence, chained
from resnet_explorer.errors import ExplorerError
from resnet_explorer.figures.gradient import Curve, draw
from resnet_explorer.figures.theme import PAGE
from resnet_explorer.gradients.metrics import METRICS
from resnet_explorer.gradients.profile import SeedStats
from resnet_explorer.networks.plan import Plan
from resnet_explorer.ui.components.figure.figure import FigureValue, Table
from resnet_explorer.ui.gradient.captions import caption
from resnet_explorer.ui.gradient.request import GradientRequest, PageLane, memory_limit
from resnet_explorer.ui.gradient.words import FlowWords, flow_words
from resnet_explorer.ui.i18n import say

# seconds between two figures
PAUSE = 0.08
UNCOVERED = (
    "No theory for {lanes}: none is known here for this metric with these orderings, shortcuts and initial weights."
)


@dataclass(frozen=True)
class FlowStep:
    """What the page shows now; words come with the last step."""

    figure: FigureValue
    words: FlowWords | None = None


@dataclass
class FlowStream:
    """What has been measured so far for one request."""

    request: GradientRequest
    drawn_at: float = 0.0
    latest: dict[PageLane, LaneProgress] = field(default_factory=dict)
    failures: dict[PageLane, str] = field(default_factory=dict)

    @property
    def progress(self) -> dict[PageLane, LaneProgress]:
        """What was measured, in the order of the request, whichever lane came first."""
        return {lane: self.latest[lane] for lane in self.request.lanes if lane in self.latest}

    @property
    def coming(self) -> tuple[int, ...]:
        """The lanes that are still computed."""
        open_lanes = [lane for lane in self.request.lanes if lane not in self.failures]
        return tuple(lane.slot for lane in open_lanes if lane not in self.latest or not self.latest[lane].complete)

    @property
    def passes(self) -> tuple[int, int]:
        """How many passes are done, of how many."""
        seeds = self.request.config.seeds
        done = sum(len(step.losses) for step in self.latest.values())
        return done, seeds * (len(self.request.lanes) - len(self.failures))

    def growing(self) -> FlowStep:
        """The figure so far."""
        self.drawn_at = monotonic()
        slots = self.coming or self.request.slots
        return FlowStep(FigureValue(self._drawn(), self._name, coming=slots, progress=self.passes))

    def whole(self) -> FlowStep:
        """The figure of all that was measured, with its words."""
        words = flow_words(self.progress, self.failures, self.request.language)
        text = caption(self.request, [step.lane for step in self.progress.values()])
        text = " ".join([text, *(say(fact, self.request.language) for fact in self._theory_facts())])
        if not self.latest:
            return FlowStep(FigureValue(name=self._name, empty="No lane could be measured."), words)
        return FlowStep(FigureValue(self._drawn(), self._name, text, f"{text} {words.spoken}", self._table()), words)

    @property
    def _name(self) -> str:
        return f"gradient-flow-{self.request.config.metrics[0]}"

    def _drawn(self) -> dict[str, object]:
        curves = [_curve(lane, step, self.request.theory) for lane, step in self.progress.items()]
        return draw(curves, self.request.fraction, PAGE)

    def _theory_facts(self) -> Iterator[Sentence]:
        """What the thin lines say, where they are drawn."""
        if not self.request.theory:
            return
        facts = [
            Sentence("{fact} ({lane})", {"fact": step.theory.fact, "lane": lane.letter})
            for lane, step in self.progress.items()
            if step.theory
        ]
        if facts:
            yield Sentence("Thin lines, theory: {facts}.", {"facts": chained(facts)})
        without = [lane.letter for lane, step in self.progress.items() if not step.theory]
        if without:
            yield Sentence(UNCOVERED, {"lanes": ", ".join(without)})

    def _table(self) -> Table:
        """A row for each place, with mean, lowest and highest of each lane."""
        first = 0 if METRICS[self.request.config.metrics[0]].boundary else 1
        columns = [step.flow.readings for step in self.progress.values()]
        heads = [f"{lane.letter} {what}" for lane in self.progress for what in ("mean", "lowest", "highest")]
        rows = [
            (index + first, *(cell for column in columns for cell in _cells(column, index)))
            for index in range(max(map(len, columns), default=0))
        ]
        return Table(("unit", *heads), tuple(rows))


def steps(runner: ProbeRunner, request: GradientRequest) -> Iterator[FlowStep]:
    """All steps of one answer: a lane that fails says so and leaves the others alone."""
    stream, lanes = FlowStream(request), {lane.letter: lane for lane in request.lanes}
    probes = []
    for lane in request.lanes:
        try:
            probe = lane.probe_lane()
            check_memory(probe, request.config, memory_limit())
            probes.append(probe)
        except ExplorerError as error:
            stream.failures[lane] = error_text(error)
    with closing(runner.measure(probes, request.config, request.images)) as measured:
        for step in measured:
            lane = lanes[step.lane.letter]
            if isinstance(step, LaneFailure):
                stream.failures[lane] = error_text(step.error)
                continue
            stream.latest[lane] = step
            if monotonic() - stream.drawn_at >= PAUSE:
                yield stream.growing()
    yield stream.whole()


def _curve(lane: PageLane, step: LaneProgress, theory: bool) -> Curve:
    predicted = step.theory if theory else None
    return Curve(lane.slot, lane.name, step.flow, _stage_shapes(step.lane.plan), predicted.values if predicted else ())


def _stage_shapes(plan: Plan) -> tuple[str, ...]:
    """What each stage works on, as 16×32²."""
    return tuple(str(stage[-1].unit.y) for stage in plan.stages)


def _cells(column: Sequence[SeedStats], index: int) -> list[float | None]:
    if index >= len(column):
        return [None] * 3
    stats = column[index]
    return [finite_or_none(value) for value in (stats.mean, stats.low, stats.high)]

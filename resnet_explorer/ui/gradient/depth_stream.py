"""The ratio against depth as a page sees it grow: the shallow networks first, all lanes at a depth before the next."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from math import isfinite

from resnet_explorer.api.gradient_answers import finite_or_none
from resnet_explorer.api.probe_runner import DEPTHS, ProbeLane, ProbeRunner, error_text
from resnet_explorer.api.recorded_depths import recorded_depths, recorded_figure
from resnet_explorer.describe.sentence import Sentence
from resnet_explorer.errors import ExplorerError
from resnet_explorer.figures.depth_ratio import DepthCurve, DepthPoint, draw
from resnet_explorer.figures.theme import PAGE
from resnet_explorer.gradients.metrics import METRICS
from resnet_explorer.gradients.profile import decades
from resnet_explorer.ui.components.figure.figure import FigureValue, Table
from resnet_explorer.ui.gradient.captions import caption
from resnet_explorer.ui.gradient.request import GradientRequest, PageLane, memory_limit
from resnet_explorer.ui.i18n import say, translate

NAME = "depth-cliff"
NOT_MEASURED = "The first value over the last, against depth; nothing is measured before you ask."
Points = dict[PageLane, dict[int, DepthPoint]]


@dataclass(frozen=True)
class DepthStep:
    """What the page shows now, and sentences on it as Markdown."""

    figure: FigureValue
    words: str = ""


@dataclass
class DepthStream:
    """What has been measured so far for one request."""

    request: GradientRequest
    points: Points = field(default_factory=dict)
    probes: dict[PageLane, ProbeLane] = field(default_factory=dict)
    failures: dict[PageLane, str] = field(default_factory=dict)
    done: int = 0

    def growing(self) -> DepthStep:
        """The figure so far."""
        progress = self.done, len(DEPTHS) * len(self.request.lanes)
        figure = self._drawn() if any(self.points.values()) else None
        return DepthStep(FigureValue(figure, NAME, coming=self.request.slots, progress=progress), self._words())

    def whole(self) -> DepthStep:
        """The figure of all that was measured, with its words."""
        measured = {lane: by_depth for lane, by_depth in self.points.items() if by_depth}
        if not measured:
            return DepthStep(FigureValue(name=NAME, empty="No lane was measured."), self._words())
        text = caption(self.request, [self.probes[lane] for lane in measured])
        what = "The first value over the last, against depth; the stages of a lane grow alike."
        text = f"{translate(what, self.request.language)} {text}"
        return DepthStep(FigureValue(self._drawn(), NAME, text, text, _table(measured)), self._words())

    def _drawn(self) -> dict[str, object]:
        curves = [
            DepthCurve(lane.slot, lane.name, tuple(by_depth.values()))
            for lane, by_depth in self.points.items()
            if by_depth
        ]
        return draw(curves, METRICS[self.request.config.metrics[0]].label, PAGE)

    def _words(self) -> str:
        seen = [_sentence(lane, by_depth) for lane, by_depth in self.points.items() if by_depth]
        failed = [
            Sentence("Lane {lane}: {error}", {"lane": lane.letter, "error": text})
            for lane, text in self.failures.items()
        ]
        return "\n".join(f"- {say(one, self.request.language)}" for one in [*seen, *failed])


def recorded(request: GradientRequest) -> DepthStep:
    """What comes with the program for these lanes under these conditions, marked as recorded; nothing is measured."""
    probes = {lane: lane.probe_lane() for lane in request.lanes}
    figure = recorded_figure({lane.slot: probe for lane, probe in probes.items()}, request.config, PAGE)
    if not figure:
        return DepthStep(FigureValue(name=NAME, empty=NOT_MEASURED, coming=request.slots))
    points: Points = {lane: {} for lane in probes}
    for lane, probe in probes.items():
        for result in recorded_depths().results([probe], request.config):
            points[lane][result.depth] = DepthPoint(result.depth, result.mean, result.low, result.high)
    measured = {lane: by_depth for lane, by_depth in points.items() if by_depth}
    words = "\n".join(f"- {say(_sentence(*lane), request.language)}" for lane in measured.items())
    provenance = Sentence(
        "This was {provenance}. The first value over the last, against depth.",
        {"provenance": str(recorded_depths().provenance)},
    )
    text = f"{say(provenance, request.language)} {caption(request, [probes[lane] for lane in measured])}"
    return DepthStep(FigureValue(figure, NAME, text, text, _table(measured)), words)


def depth_request(request: GradientRequest) -> GradientRequest:
    """Depth is what varies, so one seed and the same conditions; names without their depth."""
    lanes = tuple(replace(lane, name=lane.name.rpartition(" ")[0] or lane.name) for lane in request.lanes)
    return replace(request, lanes=lanes, config=replace(request.config, seeds=1), fraction=False, theory=False)


def steps(runner: ProbeRunner, stream: DepthStream) -> Iterator[DepthStep]:
    """Fill a stream, step by step; a lane that is refused at a depth says why and has no deeper points."""
    request = stream.request
    for lane in request.lanes:
        try:
            stream.probes[lane] = lane.probe_lane()
        except ExplorerError as error:
            stream.failures[lane] = error_text(error)
    stream.points = {lane: {} for lane in stream.probes}
    going_on = dict(stream.probes)
    yield stream.growing()
    for number, depth in enumerate(DEPTHS):
        for _ in _measure(runner, stream, going_on, depth):
            yield stream.growing()
        stream.done = (number + 1) * len(request.lanes)


def _measure(
    runner: ProbeRunner, stream: DepthStream, probes: dict[PageLane, ProbeLane], depth: int
) -> Iterator[DepthPoint]:
    """All lanes with their stages longer or shorter by the same factor, as near to the depth as they can be."""
    lanes, request = {lane.letter: lane for lane in probes}, stream.request
    results = runner.at_depth(list(probes.values()), request.config, depth, memory_limit(), request.images, True)
    with closing(results):
        for result in results:
            lane = lanes[result.lane.letter]
            if result.refused:
                del probes[lane]
                stream.failures[lane] = result.refused
            else:
                point = DepthPoint(result.depth, result.mean, result.low, result.high)
                stream.points[lane][result.depth] = point
                stream.done += 1
                yield point


def _sentence(lane: PageLane, by_depth: dict[int, DepthPoint]) -> Sentence:
    finite = [by_depth[depth] for depth in sorted(by_depth) if isfinite(decades(by_depth[depth].mean))]
    if not finite:
        return Sentence("Lane {lane} has no finite ratio at any depth.", {"lane": lane.letter})
    first, last = finite[0], finite[-1]
    beyond = min((depth for depth in by_depth if depth > last.depth), default=0)
    end = Sentence(", {change} at {depth}", {"change": f"{decades(last.mean):+.1f}", "depth": last.depth})
    values = {
        "lane": lane.letter,
        "change": f"{decades(first.mean):+.1f}",
        "depth": first.depth,
        "end": end if last is not first else "",
        "beyond": Sentence("; from depth {n} on it leaves the range of float32", {"n": beyond}) if beyond else "",
    }
    return Sentence("Lane {lane}: {change} decades at depth {depth}{end}{beyond}.", values)


def _table(points: Points) -> Table:
    depths = sorted({depth for by_depth in points.values() for depth in by_depth})
    heads = [f"{lane.letter} {what}" for lane in points for what in ("mean", "lowest", "highest")]
    rows = [
        (depth, *(cell for by_depth in points.values() for cell in _cells(by_depth.get(depth)))) for depth in depths
    ]
    return Table(("depth", *heads), tuple(rows))


def _cells(point: DepthPoint | None) -> list[float | None]:
    return [None] * 3 if point is None else [finite_or_none(value) for value in (point.mean, point.low, point.high)]

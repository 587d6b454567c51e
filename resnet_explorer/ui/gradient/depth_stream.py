"""The ratio against depth as a page sees it grow: the shallow networks first, all lanes at a depth before the next."""

from collections.abc import Iterator
from contextlib import closing
from math import isfinite

from resnet_explorer.api.gradient_answers import finite_or_none
from resnet_explorer.api.probe_runner import DEPTHS, ProbeLane, ProbeRunner, error_text
from resnet_explorer.errors import ExplorerError
from resnet_explorer.figures.depth_ratio import DepthCurve, DepthPoint, draw
from resnet_explorer.figures.plotly_json import to_json
from resnet_explorer.figures.theme import PAGE
from resnet_explorer.gradients.metrics import METRICS
from resnet_explorer.gradients.profile import decades
from resnet_explorer.ui.gradient.captions import caption
from resnet_explorer.ui.gradient.flow_stream import failure
from resnet_explorer.ui.gradient.request import GradientRequest, PageLane, memory_limit
from resnet_explorer.ui.work_queue import Line

Points = dict[PageLane, dict[int, DepthPoint]]


def lines(runner: ProbeRunner, request: GradientRequest) -> Iterator[Line]:
    """All lines of one answer; a lane that is refused at a depth says why and has no deeper points."""
    probes: dict[PageLane, ProbeLane] = {}
    yield {"event": "begun", "of": len(DEPTHS) * len(request.lanes)}
    for lane in request.lanes:
        try:
            probes[lane] = lane.probe_lane()
        except ExplorerError as error:
            yield failure(lane, error_text(error))
    points: Points = {lane: {} for lane in probes}
    going_on = dict(probes)
    for number, depth in enumerate(DEPTHS):
        done = number * len(request.lanes)
        for line in _measure(runner, request, going_on, depth, points):
            if line["event"] == "measured":
                done += 1
                line["done"] = done
            yield line
        yield {"event": "figure", "done": (number + 1) * len(request.lanes), "figure": _draw(request, points)}
    measured = {lane: by_depth for lane, by_depth in points.items() if by_depth}
    text = caption(request, [probes[lane] for lane in measured])
    yield {
        "event": "done",
        "caption": f"The first value over the last, against depth; the stages of a lane grow alike. {text}",
        "seen": [_sentence(lane, by_depth) for lane, by_depth in measured.items()],
        "table": _table(measured),
    }


def _measure(
    runner: ProbeRunner, request: GradientRequest, probes: dict[PageLane, ProbeLane], depth: int, points: Points
) -> Iterator[Line]:
    """All lanes with their stages longer or shorter by the same factor, as near to the depth as they can be."""
    lanes = {lane.letter: lane for lane in probes}
    results = runner.at_depth(list(probes.values()), request.config, depth, memory_limit(), request.images, True)
    with closing(results):
        for result in results:
            lane = lanes[result.lane.letter]
            if result.refused:
                del probes[lane]
                yield failure(lane, result.refused)
            else:
                points[lane][result.depth] = DepthPoint(result.depth, result.mean, result.low, result.high)
                yield {"event": "measured", "depth": depth}


def _draw(request: GradientRequest, points: Points) -> str:
    curves = [
        DepthCurve(lane.slot, lane.name, tuple(by_depth.values())) for lane, by_depth in points.items() if by_depth
    ]
    return to_json(draw(curves, METRICS[request.config.metrics[0]].label, PAGE))


def _sentence(lane: PageLane, by_depth: dict[int, DepthPoint]) -> str:
    finite = [by_depth[depth] for depth in sorted(by_depth) if isfinite(decades(by_depth[depth].mean))]
    if not finite:
        return f"Lane {lane.letter} has no finite ratio at any depth."
    first, last = finite[0], finite[-1]
    text = f"Lane {lane.letter}: {decades(first.mean):+.1f} decades at depth {first.depth}"
    text += f", {decades(last.mean):+.1f} at {last.depth}" if last is not first else ""
    beyond = min((depth for depth in by_depth if depth > last.depth), default=0)
    return text + (f"; from depth {beyond} on it leaves the range of float32." if beyond else ".")


def _table(points: Points) -> Line:
    depths = sorted({depth for by_depth in points.values() for depth in by_depth})
    heads = [f"{lane.letter} {what}" for lane in points for what in ("mean", "lowest", "highest")]
    rows = [
        [depth, *(cell for by_depth in points.values() for cell in _cells(by_depth.get(depth)))] for depth in depths
    ]
    return {"columns": ["depth", *heads], "rows": rows}


def _cells(point: DepthPoint | None) -> list[float | None]:
    return [None] * 3 if point is None else [finite_or_none(value) for value in (point.mean, point.low, point.high)]

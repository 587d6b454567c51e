"""The depth cliff as a page sees it grow: the shallow networks first, all lanes at one depth before the next."""

from collections.abc import Iterator
from dataclasses import replace
from math import isfinite

from resnet_explorer.api.gradient_answers import finite_or_none
from resnet_explorer.api.probe_cache import ProbeCache
from resnet_explorer.api.probe_runner import DEPTHS, ProbeLane
from resnet_explorer.errors import ExplorerError
from resnet_explorer.figures.depth_ratio import DepthCurve, DepthPoint, draw
from resnet_explorer.figures.plotly_json import to_json
from resnet_explorer.figures.theme import PAGE
from resnet_explorer.gradients.metrics import METRICS
from resnet_explorer.gradients.profile import decades, with_depth
from resnet_explorer.networks.plan import plan
from resnet_explorer.ui.gradient.captions import captioned
from resnet_explorer.ui.gradient.flow_stream import failure
from resnet_explorer.ui.gradient.request import GradientRequest, PageLane, memory_limit
from resnet_explorer.ui.work_queue import Line

Points = dict[PageLane, dict[int, DepthPoint]]


def lines(known: ProbeCache, wish: GradientRequest) -> Iterator[Line]:
    """Everything that is told of the cliff; what is refused says why and leaves a gap."""
    points: Points = {}
    failed: set[PageLane] = set()
    yield {"event": "begun", "of": len(DEPTHS) * len(wish.lanes)}
    done = 0
    for depth in DEPTHS:
        for lane in wish.lanes:
            done += 1
            try:
                if lane not in failed:
                    _measure(known, wish, lane, depth, points)
                yield {"event": "measured", "done": done, "depth": depth}
            except (ExplorerError, RuntimeError, MemoryError) as error:
                failed.add(lane)
                yield failure(lane, error)
        yield {"event": "figure", "done": done, "figure": _draw(wish, points)}
    yield {"event": "done", "caption": _caption(wish, points), "seen": _seen(points), "table": _table(wish, points)}


def _measure(known: ProbeCache, wish: GradientRequest, lane: PageLane, depth: int, points: Points) -> None:
    """One lane with its stages longer or shorter by the same factor, as near to the depth as it can be."""
    here = _at(lane.lane(), depth)
    if here.plan.depth in points.setdefault(lane, {}):
        return
    *_, last = known.probe(here, wish.config, wish.images, memory_limit())
    points[lane][here.plan.depth] = DepthPoint(here.plan.depth, *last.flow.ratio)


def _at(lane: ProbeLane, depth: int) -> ProbeLane:
    network = with_depth(lane.plan.network, depth)
    return replace(lane, request=replace(lane.request, network=network), plan=plan(network))


def _draw(wish: GradientRequest, points: Points) -> str:
    cliffs = [DepthCurve(lane.slot, lane.name, tuple(found.values())) for lane, found in points.items()]
    return to_json(draw(cliffs, METRICS[wish.config.metrics[0]].label, PAGE))


def _caption(wish: GradientRequest, points: Points) -> str:
    lanes = [lane.lane() for lane in points]
    return f"The first value over the last, against depth; the stages of a lane grow alike. {captioned(wish, lanes)}"


def _seen(points: Points) -> list[str]:
    """Each lane from its first depth to the last at which its ratio is a number."""
    return [sentence for lane, found in points.items() if (sentence := _sentence(lane, found))]


def _sentence(lane: PageLane, found: dict[int, DepthPoint]) -> str:
    known = [found[depth] for depth in sorted(found) if isfinite(decades(found[depth].mean))]
    if not known:
        return f"Lane {lane.letter} has no finite ratio at any depth."
    first, last = known[0], known[-1]
    text = f"Lane {lane.letter}: {decades(first.mean):+.1f} decades at depth {first.depth}"
    text += f", {decades(last.mean):+.1f} at {last.depth}" if last is not first else ""
    beyond = min((depth for depth in found if depth > last.depth), default=0)
    return text + (f"; from depth {beyond} on it leaves the range of float32." if beyond else ".")


def _table(wish: GradientRequest, points: Points) -> Line:
    depths = sorted({depth for found in points.values() for depth in found})
    lanes = [lane for lane in wish.lanes if lane in points]
    heads = [f"{lane.letter} {what}" for lane in lanes for what in ("mean", "lowest", "highest")]
    rows = [[depth, *(cell for lane in lanes for cell in _cells(points[lane].get(depth)))] for depth in depths]
    return {"columns": ["depth", *heads], "rows": rows}


def _cells(point: DepthPoint | None) -> list[float | None]:
    return [None] * 3 if point is None else [finite_or_none(value) for value in (point.mean, point.low, point.high)]

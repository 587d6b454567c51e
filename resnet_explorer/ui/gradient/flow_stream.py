"""Gradient flow as a page sees it grow: each lane as it comes, figures at the rate of an eye, words at the end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from time import monotonic

from resnet_explorer.api.gradient_answers import finite_or_none, shortcut
from resnet_explorer.api.probe_cache import ProbeCache
from resnet_explorer.api.probe_runner import LaneProgress
from resnet_explorer.errors import ExplorerError
from resnet_explorer.figures.gradient import Curve, draw
from resnet_explorer.figures.plotly_json import to_json
from resnet_explorer.figures.theme import PAGE
from resnet_explorer.gradients.findings import find, format_place, rank_by_ratio, sentence
from resnet_explorer.gradients.metrics import METRICS
from resnet_explorer.gradients.profile import SeedStats, decades
from resnet_explorer.networks.plan import Plan
from resnet_explorer.ui.gradient.captions import captioned
from resnet_explorer.ui.gradient.request import GradientRequest, PageLane, memory_limit
from resnet_explorer.ui.work_queue import Line

# a figure is built as often as an eye follows, not after every step
PAUSE = 0.08
DETAILS = ("steepest", "kink")
Lanes = dict[PageLane, Iterator[LaneProgress]]


@dataclass
class FlowStream:
    """What has come so far of one question."""

    request: GradientRequest
    done: int = 0
    shown: float = 0.0
    found: dict[PageLane, LaneProgress] = field(default_factory=dict)

    def take(self, lane: PageLane, probed: LaneProgress) -> Line:
        """Note what came of a lane; now and then that is worth a figure."""
        before = self.found.get(lane)
        self.done += len(probed.losses) - (len(before.losses) if before else 0)
        self.found[lane] = probed
        if monotonic() - self.shown < PAUSE:
            return {"event": "measured", "done": self.done}
        return self.draw()

    def draw(self) -> Line:
        """The figure of all that has come."""
        curves = [
            _curve(lane, self.found[lane], self.request.theory) for lane in self.request.lanes if lane in self.found
        ]
        drawn = to_json(draw(curves, self.request.fraction, PAGE))
        self.shown = monotonic()
        return {"event": "figure", "done": self.done, "figure": drawn}


def lines(known: ProbeCache, wish: GradientRequest) -> Iterator[Line]:
    """Everything that is told of one question: a lane that fails says so and leaves the others alone."""
    board, lanes = FlowStream(wish), {}
    for lane in wish.lanes:
        try:
            lanes[lane] = known.probe(lane.lane(), wish.config, wish.images, memory_limit())
        except ExplorerError as error:
            yield failure(lane, error)
    yield {"event": "begun", "of": len(lanes) * wish.config.seeds}
    while lanes:
        yield from _round(board, lanes)
    if board.found:
        yield board.draw()
    yield {"event": "done", **_summary(board)}


def _round(board: FlowStream, lanes: Lanes) -> Iterator[Line]:
    """One more seed of each lane."""
    for lane in list(lanes):
        try:
            probed = next(lanes[lane], None)
        except (ExplorerError, RuntimeError, MemoryError) as error:
            # torch refuses what it cannot run or hold; the other lanes go on
            lanes.pop(lane)
            yield failure(lane, error)
            continue
        if probed is None:
            lanes.pop(lane)
        else:
            yield board.take(lane, probed)


def _curve(lane: PageLane, probed: LaneProgress, theory: bool) -> Curve:
    predicted = probed.theory if theory else None
    return Curve(lane.slot, lane.name, probed.flow, _shapes(probed.lane.plan), predicted.values if predicted else ())


def _shapes(spelled: Plan) -> tuple[str, ...]:
    """What each stage works on, as 16×32²."""
    shapes = [stage[-1].unit.y for stage in spelled.stages]
    return tuple(f"{y.c}×{y.h}²" if y.h == y.w else f"{y.c}×{y.h}×{y.w}" for y in shapes)


def _summary(board: FlowStream) -> Line:
    """Numbers, sentences, caption and the table behind the figure."""
    wish, found = board.request, board.found
    return {
        "caption": captioned(wish, (probed.lane for probed in found.values())) + _facts(board),
        "ranked": rank_by_ratio({lane.letter: probed.flow for lane, probed in found.items()}),
        "lanes": [_numbers(lane, probed) for lane, probed in found.items()],
        "table": _table(board),
    }


def _facts(board: FlowStream) -> str:
    """What the thin lines say, where they are drawn."""
    if not board.request.theory:
        return ""
    told = [f"{probed.theory.fact} ({lane.letter})" for lane, probed in board.found.items() if probed.theory]
    return f" Thin lines, theory: {'; '.join(told) or 'there is none for these lanes'}."


def _numbers(lane: PageLane, probed: LaneProgress) -> Line:
    """One lane in one row: first over last, and where it is largest and smallest."""
    readings = [reading for reading in probed.flow.readings if reading.finite]
    ends = sorted(readings, key=lambda reading: reading.mean)
    least, most = (ends[0], ends[-1]) if ends else (None, None)
    predicted = probed.theory
    return {
        "slot": lane.slot,
        "ratio": [finite_or_none(value) for value in probed.flow.ratio],
        "decades": finite_or_none(decades(probed.flow.ratio[0])),
        "most": most and {"value": most.mean, "place": format_place(most)},
        "least": least and {"value": least.mean, "place": format_place(least)},
        **_seen(probed, lane),
        "shortcut": shortcut(probed.lane.plan),
        "theory": predicted.fact if predicted else "",
    }


def _seen(probed: LaneProgress, lane: PageLane) -> Line:
    """What matters most in one sentence, and the rest in another."""
    seen = find(probed.flow, lane.letter)
    rest = [one for one in seen if one.kind in DETAILS]
    first = [one for one in seen if one not in rest]
    return {"seen": sentence(first), "more": sentence(rest) if rest else ""}


def _table(board: FlowStream) -> Line:
    """A row for each place, with mean, lowest and highest of each lane."""
    lanes = list(board.found.items())
    first = 0 if METRICS[board.request.config.metrics[0]].boundary else 1
    readings = [probed.flow.readings for _, probed in lanes]
    heads = [f"{lane.letter} {what}" for lane, _ in lanes for what in ("mean", "lowest", "highest")]
    rows = []
    for index in range(max(map(len, readings), default=0)):
        cells = [_cells(column, index) for column in readings]
        rows.append([index + first, *(cell for three in cells for cell in three)])
    return {"columns": ["unit", *heads], "rows": rows}


def _cells(column: Sequence[SeedStats], index: int) -> list[float | None]:
    if index >= len(column):
        return [None] * 3
    reading = column[index]
    return [finite_or_none(value) for value in (reading.mean, reading.low, reading.high)]


def failure(lane: PageLane, error: Exception) -> Line:
    """What a lane says when it cannot go on: one sentence."""
    text = str(error).strip().splitlines()
    return {"event": "failed", "slot": lane.slot, "error": text[0] if text else type(error).__name__}

"""The ratio of first to last unit against depth, recorded earlier: at once for lanes that match, and marked as such."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from resnet_explorer.api.gradient_answers import CliffAnswer, cliff_answer
from resnet_explorer.api.probe_runner import DEPTHS, DepthResult, ProbeLane, lane_at_depth, parse_lanes
from resnet_explorer.errors import JournalError
from resnet_explorer.gradients.conditions import caption
from resnet_explorer.gradients.metrics import METRICS
from resnet_explorer.gradients.profile import ProbeConfig
from resnet_explorer.runs.bundled import BUNDLED_DIR, Provenance

if TYPE_CHECKING:
    from resnet_explorer.figures.plotly_json import PlainFigure
    from resnet_explorer.figures.theme import Palette

PATH = BUNDLED_DIR / "depths.json"
Ratio = tuple[float, float, float]


class RecordedCliffAnswer(TypedDict):
    """What was recorded for the lanes that match: when and where, under which conditions, and a point each depth."""

    recorded: str
    caption: str
    points: list[CliffAnswer]


@dataclass(frozen=True)
class RecordedDepths:
    """Mean, lowest and highest ratio by a network's id, how they were measured, and where."""

    provenance: Provenance
    config: ProbeConfig
    ratios: dict[str, Ratio]

    def results(self, lanes: Sequence[ProbeLane], config: ProbeConfig) -> list[DepthResult]:
        """The recorded points of each lane, the shallow networks first; none under other conditions."""
        if config != self.config:
            return []
        at_depths = {(at.plan.depth, at.letter): at for lane in lanes for at in _each_depth(lane)}
        return [
            DepthResult(lane, depth, *self.ratios[lane.plan.network.id])
            for (depth, _), lane in sorted(at_depths.items(), key=lambda item: item[0])
            if lane.plan.network.id in self.ratios
        ]


@cache
def recorded_depths(path: Path = PATH) -> RecordedDepths:
    """What comes with the program; a JournalError where the file cannot be read."""
    try:
        fields = json.loads(path.read_text())
        config = ProbeConfig(**{**fields["config"], "metrics": tuple(fields["config"]["metrics"])})
        ratios = {point["id"]: (point["mean"], point["low"], point["high"]) for point in fields["points"]}
        return RecordedDepths(Provenance(**fields["provenance"]), config, ratios)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise JournalError(f"the recorded depths cannot be read ({type(error).__name__})") from None


def recorded_cliff(networks: list[str]) -> RecordedCliffAnswer:
    """The first gradient over the last against depth as it was recorded, at once: networks as by default, any ordering.

    Args:
        networks: NETWORK[:ORDERING] each, such as cifar-basic-56:original; what was not recorded has no points
    """
    recorded = recorded_depths()
    return RecordedCliffAnswer(
        recorded=str(recorded.provenance),
        caption=str(caption(recorded.config)),
        points=[cliff_answer(result) for result in recorded.results(parse_lanes(networks), recorded.config)],
    )


def write(path: Path, provenance: Provenance, config: ProbeConfig, results: Sequence[DepthResult]) -> None:
    """Keep what was measured, with six digits."""
    points: list[dict[str, Any]] = [
        {
            "id": result.lane.plan.network.id,
            "ordering": result.lane.request.ordering,
            "depth": result.depth,
            **{name: float(f"{getattr(result, name):.6g}") for name in ("mean", "low", "high")},
        }
        for result in results
        if result.mean == result.mean  # what left the range of float32 is no point
    ]
    fields = {"provenance": asdict(provenance), "config": asdict(config), "points": points}
    path.write_text(json.dumps(fields, indent=1) + "\n")


def recorded_figure(
    lanes: Mapping[int, ProbeLane], config: ProbeConfig, palette: "Palette | None" = None
) -> "PlainFigure | None":
    """The figure of what was recorded for lanes by their slots, with its origin in it; None where nothing matches."""
    recorded = recorded_depths()
    depth_ratio = import_module("resnet_explorer.figures.depth_ratio")
    curves = []
    for slot, lane in lanes.items():
        results = recorded.results([lane], config)
        points = tuple(depth_ratio.DepthPoint(one.depth, one.mean, one.low, one.high) for one in results)
        if points:
            curves.append(depth_ratio.DepthCurve(slot, lane.request.ordering or lane.request.name, points))
    if not curves:
        return None
    label = METRICS[config.metrics[0]].label
    drawn: PlainFigure = depth_ratio.draw(
        curves, label, *([palette] if palette else []), note=f"recorded {recorded.provenance.date}"
    )
    return drawn


def _each_depth(lane: ProbeLane) -> list[ProbeLane]:
    return [lane_at_depth(lane, depth) for depth in DEPTHS]

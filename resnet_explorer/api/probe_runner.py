"""From a question about gradient flow to its answers, lane by lane and seed by seed."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from math import isfinite, nan
from typing import Any

from resnet_explorer.errors import ExplorerError, NetworkError
from resnet_explorer.gradients.metrics import METRICS, SOURCES
from resnet_explorer.gradients.profile import GradientProfile, ProbeConfig, ProbeResult, unit_positions, with_depth
from resnet_explorer.gradients.theory import Prediction, predict
from resnet_explorer.networks import budget
from resnet_explorer.networks.plan import Plan, plan
from resnet_explorer.networks.request import LETTERS, NetworkRequest, parse_request

MAX_LANES = 12
# of cifar-basic; other families come as near as they can
DEPTHS = (20, 32, 44, 56, 80, 110, 164, 218, 326, 488, 650, 866, 1202)


@dataclass(frozen=True)
class ProbeLane:
    """A network under a letter."""

    letter: str
    request: NetworkRequest
    plan: Plan


@dataclass(frozen=True)
class LaneProgress:
    """What is known of a lane so far."""

    lane: ProbeLane
    config: ProbeConfig
    flow: GradientProfile
    losses: tuple[float, ...]

    @property
    def complete(self) -> bool:
        return len(self.losses) == self.config.seeds

    @property
    def theory(self) -> Prediction | None:
        """The predicted curve on the scale of what was measured."""
        found = predict(self.lane.plan.network, self.flow.metric.name, self.config.batch_norm, self.config.init)
        if found is None or found.anchor is None:
            return found
        scale = self.flow.readings[found.anchor].mean / found.values[found.anchor]
        return replace(found, values=tuple(scale * value for value in found.values)) if isfinite(scale) else None


@dataclass(frozen=True)
class DepthResult:
    """The first value over the last of a lane at one depth; `refused` says why there is none."""

    lane: ProbeLane
    depth: int
    mean: float
    low: float
    high: float
    refused: str = ""


Pieces = Generator[LaneProgress, None, None]
Steps = Generator[DepthResult, None, None]


def parse_lanes(networks: Sequence[str]) -> list[ProbeLane]:
    """Read networks, the first as lane A."""
    if not 1 <= len(networks) <= MAX_LANES:
        raise NetworkError(f"a probe takes 1 to {MAX_LANES} networks, not {len(networks)}")
    asked = [parse_request(text) for text in networks]
    return [ProbeLane(letter, one, plan(one.network)) for letter, one in zip(LETTERS, asked, strict=False)]


def probe_lanes(row: Sequence[ProbeLane], asked: ProbeConfig, limit: str = "16GB") -> Pieces:
    """Probe lanes; what is known of one comes after each of its seeds. Refuses at once what is too large."""
    for lane in row:
        check_memory(lane, asked, limit)
    return _probing(row, asked)


def probe_depths(
    row: Sequence[ProbeLane], asked: ProbeConfig, depths: Sequence[int] = DEPTHS, limit: str = "16GB"
) -> Steps:
    """The first value over the last against depth, the shallow networks first; each lane keeps its proportions."""
    done: set[tuple[str, int]] = set()
    for depth in sorted(depths):
        for lane in row:
            at = _at(lane, depth)
            if (lane.letter, at.plan.depth) not in done:
                done.add((lane.letter, at.plan.depth))
                yield _step(at, asked, limit)


def check_memory(lane: ProbeLane, asked: ProbeConfig, limit: str = "16GB") -> budget.Requirement:
    """Refuse a lane that needs more than the limit; nothing has been allocated yet."""
    limits = budget.Limits(memory=budget.parse_bytes(limit), operations=10**14)
    return budget.check(lane.request.name, lane.plan, asked.batch, limits=limits)


def _probing(row: Sequence[ProbeLane], asked: ProbeConfig) -> Pieces:
    metric = METRICS[asked.metrics[0]]
    seen: dict[int, list[ProbeResult]] = {}
    measure = import_module("resnet_explorer.models.probe").probe
    for measured in measure([lane.plan for lane in row], asked, load_images(asked)):
        so_far = seen.setdefault(measured.lane, [])
        so_far.append(measured)
        lane = row[measured.lane]
        flow = GradientProfile(
            metric, unit_positions(lane.plan, metric), tuple(one.values[metric.name] for one in so_far)
        )
        yield LaneProgress(lane, asked, flow, tuple(one.loss for one in so_far))


def load_images(asked: ProbeConfig) -> Any:
    """The images of the source that is asked for; None for noise."""
    source = SOURCES[asked.source].images
    if not source:
        return None
    module, _, name = source.rpartition(".")
    return getattr(import_module(module), name)()


def _at(lane: ProbeLane, depth: int) -> ProbeLane:
    network = with_depth(lane.plan.network, depth)
    return replace(lane, request=replace(lane.request, network=network), plan=plan(network))


def _step(lane: ProbeLane, asked: ProbeConfig, limit: str) -> DepthResult:
    try:
        *_, last = probe_lanes([lane], asked, limit)
    except ExplorerError as error:
        return DepthResult(lane, lane.plan.depth, nan, nan, nan, str(error))
    return DepthResult(lane, lane.plan.depth, *last.flow.ratio)

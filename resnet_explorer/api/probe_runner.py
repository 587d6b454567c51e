"""From a question about gradient flow to its answers, lane by lane and seed by seed."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import import_module
from math import isfinite, nan
from typing import Any

from resnet_explorer.api.probe_cache import ProbeCache, Rows, cache_key
from resnet_explorer.errors import ExplorerError, NetworkError, PlanError
from resnet_explorer.executors.compute import Call, Computer, InProcess
from resnet_explorer.gradients.metrics import METRICS, SOURCES
from resnet_explorer.gradients.profile import GradientProfile, ProbeConfig, unit_positions, with_depth
from resnet_explorer.gradients.theory import Prediction, predict
from resnet_explorer.networks import budget
from resnet_explorer.networks.network import Network
from resnet_explorer.networks.plan import Plan, plan
from resnet_explorer.networks.request import LETTERS, NetworkRequest, parse_request

MAX_LANES = 12
# of cifar-basic; other families come as near as they can
DEPTHS = (20, 32, 44, 56, 80, 110, 164, 218, 326, 488, 650, 866, 1202)
MEASURE = "resnet_explorer.api.probe_runner:measure_seed"
WARM_UP = "resnet_explorer.api.probe_runner:warm_up"
Values = dict[str, tuple[float, ...]]


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
    tables: dict[str, tuple[tuple[float, ...], ...]]
    losses: tuple[float, ...]

    @property
    def flow(self) -> GradientProfile:
        """The metric of the request."""
        return self.profile(self.config.metrics[0])

    def profile(self, name: str) -> GradientProfile:
        """Any metric that was recorded with it."""
        return GradientProfile(METRICS[name], unit_positions(self.lane.plan, METRICS[name]), self.tables[name])

    @property
    def complete(self) -> bool:
        return len(self.losses) == self.config.seeds

    @property
    def theory(self) -> Prediction | None:
        """The predicted curve on the scale of what was measured."""
        prediction = predict(self.lane.plan.network, self.flow.metric.name, self.config.batch_norm, self.config.init)
        if prediction is None or prediction.anchor is None:
            return prediction
        scale = self.flow.readings[prediction.anchor].mean / prediction.values[prediction.anchor]
        if not isfinite(scale):
            return None
        return replace(prediction, values=tuple(scale * value for value in prediction.values))


@dataclass(frozen=True)
class LaneFailure:
    """Why a lane cannot be measured."""

    lane: ProbeLane
    error: Exception


@dataclass(frozen=True)
class DepthResult:
    """The first value over the last of a lane at one depth; `refused` says why there is none."""

    lane: ProbeLane
    depth: int
    mean: float
    low: float
    high: float
    refused: str = ""


class ProbeRunner:
    """Measures lanes where there is somebody to compute, and remembers what was measured."""

    def __init__(self, computer: Computer | None = None, cache: ProbeCache | None = None) -> None:
        """By default in this process, with a memory as long as this runner's life."""
        self.computer, self.cache = computer or InProcess(), cache or ProbeCache()

    def measure(
        self, lanes: Iterable[ProbeLane], config: ProbeConfig, images: bytes = b"", patient: bool = False
    ) -> Generator[LaneProgress | LaneFailure]:
        """A lane after each of its seeds, first all lanes with the first seed; what is known comes at once.

        Lanes with the same network are measured once. Close the generator to stop.
        """
        profiles = self._recall(lanes, config, images)
        for profile in profiles.values():
            yield from profile.progress()
        calls = [call for profile in profiles.values() for call in profile.calls(images)]
        with closing(self.computer.outcomes(calls, patient)) as outcomes:
            for number, value, error in outcomes:
                profile = profiles[calls[number].group]
                if error:
                    yield from profile.fail(error)
                elif profile.add(*value):
                    self.cache.put(profile.key, profile.rows)
                    yield from profile.progress()

    def at_depth(
        self,
        lanes: Iterable[ProbeLane],
        config: ProbeConfig,
        depth: int,
        limit: str = "16GB",
        images: bytes = b"",
        patient: bool = False,
    ) -> Generator[DepthResult]:
        """The first value over the last of each lane, as near to a depth as it can be; each keeps its proportions."""
        deep, refused = [], []
        for lane in lanes:
            at = lane_at_depth(lane, depth)
            try:
                check_memory(at, config, limit)
                deep.append(at)
            except ExplorerError as error:
                refused.append(LaneFailure(at, error))
        for failure in refused:
            yield _depth_result(failure)
        for step in self.measure(deep, config, images, patient):
            if isinstance(step, LaneFailure) or step.complete:
                yield _depth_result(step)

    def depths(
        self, lanes: Sequence[ProbeLane], config: ProbeConfig, depths: Sequence[int] = DEPTHS, limit: str = "16GB"
    ) -> Generator[DepthResult]:
        """Each lane at each depth it can have, once; the shallow networks first."""
        done: set[tuple[str, int]] = set()
        for depth in sorted(depths):
            deep = {(at.letter, at.plan.depth): lane for lane in lanes for at in [lane_at_depth(lane, depth)]}
            yield from self.at_depth([lane for key, lane in deep.items() if key not in done], config, depth, limit)
            done |= set(deep)

    def _recall(self, lanes: Iterable[ProbeLane], config: ProbeConfig, images: bytes) -> "dict[str, _Profile]":
        """By key: what is known of each network, and the lanes that show it."""
        profiles: dict[str, _Profile] = {}
        for lane in lanes:
            # the key of what is recorded now, and of a pass that recorded all
            key, whole = (cache_key(lane.plan.network, pass_, images) for pass_ in (config.recorded, config.whole))
            if key not in profiles:
                rows = self.cache.get(whole)
                known = rows if len(rows[1]) >= config.seeds else self.cache.get(key)
                profiles[key] = _Profile(key, config, known)
            profiles[key].lanes.append(lane)
        return profiles


class _Profile:
    """The seeds of one network as they come, and the lanes that show them."""

    def __init__(self, key: str, config: ProbeConfig, known: Rows) -> None:
        self.key, self.config, self.rows = key, config, known
        self.lanes: list[ProbeLane] = []
        # seeds that came before an earlier one
        self._early: dict[int, tuple[float, Values]] = {}
        self._failed = False

    def calls(self, images: bytes) -> list[Call]:
        """A call for each seed that is missing."""
        missing = range(len(self.rows[1]), self.config.seeds)
        if not missing:
            return []
        plan = self.lanes[0].plan
        memory = budget.estimate(plan, self.config.batch).memory
        # measured as with one seed: a worker keeps the network for the next
        pass_ = replace(self.config.recorded, seeds=1)
        return [Call(MEASURE, (plan.network, pass_, seed, images), seed, self.key, memory) for seed in missing]

    def add(self, seed: int, loss: float, values: Values) -> bool:
        """Whether there is a row more than before: rows are in the order of seeds."""
        self._early[seed] = loss, values
        before = len(self.rows[1])
        while (next_seed := len(self.rows[1])) in self._early:
            loss, values = self._early.pop(next_seed)
            tables, losses = self.rows
            self.rows = {name: (*tables.get(name, ()), row) for name, row in values.items()}, (*losses, loss)
        return len(self.rows[1]) > before

    def progress(self) -> Iterator[LaneProgress]:
        """Each lane with the seeds there are."""
        seeds = self.config.seeds
        tables, losses = {name: table[:seeds] for name, table in self.rows[0].items()}, self.rows[1][:seeds]
        for lane in self.lanes if losses else ():
            yield LaneProgress(lane, self.config, tables, losses)

    def fail(self, error: Exception) -> Iterator[LaneFailure]:
        """Each lane with the error, once."""
        if not self._failed:
            self._failed = True
            yield from (LaneFailure(lane, error) for lane in self.lanes)


def measure_seed(network: Network, config: ProbeConfig, seed: int, images: bytes) -> tuple[int, float, Values]:
    """The seed, the loss, and each metric's values: what a worker does for one pass."""
    measure = import_module("resnet_explorer.models.probe").measure
    result = measure(network, config, seed, _batch_images(config.source, images))
    return seed, result.loss, result.values


def warm_up() -> None:
    """Run a small pass, so that the first one that somebody waits for finds everything loaded."""
    measure_seed(parse_request("cifar-basic-8").network, ProbeConfig(batch=1), 0, b"")


@lru_cache(maxsize=2)
def _batch_images(source: str, images: bytes) -> Any:
    """The images that batches are drawn from, as a tensor; None for noise."""
    if images:
        return import_module("resnet_explorer.models.pictures").tensor(images)
    if not SOURCES[source].images:
        return None
    module, _, name = SOURCES[source].images.rpartition(".")
    return getattr(import_module(module), name)()


def probe_lanes(
    lanes: Sequence[ProbeLane], config: ProbeConfig, limit: str = "16GB", runner: ProbeRunner | None = None
) -> Generator[LaneProgress]:
    """Each lane after each of its seeds; refuses at once what is too large, and raises what a lane fails with."""
    for lane in lanes:
        check_memory(lane, config, limit)
    return _raise_failures((runner or ProbeRunner()).measure(lanes, config))


def _raise_failures(steps: Generator[LaneProgress | LaneFailure]) -> Generator[LaneProgress]:
    for step in steps:
        if isinstance(step, LaneFailure):
            raise _as_refusal(step)
        yield step


def _as_refusal(failure: LaneFailure) -> ExplorerError:
    """The error of a lane as a sentence for a person: what torch says names no lane."""
    if isinstance(failure.error, ExplorerError):
        return failure.error
    return PlanError(f"{failure.lane.request.name} cannot be probed: {error_text(failure.error)}")


def parse_lanes(networks: Sequence[str]) -> list[ProbeLane]:
    """Read networks, the first as lane A."""
    if not 1 <= len(networks) <= MAX_LANES:
        raise NetworkError(f"a probe takes 1 to {MAX_LANES} networks, not {len(networks)}")
    requests = [parse_request(text) for text in networks]
    return [ProbeLane(letter, request, plan(request.network)) for letter, request in zip(LETTERS, requests)]


def check_memory(lane: ProbeLane, config: ProbeConfig, limit: str = "16GB") -> budget.Requirement:
    """Refuse a lane that needs more than the limit; nothing has been allocated yet."""
    limits = budget.Limits(memory=budget.parse_bytes(limit), operations=10**14)
    return budget.check(lane.request.name, lane.plan, config.batch, limits=limits)


def error_text(error: Exception) -> str:
    """The first line of an error, or its kind."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def lane_at_depth(lane: ProbeLane, depth: int) -> ProbeLane:
    """The lane as near to a depth as it can be."""
    network = with_depth(lane.plan.network, depth)
    return replace(lane, request=replace(lane.request, network=network), plan=plan(network))


def _depth_result(step: LaneProgress | LaneFailure) -> DepthResult:
    depth = step.lane.plan.depth
    if isinstance(step, LaneFailure):
        return DepthResult(step.lane, depth, nan, nan, nan, error_text(step.error))
    return DepthResult(step.lane, depth, *step.flow.ratio)

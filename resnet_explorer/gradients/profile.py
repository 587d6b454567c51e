"""The settings and the results of a probe of gradient flow, as plain values without torch.

A probe sends one batch forward and backward through networks at initialisation, once a seed.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from fractions import Fraction
from math import isfinite, log10, nan

from resnet_explorer.errors import NetworkError
from resnet_explorer.gradients.metrics import COMMON, INITS, LOSSES, METRICS, SOURCES, Metric
from resnet_explorer.networks.network import Network
from resnet_explorer.networks.plan import Plan, plan

MAX_SEEDS = 10
MAX_BATCH = 1024
Place = tuple[int, int]


@dataclass(frozen=True)
class ProbeConfig:
    """What to measure, and under which conditions; weights and batch of seed s follow from s alone."""

    metrics: tuple[str, ...] = ("gradient",)
    seeds: int = 3
    batch: int = 8
    init: str = "he-fan-out"
    batch_norm: bool = True
    loss: str = "cross-entropy"
    source: str = "noise"
    # whether both ways of the gradient to each unit's input are measured too, as PATHS
    paths: bool = False

    def __post_init__(self) -> None:
        """Refuse unknown names, and numbers out of range."""
        for metric in self.metrics:
            _check_name("metric", metric, METRICS)
        _check_name("init", self.init, INITS)
        _check_name("loss", self.loss, LOSSES)
        _check_name("source", self.source, SOURCES)
        _check_range("seeds", self.seeds, MAX_SEEDS)
        _check_range("batch", self.batch, MAX_BATCH)

    @property
    def recorded(self) -> "ProbeConfig":
        """The conditions of a pass that records more than what was asked for: all that costs little."""
        return replace(self, metrics=COMMON) if not self.paths and set(self.metrics) <= set(COMMON) else self.whole

    @property
    def whole(self) -> "ProbeConfig":
        """The conditions of a pass that records all there is."""
        return replace(self, metrics=tuple(METRICS), paths=True)


@dataclass(frozen=True)
class ProbeResult:
    """What one pass through a network gave: the loss, and each metric's values from input to output."""

    seed: int
    loss: float
    values: dict[str, tuple[float, ...]]


@dataclass(frozen=True)
class SeedStats:
    """A metric at one place: mean and range over the seeds, NaN where a seed left the range of numbers."""

    stage: int
    unit: int
    mean: float
    low: float
    high: float

    @property
    def finite(self) -> bool:
        return isfinite(self.mean)


@dataclass(frozen=True)
class GradientProfile:
    """One metric of one lane: a row of values for each seed, from the first place to the last."""

    metric: Metric
    places: tuple[Place, ...]
    rows: tuple[tuple[float, ...], ...]

    @property
    def readings(self) -> list[SeedStats]:
        return [SeedStats(*place, *spread(column)) for place, column in zip(self.places, zip(*self.rows), strict=True)]

    @property
    def ratio(self) -> tuple[float, float, float]:
        """The first value over the last: mean, lowest and highest over the seeds."""
        return self.between(0, -1)

    def between(self, first: int, last: int) -> tuple[float, float, float]:
        """The value at one place over that at another: mean, lowest and highest over the seeds."""
        return spread([safe_ratio(row[first], row[last]) for row in self.rows])

    def stages(self) -> list[tuple[int, int]]:
        """The indices of the first and the last place of each stage; x_0 belongs to the first stage."""
        numbers = [max(stage, 1) for stage, _ in self.places]
        return [(numbers.index(n), len(numbers) - 1 - numbers[::-1].index(n)) for n in sorted(set(numbers))]


def unit_positions(plan: Plan, metric: Metric) -> tuple[Place, ...]:
    """Stage and unit of each value; x_0 is unit 0 of stage 0."""
    units = tuple((position.stage, position.index) for position in plan.units())
    return ((0, 0), *units) if metric.boundary else units


def spread(values: Sequence[float]) -> tuple[float, float, float]:
    """Mean, lowest and highest; all NaN where one is not a finite number."""
    if not all(map(isfinite, values)):
        return nan, nan, nan
    return sum(values) / len(values), min(values), max(values)


def safe_ratio(a: float, b: float) -> float:
    """a / b, NaN where b is 0."""
    return a / b if b else nan


def decades(ratio: float) -> float:
    """The logarithm to base 10, NaN where there is none."""
    return log10(ratio) if isfinite(ratio) and ratio > 0 else nan


def with_depth(network: Network, depth: int) -> Network:
    """The network with all stages longer or shorter by the same factor, as near to a depth as possible."""
    depth_now = plan(network).depth
    layers = plan(_stretch(network, Fraction(2))).depth - depth_now
    return _stretch(network, Fraction(max(depth - depth_now + layers, 1), max(layers, 1)))


def _stretch(network: Network, factor: Fraction) -> Network:
    depths = [max(1, round(units * factor)) for units in network.depths]
    if network.grid:
        # its dilations are spelled out unit by unit
        depths[-1] = network.depths[-1]
    return replace(network, depths=tuple(depths))


def _check_name(field: str, name: str, names: Collection[str]) -> None:
    if name not in names:
        matches = get_close_matches(name[:40], names, n=1)
        hint = f"did you mean {matches[0]!r}?" if matches else f"it is one of {', '.join(names)}"
        raise NetworkError(f"unknown {field} {name[:40]!r}; {hint}")


def _check_range(field: str, value: int, largest: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= largest:
        raise NetworkError(f"{field} must be a whole number from 1 to {largest:,}, not {str(value)[:20]}")

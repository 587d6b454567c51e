"""What theory predicts of a network at initialisation, unit by unit, for the orderings it covers.

Convolutions are He's, batches N(0, 1), networks wide. Channels that option A adds later begin at zero, so
a trunk is a few kinds of channels, each with its age: how many units have added to it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from math import erf, exp, pi, sqrt

from resnet_explorer.language.layer import Shape
from resnet_explorer.language.orderings import ORDERINGS
from resnet_explorer.language.parser import parse_block
from resnet_explorer.networks.families import BASIC
from resnet_explorer.networks.network import Network
from resnet_explorer.networks.plan import plan

# of ReLU(z), z normal: its mean, and its variance
MEAN, VARIANCE = 1 / sqrt(2 * pi), 1 / 2 - 1 / (2 * pi)
# what batch normalisation after ReLU does to squared gradients: Yang et al. 2019
GROWTH = pi / (pi - 1)
HE = ("he-fan-out", "he-fan-in")


@dataclass(frozen=True)
class Prediction:
    """A predicted curve and the fact behind it; a scale that theory leaves open is taken at one measured place."""

    fact: str
    values: tuple[float, ...]
    anchor: int | None = None


@dataclass(frozen=True)
class Channels:
    """Channels alike: their share of all, how many units have added to them, mean and variance."""

    share: float
    age: int
    mean: float
    variance: float


@dataclass(frozen=True)
class TrunkStep:
    """Where a unit stands: does the shape change before it, to what share of old channels, and to which shape."""

    changes: bool
    old: float
    shape: Shape

    @property
    def taps(self) -> float:
        """β: the share of a padded 3x3 convolution's taps that see the image, mean over places."""
        return (3 * self.shape.h - 2) * (3 * self.shape.w - 2) / (9 * self.shape.area)

    @property
    def spread(self) -> float:
        """The variance inside a channel that a convolution of ReLU(N(0, 1)) gives; its mean depends on the place."""
        h, w = 1 - 1 / self.shape.h, 1 - 1 / self.shape.w
        return self.taps - (1 + 2 * h * h) * (1 + 2 * w * w) / (9 * pi)


Add = Callable[[Channels, TrunkStep], tuple[float, float]]


@lru_cache(maxsize=256)
def predict(network: Network, metric: str, batch_norm: bool = True, init: str = HE[0]) -> Prediction | None:
    """The curve that theory gives for a metric, or nothing where it has none."""
    if not _covered(network) or init not in HE:
        return None
    name = _ordering(network)
    if not batch_norm:
        return _without_norm(network, name, metric, init)
    if metric in ("second-moment", "channel-variance") and name in TRUNKS:
        fact, add, enter = TRUNKS[name]
        column = 0 if metric == "second-moment" else 1
        return Prediction(fact, tuple(pair[column] for pair in _trunk(network, add, enter)))
    if metric == "gradient" and name in GRADIENTS:
        fact, gain = GRADIENTS[name]
        return Prediction(fact, _backward(gain(network)), anchor=-1)
    if metric == "branch-response" and name in ("original", "relu-only-preactivation"):
        return Prediction("a branch that ends in batch normalisation has deviation 1", (1.0,) * len(_steps(network)))
    return None


def _covered(network: Network) -> bool:
    """Whether the shortcuts are option A and the rules He's."""
    plain = network.unit.merge is None
    rules = network.share and network.bare and network.close
    trunk = network.down == "pad" and not network.skip and not network.between
    return (plain or (trunk and rules)) and network.stem == "conv bn relu" and network.ratio == 1 and not network.grid


def _ordering(network: Network) -> str:
    spelled = {str(parse_block(known.sentence(BASIC))): name for name, known in ORDERINGS.items()}
    return spelled.get(network.block, "")


def _steps(network: Network) -> list[TrunkStep]:
    units = [placed.unit for placed in plan(network).units()]
    return [TrunkStep(unit.changes, int(unit.x.c) / int(unit.y.c), unit.y) for unit in units]


def _trunk(network: Network, add: Add, enter: Add) -> Iterator[tuple[float, float]]:
    """E x² and the variance inside a channel, from x_0 on."""
    kinds = [Channels(1.0, 1, MEAN, VARIANCE)]
    yield _moments(kinds)
    for step in _steps(network):
        if step.changes:
            kinds = [_after(kind, enter, step, share=kind.share * step.old) for kind in kinds]
            kinds.append(Channels(1 - step.old, 0, 0.0, 0.0))
        kinds = [replace(_after(kind, add, step, kind.share), age=kind.age + 1) for kind in kinds]
        yield _moments(kinds)


def _after(kind: Channels, change: Add, step: TrunkStep, share: float) -> Channels:
    mean, variance = change(kind, step)
    return Channels(share, kind.age, mean, variance)


def _moments(kinds: list[Channels]) -> tuple[float, float]:
    variance = sum(kind.share * kind.variance for kind in kinds)
    return sum(kind.share * kind.mean**2 for kind in kinds) + variance, variance


def _walked(kind: Channels, step: TrunkStep) -> tuple[float, float]:
    """x + N(0, 1), cut off at 0: a reflected random walk."""
    mean, moment = propagate(2 ** (kind.age + 1).bit_length())[kind.age + 1]
    return mean, moment - mean**2


@cache
def propagate(steps: int) -> tuple[tuple[float, float], ...]:
    """Mean and second moment of max(0, S_1 .. S_n), S a sum of normal numbers, n = 0 .. steps (Spitzer 1956)."""
    means, moments = [0.0], [0.0]
    for n in range(1, steps + 1):
        means.append(sum(sqrt(k / (2 * pi)) + means[n - k] for k in range(1, n + 1)) / n)
        moments.append(sum(k / 2 + 2 * sqrt(k / (2 * pi)) * means[n - k] + moments[n - k] for k in range(1, n + 1)) / n)
    return tuple(zip(means, moments, strict=True))


def _rectified(kind: Channels, step: TrunkStep) -> tuple[float, float]:
    """ReLU of a normal number with this mean and variance."""
    if kind.variance == 0:
        return kind.mean, 0.0
    deviation = sqrt(kind.variance)
    z = kind.mean / deviation
    below, density = (1 + erf(z / sqrt(2))) / 2, exp(-z * z / 2) / sqrt(2 * pi)
    mean = kind.mean * below + deviation * density
    moment = (kind.mean**2 + kind.variance) * below + kind.mean * deviation * density
    return mean, moment - mean**2


def _kept(kind: Channels, step: TrunkStep) -> tuple[float, float]:
    return kind.mean, kind.variance


def _added_normal(kind: Channels, step: TrunkStep) -> tuple[float, float]:
    return kind.mean, kind.variance + 1


def _added_rectified(kind: Channels, step: TrunkStep) -> tuple[float, float]:
    return kind.mean + MEAN, kind.variance + VARIANCE


def _added_convolved(kind: Channels, step: TrunkStep) -> tuple[float, float]:
    return sqrt(kind.mean**2 + step.taps - step.spread), kind.variance + step.spread


def _normalised(kind: Channels, step: TrunkStep) -> tuple[float, float]:
    return MEAN, VARIANCE


def _full_preactivation(network: Network) -> list[float]:
    """What each unit does to squared gradients: 1 + π/(π-1) taps / V, V the variance that its BN divides by."""
    variances = [variance for _, variance in _trunk(network, *TRUNKS["full-preactivation"][1:])]
    gains = []
    for index, step in enumerate(_steps(network)):
        if step.changes:
            gains.append((step.old / 2 + GROWTH * step.taps) / variances[index])
        elif index == 0:
            # the stem has normalised and rectified already
            gains.append(1 + 2 * GROWTH * step.taps)
        else:
            gains.append(1 + GROWTH * step.taps / variances[index])
    return gains


def _plain(network: Network) -> list[float]:
    return [GROWTH**2] * len(_steps(network))


def _backward(gains: list[float]) -> tuple[float, ...]:
    """Norms relative to that at the last unit's output."""
    values = [1.0]
    for gain in reversed(gains):
        values.append(values[-1] * sqrt(gain))
    return tuple(reversed(values))


def _without_norm(network: Network, name: str, metric: str, init: str) -> Prediction | None:
    """Without normalisation each unit doubles the second moment (Taki 2017, Yang & Schoenholz 2017)."""
    if name not in ("relu-only-preactivation", "full-preactivation") or (metric, init) != ("second-moment", HE[0]):
        return None
    values = [1.0]
    for index, step in enumerate(_steps(network)):
        gain = 1 + (1 if index else 2) * step.taps**2
        values.append(values[-1] * (step.old / 2 * (1 + 2 * step.taps**2) if step.changes else gain))
    return Prediction("without normalisation each unit doubles the second moment, edges aside", tuple(values), anchor=0)


TRUNKS: dict[str, tuple[str, Add, Add]] = {
    "original": ("E x² and variance of a reflected random walk: x + N(0, 1), cut off at 0", _walked, _kept),
    "relu-before-addition": ("each unit adds ReLU(N(0, 1)), so the mean grows by 1/√(2π)", _added_rectified, _kept),
    "relu-only-preactivation": ("each unit adds a normalised branch: exactly 1", _added_normal, _rectified),
    "full-preactivation": (
        "each unit adds β, the share of taps inside the image (De & Smith 2020)",
        _added_convolved,
        _normalised,
    ),
    "plain": ("each unit ends in ReLU of a normalised number: 1/2", _normalised, _kept),
}
GRADIENTS: dict[str, tuple[str, Callable[[Network], list[float]]]] = {
    "full-preactivation": ("squared gradients grow by 1 + π/(π-1) β / Var x each unit", _full_preactivation),
    "plain": ("squared gradients grow by π/(π-1) each layer, for wide networks (Yang 2019)", _plain),
}

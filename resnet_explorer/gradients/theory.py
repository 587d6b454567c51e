"""What theory predicts of a network at initialisation, unit by unit, for the orderings it covers.

Convolutions are He's, batches N(0, 1), networks wide. Channels that option A adds later begin at zero, so
a trunk is a few groups of channels, each with its age: how many units have added to it.
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
    """A group of equal channels: its share of all, how many units have added to it, mean and variance."""

    share: float
    age: int
    mean: float
    variance: float


@dataclass(frozen=True)
class TrunkStep:
    """A unit of the trunk: whether the shape changes before it, the share of old channels then, and the shape."""

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


@dataclass(frozen=True)
class Ways:
    """What a unit does to squared gradients on its shortcut and on its branch, and the ReLUs that either passes."""

    shortcut: float
    branch: float
    shortcut_gates: int = 0
    branch_gates: int = 2

    @property
    def gain(self) -> float:
        return self.shortcut + self.branch

    @property
    def kept(self) -> float:
        """The share that two inputs still agree on, if each gate is open for the other by chance (Balduzzi 2017)."""
        shared = self.shortcut * 0.5**self.shortcut_gates + self.branch * 0.5**self.branch_gates
        return float(shared / self.gain)


Add = Callable[[Channels, TrunkStep], tuple[float, float]]


@lru_cache(maxsize=256)
def predict(network: Network, metric: str, batch_norm: bool = True, init: str = HE[0]) -> Prediction | None:
    """The curve that theory gives for a metric, or None."""
    if not _is_covered(network) or init not in HE:
        return None
    name = _ordering_of(network)
    if metric == "correlation":
        return _predict_agreement(network, name, batch_norm)
    if not batch_norm:
        return _predict_without_norm(network, name, metric, init)
    if metric in ("second-moment", "channel-variance") and name in TRUNKS:
        fact, add, enter = TRUNKS[name]
        column = 0 if metric == "second-moment" else 1
        return Prediction(fact, tuple(moments[column] for moments in _trunk_moments(network, add, enter)))
    if metric == "gradient" and name in GRADIENTS:
        fact, gains = GRADIENTS[name]
        return Prediction(fact, _norms_from_gains([ways.gain for ways in gains(network)]), anchor=-1)
    if metric == "branch-response" and name in ("original", "relu-only-preactivation"):
        return Prediction(
            "a branch that ends in batch normalisation has deviation 1", (1.0,) * len(_trunk_steps(network))
        )
    return None


def _is_covered(network: Network) -> bool:
    """Whether the shortcuts are option A and the rules He's."""
    plain = network.unit.merge is None
    rules = network.share and network.bare and network.close
    trunk = network.down == "pad" and not network.skip and not network.between
    return (plain or (trunk and rules)) and network.stem == "conv bn relu" and network.ratio == 1 and not network.grid


def _ordering_of(network: Network) -> str:
    names_by_block = {str(parse_block(ordering.sentence(BASIC))): name for name, ordering in ORDERINGS.items()}
    return names_by_block.get(network.block, "")


def _trunk_steps(network: Network) -> list[TrunkStep]:
    units = [position.unit for position in plan(network).units()]
    return [TrunkStep(unit.changes, int(unit.x.c) / int(unit.y.c), unit.y) for unit in units]


def _trunk_moments(network: Network, add: Add, enter: Add) -> Iterator[tuple[float, float]]:
    """E x² and the variance inside a channel, from x_0 on."""
    channels = [Channels(1.0, 1, MEAN, VARIANCE)]
    yield _moments(channels)
    for step in _trunk_steps(network):
        if step.changes:
            channels = [_next_channels(group, enter, step, share=group.share * step.old) for group in channels]
            channels.append(Channels(1 - step.old, 0, 0.0, 0.0))
        channels = [replace(_next_channels(group, add, step, group.share), age=group.age + 1) for group in channels]
        yield _moments(channels)


def _next_channels(group: Channels, change: Add, step: TrunkStep, share: float) -> Channels:
    mean, variance = change(group, step)
    return Channels(share, group.age, mean, variance)


def _moments(channels: list[Channels]) -> tuple[float, float]:
    variance = sum(group.share * group.variance for group in channels)
    return sum(group.share * group.mean**2 for group in channels) + variance, variance


def _reflect(group: Channels, step: TrunkStep) -> tuple[float, float]:
    """x + N(0, 1), cut off at 0: a reflected random walk."""
    mean, moment = propagate(2 ** (group.age + 1).bit_length())[group.age + 1]
    return mean, moment - mean**2


@cache
def propagate(steps: int) -> tuple[tuple[float, float], ...]:
    """Mean and second moment of max(0, S_1 .. S_n), S a sum of normal numbers, n = 0 .. steps (Spitzer 1956)."""
    means, moments = [0.0], [0.0]
    for n in range(1, steps + 1):
        means.append(sum(sqrt(k / (2 * pi)) + means[n - k] for k in range(1, n + 1)) / n)
        moments.append(sum(k / 2 + 2 * sqrt(k / (2 * pi)) * means[n - k] + moments[n - k] for k in range(1, n + 1)) / n)
    return tuple(zip(means, moments, strict=True))


def _rectify(group: Channels, step: TrunkStep) -> tuple[float, float]:
    """ReLU of a normal number with this mean and variance."""
    if group.variance == 0:
        return group.mean, 0.0
    deviation = sqrt(group.variance)
    z = group.mean / deviation
    below, density = (1 + erf(z / sqrt(2))) / 2, exp(-z * z / 2) / sqrt(2 * pi)
    mean = group.mean * below + deviation * density
    moment = (group.mean**2 + group.variance) * below + group.mean * deviation * density
    return mean, moment - mean**2


def _pass(group: Channels, step: TrunkStep) -> tuple[float, float]:
    return group.mean, group.variance


def _add_normal(group: Channels, step: TrunkStep) -> tuple[float, float]:
    return group.mean, group.variance + 1


def _add_rectified(group: Channels, step: TrunkStep) -> tuple[float, float]:
    return group.mean + MEAN, group.variance + VARIANCE


def _add_convolved(group: Channels, step: TrunkStep) -> tuple[float, float]:
    return sqrt(group.mean**2 + step.taps - step.spread), group.variance + step.spread


def _normalise(group: Channels, step: TrunkStep) -> tuple[float, float]:
    return MEAN, VARIANCE


def _full_preactivation_gains(network: Network) -> list[Ways]:
    """What each unit does to squared gradients: 1 + π/(π-1) taps / V, V the variance that its BN divides by."""
    variances = [variance for _, variance in _trunk_moments(network, *TRUNKS["full-preactivation"][1:])]
    gains = []
    for index, step in enumerate(_trunk_steps(network)):
        if step.changes:
            gains.append(Ways(step.old / 2 / variances[index], GROWTH * step.taps / variances[index], 1))
        elif index == 0:
            # the stem has normalised and rectified already
            gains.append(Ways(1, 2 * GROWTH * step.taps, 0, 1))
        else:
            gains.append(Ways(1, GROWTH * step.taps / variances[index]))
    return gains


def _plain_gains(network: Network) -> list[Ways]:
    return [Ways(0, GROWTH**2)] * len(_trunk_steps(network))


def _gains_without_norm(network: Network) -> list[Ways]:
    """Each unit doubles squared gradients, edges aside; the first has one ReLU only, as the stem has the other."""
    steps = _trunk_steps(network)
    rest = [Ways(step.old / 2, step.taps**2, 1) if step.changes else Ways(1, step.taps**2) for step in steps[1:]]
    return [Ways(1, 2 * steps[0].taps ** 2, 0, 1), *rest]


def _predict_agreement(network: Network, name: str, batch_norm: bool) -> Prediction | None:
    """The cosine of two inputs' gradients, relative to that at the last unit's output."""
    if batch_norm and name in GRADIENTS:
        units = GRADIENTS[name][1](network)
    elif not batch_norm and name in WITHOUT_NORM:
        units = _gains_without_norm(network)
    else:
        return None
    values = [1.0]
    for unit in reversed(units):
        values.append(values[-1] * unit.kept)
    fact = "two inputs open each ReLU independently, so each halves what their gradients have in common"
    return Prediction(fact, tuple(reversed(values)), anchor=-1)


def _norms_from_gains(gains: list[float]) -> tuple[float, ...]:
    """Norms relative to that at the last unit's output."""
    values = [1.0]
    for gain in reversed(gains):
        values.append(values[-1] * sqrt(gain))
    return tuple(reversed(values))


def _predict_without_norm(network: Network, name: str, metric: str, init: str) -> Prediction | None:
    """Without normalisation each unit doubles the second moment (Taki 2017, Yang & Schoenholz 2017)."""
    if name not in WITHOUT_NORM or (metric, init) != ("second-moment", HE[0]):
        return None
    values = [1.0]
    for index, step in enumerate(_trunk_steps(network)):
        gain = 1 + (1 if index else 2) * step.taps**2
        values.append(values[-1] * (step.old / 2 * (1 + 2 * step.taps**2) if step.changes else gain))
    return Prediction("without normalisation each unit doubles the second moment, edges aside", tuple(values), anchor=0)


WITHOUT_NORM = ("relu-only-preactivation", "full-preactivation")
TRUNKS: dict[str, tuple[str, Add, Add]] = {
    "original": ("E x² and variance of a reflected random walk: x + N(0, 1), cut off at 0", _reflect, _pass),
    "relu-before-addition": ("each unit adds ReLU(N(0, 1)), so the mean grows by 1/√(2π)", _add_rectified, _pass),
    "relu-only-preactivation": ("each unit adds a normalised branch: exactly 1", _add_normal, _rectify),
    "full-preactivation": (
        "each unit adds β, the share of taps inside the image (De & Smith 2020)",
        _add_convolved,
        _normalise,
    ),
    "plain": ("each unit ends in ReLU of a normalised number: 1/2", _normalise, _pass),
}
GRADIENTS: dict[str, tuple[str, Callable[[Network], list[Ways]]]] = {
    "full-preactivation": ("squared gradients grow by 1 + π/(π-1) β / Var x each unit", _full_preactivation_gains),
    "plain": ("squared gradients grow by π/(π-1) each layer, for wide networks (Yang 2019)", _plain_gains),
}

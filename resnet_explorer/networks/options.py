"""The numbers and choices in a family's names, with the stops of their controls, and the ops that an editor offers."""

from bisect import bisect
from dataclasses import dataclass

from resnet_explorer.networks.families import IMAGENET, SCHEMES

SHALLOWEST, DEEPEST = 20, 1202
# depths that papers report; a slider must be able to stop there
REPORTED = (29, 44, 56, 110, 164, 1001)
# between two stops of a depth slider
LEAST_RATIO = 1.12
MAX_DEPTH = 10_000
LAYERS = "weighted layers in sequence"


@dataclass(frozen=True)
class NameOption:
    """One number or choice in a network's name; `by` gives its values for each value of the option `other`."""

    name: str
    meaning: str
    values: tuple[str, ...] = ()
    smallest: int = 0
    step: int = 1
    most: int = 0
    other: str = ""
    by: tuple[tuple[str, tuple[str, ...]], ...] = ()


def legal_depths(step: int, rest: int, shallowest: int = SHALLOWEST) -> tuple[str, ...]:
    """Depths of the form step n + rest that lie about evenly on a log scale, with those that papers report."""
    legal = range(shallowest + (rest - shallowest) % step, DEEPEST + 1, step)
    stops = sorted({legal[0], legal[-1], *(depth for depth in legal if depth in REPORTED)})
    for depth in legal:
        place = bisect(stops, depth)
        neighbours = stops[max(place - 1, 0) : place + 1]
        if all(max(depth, other) >= LEAST_RATIO * min(depth, other) for other in neighbours):
            stops.insert(place, depth)
    return tuple(map(str, stops))


def _depth_option(step: int, rest: int, shallowest: int = SHALLOWEST) -> NameOption:
    return NameOption("depth", LAYERS, legal_depths(step, rest, shallowest), step + rest, step, MAX_DEPTH)


def _listed_depths(*depths: int) -> NameOption:
    return NameOption("depth", LAYERS, tuple(map(str, depths)))


def _number_option(name: str, meaning: str, *values: int, most: int = 1024) -> NameOption:
    return NameOption(name, meaning, tuple(map(str, values)), smallest=1, most=most)


SCHEME = NameOption("scheme", "the method a unit is one step of", tuple(SCHEMES))
SCHEME_DEPTH = NameOption(
    "depth",
    LAYERS,
    other="scheme",
    by=tuple((name, legal_depths(6 * stages, 2)) for name, (stages, _) in SCHEMES.items()),
)
GROUPS = "groups of the 3x3 convolution"
NAME_OPTIONS: dict[str, tuple[str, tuple[NameOption, ...]]] = {
    "cifar-basic": ("cifar-basic-{depth}", (_depth_option(6, 2),)),
    "cifar-bottleneck": ("cifar-bottleneck-{depth}", (_depth_option(9, 2),)),
    "imagenet": ("imagenet-{depth}", (_listed_depths(*IMAGENET),)),
    "wrn": ("wrn-{depth}-{k}", (_depth_option(6, 4, 16), _number_option("k", "times as wide", 1, 2, 4, 8, 10, 12))),
    "resnext": (
        "resnext-{depth}-{groups}x{width}d",
        (
            _listed_depths(29, 50, 101),
            _number_option("groups", GROUPS, 1, 2, 4, 8, 16, 32, 64),
            _number_option("width", "channels of a group", 4, 8, 14, 24, 40, 64),
        ),
    ),
    "res2net": (
        "res2net-{depth}-{width}w-{scale}s",
        (
            _listed_depths(50, 101),
            _number_option("width", "channels of a split", 14, 18, 26, 28, 48),
            _number_option("scale", "parts the channels are split into", 2, 4, 6, 8, most=64),
        ),
    ),
    "res2next": (
        "res2next-{depth}-{groups}c-{width}w-{scale}s",
        (
            _listed_depths(29, 50),
            _number_option("groups", GROUPS, 1, 4, 6, 8),
            _number_option("width", "channels of a group in a split", 4, 14, 24, 25),
            _number_option("scale", "parts the channels are split into", 2, 3, 4, 6, 8, most=64),
        ),
    ),
    "horesnet": ("horesnet-{scheme}-{depth}", (SCHEME, SCHEME_DEPTH)),
    "unipose": ("unipose", ()),
    "vgg": ("vgg-{depth}", (_listed_depths(16, 19),)),
}

# what the editor of a unit offers, in groups; every other word can be typed
PALETTE: dict[str, tuple[str, ...]] = {
    "weights": ("conv", "conv1", "res2"),
    "normalisation": ("bn", "gn", "ln2d"),
    "activation": ("relu", "gelu", "silu"),
    "merge": ("+", "blend", "rk2", "rk3", "rk4", "|"),
    "other": ("identity", "dropout", "droppath", "scale", "se", "gate", "avgpool", "maxpool"),
}

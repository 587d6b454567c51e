"""The families of networks: one entry and one function each."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from resnet_explorer.errors import NetworkError
from resnet_explorer.language.orderings import ORDERINGS
from resnet_explorer.networks.network import Network


@dataclass(frozen=True)
class PresetNetwork:
    """A network and what an ordering needs to rewrite its unit."""

    network: Network
    convs: tuple[str, ...]
    ordering: str
    merge: str = "+"


@dataclass(frozen=True)
class Family:
    """Networks that share a name but for numbers; `sizes` says which numbers there are."""

    name: str
    pattern: str
    sizes: str
    example: str
    paper: str
    make: Callable[[re.Match[str]], PresetNetwork]
    smallest: int = 0
    step: int = 0


BASIC = ("conv", "conv")
BOTTLENECK = ("conv1", "conv", "conv1")
# the papers that widened these networks left the stem as it is, so its width stands in the sentence
IMAGENET_STEM = "conv7(stride=2, width=64) bn relu maxpool(stride=2)"
IMAGENET = {
    18: (BASIC, (2, 2, 2, 2)),
    34: (BASIC, (3, 4, 6, 3)),
    50: (BOTTLENECK, (3, 4, 6, 3)),
    101: (BOTTLENECK, (3, 4, 23, 3)),
    152: (BOTTLENECK, (3, 8, 36, 3)),
}
SCHEMES = {"euler": (1, "+"), "midpoint": (2, "rk2"), "rk3": (3, "rk3"), "heun3": (3, "rk3(heun)"), "rk4": (4, "rk4")}
VGG = {16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}


def _count_units(match: re.Match[str], per_unit: int, rest: int) -> int:
    depth = int(match["depth"])
    units, remainder = divmod(depth - rest, per_unit)
    if remainder or units < 1:
        below = max(units, 1) * per_unit + rest
        near = [below] if units < 1 else sorted((below, below + per_unit), key=lambda other: abs(other - depth))
        raise NetworkError(
            f"{match.string} does not exist: its depth must be {per_unit}n+{rest}; "
            f"the nearest: {' and '.join(map(str, sorted(near)))}",
            tuple(_with_depth(match, other) for other in near),
            "network",
        )
    return units


def _with_depth(match: re.Match[str], depth: int) -> str:
    """The name with another depth."""
    return f"{match.string[: match.start('depth')]}{depth}{match.string[match.end('depth') :]}"


def _cifar(match: re.Match[str], convs: tuple[str, ...], ordering: str, **fields: object) -> PresetNetwork:
    per_unit = 3 * len(convs)
    units = _count_units(match, per_unit, 2)
    network = Network(ORDERINGS[ordering].sentence(convs), depths=(units,) * 3, **fields)  # type: ignore[arg-type]
    return PresetNetwork(network, convs, ordering)


def _cifar_basic(match: re.Match[str]) -> PresetNetwork:
    return _cifar(match, BASIC, "original")


def _cifar_bottleneck(match: re.Match[str]) -> PresetNetwork:
    return _cifar(
        match,
        BOTTLENECK,
        "full-preactivation",
        widths=(64, 128, 256),
        ratio=Fraction(4),
        down="conv1",
        stride_at="first",
    )


def _imagenet(match: re.Match[str]) -> PresetNetwork:
    convs, depths = IMAGENET[int(match["depth"])]
    return _four_stages(convs, depths, Fraction(4 if convs == BOTTLENECK else 1), stride_at="first")


def _four_stages(convs: tuple[str, ...], depths: tuple[int, ...], ratio: Fraction, **fields: object) -> PresetNetwork:
    """Stem, four stages and head as all ImageNet networks here have them."""
    width = 64 if len(convs) == 2 else 256
    values: dict[str, object] = {
        "stem": IMAGENET_STEM,
        "down": "conv1 bn",
        "stem_width": 64,
        "widths": (width, 2 * width, 4 * width, 8 * width),
        "depths": depths,
        "strides": (1, 2, 2, 2),
        "ratio": ratio,
        "image": 224,
        "classes": 1000,
    } | fields
    network = Network(ORDERINGS["original"].sentence(convs), **values)  # type: ignore[arg-type]
    return PresetNetwork(network, convs, "original")


def _wrn(match: re.Match[str]) -> PresetNetwork:
    k = _read_size(match, "k")
    widths = (16 * k, 32 * k, 64 * k)
    units = _count_units(match, 6, 4)
    block = ORDERINGS["full-preactivation"].sentence(BASIC)
    network = Network(block, stem="conv", down="conv1", widths=widths, depths=(units,) * 3)
    return PresetNetwork(network, BASIC, "full-preactivation")


def _resnext(match: re.Match[str]) -> PresetNetwork:
    groups, width = _read_size(match, "groups"), _read_size(match, "width")
    convs = ("conv1", f"conv(groups={groups})", "conv1")
    return _bottlenecks(match, convs, Fraction(256, groups * width))


def _res2net(match: re.Match[str]) -> PresetNetwork:
    width, scale = _read_size(match, "width"), _read_size(match, "scale")
    return _bottlenecks(match, ("conv1", f"res2({scale})", "conv1"), Fraction(256, width * scale))


def _res2next(match: re.Match[str]) -> PresetNetwork:
    groups, width, scale = _read_size(match, "groups"), _read_size(match, "width"), _read_size(match, "scale")
    # the paper's CIFAR count is met only with a convolution for the last split of a stage's first unit
    last_split = ", first=conv" if int(match["depth"]) == 29 else ""
    convs = ("conv1", f"res2({scale}, groups={groups}{last_split})", "conv1")
    return _bottlenecks(match, convs, Fraction(256, groups * width * scale))


def _bottlenecks(match: re.Match[str], convs: tuple[str, ...], ratio: Fraction) -> PresetNetwork:
    depth = int(match["depth"])
    if depth != 29:
        return _four_stages(convs, IMAGENET[depth][1], ratio)
    network = Network(
        ORDERINGS["original"].sentence(convs),
        down="conv1 bn",
        stem_width=64,
        widths=(256, 512, 1024),
        depths=(3, 3, 3),
        ratio=ratio,
    )
    return PresetNetwork(network, convs, "original")


def _horesnet(match: re.Match[str]) -> PresetNetwork:
    stages, merge = SCHEMES[match["scheme"]]
    units = _count_units(match, 6 * stages, 2)
    network = Network(
        f"bn relu conv bn relu conv {merge} relu",
        stem="conv(stride=2) bn relu",
        down="pad(symmetric=true)",
        depths=(units,) * 3,
        share=False,
        bare=False,
        close=False,
    )
    return PresetNetwork(network, BASIC, "", merge)


def _unipose(match: re.Match[str]) -> PresetNetwork:
    return _four_stages(
        BOTTLENECK,
        IMAGENET[101][1],
        Fraction(4),
        strides=(1, 2, 2, 1),
        grid=(2, 4, 8),
        head="wasp(width=256) decoder",
        image=368,
        classes=14,
    )


def _vgg(match: re.Match[str]) -> PresetNetwork:
    network = Network(
        "conv(bias=true) relu",
        stem="",
        between="maxpool2",
        head="maxpool2(stride=2) flatten fc(4096) relu dropout fc(4096) relu dropout fc",
        widths=(64, 128, 256, 512, 512),
        depths=VGG[int(match["depth"])],
        strides=(1, 2, 2, 2, 2),
        image=224,
        classes=1000,
    )
    return PresetNetwork(network, (), "")


def _read_size(match: re.Match[str], name: str) -> int:
    size = int(match[name])
    if size < 1:
        raise NetworkError(f"{match.string} does not exist: a size of 0 has no meaning")
    return size


_D = r"(?P<depth>\d{1,12})"
_W, _S, _C = r"(?P<width>\d{1,8})", r"(?P<scale>\d{1,4})", r"(?P<groups>\d{1,6})"
FAMILIES = (
    Family(
        "cifar-basic",
        f"cifar-basic-{_D}",
        "D = 6n+2: 20, 32, 44, 56, 110 ... 1202",
        "cifar-basic-56",
        "he2015",
        _cifar_basic,
        8,
        6,
    ),
    Family(
        "cifar-bottleneck",
        f"cifar-bottleneck-{_D}",
        "D = 9n+2: 29, 47, 164, 1001 ...",
        "cifar-bottleneck-164",
        "he2016",
        _cifar_bottleneck,
        11,
        9,
    ),
    Family(
        "imagenet",
        "imagenet-(?P<depth>18|34|50|101|152)",
        "D = 18, 34, 50, 101, 152",
        "imagenet-50",
        "he2015",
        _imagenet,
    ),
    Family("wrn", rf"wrn-{_D}-(?P<k>\d{{1,8}})", "wrn-D-k, D = 6n+4, k times as wide", "wrn-28-10", "wrn", _wrn, 10, 6),
    Family(
        "resnext",
        f"resnext-(?P<depth>29|50|101)-{_C}x{_W}d?",
        "resnext-D-CxWd, D = 29, 50, 101; C groups of width W",
        "resnext-50-32x4d",
        "resnext",
        _resnext,
    ),
    Family(
        "res2net",
        f"res2net-(?P<depth>50|101)-{_W}w-{_S}s",
        "res2net-D-Ww-Ss, D = 50, 101; S splits of width W",
        "res2net-50-26w-4s",
        "res2net",
        _res2net,
    ),
    Family(
        "res2next",
        f"res2next-(?P<depth>29|50)-{_C}c-{_W}w-{_S}s",
        "res2next-D-Cc-Ww-Ss, D = 29, 50; C groups in S splits of width C x W",
        "res2next-29-8c-25w-4s",
        "res2net",
        _res2next,
    ),
    Family(
        "horesnet",
        f"horesnet-(?P<scheme>{'|'.join(SCHEMES)})-{_D}",
        "horesnet-SCHEME-D, SCHEME = " + ", ".join(SCHEMES) + "; D = 2 + the 3x3 convolutions in sequence",
        "horesnet-rk4-26",
        "horesnet",
        _horesnet,
    ),
    Family("unipose", "unipose", "ResNet-101 at output stride 16, WASP, decoder", "unipose", "unipose", _unipose),
    Family("vgg", "vgg-(?P<depth>16|19)", "D = 16, 19", "vgg-16", "vgg", _vgg),
)

"""Lanes to begin with: each set is one comparison that a paper makes."""

from dataclasses import dataclass, field

CIFAR = "cifar-basic"
ORDERINGS = (
    "original",
    "bn-after-addition",
    "relu-before-addition",
    "relu-only-preactivation",
    "full-preactivation",
    "plain",
)


@dataclass(frozen=True)
class PresetLane:
    """A lane of a preset: what a link would hold of it."""

    name: str
    unit: str = ""
    title: str = ""
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Preset:
    """Lanes to begin with; those that are `shown` stand as links above the lanes, all stand in the menu."""

    title: str
    about: str
    lanes: tuple[PresetLane, ...]
    shown: bool = False


def _networks(*names: str) -> tuple[PresetLane, ...]:
    return tuple(PresetLane(name, title=name) for name in names)


def _depths(unit: str, *depths: int) -> tuple[PresetLane, ...]:
    return tuple(PresetLane(f"{CIFAR}-{depth}", unit, f"{unit} {depth}") for depth in depths)


def _shortcut(title: str, unit: str = "original", **fields: str) -> PresetLane:
    return PresetLane(f"{CIFAR}-110", unit, title, fields)


PRESETS = (
    Preset(
        "He 2016, five orderings",
        "Where BN and ReLU stand, and plain beside them (He et al. 2016)",
        tuple(PresetLane(f"{CIFAR}-56", unit) for unit in ORDERINGS),
        shown=True,
    ),
    Preset(
        "Plain against residual at 56",
        "The same layers with and without shortcuts, 20 and 56 deep (He et al. 2015)",
        (*_depths("plain", 20, 56), *_depths("original", 20, 56)),
        shown=True,
    ),
    Preset(
        "Wide against deep",
        "A thousand thin layers or a few wide ones (Zagoruyko, Komodakis 2016)",
        _networks("cifar-bottleneck-164", "cifar-bottleneck-1001", "wrn-40-4", "wrn-16-8", "wrn-28-10"),
        shown=True,
    ),
    Preset(
        "One step or four: Runge-Kutta",
        "A unit as one step of a method of higher order (Luo et al. 2021)",
        _networks(*(f"horesnet-{scheme}-74" for scheme in ("euler", "midpoint", "rk3", "heun3", "rk4"))),
        shown=True,
    ),
    Preset(
        "Options A, B, C",
        "How a shortcut changes its shape: padded with zeros, or by a 1×1 convolution (He et al. 2015)",
        tuple(PresetLane(f"{CIFAR}-56", "original", f"option {one}", {"shortcut": one}) for one in "ABC"),
        shown=True,
    ),
    Preset("Depth 20 to 110", "One unit, deeper and deeper (He et al. 2015)", _depths("original", 20, 32, 44, 56, 110)),
    Preset(
        "Shortcuts of Table 1",
        "What happens to the identity when something stands on it, depth 110 (He et al. 2016)",
        (
            _shortcut("identity"),
            _shortcut("constant scaling", "conv bn relu conv bn scale(0.5) + relu", skip="scale(0.5)"),
            _shortcut("exclusive gating", "conv bn relu conv bn blend relu"),
            _shortcut("shortcut-only gating", skip="gate"),
            _shortcut("1×1 convolution", shortcut="C"),
            _shortcut("dropout", skip="dropout"),
        ),
    ),
    Preset(
        "Cardinality",
        "More groups at about the same cost (Xie et al. 2017)",
        _networks("imagenet-50", *(f"resnext-50-{size}" for size in ("2x40d", "4x24d", "8x14d", "32x4d"))),
    ),
    Preset(
        "Multi-scale",
        "Splits that see one another, and the waterfall (Gao et al. 2019; Artacho, Savakis 2020)",
        _networks(
            *("imagenet-50", "res2net-50-48w-2s", "res2net-50-26w-4s", "res2net-50-26w-8s"),
            *("res2next-50-8c-4w-4s", "unipose"),
        ),
    ),
)

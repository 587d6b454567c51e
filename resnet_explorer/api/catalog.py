"""What can be turned: the numbers in a family's names, the arguments of words, the fields as text.

The page makes its controls of this, and so could any other face.
"""

from dataclasses import dataclass, fields

from resnet_explorer.api import network_answers as answers
from resnet_explorer.language.orderings import PAPERS
from resnet_explorer.language.registry import OpSpec
from resnet_explorer.networks.catalog import family_of, preset_network
from resnet_explorer.networks.families import IMAGENET, SCHEMES, Family
from resnet_explorer.networks.network import Network
from resnet_explorer.networks.plan import Plan
from resnet_explorer.networks.request import FIELDS, NetworkRequest

SHALLOWEST, DEEPEST = 20, 1202
# depths that papers report; a slider must be able to stop there
REPORTED = (29, 44, 56, 110, 164, 1001)
APART = 1.12
MOST = 10_000
LAYERS = "weighted layers in sequence"


@dataclass(frozen=True)
class NameOption:
    """One number or choice in a network's name; `by` gives the stops for each value of another knob."""

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
    legal = [n for n in range(shallowest, DEEPEST + 1) if n % step == rest % step]
    known = [n for n in legal if n in REPORTED]
    kept = {legal[0], legal[-1], *known}
    for depth in legal:
        if all(max(depth, other) >= APART * min(depth, other) for other in kept):
            kept.add(depth)
    return tuple(map(str, sorted(kept)))


def _depth(step: int, rest: int, shallowest: int = SHALLOWEST) -> NameOption:
    return NameOption("depth", LAYERS, legal_depths(step, rest, shallowest), step + rest, step, MOST)


def _listed(*depths: int) -> NameOption:
    return NameOption("depth", LAYERS, tuple(map(str, depths)))


def _number(name: str, meaning: str, *values: int, most: int = 1024) -> NameOption:
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
    "cifar-basic": ("cifar-basic-{depth}", (_depth(6, 2),)),
    "cifar-bottleneck": ("cifar-bottleneck-{depth}", (_depth(9, 2),)),
    "imagenet": ("imagenet-{depth}", (_listed(*IMAGENET),)),
    "wrn": ("wrn-{depth}-{k}", (_depth(6, 4, 16), _number("k", "times as wide", 1, 2, 4, 8, 10, 12))),
    "resnext": (
        "resnext-{depth}-{groups}x{width}d",
        (
            _listed(29, 50, 101),
            _number("groups", GROUPS, 1, 2, 4, 8, 16, 32, 64),
            _number("width", "channels of a group", 4, 8, 14, 24, 40, 64),
        ),
    ),
    "res2net": (
        "res2net-{depth}-{width}w-{scale}s",
        (
            _listed(50, 101),
            _number("width", "channels of a split", 14, 18, 26, 28, 48),
            _number("scale", "parts the channels are split into", 2, 4, 6, 8, most=64),
        ),
    ),
    "res2next": (
        "res2next-{depth}-{groups}c-{width}w-{scale}s",
        (
            _listed(29, 50),
            _number("groups", GROUPS, 1, 4, 6, 8),
            _number("width", "channels of a group in a split", 4, 14, 24, 25),
            _number("scale", "parts the channels are split into", 2, 3, 4, 6, 8, most=64),
        ),
    ),
    "horesnet": ("horesnet-{scheme}-{depth}", (SCHEME, SCHEME_DEPTH)),
    "unipose": ("unipose", ()),
    "vgg": ("vgg-{depth}", (_listed(16, 19),)),
}

# what the editor of a unit offers, in groups; every other word can be typed
PALETTE: dict[str, tuple[str, ...]] = {
    "weights": ("conv", "conv1", "res2"),
    "normalisation": ("bn", "gn", "ln2d"),
    "activation": ("relu", "gelu", "silu"),
    "merge": ("+", "blend", "rk2", "rk3", "rk4", "|"),
    "other": ("identity", "dropout", "droppath", "scale", "se", "gate", "avgpool", "maxpool"),
}
KINDS = {bool: "switch", int: "whole", float: "number", tuple: "wholes", str: "choice"}


def family_answer(known: Family) -> answers.FamilyAnswer:
    """A family with the template of its names and its knobs."""
    template, knobs = NAME_OPTIONS[known.name]
    paper = PAPERS[known.paper]
    return answers.FamilyAnswer(
        name=known.name,
        template=template,
        knobs=[_knob(knob) for knob in knobs],
        sizes=known.sizes,
        example=known.example,
        paper=paper.authors,
        year=paper.year,
    )


def word_answer(known: OpSpec) -> answers.WordAnswer:
    """A word with what it takes."""
    return answers.WordAnswer(
        name=known.name,
        arguments=", ".join(f"{p.name}={p.default}" for p in known.parameters),
        meaning=known.meaning,
        merges=known.merges,
        parameters=[
            answers.ParameterAnswer(
                name=p.name,
                kind="choice" if p.choices else KINDS[p.kind],
                default=_spelled(p.default),
                choices=[_spelled(choice) for choice in p.choices],
            )
            for p in known.parameters
        ],
    )


def outline_answer(totals: answers.Totals, asked: NetworkRequest, spelled: Plan) -> answers.Outline:
    """The totals, and what the controls of a network show."""
    network, x, y = asked.network, spelled.image, spelled.output
    name = asked.name.partition(";")[0].partition(":")[0]
    found = preset_network(name)
    stages = zip(network.widths, network.depths, network.strides)
    return answers.Outline(
        **totals,
        family=family_of(name).name,
        input=[int(size) for size in (x.c, x.h, x.w)],
        output=[int(size) for size in (y.c, y.h, y.w)],
        image=network.image,
        stages=[answers.StageAnswer(width=width, depth=depth, stride=stride) for width, depth, stride in stages],
        fields={"shortcut": _shortcut(network), **_field_texts(network)},
        own=found.ordering,
        orderings=bool(found.convs),
        plain=bool(found.convs) and found.merge == "+",
    )


def _knob(knob: NameOption) -> answers.KnobAnswer:
    return answers.KnobAnswer(
        name=knob.name,
        meaning=knob.meaning,
        values=list(knob.values),
        smallest=knob.smallest,
        step=knob.step,
        most=knob.most,
        other=knob.other,
        by={value: list(stops) for value, stops in knob.by},
    )


def _field_texts(network: Network) -> dict[str, str]:
    return {f.name: _spelled(getattr(network, f.name)) for f in fields(network) if f.name in FIELDS}


def _shortcut(network: Network) -> str:
    """He's option that the shortcuts follow, or nothing."""
    if network.down == "pad":
        return "" if network.skip else "A"
    if network.down not in ("conv1", "conv1 bn"):
        return ""
    return {"": "B", network.down: "C"}.get(network.skip, "")


def _spelled(value: object) -> str:
    """A value as a sentence or a field writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "/".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)

"""Named starting points: lanes that are one comparison of a paper, and the link that opens them on the page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from resnet_explorer.language.orderings import ORDERINGS

LINK_VERSION = "1"


@dataclass(frozen=True)
class ExampleLane:
    """One network as a link has it: its name, an ordering or a sentence, fields as text, and a title."""

    name: str
    unit: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    title: str = ""

    @property
    def line(self) -> str:
        """The network on one line, as every verb reads it."""
        head = f"{self.name}:{self.unit}" if self.unit else self.name
        return ";".join((head, *(f"{field}={value}" for field, value in self.fields)))


@dataclass(frozen=True)
class Example:
    """A set of lanes with a name, one sentence on what it shows, its papers, and the view that shows it."""

    name: str
    about: str
    papers: tuple[str, ...]
    lanes: tuple[ExampleLane, ...]
    view: str = "structure"
    # what the view Train has chosen as data, if it is not what it has by itself
    data: str = ""


def link(example: Example) -> str:
    """The query that opens the lanes on the page."""
    lanes = ",".join(map(_format_lane, example.lanes))
    data = f"&train_data={example.data}" if example.data else ""
    return f"?lanes={_encode(lanes)}&view={example.view}{data}&v={LINK_VERSION}"


def lines_of(lanes: str) -> list[str]:
    """The networks that a link's `lanes` name, each on one line, as every verb reads it; titles are left out."""
    parts = re.split(r",(?![^()]*\))", lanes)
    return [_unescape(part.partition("~")[0]).strip() for part in parts if part.strip()]


def _format_lane(lane: ExampleLane) -> str:
    head = f"{lane.name}:{_escape(lane.unit)}" if lane.unit else lane.name
    fields = "".join(f";{field}={_escape(value)}" for field, value in lane.fields)
    return head + fields + (f"~{_escape(lane.title)}" if lane.title else "")


def _escape(text: str) -> str:
    """A text in which no sign separates lanes; the page puts the signs back."""
    return "".join(f"%{ord(sign):02X}" if sign in "%~;,()" else sign for sign in text)


def _unescape(text: str) -> str:
    return re.sub("%(25|7E|3B|2C|28|29)", lambda code: chr(int(code[1], 16)), text, flags=re.IGNORECASE)


def _encode(text: str) -> str:
    """Percent signs only where a query needs them; a space is a plus."""
    return quote(text, safe="-_.!~*'():,;=/").replace("%20", "+")


def _named(*names: str) -> tuple[ExampleLane, ...]:
    return tuple(ExampleLane(name, title=name) for name in names)


def _sized(unit: str, depths: Sequence[int]) -> tuple[ExampleLane, ...]:
    return tuple(ExampleLane(f"cifar-basic-{depth}", unit, title=f"{unit} {depth}") for depth in depths)


def _orderings(name: str) -> tuple[ExampleLane, ...]:
    return tuple(ExampleLane(name, unit, title=unit) for unit in ORDERINGS)


def _shortcut(title: str, unit: str = "original", **fields: str) -> ExampleLane:
    return ExampleLane("cifar-basic-110", unit, tuple(fields.items()), title)


EXAMPLES: tuple[Example, ...] = (
    Example(
        "He 2016, five orderings",
        "where BN and ReLU stand in a unit, at the depth of the paper's table",
        ("he2016",),
        tuple(lane for lane in _orderings("cifar-basic-110") if lane.unit != "plain"),
    ),
    Example(
        "Plain against residual at 56",
        "the same layers with and without shortcuts: what reaches the first ones",
        ("he2015",),
        _sized("plain", (56,)) + _sized("original", (56,)),
        "gradient",
    ),
    Example(
        "Wide against deep",
        "about ten million parameters, as a thousand thin layers or as a few wide ones",
        ("wrn", "he2016"),
        _named("cifar-bottleneck-1001", "wrn-40-4", "wrn-16-8"),
    ),
    Example(
        "One step or four: Runge-Kutta",
        "a unit as one step of Euler's method, or of one that evaluates the branch four times",
        ("horesnet",),
        _named("horesnet-euler-74", "horesnet-rk4-74"),
    ),
    Example(
        "Options A, B, C",
        "what the shortcut does where the shape changes: zeros, a projection there, or one everywhere",
        ("he2015",),
        tuple(ExampleLane("imagenet-34", "", (("shortcut", o),), f"option {o}") for o in "ABC"),
    ),
    Example(
        "Five orderings", "where BN and ReLU stand, and plain beside them", ("he2016",), _orderings("cifar-basic-56")
    ),
    Example(
        "Plain against residual",
        "the same layers with and without shortcuts, 20 and 56 deep",
        ("he2015",),
        _sized("plain", (20, 56)) + _sized("original", (20, 56)),
    ),
    Example("Depth 20 to 110", "one unit, deeper and deeper", ("he2015",), _sized("original", (20, 32, 44, 56, 110))),
    Example(
        "Shortcuts of Table 1",
        "what happens to the identity when something stands on it, depth 110",
        ("he2016",),
        (
            _shortcut("identity"),
            _shortcut("constant scaling", "conv bn relu conv bn scale(0.5) + relu", skip="scale(0.5)"),
            _shortcut("exclusive gating", "conv bn relu conv bn blend relu"),
            _shortcut("shortcut-only gating", skip="gate"),
            _shortcut("1×1 convolution", shortcut="C"),
            _shortcut("dropout", skip="dropout"),
        ),
    ),
    Example(
        "Width or depth",
        "a thousand thin layers or a few wide ones",
        ("wrn",),
        _named("cifar-bottleneck-164", "cifar-bottleneck-1001", "wrn-40-4", "wrn-16-8", "wrn-28-10"),
    ),
    Example(
        "Cardinality",
        "more groups at about the same cost",
        ("resnext",),
        _named("imagenet-50", "resnext-50-2x40d", "resnext-50-4x24d", "resnext-50-8x14d", "resnext-50-32x4d"),
    ),
    Example(
        "Multi-scale",
        "splits that see one another, and the waterfall",
        ("res2net", "unipose"),
        _named(
            "imagenet-50",
            "res2net-50-48w-2s",
            "res2net-50-26w-4s",
            "res2net-50-26w-8s",
            "res2next-50-8c-4w-4s",
            "unipose",
        ),
    ),
    Example(
        "Heads that find points",
        "waterfall, pyramid and splits as the head of one small network that is trained to find points",
        ("unipose", "res2net"),
        tuple(
            ExampleLane("cifar-basic-8", "", (("head", f"{head} conv1(bias=true)"),), title)
            for title, head in (
                ("WASP", "wasp(3/2/1, width=32)"),
                ("ASPP", "aspp(1/2/3, width=32)"),
                ("Res2Net", "res2(4)"),
            )
        ),
        "train",
        "points",
    ),
    Example(
        "Runge-Kutta",
        "a unit as one step of a method of higher order",
        ("horesnet",),
        _named(*(f"horesnet-{scheme}-74" for scheme in ("euler", "midpoint", "rk3", "heun3", "rk4"))),
    ),
)

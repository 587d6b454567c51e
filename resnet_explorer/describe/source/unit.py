"""The class of a network's unit as source text."""

import re
from fractions import Fraction
from textwrap import indent
from typing import NamedTuple

from resnet_explorer.describe.source.literals import docstring, format_call, listed
from resnet_explorer.language.layer import Chain, LayerContext, NamedInt, Shape
from resnet_explorer.networks.lowering import LoweredUnit, UnitSpec, drops_leading_ops, leading_activations, lower_unit
from resnet_explorer.networks.network import Network
from resnet_explorer.networks.plan import Plan, inner_width

FLAGS = {"bare": "False", "first": "False", "dilation": "1"}
STEP = "    "


class UnitCode(NamedTuple):
    """The class as text, and the arguments beyond c_in, c_out and stride that the loop gives it."""

    text: str
    arguments: tuple[str, ...]


def unit_code(plan: Plan) -> UnitCode:
    """Write the class of a unit."""
    kinds, later = _kinds(plan)
    writer = _Writer(plan.network, kinds, later)
    methods = "\n\n".join([writer.init(), *writer.later(), writer.forward()])
    text = "class Unit(nn.Module):\n" + indent(f"{docstring(plan.network.block)}\n\n{methods}", STEP)
    return UnitCode(text, tuple(writer.given()))


def _kinds(plan: Plan) -> tuple[dict[str, LoweredUnit], dict[str, int]]:
    """One unit of each kind (bare, changes, same), lowered with names for its sizes: one that strides if there is.

    Beside it, how many later stages of each kind have weights of their own.
    """
    network = plan.network
    found: dict[str, LoweredUnit] = {}
    later: dict[str, int] = {}
    strided: set[str] = set()
    for number, stage in enumerate(plan.stages):
        for place, run in enumerate(stage):
            bare = number == place == 0 and drops_leading_ops(network)
            stride = network.strides[number] if place == 0 else 1
            unit = _named(network, number, place, run.unit.x, bare)
            kind = "bare" if bare else "changes" if unit.changes else "same"
            key = "first" if kind == "same" and place == 0 else kind
            later[key] = sum(not any(layer.shares_weights for layer in branch) for branch in run.unit.branches) - 1
            if kind not in strided:
                found[kind] = unit
                strided |= {kind} if stride > 1 else set()
    # only res2 tells the first unit of a stage from others of its kind
    first = later.pop("first", None)
    if first is not None and later.setdefault("same", first) != first:
        later["first"] = first
    return found, later


def _named(network: Network, number: int, place: int, x: Shape, bare: bool) -> LoweredUnit:
    width = network.widths[number]
    c_out = NamedInt(width, "c_out")
    mid = c_out if network.ratio == 1 else NamedInt(inner_width(network, width, "unit"), "c_mid")
    stride = network.strides[number] if place == 0 else 1
    # where pooling stands between the stages it takes the stride, and the unit has none
    step = NamedInt(stride, "stride") if stride > 1 or not network.between else 1
    dilation = NamedInt(1, "dilation") if network.grid else 1
    # a stage's first unit says all there is to say, and the flag whether it is so
    site = LayerContext("unit", c_out, step, dilation, first=NamedInt(1, "first"))
    entry = Shape(NamedInt(x.c, "c_in"), x.h, x.w)
    return lower_unit(network, UnitSpec(site, entry, mid, bare, between=place == 0))


class _Writer:
    """Writes the methods of the unit's class from one unit of each kind."""

    def __init__(self, network: Network, kinds: dict[str, LoweredUnit], later: dict[str, int]) -> None:
        self.network = network
        self.kinds = kinds
        self.later_stages = later
        self.units = list(kinds.values())
        self.any = self.units[0]
        self.stepped = self.any.merge is not None and self.any.merge.call == "RungeKutta"
        self.printed = " ".join(format_call(layer) for unit in self.units for layer in unit.layers())
        # a sentence may set a dilation of its own; only a grid gives one to each unit
        possible = [flag for flag in FLAGS if flag != "dilation" or network.grid]
        self.flags = [flag for flag in possible if flag in self.printed or flag in kinds]

    def given(self) -> list[str]:
        last = len(self.network.widths) - 1
        loop = {
            "bare": "bare=i == 0 and not stages",
            "first": "first=i == 0",
            "dilation": f"dilation={self.network.grid}[i] if len(stages) == {last} else 1",
        }
        return [loop[flag] for flag in self.flags]

    def init(self) -> str:
        signature = ", ".join(["self", "c_in", "c_out", "stride=1", *(f"{flag}={FLAGS[flag]}" for flag in self.flags)])
        body = [*self._branch(), *self._skip(), *self._merge(), *self._always("post", self.any.post)]
        if any("changes" in line for line in body):
            changes = "c_in != c_out" if self.network.between else "stride != 1 or c_in != c_out"
            body.insert(0, f"changes = {changes}")
        if "c_mid" in self.printed:
            body.insert(0, f"c_mid = {_inside(self.network.ratio)}")
        lines = "\n".join(["super().__init__()", *body])
        return f"def __init__({signature}):\n{indent(lines, STEP)}"

    def later(self) -> list[str]:
        """The method that makes the later stages of a Runge-Kutta step."""
        if not self.stepped:
            return []
        made = _listed("return nn.Sequential(", self.any.branches[-1], ")")
        note = '"""A later stage: it sees what the first one gives."""'
        return [f"def later({', '.join(['self', *self._later_names()])}):\n" + indent(f"{note}\n{made}", STEP)]

    def _later_names(self) -> list[str]:
        """The sizes that a later stage is made from."""
        items = [item for layer in self.any.branches[-1] for item in (*layer.args, *dict(layer.options).values())]
        text = " ".join(repr(item) for item in items if isinstance(item, NamedInt))
        return [name for name in ("c_in", "c_out", "c_mid", "dilation") if name in text]

    def forward(self) -> str:
        lines = ["x = self.pre(x)"] if self._has_pre() else []
        if self.any.merge is None:
            y = "self.branch(x)"
        elif self.any.merge.call == "Add":
            y = f"{'self.skip(x)' if self._has_skip() else 'x'} + self.branch(x)"
        else:
            y = "self.merge(self.branch, self.skip, x)"
        lines.append(f"return self.post({y})" if self.any.post else f"return {y}")
        return "def forward(self, x):\n" + indent("\n".join(lines), STEP)

    def _branch(self) -> list[str]:
        """What stands before the fork, and the branch: by kind, where the rules of pre-activation tell them apart."""
        pre = {kind: _texts(unit.pre) for kind, unit in self.kinds.items()}
        branch = {kind: _texts(unit.branches[0]) for kind, unit in self.kinds.items()}
        between = self._between()
        if _all_equal(pre) and _all_equal(branch):
            first, rest = next(iter(pre.values())), next(iter(branch.values()))
            before = _call("self.pre = nn.Sequential(", [*(["*between"] if between else []), *first])
            return [*between, *([before] if first or between else []), *self._branches(rest)]
        self._name_parts(pre, branch)
        chosen = self._by_kind(pre, branch)
        used = [name for name in self.named if any(re.search(rf"\b{name}\b", line) for line in chosen)]
        lines = [*(_call(f"{name} = [", self.named[name], "]") for name in used), *chosen, *between]
        before = f"self.pre = nn.Sequential({'*between, ' if between else ''}*pre)"
        return [*lines, *([before] if self._has_pre() else []), *self._branches(["*branch"])]

    def _name_parts(self, pre: dict[str, list[str]], branch: dict[str, list[str]]) -> None:
        count = len(leading_activations(self.network.unit))
        whole = max(([*pre[kind], *branch[kind]] for kind in self.kinds), key=len)
        self.named = {"lead": whole[:count], "rest": whole[count:]}

    def _by_kind(self, pre: dict[str, list[str]], branch: dict[str, list[str]]) -> list[str]:
        lines: list[str] = []
        kinds = [kind for kind in ("bare", "changes", "same") if kind in self.kinds]
        reasons = {"bare": "the stem ends with these activations", "changes": "branch and shortcut share them"}
        for kind in kinds:
            last = kind == kinds[-1]
            word = "else:" if last else f"{'elif' if lines else 'if'} {kind}:"
            reason = f"  # {reasons[kind]}" if kind in reasons and (kind == "bare" or pre[kind]) else ""
            left = f"pre, branch = {self._expression(pre[kind])}, " if self._has_pre() else "branch = "
            lines += [word + reason, STEP + left + self._expression(branch[kind])]
        return lines

    def _expression(self, texts: list[str]) -> str:
        lead, rest = self.named["lead"], self.named["rest"]
        known = {"[]": [], "lead": lead, "rest": rest, "[*lead, *rest]": [*lead, *rest]}
        return next((name for name, items in known.items() if items == texts), f"[{', '.join(texts)}]")

    def _between(self) -> list[str]:
        pooled = next((unit.between for unit in self.units if unit.between), ())
        return [f"between = [{', '.join(_texts(pooled))}] if stride > 1 else []"] if pooled else []

    def _branches(self, items: list[str]) -> list[str]:
        first = listed("nn.Sequential(", items, ")", first=24)
        if not self.stepped:
            return [f"self.branch = {first}"]
        more = max(self.later_stages.values())
        made = f"[self.later({', '.join(self._later_names())}) for _ in range({more})]"
        if not _all_equal(self.later_stages):
            made += f" if {' or '.join(kind for kind, count in self.later_stages.items() if count)} else []"
        lines = [f"stages = [{first}]", *([f"stages += {made}"] if more else [])]
        return [*lines, "self.branch = nn.ModuleList(stages)"]

    def _skip(self) -> list[str]:
        if not self._has_skip() and (self.any.merge is None or self.any.merge.call == "Add"):
            return []
        skips = {unit.changes: unit.skip for unit in self.units}
        texts = {changes: _texts(skip) for changes, skip in skips.items()}
        if _all_equal(texts):
            return [_call("self.skip = nn.Sequential(", next(iter(texts.values())))]
        made = [_call("skip = [", texts[True], "]") + " if changes else [" + ", ".join(texts[False]) + "]"]
        return [*made, "self.skip = nn.Sequential(*skip)"]

    def _merge(self) -> list[str]:
        merge = self.any.merge
        return [] if merge is None or merge.call == "Add" else [f"self.merge = {format_call(merge)}"]

    def _always(self, name: str, layers: Chain) -> list[str]:
        return [_listed(f"self.{name} = nn.Sequential(", layers, ")")] if layers else []

    def _has_pre(self) -> bool:
        return any(unit.pre or unit.between for unit in self.units)

    def _has_skip(self) -> bool:
        return any(unit.skip for unit in self.units)


def _texts(layers: Chain) -> list[str]:
    return [format_call(layer) for layer in layers]


def _listed(opening: str, layers: Chain, closing: str) -> str:
    return listed(opening, _texts(layers), closing)


def _call(opening: str, items: list[str], closing: str = ")") -> str:
    return listed(opening, items, closing)


def _all_equal(by_kind: dict[str, list[str]] | dict[bool, list[str]] | dict[str, int]) -> bool:
    values = list(by_kind.values())
    return all(value == values[0] for value in values)


def _inside(ratio: Fraction) -> str:
    times = "" if ratio.denominator == 1 else f" * {ratio.denominator}"
    return f"c_out{times}" + ("" if ratio.numerator == 1 else f" // {ratio.numerator}")

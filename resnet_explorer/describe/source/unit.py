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
    """The class of a network's unit, and how the loop of the network calls it."""
    units, later = _units_by_role(plan)
    writer = _Writer(plan.network, units, later)
    methods = "\n\n".join([writer.init(), *writer.later(), writer.forward()])
    text = "class Unit(nn.Module):\n" + indent(f"{docstring(plan.network.block)}\n\n{methods}", STEP)
    return UnitCode(text, tuple(writer.loop_arguments()))


def _units_by_role(plan: Plan) -> tuple[dict[str, LoweredUnit], dict[str, int]]:
    """A unit for each role (bare, changes, same), lowered with names for its sizes: one that strides if there is.

    Beside it, how many later Runge-Kutta stages have weights of their own, for each role.
    """
    network = plan.network
    units: dict[str, LoweredUnit] = {}
    later: dict[str, int] = {}
    strided: set[str] = set()
    for number, stage in enumerate(plan.stages):
        for index, run in enumerate(stage):
            bare = number == index == 0 and drops_leading_ops(network)
            stride = network.strides[number] if index == 0 else 1
            unit = _lower_with_names(network, number, index, run.unit.x, bare)
            role = "bare" if bare else "changes" if unit.changes else "same"
            key = "first" if role == "same" and index == 0 else role
            later[key] = sum(not any(layer.shares_weights for layer in branch) for branch in run.unit.branches) - 1
            if role not in strided:
                units[role] = unit
                strided |= {role} if stride > 1 else set()
    # only res2 differs between the first unit of a stage and others of its role
    first = later.pop("first", None)
    if first is not None and later.setdefault("same", first) != first:
        later["first"] = first
    return units, later


def _lower_with_names(network: Network, number: int, index: int, x: Shape, bare: bool) -> LoweredUnit:
    width = network.widths[number]
    c_out = NamedInt(width, "c_out")
    inner = c_out if network.ratio == 1 else NamedInt(inner_width(network, width, "unit"), "c_mid")
    stride = network.strides[number] if index == 0 else 1
    # where pooling stands between the stages it takes the stride, and the unit has none
    step = NamedInt(stride, "stride") if stride > 1 or not network.between else 1
    dilation = NamedInt(1, "dilation") if network.grid else 1
    # lowered as the first of a stage, where res2 prints its flag; the name of the flag stands for its value
    context = LayerContext("unit", c_out, step, dilation, first=NamedInt(1, "first"))
    entry = Shape(NamedInt(x.c, "c_in"), x.h, x.w)
    return lower_unit(network, UnitSpec(context, entry, inner, bare, between=index == 0))


class _Writer:
    """Writes the methods of the unit's class from one unit of each role."""

    def __init__(self, network: Network, units: dict[str, LoweredUnit], later: dict[str, int]) -> None:
        self.network = network
        self.units_by_role = units
        self.later_stages = later
        self.units = list(units.values())
        self.example = self.units[0]
        self.is_runge_kutta = self.example.merge is not None and self.example.merge.call == "RungeKutta"
        self.printed = " ".join(format_call(layer) for unit in self.units for layer in unit.layers())
        # a sentence may set a dilation for all units; only a grid gives each unit one
        possible = [flag for flag in FLAGS if flag != "dilation" or network.grid]
        self.flags = [flag for flag in possible if flag in self.printed or flag in units]

    def loop_arguments(self) -> list[str]:
        """The arguments that the loop over the stages gives a unit beyond c_in, c_out and stride."""
        last = len(self.network.widths) - 1
        expressions = {
            "bare": "bare=i == 0 and not stages",
            "first": "first=i == 0",
            "dilation": f"dilation={self.network.grid}[i] if len(stages) == {last} else 1",
        }
        return [expressions[flag] for flag in self.flags]

    def init(self) -> str:
        signature = ", ".join(["self", "c_in", "c_out", "stride=1", *(f"{flag}={FLAGS[flag]}" for flag in self.flags)])
        body = [
            *self._write_branch(),
            *self._write_skip(),
            *self._write_merge(),
            *self._write_post(),
        ]
        if any("changes" in line for line in body):
            changes = "c_in != c_out" if self.network.between else "stride != 1 or c_in != c_out"
            body.insert(0, f"changes = {changes}")
        if "c_mid" in self.printed:
            body.insert(0, f"c_mid = {_inner_width_text(self.network.ratio)}")
        lines = "\n".join(["super().__init__()", *body])
        return f"def __init__({signature}):\n{indent(lines, STEP)}"

    def later(self) -> list[str]:
        """The method that makes the later stages of a Runge-Kutta step."""
        if not self.is_runge_kutta:
            return []
        code = _list_layers("return nn.Sequential(", self.example.branches[-1], ")")
        note = '"""A later stage: it sees what the first one gives."""'
        return [f"def later({', '.join(['self', *self._later_names()])}):\n" + indent(f"{note}\n{code}", STEP)]

    def _later_names(self) -> list[str]:
        """The sizes that a later stage is made from."""
        items = [item for layer in self.example.branches[-1] for item in (*layer.args, *dict(layer.options).values())]
        text = " ".join(repr(item) for item in items if isinstance(item, NamedInt))
        return [name for name in ("c_in", "c_out", "c_mid", "dilation") if name in text]

    def forward(self) -> str:
        lines = ["x = self.pre(x)"] if self._has_pre() else []
        if self.example.merge is None:
            y = "self.branch(x)"
        elif self.example.merge.call == "Add":
            y = f"{'self.skip(x)' if self._has_skip() else 'x'} + self.branch(x)"
        else:
            y = "self.merge(self.branch, self.skip, x)"
        lines.append(f"return self.post({y})" if self.example.post else f"return {y}")
        return "def forward(self, x):\n" + indent("\n".join(lines), STEP)

    def _write_branch(self) -> list[str]:
        """The layers before the fork and the branch; by role, where the rules of pre-activation make them differ."""
        pre = {role: _calls(unit.pre) for role, unit in self.units_by_role.items()}
        branch = {role: _calls(unit.branches[0]) for role, unit in self.units_by_role.items()}
        between = self._write_between()
        if _all_equal(pre) and _all_equal(branch):
            first, rest = next(iter(pre.values())), next(iter(branch.values()))
            before = _list_items("self.pre = nn.Sequential(", [*(["*between"] if between else []), *first])
            return [*between, *([before] if first or between else []), *self._write_branches(rest)]
        self._name_parts(pre, branch)
        chosen = self._write_choice(pre, branch)
        used = [name for name in self.named_lists if any(re.search(rf"\b{name}\b", line) for line in chosen)]
        lines = [*(_list_items(f"{name} = [", self.named_lists[name], "]") for name in used), *chosen, *between]
        before = f"self.pre = nn.Sequential({'*between, ' if between else ''}*pre)"
        return [*lines, *([before] if self._has_pre() else []), *self._write_branches(["*branch"])]

    def _name_parts(self, pre: dict[str, list[str]], branch: dict[str, list[str]]) -> None:
        count = len(leading_activations(self.network.unit))
        whole = max(([*pre[role], *branch[role]] for role in self.units_by_role), key=len)
        self.named_lists = {"lead": whole[:count], "rest": whole[count:]}

    def _write_choice(self, pre: dict[str, list[str]], branch: dict[str, list[str]]) -> list[str]:
        lines: list[str] = []
        roles = [role for role in ("bare", "changes", "same") if role in self.units_by_role]
        reasons = {"bare": "the stem ends with these activations", "changes": "branch and shortcut share them"}
        for role in roles:
            last = role == roles[-1]
            word = "else:" if last else f"{'elif' if lines else 'if'} {role}:"
            reason = f"  # {reasons[role]}" if role in reasons and (role == "bare" or pre[role]) else ""
            left = f"pre, branch = {self._expression(pre[role])}, " if self._has_pre() else "branch = "
            lines += [word + reason, STEP + left + self._expression(branch[role])]
        return lines

    def _expression(self, texts: list[str]) -> str:
        lead, rest = self.named_lists["lead"], self.named_lists["rest"]
        lists = {"[]": [], "lead": lead, "rest": rest, "[*lead, *rest]": [*lead, *rest]}
        return next((name for name, items in lists.items() if items == texts), f"[{', '.join(texts)}]")

    def _write_between(self) -> list[str]:
        pooled = next((unit.between for unit in self.units if unit.between), ())
        return [f"between = [{', '.join(_calls(pooled))}] if stride > 1 else []"] if pooled else []

    def _write_branches(self, items: list[str]) -> list[str]:
        first = listed("nn.Sequential(", items, ")", first=24)
        if not self.is_runge_kutta:
            return [f"self.branch = {first}"]
        more = max(self.later_stages.values())
        code = f"[self.later({', '.join(self._later_names())}) for _ in range({more})]"
        if not _all_equal(self.later_stages):
            code += f" if {' or '.join(role for role, count in self.later_stages.items() if count)} else []"
        lines = [f"stages = [{first}]", *([f"stages += {code}"] if more else [])]
        return [*lines, "self.branch = nn.ModuleList(stages)"]

    def _write_skip(self) -> list[str]:
        if not self._has_skip() and (self.example.merge is None or self.example.merge.call == "Add"):
            return []
        skips = {unit.changes: unit.skip for unit in self.units}
        texts = {changes: _calls(skip) for changes, skip in skips.items()}
        if _all_equal(texts):
            return [_list_items("self.skip = nn.Sequential(", next(iter(texts.values())))]
        code = [_list_items("skip = [", texts[True], "]") + " if changes else [" + ", ".join(texts[False]) + "]"]
        return [*code, "self.skip = nn.Sequential(*skip)"]

    def _write_merge(self) -> list[str]:
        merge = self.example.merge
        return [] if merge is None or merge.call == "Add" else [f"self.merge = {format_call(merge)}"]

    def _write_post(self) -> list[str]:
        post = self.example.post
        return [_list_layers("self.post = nn.Sequential(", post, ")")] if post else []

    def _has_pre(self) -> bool:
        return any(unit.pre or unit.between for unit in self.units)

    def _has_skip(self) -> bool:
        return any(unit.skip for unit in self.units)


def _calls(layers: Chain) -> list[str]:
    return [format_call(layer) for layer in layers]


def _list_layers(opening: str, layers: Chain, closing: str) -> str:
    return listed(opening, _calls(layers), closing)


def _list_items(opening: str, items: list[str], closing: str = ")") -> str:
    return listed(opening, items, closing)


def _all_equal(by_role: dict[str, list[str]] | dict[bool, list[str]] | dict[str, int]) -> bool:
    values = list(by_role.values())
    return all(value == values[0] for value in values)


def _inner_width_text(ratio: Fraction) -> str:
    times = "" if ratio.denominator == 1 else f" * {ratio.denominator}"
    return f"c_out{times}" + ("" if ratio.numerator == 1 else f" // {ratio.numerator}")

"""The forward and backward rule of a unit in LaTeX, from its sentence.

Gradients are rows, so a derivative stands to the right of what it is multiplied with.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from resnet_explorer.describe.identity_path import identity_path, non_identity_ops, verdict
from resnet_explorer.language.layer import LayerContext, Shape
from resnet_explorer.language.merges import Tableau
from resnet_explorer.language.parser import parse_chain
from resnet_explorer.language.syntax import Op, Ops
from resnet_explorer.networks.network import Network
from resnet_explorer.networks.plan import Plan

X = "x_l"
NAMES = {
    "bn": "BN", "gn": "GN", "ln2d": "LN", "relu": "ReLU", "gelu": "GELU", "silu": "SiLU", "dropout": "Drop",
    "droppath": "DropPath", "maxpool": "MaxPool", "avgpool": "AvgPool", "se": "SE", "gate": "Gate", "res2": "Res2",
    "wasp": "WASP", "aspp": "ASPP", "decoder": "Decoder", "pad": "Pad", "gap": "GAP", "flatten": "Flat",
}  # fmt: skip


class Equation(NamedTuple):
    """A unit in mathematics: what it computes, its branch, its gradient, the sum over units if there is one."""

    forward: str
    branch: str
    backward: str
    unrolled: str
    exact: bool
    verdict: str


def equation(plan: Plan) -> Equation:
    """Derive the rules of a network's unit."""
    network, path = plan.network, identity_path(plan)
    branch = f"F(u) = {_apply(network.unit.branch, 'u', 'W')}"
    return Equation(_forward(network), branch, _backward(network), _unrolled(network), path.exact, verdict(path))


def _forward(network: Network) -> str:
    block, u = network.unit, _fork_input(network)
    if block.merge is None:
        return f"x_{{l+1}} = F({X})"
    if block.merge.name.startswith("rk"):
        return rf"{_stage_equations(network)},\quad x_{{l+1}} = {_apply(block.post, _runge_kutta_sum(network), 'V')}"
    return f"x_{{l+1}} = {_apply(block.post, _sum_with_shortcut(network, u), 'V')}"


def _backward(network: Network) -> str:
    block, u = network.unit, _fork_input(network)
    left = rf"\frac{{\partial L}}{{\partial {X}}} = \frac{{\partial L}}{{\partial x_{{l+1}}}}"
    if block.merge is None:
        return rf"{left}\,\frac{{\partial F}}{{\partial {X}}}"
    merged = _runge_kutta_sum(network) if block.merge.name.startswith("rk") else _sum_with_shortcut(network, u)
    after = _derivative(block.post, merged, "V")
    before = _derivative(block.pre, X, "U")
    return r"\,".join(part for part in (left, after, rf"\left({_merge_derivative(network)}\right)", before) if part)


def _merge_derivative(network: Network) -> str:
    """The derivative of the merge step's result by the input of the fork."""
    block, h = network.unit, parse_chain(network.skip)
    assert block.merge is not None
    u = _fork_input(network) if block.pre else X
    by = "u" if block.pre else X
    identity = _shortcut_derivative(h, u, by)
    slope = rf"\frac{{\partial F}}{{\partial {by}}}"
    if block.merge.name == "blend":
        through = _shortcut(h, u)
        gate = rf"\mathrm{{diag}}\left(F - {through}\right)\frac{{\partial g}}{{\partial {by}}}"
        carried = r"\mathrm{diag}(1-g)" + ("" if identity == "I" else rf"\,{identity}")
        return rf"{carried} + \mathrm{{diag}}(g)\,{slope} + {gate}"
    if block.merge.name.startswith("rk"):
        terms = _weighted_sum(_tableau(network)[1], lambda j: rf"\frac{{\partial k_{j}}}{{\partial {by}}}")
        return f"{identity} {terms}"
    return f"{identity} + {slope}"


def _unrolled(network: Network) -> str:
    """The sum over the units of a stage; empty where the trunk holds more than a number."""
    block, shortcut = network.unit, non_identity_ops(parse_chain(network.skip))
    is_scaled = len(shortcut) == 1 and shortcut[0].name == "scale" and not shortcut[0].arguments.get("learned", False)
    if (
        block.merge is None
        or block.merge.name == "blend"
        or non_identity_ops((*block.pre, *block.post))
        or (shortcut and not is_scaled)
    ):
        return ""
    step = "F" if block.merge.name == "+" else r"\Phi"
    if is_scaled:
        value = _scale_factor(shortcut[0])
        return rf"x_L = ({value})^{{L-l}}\,x_l + \sum_{{i=l}}^{{L-1}} ({value})^{{L-1-i}}\,{step}(x_i)"
    return rf"x_L = x_l + \sum_{{i=l}}^{{L-1}} {step}(x_i)"


def _fork_input(network: Network) -> str:
    return _apply(network.unit.pre, X, "U")


def _sum_with_shortcut(network: Network, u: str) -> str:
    h, merge = _shortcut(parse_chain(network.skip), u), network.unit.merge
    branch = f"F({u})"
    if merge is not None and merge.name == "blend":
        return rf"(1 - g({u})) \odot {h} + g({u}) \odot {branch}"
    return f"{h} + {branch}"


def _stage_equations(network: Network) -> str:
    """The stages of a Runge-Kutta step."""
    u, h = _fork_input(network), _shortcut(parse_chain(network.skip), _fork_input(network))
    shared = network.unit.merge is not None and network.unit.merge.arguments.get("shared", False)
    lines = [f"k_1 = {'F' if shared else 'F_1'}({u})"]
    for i, row in enumerate(_tableau(network)[0], start=2):
        lines.append(f"k_{i} = {'F' if shared else f'F_{i}'}({h} {_weighted_sum(row, _stage_name)})")
    return r",\quad ".join(lines)


def _runge_kutta_sum(network: Network) -> str:
    h = _shortcut(parse_chain(network.skip), _fork_input(network))
    return f"{h} {_weighted_sum(_tableau(network)[1], _stage_name)}"


def _tableau(network: Network) -> Tableau:
    merge = network.unit.merge
    assert merge is not None
    one = Shape(1, 1, 1)
    a, b = merge.spec.build_layer(one, one, LayerContext("", 1), **merge.arguments).args
    return a, b  # type: ignore[return-value]


def _weighted_sum(weights: tuple[float, ...], name: Callable[[int], str]) -> str:
    """A weighted sum that continues another: every term has its sign."""
    signed = ((("-" if weight < 0 else "+"), abs(weight), j) for j, weight in enumerate(weights, start=1) if weight)
    return " ".join(f"{sign} {_coefficient(size)}{name(j)}" for sign, size, j in signed)


def _coefficient(weight: float) -> str:
    exact = Fraction(weight).limit_denominator(100)
    if exact == 1:
        return ""
    return str(exact) if exact.denominator == 1 else rf"\tfrac{{{exact.numerator}}}{{{exact.denominator}}}"


def _stage_name(j: int) -> str:
    return f"k_{j}"


def _apply(ops: Ops, inner: str, letter: str) -> str:
    """The ops as functions of each other, the first innermost; weights are numbered where there are several."""
    ops = non_identity_ops(ops)
    several = sum(op.name in ("conv", "fc") for op in ops) > 1
    count = 0
    for op in ops:
        if op.name in ("conv", "fc"):
            count += 1
            weight = f"{letter}_{count}" if several else letter
            inner = rf"{weight}\,{_in_brackets(inner)}"
        else:
            inner = _apply_op(op, inner)
    return inner


def _apply_op(op: Op, inner: str) -> str:
    if op.name == "scale":
        return rf"{_scale_factor(op)}\,{_in_brackets(inner)}"
    return rf"\mathrm{{{NAMES[op.name]}}}({inner})"


def _scale_factor(op: Op) -> str:
    if op.arguments.get("learned", False):
        return r"\lambda"
    return f"{op.arguments.get('value', 1.0):g}"


def _in_brackets(inner: str) -> str:
    """Brackets around a sum."""
    return f"({inner})" if _stands_outside_brackets(inner, "+-") else inner


def _stands_outside_brackets(text: str, signs: str) -> bool:
    """Whether one of these signs stands outside all brackets."""
    depth = 0
    for character in text:
        depth += (character in "({") - (character in ")}")
        if depth == 0 and character in signs:
            return True
    return False


def _shortcut(ops: Ops, u: str) -> str:
    """What the shortcut carries where the shape does not change."""
    if [op.name for op in non_identity_ops(ops)] == ["gate"]:
        return rf"(1 - g({u})) \odot {_in_brackets(u)}"
    return _apply(ops, u, "W_s")


def _shortcut_derivative(chain: Ops, u: str, by: str) -> str:
    ops = non_identity_ops(chain)
    if not ops:
        return "I"
    if all(op.name == "scale" for op in ops):
        return r"\,".join(map(_scale_factor, ops)) + r"\,I"
    return rf"\frac{{\partial h}}{{\partial {by}}}"


def _derivative(ops: Ops, inner: str, letter: str) -> str:
    """The derivative of ops in a row: the last stands first, next to the gradient that arrives."""
    factors = []
    ops = non_identity_ops(ops)
    for i, op in enumerate(ops):
        z = _apply(ops[:i], inner, letter)
        if op.name == "relu":
            factors.append(rf"\mathbf{{1}}[{z} > 0]")
        elif op.name == "scale":
            factors.append(_scale_factor(op))
        elif op.name in ("conv", "fc"):
            factors.append(letter)
        else:
            factors.append(rf"J_{{\mathrm{{{NAMES[op.name]}}}}}({z})")
    return r"\,".join(reversed(factors))

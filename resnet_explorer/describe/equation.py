"""The forward and backward rule of a unit in LaTeX, derived from its sentence.

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
    "wasp": "WASP", "decoder": "Decoder", "pad": "Pad", "gap": "GAP", "flatten": "Flat",
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
    network, found = plan.network, identity_path(plan)
    branch = f"F(u) = {_apply(network.unit.branch, 'u', 'W')}"
    return Equation(_forward(network), branch, _backward(network), _unrolled(network), found.exact, verdict(found))


def _forward(network: Network) -> str:
    block, u = network.unit, _entry(network)
    if block.merge is None:
        return f"x_{{l+1}} = F({X})"
    if block.merge.name.startswith("rk"):
        return rf"{_stages(network)},\quad x_{{l+1}} = {_apply(block.post, _stepped(network), 'V')}"
    return f"x_{{l+1}} = {_apply(block.post, _sum(network, u), 'V')}"


def _backward(network: Network) -> str:
    block, u = network.unit, _entry(network)
    left = rf"\frac{{\partial L}}{{\partial {X}}} = \frac{{\partial L}}{{\partial x_{{l+1}}}}"
    if block.merge is None:
        return rf"{left}\,\frac{{\partial F}}{{\partial {X}}}"
    stepped = _stepped(network) if block.merge.name.startswith("rk") else _sum(network, u)
    after = _slopes(block.post, stepped, "V")
    before = _slopes(block.pre, X, "U")
    return r"\,".join(part for part in (left, after, rf"\left({_join_slope(network)}\right)", before) if part)


def _join_slope(network: Network) -> str:
    """The derivative of what the merge step gives, by what enters the fork."""
    block, h = network.unit, parse_chain(network.skip)
    assert block.merge is not None
    u = _entry(network) if block.pre else X
    by = "u" if block.pre else X
    identity = _shortcut_slope(h, u, by)
    slope = rf"\frac{{\partial F}}{{\partial {by}}}"
    if block.merge.name == "blend":
        through = _shortcut(h, u)
        gate = rf"\mathrm{{diag}}\left(F - {through}\right)\frac{{\partial g}}{{\partial {by}}}"
        carried = r"\mathrm{diag}(1-g)" + ("" if identity == "I" else rf"\,{identity}")
        return rf"{carried} + \mathrm{{diag}}(g)\,{slope} + {gate}"
    if block.merge.name.startswith("rk"):
        terms = _terms(_tableau(network)[1], lambda j: rf"\frac{{\partial k_{j}}}{{\partial {by}}}")
        return f"{identity} {terms}"
    return f"{identity} + {slope}"


def _unrolled(network: Network) -> str:
    """The sum over the units of a stage, where nothing on the trunk stands in its way but a number."""
    block, h = network.unit, non_identity_ops(parse_chain(network.skip))
    fixed = len(h) == 1 and h[0].name == "scale" and not h[0].arguments.get("learned", False)
    if (
        block.merge is None
        or block.merge.name == "blend"
        or non_identity_ops((*block.pre, *block.post))
        or (h and not fixed)
    ):
        return ""
    step = "F" if block.merge.name == "+" else r"\Phi"
    if fixed:
        value = _scale(h[0])
        return rf"x_L = ({value})^{{L-l}}\,x_l + \sum_{{i=l}}^{{L-1}} ({value})^{{L-1-i}}\,{step}(x_i)"
    return rf"x_L = x_l + \sum_{{i=l}}^{{L-1}} {step}(x_i)"


def _entry(network: Network) -> str:
    return _apply(network.unit.pre, X, "U")


def _sum(network: Network, u: str) -> str:
    h, merge = _shortcut(parse_chain(network.skip), u), network.unit.merge
    branch = f"F({u})"
    if merge is not None and merge.name == "blend":
        return rf"(1 - g({u})) \odot {h} + g({u}) \odot {branch}"
    return f"{h} + {branch}"


def _stages(network: Network) -> str:
    """The stages of a Runge-Kutta step."""
    u, h = _entry(network), _shortcut(parse_chain(network.skip), _entry(network))
    shared = network.unit.merge is not None and network.unit.merge.arguments.get("shared", False)
    lines = [f"k_1 = {'F' if shared else 'F_1'}({u})"]
    for i, row in enumerate(_tableau(network)[0], start=2):
        lines.append(f"k_{i} = {'F' if shared else f'F_{i}'}({h} {_terms(row, _slope_name)})")
    return r",\quad ".join(lines)


def _stepped(network: Network) -> str:
    h = _shortcut(parse_chain(network.skip), _entry(network))
    return f"{h} {_terms(_tableau(network)[1], _slope_name)}"


def _tableau(network: Network) -> Tableau:
    merge = network.unit.merge
    assert merge is not None
    one = Shape(1, 1, 1)
    a, b = merge.spec.build_layer(one, one, LayerContext("", 1), **merge.arguments).args
    return a, b  # type: ignore[return-value]


def _terms(weights: tuple[float, ...], name: Callable[[int], str]) -> str:
    """A weighted sum to be written behind something else: every term with its sign."""
    signed = ((("-" if weight < 0 else "+"), abs(weight), j) for j, weight in enumerate(weights, start=1) if weight)
    return " ".join(f"{sign} {_coefficient(size)}{name(j)}" for sign, size, j in signed)


def _coefficient(weight: float) -> str:
    exact = Fraction(weight).limit_denominator(100)
    if exact == 1:
        return ""
    return str(exact) if exact.denominator == 1 else rf"\tfrac{{{exact.numerator}}}{{{exact.denominator}}}"


def _slope_name(j: int) -> str:
    return f"k_{j}"


def _apply(words: Ops, inner: str, letter: str) -> str:
    """The words as functions of each other, the first innermost; weights are numbered where there are several."""
    words = non_identity_ops(words)
    several = sum(word.name in ("conv", "fc") for word in words) > 1
    count = 0
    for word in words:
        if word.name in ("conv", "fc"):
            count += 1
            weight = f"{letter}_{count}" if several else letter
            inner = rf"{weight}\,{_factor(inner)}"
        else:
            inner = _applied(word, inner)
    return inner


def _applied(word: Op, inner: str) -> str:
    if word.name == "scale":
        return rf"{_scale(word)}\,{_factor(inner)}"
    return rf"\mathrm{{{NAMES[word.name]}}}({inner})"


def _scale(word: Op) -> str:
    if word.arguments.get("learned", False):
        return r"\lambda"
    return f"{word.arguments.get('value', 1.0):g}"


def _factor(inner: str) -> str:
    """Brackets around a sum."""
    return f"({inner})" if _depthless(inner, "+-") else inner


def _depthless(text: str, signs: str) -> bool:
    """Whether one of these signs stands outside all brackets."""
    depth = 0
    for character in text:
        depth += (character in "({") - (character in ")}")
        if depth == 0 and character in signs:
            return True
    return False


def _shortcut(words: Ops, u: str) -> str:
    """What the shortcut carries where the shape does not change."""
    if [word.name for word in non_identity_ops(words)] == ["gate"]:
        return rf"(1 - g({u})) \odot {_factor(u)}"
    return _apply(words, u, "W_s")


def _shortcut_slope(words: Ops, u: str, by: str) -> str:
    known = non_identity_ops(words)
    if not known:
        return "I"
    if all(word.name == "scale" for word in known):
        return r"\,".join(map(_scale, known)) + r"\,I"
    return rf"\frac{{\partial h}}{{\partial {by}}}"


def _slopes(words: Ops, inner: str, letter: str) -> str:
    """The derivative of words in a row: the last stands first, next to the gradient that arrives."""
    factors = []
    words = non_identity_ops(words)
    for i, word in enumerate(words):
        z = _apply(words[:i], inner, letter)
        if word.name == "relu":
            factors.append(rf"\mathbf{{1}}[{z} > 0]")
        elif word.name == "scale":
            factors.append(_scale(word))
        elif word.name in ("conv", "fc"):
            factors.append(letter)
        else:
            factors.append(rf"J_{{\mathrm{{{NAMES[word.name]}}}}}({z})")
    return r"\,".join(reversed(factors))

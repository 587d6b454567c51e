import re
import xml.etree.ElementTree as ElementTree

import pytest

from resnet_explorer.describe.equation import equation
from resnet_explorer.describe.mathml import mathml
from resnet_explorer.language.orderings import ORDERINGS
from resnet_explorer.networks.families import FAMILIES
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.request import parse_request

NAMES = [
    *(f"cifar-basic-56:{name}" for name in ORDERINGS),
    *(family.example for family in FAMILIES),
    "cifar-basic-20:relu | conv bn relu conv se blend bn",
    "cifar-basic-20:conv bn relu conv bn + relu;skip=gate scale(0.5)",
    "cifar-basic-20:conv bn relu conv bn + gelu silu;skip=scale(0.5)",
    "cifar-basic-20:conv bn rk3(heun) gn dropout droppath scale(2, learned=true)",
]


def shape(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(f"<all>{text}</all>")


def letters(latex: str) -> str:
    """What is left of LaTeX when its commands for form are taken away."""
    bare = re.sub(r"\\(frac|tfrac|mathrm|mathbf|left|right|quad|,)", " ", latex)
    for command, sign in (("partial", "∂"), ("odot", "⊙"), ("lambda", "λ"), ("Phi", "Φ"), ("sum", "∑")):
        bare = bare.replace(f"\\{command}", sign)
    return re.sub(r"[\s{}_^]", "", bare).replace("-", "−").replace("1[", "𝟏[")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("rule", ["forward", "branch", "backward", "unrolled"])
def test_every_sign_of_an_equation_is_drawn_in_order(name: str, rule: str) -> None:
    latex = getattr(equation(plan(parse_request(name).network)), rule)
    visible = "".join(shape(mathml(latex)).itertext())
    assert visible == letters(latex)


def test_a_name_stays_whole_and_a_fraction_has_two_parts() -> None:
    root = shape(mathml(r"\frac{\partial L}{\partial x_l} = \mathrm{ReLU}(y)"))
    (fraction,) = [item for item in root.iter() if item.tag.endswith("mfrac")]
    assert len(fraction) == 2
    assert "ReLU" in [item.text for item in root.iter()]


def test_bounds_stand_below_and_above_a_sum() -> None:
    (total,) = [e for e in shape(mathml(r"\sum_{i=l}^{L-1} F(x_i)")).iter() if e.tag.endswith("munderover")]
    assert ["".join(part.itertext()) for part in total] == ["∑", "i=l", "L−1"]


@pytest.mark.parametrize("latex", [r"\int x", "x_", r"\frac{a}", "a}"])
def test_what_our_equations_never_write_is_refused(latex: str) -> None:
    with pytest.raises(ValueError, match=r"unknown|early|cannot"):
        mathml(latex)

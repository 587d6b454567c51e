"""A unit in mathematics, held against the cases of the papers and against autograd."""

from itertools import accumulate

import pytest
import torch
from torch import Tensor, nn
from torch.autograd.functional import jacobian, vjp

from resnet_explorer.describe.equation import NAMES, Equation, equation
from resnet_explorer.language.orderings import ORDERINGS
from resnet_explorer.language.registry import OPS
from resnet_explorer.models import build
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.request import parse_request

LEFT = r"\frac{\partial L}{\partial x_l} = \frac{\partial L}{\partial x_{l+1}}"
SLOPE = r"\frac{\partial F}{\partial x_l}"
F = r"F(u) = "
BRANCHES = {
    "original": F + r"\mathrm{BN}(W_2\,\mathrm{ReLU}(\mathrm{BN}(W_1\,u)))",
    "bn-after-addition": F + r"W_2\,\mathrm{ReLU}(\mathrm{BN}(W_1\,u))",
    "relu-before-addition": F + r"\mathrm{ReLU}(\mathrm{BN}(W_2\,\mathrm{ReLU}(\mathrm{BN}(W_1\,u))))",
    "relu-only-preactivation": F + r"\mathrm{BN}(W_2\,\mathrm{ReLU}(\mathrm{BN}(W_1\,\mathrm{ReLU}(u))))",
    "full-preactivation": F + r"W_2\,\mathrm{ReLU}(\mathrm{BN}(W_1\,\mathrm{ReLU}(\mathrm{BN}(u))))",
}
SUM = r"x_L = x_l + \sum_{i=l}^{L-1} F(x_i)"
CASES: dict[str, tuple[str, str, str]] = {
    "original": (
        r"x_{l+1} = \mathrm{ReLU}(x_l + F(x_l))",
        rf"{LEFT}\,\mathbf{{1}}[x_l + F(x_l) > 0]\,\left(I + {SLOPE}\right)",
        "",
    ),
    "bn-after-addition": (
        r"x_{l+1} = \mathrm{ReLU}(\mathrm{BN}(x_l + F(x_l)))",
        LEFT + r"\,\mathbf{1}[\mathrm{BN}(x_l + F(x_l)) > 0]\,J_{\mathrm{BN}}(x_l + F(x_l))\,"
        rf"\left(I + {SLOPE}\right)",
        "",
    ),
    "full-preactivation": (r"x_{l+1} = x_l + F(x_l)", rf"{LEFT}\,\left(I + {SLOPE}\right)", SUM),
    "plain": ("x_{l+1} = F(x_l)", rf"{LEFT}\,{SLOPE}", ""),
    "conv + identity": (r"x_{l+1} = x_l + F(x_l)", rf"{LEFT}\,\left(I + {SLOPE}\right)", SUM),
    "bn relu | conv +": (
        r"x_{l+1} = \mathrm{ReLU}(\mathrm{BN}(x_l)) + F(\mathrm{ReLU}(\mathrm{BN}(x_l)))",
        LEFT
        + r"\,\left(I + \frac{\partial F}{\partial u}\right)\,\mathbf{1}[\mathrm{BN}(x_l) > 0]\,J_{\mathrm{BN}}(x_l)",
        "",
    ),
    "conv +;skip=gate": (
        r"x_{l+1} = (1 - g(x_l)) \odot x_l + F(x_l)",
        rf"{LEFT}\,\left(\frac{{\partial h}}{{\partial x_l}} + {SLOPE}\right)",
        "",
    ),
    "conv blend": (
        r"x_{l+1} = (1 - g(x_l)) \odot x_l + g(x_l) \odot F(x_l)",
        rf"{LEFT}\,\left(\mathrm{{diag}}(1-g) + \mathrm{{diag}}(g)\,{SLOPE} "
        r"+ \mathrm{diag}\left(F - x_l\right)\frac{\partial g}{\partial x_l}\right)",
        "",
    ),
    "conv rk4": (
        r"k_1 = F_1(x_l),\quad k_2 = F_2(x_l + \tfrac{1}{2}k_1),\quad k_3 = F_3(x_l + \tfrac{1}{2}k_2),\quad "
        r"k_4 = F_4(x_l + k_3),\quad x_{l+1} = "
        r"x_l + \tfrac{1}{6}k_1 + \tfrac{1}{3}k_2 + \tfrac{1}{3}k_3 + \tfrac{1}{6}k_4",
        LEFT
        + r"\,\left(I + \tfrac{1}{6}\frac{\partial k_1}{\partial x_l} + \tfrac{1}{3}\frac{\partial k_2}{\partial x_l} "
        r"+ \tfrac{1}{3}\frac{\partial k_3}{\partial x_l} + \tfrac{1}{6}\frac{\partial k_4}{\partial x_l}\right)",
        r"x_L = x_l + \sum_{i=l}^{L-1} \Phi(x_i)",
    ),
    "conv rk3(shared=true) relu": (
        r"k_1 = F(x_l),\quad k_2 = F(x_l + \tfrac{1}{2}k_1),\quad k_3 = F(x_l - k_1 + 2k_2),\quad "
        r"x_{l+1} = \mathrm{ReLU}(x_l + \tfrac{1}{6}k_1 + \tfrac{2}{3}k_2 + \tfrac{1}{6}k_3)",
        LEFT + r"\,\mathbf{1}[x_l + \tfrac{1}{6}k_1 + \tfrac{2}{3}k_2 + \tfrac{1}{6}k_3 > 0]\,"
        r"\left(I + \tfrac{1}{6}\frac{\partial k_1}{\partial x_l} + \tfrac{2}{3}\frac{\partial k_2}{\partial x_l} "
        r"+ \tfrac{1}{6}\frac{\partial k_3}{\partial x_l}\right)",
        "",
    ),
    "conv +;skip=scale(0.5)": (
        r"x_{l+1} = 0.5\,x_l + F(x_l)",
        rf"{LEFT}\,\left(0.5\,I + {SLOPE}\right)",
        r"x_L = (0.5)^{L-l}\,x_l + \sum_{i=l}^{L-1} (0.5)^{L-1-i}\,F(x_i)",
    ),
}


def equation_of(unit: str) -> Equation:
    return equation(plan(parse_request(f"cifar-basic-14:{unit}").network))


@pytest.mark.parametrize(("unit", "case"), CASES.items())
def test_a_named_case_is_written_as_in_its_paper(unit: str, case: tuple[str, str, str]) -> None:
    answer = equation_of(unit)
    assert (answer.forward, answer.backward, answer.unrolled) == case


@pytest.mark.parametrize(("unit", "branch"), BRANCHES.items())
def test_a_branch_is_its_words_from_the_inside_out(unit: str, branch: str) -> None:
    assert equation_of(unit).branch == branch


@pytest.mark.parametrize("unit", [*CASES, *ORDERINGS, "conv + dropout(0)", "identity | conv +", "conv +;skip=scale"])
def test_there_is_a_plain_sum_exactly_where_the_verdict_says_so(unit: str) -> None:
    answer = equation_of(unit)
    assert answer.unrolled.startswith("x_L = x_l +") == answer.exact


@pytest.mark.parametrize("name", [name for name, word in OPS.items() if not word.merges])
def test_every_word_has_a_name_in_mathematics(name: str) -> None:
    assert name in NAMES or name in ("conv", "fc", "identity", "scale")


@pytest.mark.parametrize("unit", [*CASES, *BRANCHES])
def test_all_brackets_are_closed(unit: str) -> None:
    answer = equation_of(unit)
    for text in (answer.forward, answer.branch, answer.backward, answer.unrolled):
        depths = [*accumulate((c in "({[") - (c in ")}]") for c in text), 0]
        assert min(depths) == depths[-2 if text else -1] == 0


class Gradient:
    """A built unit in double precision that keeps its shape, and the gradient that arrives at it."""

    def __init__(self, text: str) -> None:
        torch.manual_seed(0)
        network_plan = plan(
            parse_request(f"cifar-basic-14:{text};widths=4,4,4;strides=1,1,1;stem_width=4;image=4").network
        )
        self.unit = build.build_unit(network_plan.stages[0][-1].unit).double().eval()
        self.x = torch.randn(1, 4, 4, 4, dtype=torch.float64)
        self.arriving = torch.randn(1, 4, 4, 4, dtype=torch.float64)

    def autograd(self) -> Tensor:
        answer: Tensor = vjp(self.unit, self.x, self.arriving)[1]  # type: ignore[no-untyped-call]
        return answer

    def slope(self, part: nn.Module) -> Tensor:
        """The derivative of a part at x, as a matrix."""
        answer: Tensor = jacobian(part, self.x).reshape(self.x.numel(), -1)  # type: ignore[no-untyped-call]
        return answer

    def row(self) -> Tensor:
        return self.arriving.flatten()


def test_the_gradient_of_the_original_unit_is_the_rule_given() -> None:
    case = Gradient("original")
    open_ = (case.x + case.unit.branch(case.x) > 0).flatten()
    expected = (case.row() * open_) @ (torch.eye(64) + case.slope(case.unit.branch))
    torch.testing.assert_close(case.autograd().flatten(), expected)


def test_the_gradient_of_full_preactivation_is_the_rule_given() -> None:
    case = Gradient("full-preactivation")
    expected = case.row() @ (torch.eye(64) + case.slope(case.unit.branch))
    torch.testing.assert_close(case.autograd().flatten(), expected)


def test_the_gradient_of_a_blend_is_the_rule_given() -> None:
    case = Gradient("conv bn relu conv blend(-1)")
    blend = case.unit.merge
    gate = nn.Sequential(blend.gate, nn.Sigmoid())  # type: ignore[arg-type]
    g, branch = gate(case.x).flatten(), case.unit.branch(case.x).flatten()
    carried = torch.diag(1 - g) + torch.diag(g) @ case.slope(case.unit.branch)
    expected = case.row() @ (carried + torch.diag(branch - case.x.flatten()) @ case.slope(gate))
    torch.testing.assert_close(case.autograd().flatten(), expected)


def test_a_scaled_shortcut_scales_the_gradient() -> None:
    case = Gradient("conv bn relu conv +;skip=scale(0.5)")
    expected = case.row() @ (0.5 * torch.eye(64) + case.slope(case.unit.branch))
    torch.testing.assert_close(case.autograd().flatten(), expected)


def test_the_sum_over_a_scaled_stage_is_the_one_given() -> None:
    network_plan = plan(parse_request("cifar-basic-26:conv bn relu conv +;skip=scale(0.5)").network)
    stage = build.build(network_plan).eval().double().stages[0]
    units = list(stage.children())
    xs = [*accumulate(units, lambda x, unit: unit(x), initial=torch.randn(1, 16, 8, 8, dtype=torch.float64))]
    terms = [
        0.5 ** (3 - i) * unit.get_submodule("branch")(x) for i, (unit, x) in enumerate(zip(units, xs[:-1], strict=True))
    ]
    torch.testing.assert_close(xs[-1], 0.5**4 * xs[0] + torch.stack(terms).sum(0))

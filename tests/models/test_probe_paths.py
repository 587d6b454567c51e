"""The two ways of the gradient, against units whose branch lets no gradient pass, and by their sum."""

from copy import deepcopy
from math import isnan

import pytest
import torch
from torch import Tensor, nn

from resnet_explorer.gradients.metrics import METRICS
from resnet_explorer.gradients.profile import ProbeConfig
from resnet_explorer.models.build import build
from resnet_explorer.models.init import initialise_from_seed
from resnet_explorer.models.probe import Lane
from resnet_explorer.models.probe_paths import split_gradients
from resnet_explorer.models.units import Blend, Residual
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.request import parse_request

SMALL = ";image=8;widths=4/8/8;stem_width=4"
NETWORKS = [
    f"cifar-basic-14:{unit}{SMALL}"
    for unit in (
        "original",
        "bn-after-addition",
        "full-preactivation",
        "original;shortcut=B",
        "original;skip=scale(0.5)",
        "relu | conv bn relu conv +",
        "conv bn relu conv bn blend relu",
        "bn relu conv rk3",
        "conv bn relu rk4 relu",
    )
]
TAPPED = "unipose;image=64"
Ways = tuple[Tensor | None, Tensor]


class Blocked(nn.Module):
    """What a module gives, without the way back through it."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.inner(x).detach()
        return y


def blocked(unit: Residual) -> Residual:
    unit = deepcopy(unit)
    several = isinstance(unit.branch, nn.ModuleList)
    unit.branch = nn.ModuleList([Blocked(one) for one in unit.branch.children()]) if several else Blocked(unit.branch)
    if isinstance(unit.merge, Blend):
        unit.merge.gate = Blocked(unit.merge.gate)  # type: ignore[assignment]
    return unit


def passed(text: str) -> list[tuple[Residual, Tensor, Tensor, Ways]]:
    """Each unit, its input, the gradient by its output, and what it was split into."""
    network_plan = plan(parse_request(text).network)
    net = build(network_plan).train().requires_grad_(False)
    initialise_from_seed(net, "he-fan-out", 0)
    units = [unit for unit in net.modules() if isinstance(unit, Residual)]
    bare = [deepcopy(unit) for unit in units]
    inputs: list[Tensor] = []
    outputs: list[Tensor] = []
    for unit in units:
        unit.register_forward_pre_hook(lambda unit, x: inputs.append(x[0]))
        unit.register_forward_hook(lambda unit, x, y: outputs.append(y))
    ways: dict[int, Ways] = {}
    split_gradients(net, units, lambda number, *parts: ways.update({number: parts}))
    x = torch.randn(3, *network_plan.image.dims).requires_grad_()
    gradients = torch.autograd.grad(net(x).square().sum(), [inputs[0], *outputs])
    return [(unit, inputs[number].detach(), gradients[number + 1], ways[number]) for number, unit in enumerate(bare)]


def pulled_back(unit: Residual, x: Tensor, gradient: Tensor) -> Tensor:
    x = x.clone().requires_grad_()
    return torch.autograd.grad(unit(x), x, gradient)[0]


def near(one: Tensor, other: Tensor, whole: Tensor) -> bool:
    return bool((one - other).norm() <= 1e-5 * whole.norm())


@pytest.mark.parametrize("text", [*NETWORKS, TAPPED])
def test_both_ways_are_those_of_a_unit_whose_branch_is_blocked_and_sum_to_the_whole(text: str) -> None:
    for unit, x, gradient, (straight, branch) in passed(text):
        whole = pulled_back(unit, x, gradient)
        assert straight is not None
        assert near(straight, pulled_back(blocked(unit), x, gradient), whole)
        assert near(straight + branch, whole, whole)
        assert not near(straight, whole, whole)


def test_a_plain_unit_has_a_branch_only() -> None:
    for unit, x, gradient, (straight, branch) in passed(f"cifar-basic-14:plain{SMALL}"):
        whole = pulled_back(unit, x, gradient)
        assert straight is None
        assert near(branch, whole, whole)


@pytest.mark.parametrize("text", [NETWORKS[0], NETWORKS[6], NETWORKS[7]])
def test_a_pass_that_splits_gradients_finds_the_same_metrics_to_the_bit(text: str) -> None:
    network_plan = plan(parse_request(text).network)
    bare, split = (
        Lane(network_plan, ProbeConfig(tuple(METRICS), batch=2, paths=on)).measure(0) for on in (False, True)
    )
    assert {name: split.values[name] for name in METRICS} == bare.values


def test_without_layers_on_the_trunk_the_shortcut_gives_what_reaches_the_output() -> None:
    network = parse_request("cifar-basic-14:full-preactivation").network
    values = Lane(plan(network), ProbeConfig(batch=2, paths=True)).measure(0).values
    # the first unit of a stage has layers before its fork
    assert values["identity"][1] == values["gradient"][2]
    assert values["identity"][3] == values["gradient"][4]
    assert values["identity"][2] != values["gradient"][3]


def test_a_second_pass_leaves_nothing_of_the_first() -> None:
    lane = Lane(plan(parse_request(NETWORKS[2]).network), ProbeConfig(batch=2, paths=True))
    assert lane.measure(0) == lane.measure(0) != lane.measure(1)
    assert len(lane.measure(2).values["identity"]) == 6


def test_a_branch_that_gives_nothing_takes_no_gradient() -> None:
    network = parse_request("cifar-basic-8:relu conv relu conv scale(0, learned=true) +;stem=conv relu").network
    values = Lane(plan(network), ProbeConfig(batch=2, paths=True)).measure(0).values
    assert set(values["branch"]) == {0.0}
    assert not any(map(isnan, values["identity"]))

"""The plan as a whole: totals, depth, places, receptive fields, and that depth costs nothing."""

import pytest
import torch
from torch import nn

from resnet_explorer.models.build import build
from resnet_explorer.networks.plan import Plan, plan
from resnet_explorer.networks.request import parse_request


def planned(name: str) -> Plan:
    return plan(parse_request(name).network)


@pytest.mark.parametrize(
    ("name", "depth"),
    [
        ("cifar-basic-56", 56),
        ("cifar-bottleneck-164", 164),
        ("imagenet-152", 152),
        ("resnext-29-8x64d", 29),
        ("horesnet-rk4-26", 26),
        ("horesnet-midpoint-50", 50),
        ("vgg-19", 19),
    ],
)
def test_depth_is_that_of_the_name(name: str, depth: int) -> None:
    assert planned(name).depth == depth


def test_the_depth_in_the_name_of_a_wide_net_counts_two_projections_too() -> None:
    assert planned("wrn-28-10").depth == 26


def test_units_are_numbered_from_one_in_every_stage() -> None:
    places = [(position.stage, position.index) for position in planned("cifar-basic-20").units()]
    assert places == [(stage, unit) for stage in (1, 2, 3) for unit in (1, 2, 3)]


def test_a_plan_of_any_depth_holds_few_units() -> None:
    network_plan = planned("cifar-basic-999999998")
    assert sum(1 for _ in network_plan.runs()) == 6
    assert network_plan.unit_count == 499_999_998


def reached(network_plan: Plan) -> int:
    """How wide the part of the image is that one place of the first unit's output depends on."""
    torch.manual_seed(0)
    net = build(network_plan).eval()
    for parameter in net.parameters():
        # of one sign, so that nothing cancels and no rectifier closes
        nn.init.uniform_(parameter, 0.01, 0.1)
    x = torch.rand(1, *network_plan.image.dims, requires_grad=True)
    y = net.stages[0][0](net.stem(x))  # type: ignore[index]
    y[0, :, y.shape[2] // 2, y.shape[3] // 2].sum().backward()
    assert x.grad is not None
    columns = x.grad[0].sum((0, 1)).nonzero()
    return int(columns.max() - columns.min()) + 1


@pytest.mark.parametrize(
    "name",
    [
        "cifar-basic-8:original;image=96",
        "cifar-basic-8:conv5 gelu conv(dilation=2) +;image=128",
        "horesnet-rk3-20;image=320;depths=1,1,1",
        "cifar-basic-8:conv1 bn silu res2(4) conv1 bn +;image=96;ratio=1",
        "cifar-basic-8:conv gelu;between=maxpool;image=96",
        "cifar-basic-8;down=avgpool conv1;image=96",
    ],
)
def test_the_receptive_field_is_where_gradients_reach(name: str) -> None:
    network_plan = planned(name)
    assert reached(network_plan) == next(network_plan.units()).receptive_field


def test_the_receptive_field_of_the_net_is_that_of_its_last_unit() -> None:
    network_plan = planned("cifar-basic-56")
    assert network_plan.receptive_field == [position.receptive_field for position in network_plan.units()][-1]

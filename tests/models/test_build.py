"""What the plan says is what torch builds, and what torchinfo counts; torchvision's networks compute the same."""

import pytest
import torch
import torchinfo
import torchvision.models as theirs
from hypothesis import given, settings
from torch import Tensor, nn

from resnet_explorer.errors import ExplorerError, PlanError
from resnet_explorer.language.layer import Chain
from resnet_explorer.models.build import build, from_torchvision
from resnet_explorer.models.units import Residual
from resnet_explorer.networks.network import Network
from resnet_explorer.networks.plan import Plan, plan
from resnet_explorer.networks.request import parse_request
from tests.fixtures.networks import CATALOGUE, networks


def image(network_plan: Plan, batch: int = 2) -> Tensor:
    return torch.randn(batch, *network_plan.image.dims)


def seen_shapes(net: nn.Module, network_plan: Plan) -> dict[str, tuple[int, ...]]:
    """The shape that every module gave in one pass, by name."""
    seen: dict[str, tuple[int, ...]] = {}
    for name, module in net.named_modules():
        module.register_forward_hook(lambda m, x, y, name=name: seen.__setitem__(name, tuple(y.shape[1:])))
    with torch.no_grad():
        net.eval()(image(network_plan, 1))
    return seen


def planned_shapes(network_plan: Plan) -> dict[str, tuple[int, ...]]:
    """The shape that the plan gives every layer, by the name that torch gives it."""
    shapes = chain_shapes("stem", network_plan.stem) | chain_shapes("head", network_plan.head)
    for number, stage in enumerate(network_plan.stages):
        units = [run.unit for run in stage for _ in range(run.count)]
        for index, unit in enumerate(units):
            place = f"stages.{number}.{index}"
            several = unit.merge is not None and unit.merge.call == "RungeKutta"
            built = [branch for branch in unit.branches if not any(layer.shares_weights for layer in branch)]
            shapes |= chain_shapes(f"{place}.pre", (*unit.between, *unit.pre)) | chain_shapes(
                f"{place}.skip", unit.skip
            )
            shapes |= chain_shapes(f"{place}.post", unit.post)
            for i, branch in enumerate(built):
                shapes |= chain_shapes(f"{place}.branch.{i}" if several else f"{place}.branch", branch)
    return shapes


def chain_shapes(place: str, layers: Chain) -> dict[str, tuple[int, ...]]:
    return {f"{place}.{i}": layer.shape.dims for i, layer in enumerate(layers)}


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_module_has_the_parameters_of_the_plan(name: str) -> None:
    network_plan = plan(parse_request(name).network)
    net = build(network_plan)
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm2d)]
    scales = sum(m.weight.numel() + m.bias.numel() for m in norms)
    assert sum(p.numel() for p in net.parameters()) == network_plan.params
    assert network_plan.params - scales == network_plan.params_without_bn


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_layer_gives_the_shape_of_the_plan(name: str) -> None:
    network_plan = plan(parse_request(name).network)
    seen, planned = seen_shapes(build(network_plan), network_plan), planned_shapes(network_plan)
    assert planned
    assert {place: seen[place] for place in planned} == planned


def torchinfo_counts(net: nn.Module, network_plan: Plan) -> tuple[int, int]:
    """torchinfo's parameters, and its mult-adds less its terms for normalisation, scales and biases."""
    summary = torchinfo.summary(net, input_size=(1, *network_plan.image.dims), verbose=0, depth=30)
    macs = 0
    for layer in summary.summary_list:
        if isinstance(layer.module, nn.Conv2d | nn.Linear):
            bias = layer.module.bias
            places = torch.Size(layer.output_size[2:]).numel() if isinstance(layer.module, nn.Conv2d) else 1
            macs += layer.macs - (0 if bias is None else bias.numel() * places)
    return summary.total_params, macs


@pytest.mark.parametrize("name", CATALOGUE)
def test_torchinfo_counts_what_the_plan_counts(name: str) -> None:
    network_plan = plan(parse_request(name).network)
    assert torchinfo_counts(build(network_plan).eval(), network_plan) == (network_plan.params, network_plan.macs)


def fitting(network: Network) -> Plan | None:
    """The plan of a random network, or nothing where we refuse it; any other error is a failure."""
    try:
        return plan(network)
    except ExplorerError:
        return None


@settings(max_examples=250, deadline=None)
@given(networks())
def test_what_is_not_refused_runs_in_torch_as_planned(network: Network) -> None:
    network_plan = fitting(network)
    if network_plan is None:
        return
    net = build(network_plan)
    seen, planned = seen_shapes(net, network_plan), planned_shapes(network_plan)
    assert {place: seen[place] for place in planned} == planned
    assert sum(p.numel() for p in net.parameters()) == network_plan.params
    assert torchinfo_counts(net, network_plan)[1] == network_plan.macs


def test_a_unit_is_made_of_the_same_five_parts_everywhere() -> None:
    units = [m for m in build(plan(parse_request("wrn-16-2").network)).modules() if isinstance(m, Residual)]
    assert [list(dict(unit.named_children())) for unit in units] == [["pre", "branch", "skip", "merge", "post"]] * 6


def test_no_op_works_in_place() -> None:
    net = build(plan(parse_request("cifar-basic-20:relu conv bn relu conv bn +").network))
    assert not any(getattr(module, "inplace", False) for module in net.modules())


SAME = {
    "resnet18": "imagenet-18",
    "resnet34": "imagenet-34",
    "resnet50": "imagenet-50;stride_at=spatial",
    "resnet101": "imagenet-101;stride_at=spatial",
    "resnet152": "imagenet-152;stride_at=spatial",
    "resnext50_32x4d": "resnext-50-32x4d",
    "wide_resnet50_2": "imagenet-50;stride_at=spatial;ratio=2",
    "vgg16": "vgg-16",
    "vgg19": "vgg-19",
}


def ours(name: str) -> nn.Module:
    return build(plan(parse_request(name).network))


@pytest.mark.parametrize("name", SAME)
def test_a_state_of_torchvision_gives_equal_outputs(name: str) -> None:
    torch.manual_seed(0)
    reference = getattr(theirs, name)().eval()
    net = ours(SAME[name]).eval()
    net.load_state_dict(from_torchvision(net, reference.state_dict()))
    x = torch.randn(1, 3, 224, 224)
    with torch.no_grad():
        torch.testing.assert_close(net(x), reference(x), rtol=1e-5, atol=1e-5)


def test_a_state_of_another_network_is_refused() -> None:
    with pytest.raises(PlanError, match="not the same network"):
        from_torchvision(ours("imagenet-34"), theirs.resnet18().state_dict())


def test_a_state_of_another_width_is_refused() -> None:
    with pytest.raises(PlanError, match="is \\["):
        from_torchvision(ours("imagenet-18;widths=64,128,256,500"), theirs.resnet18().state_dict())

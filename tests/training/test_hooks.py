"""What is seen of the units, against the probe's own statistics of tensors that are kept."""

from math import inf

import pytest
import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn

from resnet_explorer.models.build import build
from resnet_explorer.models.init import initialise
from resnet_explorer.models.probe import deviations, first_branch, norms, second_moments
from resnet_explorer.models.units import Residual
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.request import parse_request
from resnet_explorer.training.hooks import ActivationHooks, UnitStatistics, round_5, unit_statistics

LINES = [
    "cifar-basic-8",
    "cifar-basic-8:full-preactivation",
    "horesnet-rk4-26",
    "cifar-basic-8;stem=",
    "cifar-basic-8:plain",
]
FORMATS = [torch.contiguous_format, torch.channels_last]


def network(line: str) -> nn.Module:
    parsed = parse_request(line).network
    net = build(plan(parsed)).train()
    initialise(net, "he-fan-out", Generator().manual_seed(0))
    return net


def passed(net: nn.Module, form: torch.memory_format) -> None:
    generator = Generator().manual_seed(1)
    x = torch.randn(4, 3, 32, 32, generator=generator).contiguous(memory_format=form)
    labels = torch.randint(10, (4,), generator=generator)
    torch.autograd.backward(F.cross_entropy(net(x), labels))


def from_hooks(net: nn.Module, form: torch.memory_format) -> UnitStatistics:
    hooks = ActivationHooks(net)
    with hooks:
        passed(net, form)
    return unit_statistics(torch.stack(hooks.numbers()).tolist(), hooks.sizes)


def from_kept_tensors(net: nn.Module, form: torch.memory_format) -> UnitStatistics:
    """The same from tensors kept whole."""
    units = [unit for unit in net.modules() if isinstance(unit, Residual)]
    trunk: list[Tensor] = []
    branches: list[Tensor] = []

    def enters(unit: nn.Module, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        x = inputs[0].requires_grad_() if inputs[0].is_leaf else inputs[0]
        trunk.append(x)
        x.retain_grad()
        return (x,)

    def leaves(unit: nn.Module, inputs: tuple[Tensor, ...], y: Tensor) -> None:
        trunk.append(y)
        y.retain_grad()

    units[0].register_forward_pre_hook(enters)
    for unit in units:
        unit.register_forward_hook(leaves)
        first_branch(unit).register_forward_hook(lambda branch, inputs, y: branches.append(y.detach()))
    passed(net, form)
    gradients = [x.grad for x in trunk if x.grad is not None]
    whole = [x.detach() for x in trunk]
    return UnitStatistics(tuple(second_moments(whole)), tuple(deviations(branches)), tuple(norms(gradients)))


@pytest.mark.parametrize("form", FORMATS, ids=["contiguous", "channels-last"])
@pytest.mark.parametrize("line", LINES)
def test_what_is_taken_on_the_spot_is_what_kept_tensors_give(line: str, form: torch.memory_format) -> None:
    statistics, expected = from_hooks(network(line), form), from_kept_tensors(network(line), form)
    for mine, theirs in zip(statistics, expected, strict=True):
        assert mine == pytest.approx(theirs, rel=1e-4)


def test_bf16_is_summed_in_fp32() -> None:
    net = network("cifar-basic-8").bfloat16()
    hooks, x = ActivationHooks(net), torch.randn(4, 3, 32, 32).bfloat16()
    with hooks:
        torch.autograd.backward(net(x).float().square().mean())
    entered = net.get_submodule("stem")(x).detach()
    statistics = unit_statistics(torch.stack(hooks.numbers()).tolist(), hooks.sizes)
    assert statistics.moments[0] == pytest.approx(entered.double().square().mean().item(), rel=1e-3)


def test_nothing_is_left_on_the_net_after_a_pass_even_one_that_fails() -> None:
    net = network("cifar-basic-8")
    hooks = ActivationHooks(net)
    with pytest.raises(RuntimeError), hooks:
        net(torch.randn(2, 5, 8, 8))
    counts = [len(module._forward_hooks) + len(module._forward_pre_hooks) for module in net.modules()]
    assert set(counts) == {0}


@pytest.mark.parametrize(
    ("value", "rounded"), [(0, 0), (1, 1), (123456, 123460), (1.234567e-20, 1.2346e-20), (inf, inf)]
)
def test_five_digits_are_kept(value: float, rounded: float) -> None:
    assert round_5(value) == rounded

"""Weights drawn in place: what each name promises, and that a seed is all there is to it."""

from math import sqrt
from typing import Any

import pytest
import torch
from torch import Generator, Tensor, nn

from resnet_explorer.errors import NetworkError
from resnet_explorer.gradients import metrics
from resnet_explorer.models.build import build
from resnet_explorer.models.init import INITS, initialise
from resnet_explorer.models.units import Network, Residual
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.request import parse_request

ODDMENTS = "cifar-basic-20:bn relu conv(bias=true) ln2d gn(4) relu conv1 se(4) scale(0.3, learned=true) +;skip=gate(-2)"


def net(text: str = "cifar-basic-20", init: str = "he-fan-out", seed: int = 0) -> Network:
    built = build(plan(parse_request(text).network))
    initialise(built, init, Generator().manual_seed(seed))
    return built


def units(built: nn.Module) -> list[Any]:
    return [module for module in built.modules() if isinstance(module, Residual)]


def convs(built: nn.Module) -> list[nn.Conv2d]:
    return [module for module in built.modules() if isinstance(module, nn.Conv2d)]


def weights(built: nn.Module) -> list[Tensor]:
    return [value.clone() for value in built.state_dict().values()]


def same(one: list[Tensor], two: list[Tensor]) -> bool:
    return all(map(torch.equal, one, two))


def test_every_name_is_explained() -> None:
    assert list(INITS) == list(metrics.INITS)


@pytest.mark.parametrize("init", INITS)
def test_a_seed_gives_the_same_weights_in_a_used_net_and_in_a_new_one(init: str) -> None:
    used = net(ODDMENTS, init, seed=5)
    with torch.no_grad():
        for name, parameter in used.named_parameters():
            if not name.endswith("value") and "gate.bias" not in name:
                parameter.add_(1)
    initialise(used, init, Generator().manual_seed(3))
    assert same(weights(used), weights(net(ODDMENTS, init, seed=3)))


@pytest.mark.parametrize("init", INITS)
def test_another_seed_gives_other_weights(init: str) -> None:
    assert not torch.equal(convs(net(init=init))[0].weight, convs(net(init=init, seed=1))[0].weight)


@pytest.mark.parametrize("init", INITS)
def test_random_numbers_of_others_are_left_alone(init: str) -> None:
    built = net()
    before = torch.get_rng_state()
    initialise(built, init, Generator().manual_seed(0))
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize(("init", "fan"), [("he-fan-out", 32), ("he-fan-in", 16)])
def test_he_is_normal_with_the_variance_of_its_fan(init: str, fan: int) -> None:
    weight = units(net("cifar-basic-20", init))[3].branch[0].weight
    assert weight.std().item() == pytest.approx(sqrt(2 / (9 * fan)), rel=0.05)
    assert weight.abs().max() > 3 * weight.std()


def test_orthogonal_rows_are_orthogonal_with_gain_two() -> None:
    weight = convs(net(init="orthogonal"))[1].weight.flatten(1)
    assert torch.allclose(weight @ weight.T, 2 * torch.eye(len(weight)), atol=1e-5)


def test_torch_is_what_torch_does() -> None:
    ours = torch.cat([conv.weight.flatten() for conv in convs(net(init="torch"))[1:7]])
    theirs = torch.cat(
        [conv.weight.flatten() for conv in convs(build(plan(parse_request("cifar-basic-20").network)))[1:7]]
    )
    assert ours.std().item() == pytest.approx(theirs.std().item(), rel=0.05)
    assert ours.abs().max().item() == pytest.approx(theirs.abs().max().item(), rel=0.01)


@pytest.mark.parametrize("init", sorted(set(INITS) - {"fixup"}))
def test_the_classifier_is_torchs_own(init: str) -> None:
    fc: Any = net(init=init).head[-1]
    assert fc.weight.abs().max().item() == pytest.approx(1 / 8, rel=0.05)
    assert 0 < fc.bias.abs().max().item() <= 1 / 8


def test_normalisations_start_at_one_and_zero() -> None:
    norms: list[Any] = [
        m for m in net(ODDMENTS).modules() if type(m).__name__ in ("BatchNorm2d", "GroupNorm", "LayerNorm2d")
    ]
    assert {type(norm).__name__ for norm in norms} == {"BatchNorm2d", "GroupNorm", "LayerNorm2d"}
    assert all((norm.weight == 1).all() and (norm.bias == 0).all() for norm in norms)


@pytest.mark.parametrize("init", INITS)
def test_gates_and_learned_scales_keep_what_the_sentence_says(init: str) -> None:
    unit = units(net(ODDMENTS, init))[1]
    assert (unit.skip[0].gate.bias == -2).all()
    assert unit.branch[-1].value.item() == pytest.approx(0.3)


def test_biases_of_convolutions_start_at_zero_under_he() -> None:
    assert (units(net(ODDMENTS))[1].branch[2].bias == 0).all()


def test_zero_gamma_zeroes_the_last_normalisation_of_each_branch() -> None:
    for unit in units(net(init="zero-gamma")):
        first, last = (layer for layer in unit.branch if isinstance(layer, nn.BatchNorm2d))
        assert (first.weight == 1).all()
        assert (last.weight == 0).all()


@pytest.mark.parametrize("init", ["zero-gamma", "fixup"])
def test_a_plain_unit_keeps_its_branch(init: str) -> None:
    built = net("cifar-basic-20:plain", init)
    assert all(conv.weight.any() for conv in convs(built))
    assert all((layer.weight == 1).all() for layer in built.modules() if isinstance(layer, nn.BatchNorm2d))


def test_fixup_zeroes_the_last_convolution_and_the_classifier() -> None:
    built = net(init="fixup")
    assert all((unit.branch[3].weight == 0).all() for unit in units(built))
    assert not any(parameter.any() for parameter in built.head.parameters())


@pytest.mark.parametrize(("text", "power"), [("cifar-basic-20", -1 / 2), ("cifar-bottleneck-29", -1 / 4)])
def test_fixup_scales_the_other_convolutions_by_depth(text: str, power: float) -> None:
    plain, scaled = (convs(units(net(text, init))[1].branch)[0].weight for init in ("he-fan-out", "fixup"))
    assert torch.allclose(scaled, plain * 9**power)


def test_fixup_zeroes_the_last_convolution_of_every_stage_of_a_step() -> None:
    for unit in units(net("horesnet-midpoint-26", "fixup")):
        assert [bool(convs(stage)[-1].weight.any()) for stage in unit.branch] == [False, False]


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(NetworkError, match="unknown init 'he'; it is one of he-fan-out, he-fan-in"):
        initialise(net(), "he", Generator())

"""Initial weights by name, drawn in place, which is cheaper than to build the network again.

Learned scales and the biases of gates keep the values that the sentence has for them, so SkipInit is a
sentence, not a name here: `relu conv relu conv scale(0, learned=true) +`.
"""

from collections.abc import Callable, Iterator
from math import sqrt
from typing import Literal

import torch
from torch import Generator, Tensor, nn

from resnet_explorer.errors import NetworkError
from resnet_explorer.models.blocks import Gate, LayerNorm2d
from resnet_explorer.models.units import Blend, Residual, Through

Draw = Callable[[Tensor, Generator], object]
Layer = nn.Conv2d | nn.Linear


def initialise(net: nn.Module, init: str, generator: Generator) -> None:
    """Draw all weights again; the same state of the generator gives the same weights."""
    if init not in INITS:
        raise NetworkError(f"unknown init {init[:40]!r}; it is one of {', '.join(INITS)}")
    with torch.no_grad():
        INITS[init](net, generator)


def initialise_from_seed(net: nn.Module, init: str, seed: int) -> None:
    """Draw all weights anew from a seed, as a run does that has it."""
    initialise(net, init, Generator().manual_seed(seed))


def _draw_all(net: nn.Module, generator: Generator, draw: Draw, bias: Callable[[Layer, Generator], None]) -> None:
    """Convolutions by `draw` and `bias`, fully connected layers as torch does, normalisations at 1 and 0."""
    gates = [module.gate for module in net.modules() if isinstance(module, Blend | Gate)]
    for module in net.modules():
        if isinstance(module, nn.Conv2d):
            draw(module.weight, generator)
            if module not in gates:
                bias(module, generator)
        elif isinstance(module, nn.Linear):
            _torch_weight(module.weight, generator)
            _torch_bias(module, generator)
        elif isinstance(module, nn.BatchNorm2d | nn.GroupNorm):
            module.reset_parameters()
        elif isinstance(module, LayerNorm2d):
            module.weight.fill_(1)
            module.bias.zero_()


def _zero_bias(layer: Layer, generator: Generator) -> None:
    if layer.bias is not None:
        layer.bias.zero_()


def _torch_weight(weight: Tensor, generator: Generator) -> None:
    nn.init.kaiming_uniform_(weight, a=sqrt(5), generator=generator)


def _torch_bias(layer: Layer, generator: Generator) -> None:
    if layer.bias is not None:
        bound = 1 / sqrt(layer.weight[0].numel())
        layer.bias.uniform_(-bound, bound, generator=generator)


def _zero_gamma(net: nn.Module, generator: Generator) -> None:
    """A unit starts as its shortcut; where a ReLU follows that gamma, its branch gets no gradient at all."""
    _he_fan_out(net, generator)
    for branch in _branches(net):
        norms = [layer for layer in branch if isinstance(layer, nn.BatchNorm2d)]
        for norm in norms[-1:]:
            norm.weight.zero_()


def _fixup(net: nn.Module, generator: Generator) -> None:
    """L units of m convolutions: all but the last times L^(-1/(2m-2)), the last and the classifier 0."""
    _he_fan_out(net, generator)
    branches = list(_branches(net))
    units = sum(isinstance(module, Residual) for module in net.modules())
    for branch in branches:
        convs = [layer for layer in branch if isinstance(layer, nn.Conv2d)]
        for conv in convs[:-1]:
            conv.weight.mul_(units ** (-1 / (2 * len(convs) - 2)))
        for conv in convs[-1:]:
            conv.weight.zero_()
    for layer in [module for module in net.modules() if isinstance(module, nn.Linear)][-1:]:
        layer.weight.zero_()
        layer.bias.zero_()


def _branches(net: nn.Module) -> Iterator[nn.Sequential]:
    """The branches of all units that have a shortcut."""
    for unit in net.modules():
        if isinstance(unit, Residual) and not isinstance(unit.merge, Through):
            several = isinstance(unit.branch, nn.ModuleList)
            yield from unit.branch if several else [unit.branch]  # type: ignore[misc]


def _he(net: nn.Module, generator: Generator, mode: Literal["fan_in", "fan_out"]) -> None:
    def draw(weight: Tensor, generator: Generator) -> None:
        nn.init.kaiming_normal_(weight, mode=mode, nonlinearity="relu", generator=generator)

    _draw_all(net, generator, draw, _zero_bias)


def _he_fan_out(net: nn.Module, generator: Generator) -> None:
    _he(net, generator, "fan_out")


def _he_fan_in(net: nn.Module, generator: Generator) -> None:
    _he(net, generator, "fan_in")


def _orthogonal(net: nn.Module, generator: Generator) -> None:
    def draw(weight: Tensor, generator: Generator) -> None:
        nn.init.orthogonal_(weight, sqrt(2), generator)

    _draw_all(net, generator, draw, _zero_bias)


def _torch(net: nn.Module, generator: Generator) -> None:
    _draw_all(net, generator, _torch_weight, _torch_bias)


INITS: dict[str, Callable[[nn.Module, Generator], None]] = {
    "he-fan-out": _he_fan_out,
    "he-fan-in": _he_fan_in,
    "zero-gamma": _zero_gamma,
    "fixup": _fixup,
    "orthogonal": _orthogonal,
    "torch": _torch,
}

"""The loss of a network where its weights are moved along directions, as quickly as can be.

What a plain loop does at each point is done once: BN behind a convolution becomes part of its weights, of the
directions too; and images go through in parts that stay in the cache, in tensors that are written over. Several points
at once, by `vmap` over `functional_call`, were no faster on a processor: 0.8 to 1.1 of the plain loop's time.
"""

import copy
from collections.abc import Iterator, Mapping, Sequence
from math import ceil

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from resnet_explorer.models.units import Add, Residual

# elements of the largest tensor up to which more images at a time are quicker
CACHED = 530_000


class Plane:
    """A copy of a network that can be put at any place along its directions; the network itself is left alone.

    `largest` is the size of the largest activation of one image.
    """

    def __init__(self, net: nn.Module, directions: Sequence[Mapping[str, Tensor]], largest: int) -> None:
        self.net = copy.deepcopy(net).eval().requires_grad_(False)
        names: dict[Tensor, str] = {weight: name for name, weight in self.net.named_parameters()}
        scales = fold(self.net)
        self.weights: list[Tensor] = [weight for weight, name in names.items() if name in directions[0]]
        self.centre = [weight.detach().clone() for weight in self.weights]
        self.directions = [
            [direction[names[weight]] * scales.get(weight, 1.0) for weight in self.weights] for direction in directions
        ]
        self.images = max(1, CACHED // largest)

    def loss(self, place: Sequence[float], x: Tensor, labels: Tensor) -> float:
        """The mean cross entropy at a place, given as a distance along each direction."""
        return mean_loss(list(self.sums(place, x, labels)), len(x))

    @torch.no_grad()
    def sums(self, place: Sequence[float], x: Tensor, labels: Tensor) -> Iterator[Tensor]:
        """The cross entropy there summed over some images, then over the next."""
        torch._foreach_copy_(self.weights, self.centre)
        for distance, direction in zip(place, self.directions, strict=True):
            if distance:
                torch._foreach_add_(self.weights, direction, alpha=distance)
        parts = ceil(len(x) / self.images)
        for some, answers in zip(x.chunk(parts), labels.chunk(parts), strict=True):
            yield F.cross_entropy(self.net(some), answers, reduction="sum")


def mean_loss(sums: Sequence[Tensor], images: int) -> float:
    """The mean over so many images."""
    return float(torch.stack(list(sums)).double().sum()) / images


@torch.no_grad()
def fold(net: nn.Module) -> dict[Tensor, Tensor]:
    """Make BN behind a convolution part of it, and write over tensors that nobody else reads; for evaluation alone.

    Returns what each such convolution's weights have been multiplied by.
    """
    scales: dict[Tensor, Tensor] = {}
    for chain in [module for module in net.modules() if isinstance(module, nn.Sequential)]:
        for place in range(len(chain) - 1):
            conv, norm = chain[place], chain[place + 1]
            if isinstance(conv, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
                scales[conv.weight] = _fold_norm(conv, norm)
                chain[place + 1] = nn.Identity()
        _write_over(chain)
    for unit in [module for module in net.modules() if isinstance(module, Residual)]:
        if type(unit.merge) is Add and isinstance(unit.branch, nn.Sequential) and _gives_new(list(unit.branch)):
            unit.merge = AddOver()
    return scales


class AddOver(nn.Module):
    """Shortcut plus branch, written over the branch's result."""

    def forward(self, branch: nn.Module, skip: nn.Module, x: Tensor) -> Tensor:
        y: Tensor = branch(x)
        return y.add_(skip(x))


def _fold_norm(conv: nn.Conv2d, norm: nn.BatchNorm2d) -> Tensor:
    assert norm.running_mean is not None
    assert norm.running_var is not None
    scale = norm.weight / (norm.running_var + norm.eps).sqrt()
    before = 0.0 if conv.bias is None else conv.bias
    conv.bias = nn.Parameter(norm.bias + (before - norm.running_mean) * scale, requires_grad=False)
    scale = scale.view(-1, 1, 1, 1)
    conv.weight.mul_(scale)
    return scale


def _write_over(chain: nn.Sequential) -> None:
    """Have each ReLU write over its input where the layer before it has just made that."""
    for place, layer in enumerate(chain):
        if type(layer) is nn.ReLU and _gives_new(list(chain)[:place]):
            chain[place] = nn.ReLU(inplace=True)


def _gives_new(layers: Sequence[nn.Module]) -> bool:
    """Whether what these layers give is a tensor of their own, which is neither their input nor part of it."""
    last = next((layer for layer in reversed(layers) if not isinstance(layer, nn.Identity)), None)
    in_place = isinstance(last, nn.ReLU) and last.inplace
    return in_place or isinstance(last, nn.Conv2d | nn.BatchNorm2d)

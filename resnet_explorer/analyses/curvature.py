"""The sharpest curvature of the loss: the Hessian's eigenvalue that is largest in size, by power iteration.

The Hessian is never written down: its product with a vector is the gradient of the gradient times that vector.
"""

from collections.abc import Iterator, Sequence
from math import ceil
from typing import NamedTuple
from zlib import crc32

import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn

TINY = 1e-20


class Curvature(NamedTuple):
    """The newest estimate, and by which part of it the last iteration changed it."""

    eigenvalue: float
    change: float


def draw_vector(net: nn.Module, seed: int) -> list[Tensor]:
    """A vector in the space of all learnable weights, from N(0, 1)."""
    generator = Generator().manual_seed(crc32(f"curvature of seed {seed}".encode()))
    return [
        torch.randn(weight.shape, generator=generator, dtype=weight.dtype).to(weight.device)
        for weight in net.parameters()
    ]


def power_iteration(
    net: nn.Module, x: Tensor, labels: Tensor, vector: list[Tensor], images: int
) -> Iterator[Curvature | None]:
    """An estimate after each iteration, without end, from a vector on; None after each pass of so many images at most.

    The Hessian is that of the mean cross entropy by all learnable weights, in the mode the network is in.
    """
    weights = list(net.parameters())
    vector, eigenvalue = _unit(vector), 0.0
    parts = ceil(len(x) / images)
    while True:
        product = [torch.zeros_like(weight) for weight in weights]
        for some, answers in zip(x.chunk(parts), labels.chunk(parts), strict=True):
            torch._foreach_add_(product, _times_hessian(net, weights, some, answers, vector), alpha=len(some) / len(x))
            yield None
        before, eigenvalue = eigenvalue, float(_dot(vector, product))
        vector = _unit(product)
        yield Curvature(eigenvalue, abs(eigenvalue - before) / max(abs(eigenvalue), TINY))


def _times_hessian(
    net: nn.Module, weights: Sequence[Tensor], x: Tensor, labels: Tensor, vector: Sequence[Tensor]
) -> list[Tensor]:
    with torch.enable_grad():
        loss = F.cross_entropy(net(x), labels)
        gradients = torch.autograd.grad(loss, weights, create_graph=True, materialize_grads=True)
        slope = _dot(gradients, vector)
        if not slope.requires_grad:
            return [torch.zeros_like(weight) for weight in weights]
        return list(torch.autograd.grad(slope, weights, materialize_grads=True))


def _dot(left: Sequence[Tensor], right: Sequence[Tensor]) -> Tensor:
    return torch.stack([(a * b).sum() for a, b in zip(left, right, strict=True)]).sum()


def _unit(vector: list[Tensor]) -> list[Tensor]:
    norm = float(_dot(vector, vector).sqrt())
    return [part / max(norm, TINY) for part in vector]

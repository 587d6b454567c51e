"""Gradients pulled back through one unit at a time, by the shortcut or by the branch, many at once.

A chunk of images is sent forward once. Each unit keeps a graph of its own, so that a vector-Jacobian product through
its branch runs over that branch alone; what passes an empty shortcut costs nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from resnet_explorer.analyses.subject import Subject
from resnet_explorer.analyses.ways import split
from resnet_explorer.errors import AnalysisError
from resnet_explorer.models.blocks import Decoder
from resnet_explorer.models.units import Network, Residual, Through
from resnet_explorer.networks.memory import saved_elements

# numbers that the tensors of a chunk may hold, over all lanes: about 600 MB in single precision
KEPT = 100_000_000
# multiply-adds of one piece of work
PIECE = 5e9


@dataclass(frozen=True)
class UnitGraph:
    """One unit's tensors: its input, what reaches the merge by either way, the merge's result and the output."""

    x: Tensor
    straight: Tensor | None
    branch: Tensor
    merged: Tensor
    y: Tensor

    def to_merge(self, gradients: Tensor) -> Tensor:
        """Gradients by the output as ones by what the merge gives: what stands on the trunk behind it is passed."""
        return gradients if self.y is self.merged else pull(self.y, self.merged, gradients)

    def by_shortcut(self, gradients: Tensor) -> Tensor:
        """Gradients by the merge as ones by the input, past the shortcut alone; 0 in a plain unit."""
        if self.straight is None:
            return gradients.new_zeros((len(gradients), *self.x.shape))
        return gradients if self.straight is self.x else pull(self.straight, self.x, gradients)

    def by_branch(self, gradients: Tensor) -> Tensor:
        """Gradients by the merge as ones by the input, through the branch alone."""
        return pull(self.branch, self.x, gradients)


def pull(y: Tensor, x: Tensor, gradients: Tensor) -> Tensor:
    """Vector-Jacobian products, a row of gradients each."""
    if not len(gradients) or not y.requires_grad:
        return gradients.new_zeros((len(gradients), *x.shape))
    pulled = torch.autograd.grad(
        y, x, gradients, retain_graph=True, is_grads_batched=True, allow_unused=True, materialize_grads=True
    )
    return pulled[0]


@dataclass(frozen=True)
class NetGraph:
    """All units of a network for a chunk of images, and the gradient of each image's loss by the last output."""

    units: list[UnitGraph]
    loss: Tensor
    gradient: Tensor


@torch.enable_grad()
def follow(net: Network, x: Tensor, labels: Tensor) -> NetGraph:
    """Send a chunk through, unit by unit; the loss is each image's own cross entropy."""
    frozen = [weight for weight in net.parameters() if weight.requires_grad]
    for weight in frozen:
        weight.requires_grad_(False)
    try:
        x = net.stem(x)
        units = []
        for stage in net.stages:
            for unit in stage:  # type: ignore[attr-defined]
                units.append(_graph(unit, x))
                x = units[-1].y.detach()
        x.requires_grad_()
        y = net.head(x)
        loss = F.cross_entropy(y, labels, reduction="none")
        (gradient,) = torch.autograd.grad(loss.sum(), x)
    finally:
        for weight in frozen:
            weight.requires_grad_()
    return NetGraph(units, loss.detach(), gradient)


def _graph(unit: Residual, x: Tensor) -> UnitGraph:
    x = x.detach().requires_grad_()
    straight, branch = split(unit, unit.pre(x))
    merged = (branch if straight is None else straight + branch).detach().requires_grad_()
    y: Tensor = unit.post(merged)
    return UnitGraph(x, straight, branch, merged, y)


def check(subject: Subject) -> None:
    """Raises AnalysisError where the gradient does not enter by the last unit alone, or is not of a class."""
    if any(isinstance(layer, Decoder) for layer in subject.net.head):
        raise AnalysisError(
            f"{subject.letter}: the head reads an early stage, so not all gradient passes the last unit"
        )


def chunk_size(subjects: Sequence[Subject], wanted: int) -> int:
    """Images in a chunk, so that the tensors of all lanes together stay small."""
    elements = sum(saved_elements(subject.plan) for subject in subjects)
    return max(1, min(wanted, KEPT // max(1, elements)))


def pieces(subject: Subject, images: int, products: int) -> int:
    """Into how many pieces so many products, each through one unit, are cut, so that one takes about half a second."""
    macs = subject.plan.macs / max(1, len(subject.units)) * images * products
    return max(1, min(len(subject.units), round(macs / PIECE)))


def has_shortcut(unit: Residual) -> bool:
    """Whether there is a way past the branch."""
    return not isinstance(unit.merge, Through)

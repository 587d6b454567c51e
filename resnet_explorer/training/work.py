"""One training step: forward, loss, backward, clip, optimiser, and the numbers it is asked for, in one tensor."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from resnet_explorer.recipes import Recipe
from resnet_explorer.training.device import Place
from resnet_explorer.training.optimisers import Optimiser, optimiser, weights
from resnet_explorer.training.watch import Sizes, Watch


class Wanted(NamedTuple):
    """What a step is asked for: its own numbers, and those of the units."""

    told: bool
    measured: bool


class Work:
    """A network and its optimiser on a device: a call is a step, and does nothing that waits for the device."""

    def __init__(self, net: nn.Module, recipe: Recipe, place: Place, lr: float | Tensor) -> None:
        self.net = net
        self.recipe = recipe
        self.place = place
        self.optimiser: Optimiser = optimiser(net, recipe, lr)
        self.names = tuple(weights(net))
        own = list(weights(net).values())
        others = [one for one in net.parameters() if all(one is not weight for weight in own)]
        # weights first, so that their norms are the first
        self.parameters: list[Tensor] = [*own, *others]
        self.sizes = Sizes((), ())

    def __call__(self, x: Tensor, labels: Tensor, wanted: Wanted, forward: Callable[[Tensor], Tensor]) -> Tensor | None:
        """Take a step; give loss, share of right answers, norm of all gradients, norm of each weight's, units'."""
        for parameter in self.parameters:
            parameter.grad = None
        watch = Watch(self.net) if wanted.measured else None
        with watch or nullcontext():
            output, loss = self._loss(x, labels, forward)
            torch.autograd.backward(loss)
        norms, total = self._norms() if wanted.told or self.recipe.clip else ([], loss)
        if self.recipe.clip:
            self._clip(total)
        self.optimiser.step()
        if not wanted.told:
            return None
        found = [loss.detach(), _right(output, labels), total, *norms[: len(self.names)]]
        if watch:
            found += watch.numbers()
            self.sizes = watch.sizes
        return torch.stack(found)

    def _loss(self, x: Tensor, labels: Tensor, forward: Callable[[Tensor], Tensor]) -> tuple[Tensor, Tensor]:
        with self.cast():
            output = forward(x)
        # the loss has few numbers and wants all their digits
        output = output.float()
        return output, F.cross_entropy(output, labels, label_smoothing=self.recipe.smoothing)

    def cast(self) -> torch.autocast:
        """The precision of the forward pass."""
        kind, dtype = self.place.device.type, self.place.dtype
        return torch.autocast(kind, dtype or torch.bfloat16, enabled=dtype is not None)

    def _norms(self) -> tuple[list[Tensor], Tensor]:
        norms = list(torch._foreach_norm(self._gradients()))
        return norms, torch.linalg.vector_norm(torch.stack(norms))

    def _gradients(self) -> list[Tensor]:
        return [torch.zeros_like(one) if one.grad is None else one.grad for one in self.parameters]

    def _clip(self, total: Tensor) -> None:
        """As torch.nn.utils.clip_grad_norm_ does, with the norm that is there already."""
        factor = (self.recipe.clip / (total + 1e-6)).clamp(max=1)
        torch._foreach_mul_([one.grad for one in self.parameters if one.grad is not None], factor)


def _right(output: Tensor, labels: Tensor) -> Tensor:
    return (output.detach().argmax(1) == labels).float().mean()

"""One training step: forward, loss, backward, clip, optimiser, and the numbers it is asked for, in one tensor."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from resnet_explorer.runs.recipes import Recipe
from resnet_explorer.training.device import DeviceConfig
from resnet_explorer.training.hooks import ActivationHooks, TensorSizes
from resnet_explorer.training.optimisers import Optimiser, optimiser, weights


class StepOutputs(NamedTuple):
    """What a step is asked for: its own numbers, and those of the units."""

    told: bool
    measured: bool


class TrainStep:
    """A network and its optimiser on a device: a call is a step, and does nothing that waits for the device."""

    def __init__(self, net: nn.Module, recipe: Recipe, place: DeviceConfig, lr: float | Tensor) -> None:
        self.net = net
        self.recipe = recipe
        self.place = place
        self.optimiser: Optimiser = optimiser(net, recipe, lr)
        self.names = tuple(weights(net))
        self.weights: list[Tensor] = list(weights(net).values())
        self.others = [one for one in net.parameters() if all(one is not weight for weight in self.weights)]
        self.watch = ActivationHooks(net)
        self.sizes = TensorSizes((), ())

    def __call__(
        self, x: Tensor, labels: Tensor, wanted: StepOutputs, forward: Callable[[Tensor], Tensor]
    ) -> Tensor | None:
        """Take a step; give loss, share of right answers, norm of all gradients, norm of each weight's, units'."""
        for parameter in (*self.weights, *self.others):
            parameter.grad = None
        with self.watch if wanted.measured else nullcontext():
            output, loss = self._loss(x, labels, forward)
            torch.autograd.backward(loss)
        norms, total = self._norms() if wanted.told or self.recipe.clip else ([], loss)
        if self.recipe.clip:
            self._clip(total)
        self.optimiser.step()
        if not wanted.told:
            return None
        found = [loss.detach(), _right(output, labels), total, *norms]
        if wanted.measured:
            found += self.watch.numbers()
            self.sizes = self.watch.sizes
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
        """The norm of each weight's gradient, and that of all gradients; the many small ones are taken as one."""
        norms = list(torch._foreach_norm(_gradients(self.weights)))
        others = [gradient.reshape(-1) for gradient in _gradients(self.others)]
        rest = [torch.linalg.vector_norm(torch.cat(others))] if others else []
        return norms, torch.linalg.vector_norm(torch.stack([*norms, *rest]))

    def _clip(self, total: Tensor) -> None:
        """As torch.nn.utils.clip_grad_norm_ does, with the norm that is there already."""
        factor = (self.recipe.clip / (total + 1e-6)).clamp(max=1)
        torch._foreach_mul_([one.grad for one in (*self.weights, *self.others) if one.grad is not None], factor)


def _gradients(parameters: Sequence[Tensor]) -> list[Tensor]:
    return [torch.zeros_like(one) if one.grad is None else one.grad for one in parameters]


def _right(output: Tensor, labels: Tensor) -> Tensor:
    return (output.detach().argmax(1) == labels).float().mean()

"""One training step: forward, loss, backward, clip, optimiser; its numbers come back in one tensor."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import NamedTuple

import torch
from torch import Tensor, nn

from resnet_explorer.runs.recipes import Recipe
from resnet_explorer.training.device import DeviceConfig
from resnet_explorer.training.hooks import ActivationHooks, TensorSizes
from resnet_explorer.training.optimisers import Optimiser, make_optimiser, weights
from resnet_explorer.training.parallel.synchronise import averaging
from resnet_explorer.training.task import Classify, Task


class StepOutputs(NamedTuple):
    """Which numbers a step computes: its own if it is reported, and those of the units if they are measured."""

    reported: bool
    measured: bool


class TrainStep:
    """A network and its optimiser on a device; a call takes a step, and never waits for the device."""

    def __init__(
        self, net: nn.Module, recipe: Recipe, config: DeviceConfig, lr: float | Tensor, task: Task | None = None
    ) -> None:
        self.net = net
        self.task = task or Classify()
        self.recipe = recipe
        self.config = config
        self.optimiser: Optimiser = make_optimiser(net, recipe, lr)
        self.names = tuple(weights(net))
        self.weights: list[Tensor] = list(weights(net).values())
        self.others = [
            parameter for parameter in net.parameters() if all(parameter is not weight for weight in self.weights)
        ]
        self.hooks = ActivationHooks(net, config.group)
        self.forward = averaging(net, config.group, config.device)
        self.sizes = TensorSizes((), ())

    def __call__(
        self, x: Tensor, labels: Tensor, outputs: StepOutputs, forward: Callable[[Tensor], Tensor]
    ) -> Tensor | None:
        """Take a step; returns loss, share right, norm of all gradients, of each weight's, and the units' numbers."""
        for parameter in (*self.weights, *self.others):
            parameter.grad = None
        with self.hooks if outputs.measured else nullcontext():
            output, loss = self._loss(x, labels, forward)
            torch.autograd.backward(loss)
        norms, total = self._norms() if outputs.reported or self.recipe.clip else ([], loss)
        if self.recipe.clip:
            self._clip(total)
        self.optimiser.step()
        if not outputs.reported:
            return None
        numbers = [*self._loss_and_share(loss, output, labels), total, *norms]
        if outputs.measured:
            numbers += self.hooks.numbers()
            self.sizes = self.hooks.sizes
        return torch.stack(numbers)

    def _loss(self, x: Tensor, labels: Tensor, forward: Callable[[Tensor], Tensor]) -> tuple[Tensor, Tensor]:
        with self.cast():
            output = forward(x)
        # in fp32: it is cheap, and half precision has too few digits for a loss
        output = output.float()
        return output, self.task.loss(output, labels, self.recipe.smoothing)

    def _loss_and_share(self, loss: Tensor, output: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """Loss and share right over the images of all processes."""
        group = self.config.group
        if group.size == 1:
            return loss.detach(), self.task.share_right(output, labels)
        parts = torch.stack([loss.detach(), *self.task.right(output.detach(), labels)])
        total, right, of = group.sum(parts).unbind()
        return total / group.size, right / of.clamp(min=1)

    def cast(self) -> torch.autocast:
        """The precision of the forward pass."""
        device_type, dtype = self.config.device.type, self.config.dtype
        return torch.autocast(device_type, dtype or torch.bfloat16, enabled=dtype is not None)

    def _norms(self) -> tuple[list[Tensor], Tensor]:
        """The norm of each weight's gradient, and that of all; the many small others are joined to one tensor."""
        norms = list(torch._foreach_norm(_gradients(self.weights)))
        others = [gradient.reshape(-1) for gradient in _gradients(self.others)]
        rest = [torch.linalg.vector_norm(torch.cat(others))] if others else []
        return norms, torch.linalg.vector_norm(torch.stack([*norms, *rest]))

    def _clip(self, total: Tensor) -> None:
        """As torch.nn.utils.clip_grad_norm_ does, with the norm that is there already."""
        factor = (self.recipe.clip / (total + 1e-6)).clamp(max=1)
        torch._foreach_mul_(
            [parameter.grad for parameter in (*self.weights, *self.others) if parameter.grad is not None], factor
        )


def _gradients(parameters: Sequence[Tensor]) -> list[Tensor]:
    return [torch.zeros_like(parameter) if parameter.grad is None else parameter.grad for parameter in parameters]

"""Optimisers by name, each over the parameters of a network."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import SGD, AdamW, Optimizer

from resnet_explorer.errors import RunError
from resnet_explorer.runs.recipes import Recipe

Groups = list[dict[str, Any]]


class Optimiser:
    """One or two of torch's optimisers that share a learning rate.

    `matrices` are two-dimensional views of weights, for one that takes nothing else.
    """

    def __init__(self, parts: Sequence[Optimizer], matrices: Sequence[tuple[Tensor, Tensor]] = ()) -> None:
        self.parts = parts
        self.matrices = matrices

    def set(self, lr: float) -> None:
        """Set the learning rate of the next steps."""
        for part in self.parts:
            for group in part.param_groups:
                if isinstance(group["lr"], Tensor):
                    group["lr"].fill_(lr)
                else:
                    group["lr"] = lr

    def step(self) -> None:
        """Update the weights from their gradients."""
        for weight, view in self.matrices:
            view.grad = None if weight.grad is None else as_matrix(weight.grad, weight)
        for part in self.parts:
            part.step()

    def state_dict(self) -> list[dict[str, Any]]:
        return [part.state_dict() for part in self.parts]

    def load_state_dict(self, states: Sequence[dict[str, Any]]) -> None:
        """Restore what `state_dict` gave, except for the learning rate, whose tensor a CUDA graph reads."""
        for part, state in zip(self.parts, states, strict=True):
            rates = [group["lr"] for group in part.param_groups]
            part.load_state_dict(state)
            for group, lr in zip(part.param_groups, rates, strict=True):
                group["lr"] = lr


def make_optimiser(net: nn.Module, recipe: Recipe, lr: float | Tensor) -> Optimiser:
    """The optimiser a recipe names; a learning rate that is a tensor is changed in place, as a CUDA graph needs."""
    return OPTIMISERS[recipe.optimiser](net, recipe, lr)


def weights(net: nn.Module) -> dict[str, Tensor]:
    """The weights of convolutions and fully connected layers, by the name of their layer."""
    layers = {name: module for name, module in net.named_modules() if isinstance(module, nn.Conv2d | nn.Linear)}
    return {name: layer.weight for name, layer in layers.items()}


def as_matrix(x: Tensor, weight: Tensor) -> Tensor:
    """A weight or its gradient as a matrix, a row an output; columns in the order in which the weight is stored."""
    return (x if weight.is_contiguous() else x.permute(0, 2, 3, 1)).flatten(1)


def _sgd(net: nn.Module, recipe: Recipe, lr: float | Tensor) -> Optimiser:
    return _descent(net, recipe, lr, nesterov=False)


def _nesterov(net: nn.Module, recipe: Recipe, lr: float | Tensor) -> Optimiser:
    return _descent(net, recipe, lr, nesterov=recipe.momentum > 0)


def _descent(net: nn.Module, recipe: Recipe, lr: float | Tensor, nesterov: bool) -> Optimiser:
    groups = _groups(net, net.parameters(), recipe)
    return Optimiser([SGD(groups, lr=lr, momentum=recipe.momentum, nesterov=nesterov, fused=True)])


def _adamw(net: nn.Module, recipe: Recipe, lr: float | Tensor) -> Optimiser:
    return Optimiser([_adam(_groups(net, net.parameters(), recipe), recipe, lr)])


def _adam(groups: Groups, recipe: Recipe, lr: float | Tensor) -> Optimizer:
    return AdamW(groups, lr=lr, betas=(recipe.momentum, 0.999), fused=True, capturable=isinstance(lr, Tensor))


def _muon(net: nn.Module, recipe: Recipe, lr: float | Tensor) -> Optimiser:
    """Matrices by Muon, scaled so that AdamW's rate suits it (Liu 2025, section 2.2), the rest by AdamW."""
    if "Muon" not in dir(torch.optim):
        raise RunError(f"optimiser=muon needs a torch that has it (2.9 or later); this is {torch.__version__}")
    convs = [weight for weight in weights(net).values() if weight.dim() == 4]
    views = [nn.Parameter(as_matrix(weight.detach(), weight)) for weight in convs]
    conv_ids = {id(weight) for weight in convs}
    rest = [parameter for parameter in net.parameters() if id(parameter) not in conv_ids]
    muon = torch.optim.Muon(
        views,
        lr=lr,  # type: ignore[arg-type]
        weight_decay=recipe.weight_decay,
        momentum=recipe.momentum,
        adjust_lr_fn="match_rms_adamw",
    )
    return Optimiser([muon, _adam(_groups(net, rest, recipe), recipe, lr)], list(zip(convs, views, strict=True)))


def _groups(net: nn.Module, parameters: Iterable[nn.Parameter], recipe: Recipe) -> Groups:
    """Groups of parameters for torch: those that decay, and those that do not."""
    all_parameters = list(parameters)
    decaying = {id(one) for one in (weights(net).values() if recipe.decay == "weights" else all_parameters)}
    parts = (
        [one for one in all_parameters if id(one) in decaying],
        [one for one in all_parameters if id(one) not in decaying],
    )
    decays = recipe.weight_decay, 0.0
    return [{"params": part, "weight_decay": decay} for part, decay in zip(parts, decays, strict=True) if part]


OPTIMISERS: dict[str, Callable[[nn.Module, Recipe, float | Tensor], Optimiser]] = {
    "sgd": _sgd,
    "nesterov": _nesterov,
    "adamw": _adamw,
    "muon": _muon,
}

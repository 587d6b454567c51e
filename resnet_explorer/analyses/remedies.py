"""What becomes of a network without normalisation, and what each remedy against explosion does.

Each way draws its own weights in a copy, sends one batch forward, and takes a few steps of gradient descent on it.
"""

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from resnet_explorer.analyses.signal_findings import HALF
from resnet_explorer.analyses.subject import Subject
from resnet_explorer.models.init import initialise_from_seed
from resnet_explorer.models.probe import leave_out_batch_norm
from resnet_explorer.models.units import Residual

# the longest gradient that clipping leaves
CLIP = 1.0


@dataclass(frozen=True)
class Way:
    """How a network begins and learns."""

    init: str = "he-fan-out"
    batch_norm: bool = False
    clip: bool = False


WAYS = {
    "nothing": Way(),
    "BN": Way(batch_norm=True),
    "torch": Way(init="torch"),
    "fixup": Way(init="fixup"),
    "clipping": Way(clip=True),
}


def try_way(subject: Subject, way: Way, x: Tensor, labels: Tensor, steps: int) -> Iterator[dict[str, Any]]:
    """What is known after the pass forward, and after each step: signal, where it is too large, gradient, losses."""
    net = prepared(subject.net, way, subject.request.seed)
    trunk = _watch_trunk(net)
    weights: list[Tensor] = list(net.parameters())
    momenta = [torch.zeros_like(weight) for weight in weights]
    recipe = subject.experiment.recipe
    losses: list[float | None] = []
    known: dict[str, Any] = {}
    for step in range(steps + 1):
        trunk.clear()
        loss = F.cross_entropy(net(x), labels)
        losses.append(_finite(loss.item()))
        if not step:
            known = _describe_trunk([y.detach() for y in trunk])
        if step < steps and isfinite(loss.item()):
            gradients = torch.autograd.grad(loss, weights, materialize_grads=True)
            length = float(torch.linalg.vector_norm(torch.stack(torch._foreach_norm([g.double() for g in gradients]))))
            known.setdefault("gradient", _finite(length))
            shrink = min(1.0, CLIP / length) if way.clip and length else 1.0
            _take_step(weights, momenta, [gradient * shrink for gradient in gradients], recipe.lr, recipe.momentum)
        yield {**known, "loss": list(losses)}
        if not isfinite(loss.item()):
            return


def prepared(net: nn.Module, way: Way, seed: int) -> nn.Module:
    """A copy with the way's initial weights; with BN where units have it, or behind each convolution of theirs."""
    made = copy.deepcopy(net)
    if not way.batch_norm:
        leave_out_batch_norm(made)
    else:
        _put_norms(made)
    initialise_from_seed(made, way.init, seed)
    for module in made.modules():
        # batch statistics, but no dropout
        module.training = isinstance(module, nn.BatchNorm2d)
    return made.requires_grad_()


def _put_norms(net: nn.Module) -> None:
    inner = [module for unit in net.modules() if isinstance(unit, Residual) for module in unit.modules()]
    if any(isinstance(module, nn.BatchNorm2d) for module in inner):
        return
    for chain in [module for module in inner if isinstance(module, nn.Sequential)]:
        for place, layer in enumerate(chain):
            if isinstance(layer, nn.Conv2d):
                chain[place] = nn.Sequential(layer, nn.BatchNorm2d(layer.out_channels).to(layer.weight))


def _watch_trunk(net: nn.Module) -> list[Tensor]:
    """What passes before the first unit and after each, filled by each pass."""
    trunk: list[Tensor] = []
    units = [module for module in net.modules() if isinstance(module, Residual)]
    units[0].register_forward_pre_hook(lambda unit, inputs: trunk.append(inputs[0]))
    for unit in units:
        unit.register_forward_hook(lambda unit, inputs, y: trunk.append(y))
    return trunk


def _describe_trunk(trunk: Sequence[Tensor]) -> dict[str, float | int | None]:
    """E x² at both ends, and the first unit (0: before all) with numbers beyond half precision, or none in single."""
    largest = [y.abs().max().item() for y in trunk]
    return {
        "first": _finite(trunk[0].double().square().mean().item()),
        "moment": _finite(trunk[-1].double().square().mean().item()),
        "beyond_half": _first([not one <= HALF for one in largest]),
        "not_finite": _first([not isfinite(one) for one in largest]),
    }


def _first(flags: Sequence[bool]) -> int | None:
    return next((place for place, flag in enumerate(flags) if flag), None)


def _take_step(
    weights: list[Tensor], momenta: list[Tensor], gradients: list[Tensor], rate: float, momentum: float
) -> None:
    with torch.no_grad():
        torch._foreach_mul_(momenta, momentum)
        torch._foreach_add_(momenta, gradients)
        torch._foreach_add_(weights, momenta, alpha=-rate)


def _finite(number: float) -> float | None:
    """Six digits; None for what is no finite number."""
    return float(f"{number:.6g}") if isfinite(number) else None

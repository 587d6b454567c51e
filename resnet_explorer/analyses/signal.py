"""How large signal and gradient are, unit by unit: initial or trained weights, with BN or without.

Each pass sends one batch forward in training mode and the gradient of one number back; all lanes take turns, and
what is shown is the mean over the batches so far. The passes use a copy of the network.
"""

import copy
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import zip_longest
from math import inf, isfinite
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn

from resnet_explorer.analyses.remedies import WAYS, try_way
from resnet_explorer.analyses.request import Part
from resnet_explorer.analyses.settings import SignalSettings
from resnet_explorer.analyses.subject import Subject
from resnet_explorer.gradients.theory import predict
from resnet_explorer.models.init import initialise_from_seed
from resnet_explorer.models.probe import first_branch, leave_out_batch_norm
from resnet_explorer.models.units import Residual

# names of theory's curves by ours
THEORY = {
    "moment": "second-moment",
    "variance": "channel-variance",
    "gradient": "gradient",
    "correlation": "correlation",
}
CURVES = ("moment", "variance", "branch", "share", "responses", "gradient", "correlation", "largest", "not_finite")


def measure(subjects: Sequence[Subject], settings: SignalSettings) -> Iterator[Part]:
    """Each lane's curves after each batch; then what each remedy against explosion does, after each of its steps."""
    lanes = [Signal(subject, settings) for subject in subjects]
    tries = [(lane, way) for way in WAYS for lane in lanes if settings.steps and not lane.subject.trained]
    passes = settings.batches * len(lanes)
    of = passes + len(tries)
    for batch in range(settings.batches):
        for number, lane in enumerate(lanes):
            lane.send(batch)
            yield Part(number, batch * len(lanes) + number + 1, of, lane.values())
    for done, (lane, way) in enumerate(tries, start=passes):
        for last in lane.try_way(way):
            yield Part(lanes.index(lane), done + last, of, lane.values())


class Batch(NamedTuple):
    """Images or noise, labels, the direction in which the output is looked at, and a sign for each image.

    BN takes away what is alike in all gradients of a batch; with signs, which are taken off again, nothing is.
    """

    x: Tensor
    labels: Tensor
    direction: Tensor
    signs: Tensor


class Signal:
    """A copy of a lane's network, and what its passes gave: a row a batch, by name."""

    def __init__(self, subject: Subject, settings: SignalSettings) -> None:
        self.subject, self.settings = subject, settings
        self.redrawn = not subject.trained and settings.init != "own"
        self.net = copy.deepcopy(subject.net)
        if self.redrawn:
            initialise_from_seed(self.net, settings.init, subject.request.seed)
        if not settings.batch_norm:
            leave_out_batch_norm(self.net)
        for module in self.net.modules():
            # batch statistics, but no dropout
            module.training = isinstance(module, nn.BatchNorm2d)
        self.net.requires_grad_(False)
        self.units = [module for module in self.net.modules() if isinstance(module, Residual)]
        self.trunk: list[Tensor] = []
        self.branches: dict[int, Tensor] = {}
        self.responses: list[Tensor] = []
        self.rows: dict[str, list[list[float]]] = {name: [] for name in CURVES}
        self.remedies: dict[str, dict[str, Any]] = {}
        self._collect()

    def _collect(self) -> None:
        self.units[0].register_forward_pre_hook(lambda unit, inputs: self.trunk.append(inputs[0]))
        for number, unit in enumerate(self.units):
            unit.register_forward_hook(lambda unit, inputs, y: self.trunk.append(y))
            first_branch(unit).register_forward_hook(partial(self._keep_branch, number))
        for layer in response_layers(self.net):
            layer.register_forward_hook(lambda layer, inputs, y: self.responses.append(y.detach()))

    def _keep_branch(self, number: int, branch: nn.Module, inputs: object, y: Tensor) -> None:
        # stages of a Runge-Kutta step that share weights pass here again
        self.branches.setdefault(number, y.detach())

    def send(self, batch: int) -> None:
        """One batch forward and back."""
        x, labels, direction, signs = self._batch(batch)
        output = self.net(x.requires_grad_())
        if self.settings.of == "loss":
            looked_at, signs = F.cross_entropy(output, labels), torch.ones_like(signs)
        else:
            looked_at = (output * direction * signs[:, None]).sum()
        gradients = torch.autograd.grad(looked_at, self.trunk, materialize_grads=True)
        trunk = [y.detach().double() for y in self.trunk]
        moments = [y.square().mean().item() for y in trunk]
        branches = [_deviation(self.branches[number]) for number in range(len(self.units))]
        row = {
            "moment": moments,
            "variance": [variance_in_channels(y) for y in trunk],
            "branch": branches,
            "share": [
                one / size if (size := _deviation(y)) else inf for one, y in zip(branches, trunk[1:], strict=True)
            ],
            "responses": [_deviation(y) for y in self.responses],
            "gradient": [torch.linalg.vector_norm(gradient.double()).item() for gradient in gradients],
            "correlation": [correlation(gradient * signs.view(-1, 1, 1, 1)) for gradient in gradients],
            "largest": [y.abs().max().item() for y in trunk],
            "not_finite": [(~y.isfinite()).double().mean().item() for y in trunk],
        }
        for name, values in row.items():
            self.rows[name].append(values)
        self.trunk.clear()
        self.branches.clear()
        self.responses.clear()

    def try_way(self, way: str) -> Iterator[bool]:
        """What a remedy does, a step at a time; whether that was the last."""
        batch = self._batch(0)
        for known in try_way(self.subject, WAYS[way], batch.x, batch.labels, self.settings.steps):
            self.remedies[way] = known
            yield len(known["loss"]) > self.settings.steps or known["loss"][-1] is None

    def _batch(self, batch: int) -> Batch:
        generator = Generator().manual_seed(self.settings.seed + batch)
        chosen = torch.randperm(len(self.subject.x), generator=generator)[: self.settings.images]
        direction = torch.randn(len(self.subject.classes), generator=generator)
        signs = torch.randint(0, 2, (len(chosen),), generator=generator) * 2 - 1
        here = chosen.to(self.subject.x.device)
        x = self.subject.x[here]
        if self.settings.batch == "noise":
            x = torch.randn(x.shape, generator=generator).to(x)
        return Batch(x, self.subject.labels[here], direction.to(x), signs.to(x))

    def values(self) -> dict[str, Any]:
        means = {name: [_mean(column) for column in zip(*rows, strict=True)] for name, rows in self.rows.items()}
        return {
            **means,
            "sorted_responses": sorted((one for one in means["responses"] if one is not None), reverse=True),
            "theory": {name: self._theory(name, metric, means) for name, metric in THEORY.items()},
            "units": len(self.units),
            "images": self.settings.images * len(self.rows["moment"]),
            "trained": self.subject.trained,
            "redrawn": self.redrawn,
            "remedies": dict(self.remedies),
            "has_norm": any(isinstance(module, nn.BatchNorm2d) for module in self.net.modules()),
        }

    def _theory(self, name: str, metric: str, means: dict[str, list[float | None]]) -> list[float] | None:
        """Theory's curve for initial weights, on the scale that was measured where it leaves that open."""
        experiment = self.subject.experiment
        init = self.settings.init if self.redrawn else experiment.recipe.init
        known = predict(experiment.network, metric, self.settings.batch_norm, init)
        if known is None or self.subject.trained:
            return None
        scale = 1.0
        if known.anchor is not None:
            scale = (means[name][known.anchor] or 0.0) / known.values[known.anchor]
        return [float(f"{scale * one:.6g}") for one in known.values]


def response_layers(net: nn.Module) -> list[nn.Module]:
    """For each 3x3 convolution in the order of layers its BN where one follows, else itself (He 2015, figure 7)."""
    layers: list[nn.Module] = []
    for chain in net.modules():
        if isinstance(chain, nn.Sequential):
            children = list(chain)
            for layer, after in zip_longest(children, children[1:]):
                if isinstance(layer, nn.Conv2d) and layer.kernel_size == (3, 3):
                    layers.append(after if isinstance(after, nn.BatchNorm2d) else layer)
    return layers


def variance_in_channels(y: Tensor) -> float:
    """The variance of each channel's numbers, mean over channels."""
    return y.transpose(0, 1).flatten(1).var(1, correction=0).mean().item()


def correlation(gradient: Tensor) -> float:
    """The mean cosine between two images' gradients, over all pairs (Balduzzi 2017)."""
    each = gradient.flatten(1).double()
    each = each / torch.linalg.vector_norm(each, dim=1, keepdim=True)
    count = len(each)
    together = float(each.sum(0).square().sum())
    return (together - count) / (count * (count - 1))


def _deviation(y: Tensor) -> float:
    return y.double().std(correction=0).item()


def _mean(column: Sequence[float]) -> float | None:
    """Six digits of the mean; None where it is no finite number."""
    total = sum(column) / len(column)
    return float(f"{total:.6g}") if isfinite(total) else None

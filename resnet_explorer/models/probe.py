"""Gradient flow at initialisation: one batch forward and backward through a network, with a seed's weights.

The loss is differentiated by the tensors between units alone: no weight gradients unless they are among the
metrics, and the norms leave the device together, after the pass.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache, partial
from math import nan, sqrt

import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn

from resnet_explorer.errors import PlanError
from resnet_explorer.gradients.metrics import METRICS, PATHS
from resnet_explorer.gradients.profile import ProbeConfig, ProbeResult
from resnet_explorer.models.build import build
from resnet_explorer.models.init import initialise
from resnet_explorer.models.probe_paths import split_gradients
from resnet_explorer.models.units import Residual
from resnet_explorer.networks.memory import largest_activation
from resnet_explorer.networks.network import Network
from resnet_explorer.networks.plan import Plan, plan

# elements of the largest tensor below which one thread is the fastest: two take 1.35 times as long at
# width 8, 16 px, batch 8
NARROW = 2**16
# parameters of the largest network that is kept for its next seed
MAX_KEPT = 2_000_000
Values = dict[str, tuple[float, ...]]
# the square of what lies outside is no good float32
SAFE = (1e-15, 1e15)


def measure(network: Network, config: ProbeConfig, seed: int, images: Tensor | None = None) -> ProbeResult:
    """One pass with one seed; the batch is drawn from the images, else from N(0, 1)."""
    config = replace(config, seeds=1)
    spelled = plan(network)
    lane = _kept_lane(network, config) if spelled.params <= MAX_KEPT else Lane(spelled, config)
    return lane.measure(seed, images)


@lru_cache(maxsize=6)
def _kept_lane(network: Network, config: ProbeConfig) -> "Lane":
    """A network that was built before: its weights are drawn anew for each seed."""
    return Lane(plan(network), config)


class Lane:
    """A network, and what a pass through it leaves: the tensors between its units and those its branches give."""

    def __init__(self, plan: Plan, config: ProbeConfig) -> None:
        self.plan = plan
        self.config = config
        self.backward = config.paths or any(METRICS[name].backward for name in config.metrics)
        self.threads = 1 if config.batch * largest_activation(plan) < NARROW else torch.get_num_threads()
        self.trunk: list[Tensor] = []
        self.branches: list[Tensor] = []
        self.net = build(plan).train().requires_grad_(False)
        if not config.batch_norm:
            leave_out_batch_norm(self.net)
        units = [unit for unit in self.net.modules() if isinstance(unit, Residual)]
        self.weights = [first_weight(unit) for unit in units] if "weight-gradient" in config.metrics else []
        for weight in self.weights:
            if weight is not None:
                weight.requires_grad_()
        self.ways: dict[int, tuple[float, float]] = {}
        self._collect(units)

    def measure(self, seed: int, images: Tensor | None = None) -> ProbeResult:
        """The loss, and each metric's values from input to output, with one seed's weights and batch."""
        with torch.random.fork_rng(devices=[]), threads(self.threads):
            torch.default_generator.manual_seed(seed)  # for dropout
            loss = self._pass(Generator().manual_seed(seed), images)
            values = self._values(loss)
        self.trunk.clear()
        self.branches.clear()
        self.ways.clear()
        return ProbeResult(seed, loss.item(), values)

    def _pass(self, generator: Generator, images: Tensor | None) -> Tensor:
        # the batch comes first, so that lanes with equal images and classes get equal batches
        x, labels = batch(self.plan, self.config.batch, generator, images)
        initialise(self.net, self.config.init, generator)
        with torch.set_grad_enabled(self.backward):
            # channels last takes 0.9 of the time; x_0 has a gradient, though all weights are frozen, if x has one
            x = x.contiguous(memory_format=torch.channels_last).requires_grad_(self.backward)
            return LOSSES[self.config.loss](self.net(x), labels)

    def _collect(self, units: list[Residual]) -> None:
        # hooks hold the lists and not the lane, so that a network that is dropped is freed at once
        trunk, branches, ways = self.trunk, self.branches, self.ways
        units[0].register_forward_pre_hook(lambda unit, inputs: trunk.append(inputs[0]))
        if self.config.paths:
            split_gradients(self.net, units, partial(_keep_ways, ways))
        for unit in units:
            unit.register_forward_hook(lambda unit, inputs, y: trunk.append(y))
            if "branch-response" in self.config.metrics:
                first_branch(unit).register_forward_hook(lambda branch, inputs, y: branches.append(y.detach()))

    def _values(self, loss: Tensor) -> Values:
        values = self._gradients(loss) if self.backward else {}
        trunk = [x.detach() for x in self.trunk]
        moments = second_moments(trunk) if {"second-moment", "channel-variance"} & set(self.config.metrics) else []
        forward = {
            "second-moment": lambda: moments,
            "channel-variance": lambda: channel_variances(trunk, moments),
            "branch-response": lambda: deviations(self.branches),
        }
        return values | {name: tuple(forward[name]()) for name in self.config.metrics if name in forward}

    def _gradients(self, loss: Tensor) -> Values:
        """All gradients in one backward pass."""
        trunk = self.trunk if "gradient" in self.config.metrics else self.trunk[: self.config.paths]
        weights = [weight for weight in self.weights if weight is not None]
        inputs = [*trunk, *weights]
        gradients = torch.autograd.grad(loss, inputs, materialize_grads=True) if inputs else ()
        by_weight = iter(norms(gradients[len(trunk) :]))
        values = {
            "gradient": tuple(norms(gradients[: len(trunk)])),
            "weight-gradient": tuple(nan if weight is None else next(by_weight) for weight in self.weights),
        }
        if self.config.paths:
            identity, branch = zip(*(self.ways[number] for number in range(len(self.ways))), strict=True)
            values |= {"identity": identity, "branch": branch}
        return {name: values[name] for name in values if name in (*self.config.metrics, *PATHS)}


def _keep_ways(ways: dict[int, tuple[float, float]], number: int, straight: Tensor | None, branch: Tensor) -> None:
    ways[number] = (nan if straight is None else norms([straight])[0]), norms([branch])[0]


@contextmanager
def threads(count: int) -> Iterator[None]:
    """Let torch use so many threads for a while."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def batch(plan: Plan, count: int, generator: Generator, images: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """Gaussian noise, or images drawn without repetition and brought to the network's size; random labels."""
    channels, h, w = plan.image.dims
    if images is None:
        x = torch.randn(count, channels, h, w, generator=generator)
    elif images.shape[1] != channels or len(images) < count:
        raise PlanError(
            f"a batch of {count} images with {channels} channels cannot be drawn "
            f"from {len(images)} images with {images.shape[1]}"
        )
    else:
        x = images[torch.randperm(len(images), generator=generator)[:count]].float()
        x = x if x.shape[2:] == (h, w) else F.interpolate(x, (h, w), mode="bilinear", antialias=True)
    classes, *map_size = plan.output.dims
    return x, torch.randint(classes, (count, *map_size), generator=generator)


LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "cross-entropy": F.cross_entropy,
    "sum": lambda output, labels: output.sum(),
    "mean-square": lambda output, labels: output.square().mean(),
}


def norms(tensors: Sequence[Tensor]) -> list[float]:
    """Euclidean norms in one transfer; in double precision where single cannot hold the squares."""
    if not tensors:
        return []
    sizes: list[float] = torch.stack(torch._foreach_norm(list(tensors))).tolist()
    if all(SAFE[0] < size < SAFE[1] for size in sizes):
        return sizes
    return [x.double().norm().item() for x in tensors]


def second_moments(tensors: Sequence[Tensor]) -> list[float]:
    """Means of squares."""
    return [size**2 / x.numel() for size, x in zip(norms(tensors), tensors, strict=True)]


def channel_variances(tensors: Sequence[Tensor], moments: Sequence[float]) -> list[float]:
    """Variances inside a channel, mean over channels: E x² less the mean squared channel mean."""
    means = [x.flatten(2).sum(2).sum(0).double().div(x.numel() // x.shape[1]).square().mean() for x in tensors]
    return [max(moment - mean, 0.0) for moment, mean in zip(moments, torch.stack(means).tolist(), strict=True)]


def deviations(tensors: Sequence[Tensor]) -> list[float]:
    """Standard deviations over all numbers of a tensor."""
    means = torch.stack([x.mean() for x in tensors]).tolist()
    return [sqrt(max(m2 - m1**2, 0)) for m2, m1 in zip(second_moments(tensors), means, strict=True)]


def leave_out_batch_norm(net: nn.Module) -> None:
    """Put nothing in the place of each batch normalisation."""
    for parent in list(net.modules()):
        for name, child in parent.named_children():
            if isinstance(child, nn.BatchNorm2d):
                setattr(parent, name, nn.Identity())


def first_branch(unit: Residual) -> nn.Module:
    """The branch, or the first stage of a Runge-Kutta step."""
    return unit.branch[0] if isinstance(unit.branch, nn.ModuleList) else unit.branch


def first_weight(unit: Residual) -> Tensor | None:
    """The weights of a unit's first convolution."""
    convs = (layer for layer in first_branch(unit).modules() if isinstance(layer, nn.Conv2d))
    return next((conv.weight for conv in convs), None)

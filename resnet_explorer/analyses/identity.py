"""Learning to change nothing: a plain and a residual stack of a lane's unit are trained on H(x) = x (He et al. 2015).

The stacks have the unit's own layers, at few channels and on small images of noise with both signs, so that a ReLU at
the end shows as an error that no weights can remove. All lanes are trained side by side, a few steps at a time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import isfinite, log10
from zlib import crc32

import torch
from torch import Generator, Tensor, nn

from resnet_explorer.analyses.identity_findings import KINDS
from resnet_explorer.analyses.request import Part
from resnet_explorer.analyses.settings import IdentitySettings
from resnet_explorer.analyses.subject import Subject
from resnet_explorer.errors import AnalysisError, PlanError
from resnet_explorer.language.layer import LayerContext, Shape
from resnet_explorer.language.syntax import Block, Op
from resnet_explorer.models.blocks import DropPath
from resnet_explorer.models.build import build_unit
from resnet_explorer.models.init import initialise
from resnet_explorer.networks.lowering import STAGES, LoweredUnit, UnitSpec, lower_unit
from resnet_explorer.networks.network import Network
from resnet_explorer.networks.plan import inner_width
from resnet_explorer.training.state import DRAWN_AS

SIDE, BATCH = 8, 16
# points of an error curve, each the mean over as many steps
POINTS = 50
# what may follow the merge of a unit that was plain
ENDS = ("relu", "gelu", "silu")
MOST_CHANNELS = 2048


def measure(subjects: Sequence[Subject], settings: IdentitySettings) -> Iterator[Part]:
    """Each lane's error curves so far, after every few steps; what lanes have in common is trained once."""
    kept: dict[tuple[object, ...], Stack] = {}
    pairs = [_Pair(subject, settings, kept) for subject in subjects]
    ends = [1, *range(1 + max(1, settings.steps // POINTS), settings.steps, max(1, settings.steps // POINTS))]
    ends.append(settings.steps)
    for number, end in enumerate(ends):
        for lane, pair in enumerate(pairs):
            pair.train(end)
            yield Part(lane, number * len(pairs) + lane + 1, len(ends) * len(pairs), pair.values())


def twins(network: Network) -> tuple[Network, Network]:
    """The network with its unit plain, and with its unit residual.

    A Runge-Kutta step becomes its stages in sequence; a plain unit gets a + before the activation that it ends with.
    """
    unit = network.unit
    if unit.merge:
        plain = Block((), unit.pre + unit.branch * STAGES.get(unit.merge.name, 1), None, unit.post)
        return replace(network, block=str(plain)), network
    cut = len(unit.branch)
    while cut > 1 and unit.branch[cut - 1].name in ENDS:
        cut -= 1
    residual = Block(unit.pre, unit.branch[:cut], Op("+"), unit.branch[cut:] + unit.post)
    return network, replace(network, block=str(residual))


def lower_alike(networks: Sequence[Network], channels: int) -> list[LoweredUnit]:
    """A unit of each network that keeps its shape, at the fewest channels, from these on, that its words can split."""
    while True:
        try:
            return [_lower(network, channels) for network in networks]
        except PlanError as error:
            channels *= 2
            if channels > MOST_CHANNELS:
                raise AnalysisError(f"no stack can be made of this unit: {error}") from None


def _lower(network: Network, channels: int) -> LoweredUnit:
    shape = Shape(channels, SIDE, SIDE)
    unit = lower_unit(network, UnitSpec(LayerContext("the unit", channels), shape, inner_width(network, channels, "")))
    if unit.y != shape:
        raise AnalysisError(f"the unit turns {shape} into {unit.y}; a stack that learns the identity keeps the shape")
    return unit


class _Pair:
    """A lane's stacks of both kinds, and what they erred so far."""

    def __init__(self, subject: Subject, settings: IdentitySettings, kept: dict[tuple[object, ...], "Stack"]) -> None:
        self.sentences = twins(subject.experiment.network)
        lowered = lower_alike(self.sentences, settings.channels)
        self.channels = lowered[0].x.c
        self.units = depths(settings.deepest)
        init, device = subject.experiment.recipe.init, subject.x.device
        self.stacks: dict[str, list[Stack]] = {kind: [] for kind in KINDS}
        for kind, unit in zip(KINDS, lowered, strict=True):
            for count in self.units:
                key = (unit, count, init)
                if key not in kept:
                    kept[key] = Stack(unit, count, init, settings, device)
                self.stacks[kind].append(kept[key])
        self.steps: list[int] = []
        ends_with_relu = bool(self.sentences[1].unit.post) and self.sentences[1].unit.post[-1].name == "relu"
        self.floor = unreachable(noise(settings.seed, 0, self.channels)) if ends_with_relu else 0.0

    def train(self, end: int) -> None:
        for stacks in self.stacks.values():
            for stack in stacks:
                stack.train(end)
        self.steps.append(end)

    def values(self) -> dict[str, object]:
        final = {kind: [stack.errors[-1] for stack in stacks] for kind, stacks in self.stacks.items()}
        return {
            "units": list(self.units),
            "steps": list(self.steps),
            "error": {kind: [list(stack.errors) for stack in stacks] for kind, stacks in self.stacks.items()},
            "final_error": final,
            "gap": [_gap(plain, residual) for plain, residual in zip(final["plain"], final["residual"], strict=True)],
            "floor": self.floor,
            "channels": self.channels,
            "plain": self.sentences[0].block,
            "residual": self.sentences[1].block,
        }


class Stack:
    """So many units in sequence that learn to give what they get; `errors` are means over a few steps each."""

    def __init__(
        self, unit: LoweredUnit, count: int, init: str, settings: IdentitySettings, device: torch.device
    ) -> None:
        # what torch draws for a new layer is drawn again, and nobody else's random numbers change
        with torch.random.fork_rng(devices=[]):
            self.net = nn.Sequential(*(build_unit(unit) for _ in range(count)))
        initialise(self.net, DRAWN_AS.get(init, init), Generator().manual_seed(settings.seed))
        self.net.to(device).train()
        for module in self.net.modules():
            if isinstance(module, nn.Dropout | DropPath):
                module.eval()
        weights = list(self.net.parameters())
        self.optimiser = torch.optim.Adam(weights, lr=settings.rate, fused=True) if weights else None
        self.seed, self.channels, self.device = settings.seed, unit.x.c, device
        self.step = 0
        self.errors: list[float | None] = []

    def train(self, end: int) -> None:
        """Train until so many steps are done; the mean error before each is kept, None where it is no number."""
        if end == self.step:
            return
        errors = [self._step(noise(self.seed, step, self.channels).to(self.device)) for step in range(self.step, end)]
        self.step = end
        mean = float(torch.stack(errors).mean())
        self.errors.append(float(f"{mean:.6g}") if isfinite(mean) else None)

    def _step(self, x: Tensor) -> Tensor:
        error = relative_error(self.net(x), x)
        if self.optimiser:
            self.optimiser.zero_grad()
            error.backward()  # type: ignore[no-untyped-call]
            self.optimiser.step()
        return error.detach()


def depths(deepest: int) -> tuple[int, ...]:
    """Units in a stack, each three times as many as before, up to the deepest."""
    counts = [deepest]
    while counts[0] >= 3:
        counts.insert(0, counts[0] // 3)
    return tuple(counts)


def noise(seed: int, step: int, channels: int) -> Tensor:
    """The batch of a step, from N(0, 1); the same for every lane and stack of as many channels."""
    generator = Generator().manual_seed(crc32(f"noise of seed {seed}, step {step}".encode()))
    return torch.randn(BATCH, channels, SIDE, SIDE, generator=generator)


def relative_error(y: Tensor, x: Tensor) -> Tensor:
    """The energy of y - x over that of x: 1 for a stack that gives 0."""
    return (y - x).square().mean() / x.square().mean()


def unreachable(x: Tensor) -> float:
    """The least error of an output without negative numbers."""
    return float(relative_error(x.relu(), x))


def _gap(plain: float | None, residual: float | None) -> float | None:
    """Decades from the residual stack's error up to the plain one's."""
    return log10(plain / residual) if plain and residual else None

"""All that a run is between two steps: a network, an engine, an average of the weights, and the time it took."""

import copy
from math import isfinite
from pathlib import Path
from time import perf_counter
from typing import NamedTuple
from zlib import crc32

import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn

from resnet_explorer.models.blocks import DropPath
from resnet_explorer.models.build import build
from resnet_explorer.models.init import initialise
from resnet_explorer.networks.plan import plan
from resnet_explorer.runs.experiment import Experiment
from resnet_explorer.training import checkpoint
from resnet_explorer.training.checkpoint import Checkpoint
from resnet_explorer.training.data.batches import Batches
from resnet_explorer.training.data.images import Images, LoadedDataset
from resnet_explorer.training.device import DeviceConfig
from resnet_explorer.training.engine import engine
from resnet_explorer.training.hooks import TensorSizes
from resnet_explorer.training.schedule import rate, total
from resnet_explorer.training.step import StepOutputs

# steps whose numbers a GPU is asked for at once, and seconds that nobody waits longer for
TOGETHER, PATIENCE = 10, 0.2
# SkipInit is a scale that the sentence holds already, and weights as ever
DRAWN = {"skipinit": "he-fan-out"}


class EvalResult(NamedTuple):
    """Loss and accuracy, each a mean over the images."""

    loss: float
    accuracy: float
    images: int


class StepResult(NamedTuple):
    """What a step found: after so many seconds, loss, share of right answers, norms."""

    step: int
    seconds: float
    numbers: list[float]

    @property
    def lost(self) -> bool:
        return not isfinite(self.numbers[0])


class Trainer:
    """A run between two steps; `step` of them are done, in `seconds` of training.

    The numbers of a few steps are read together where reading makes the device wait: `together` of them.
    `untold` are those that are read and wait to be said; a checkpoint keeps them, so that none is missing.
    """

    def __init__(self, experiment: Experiment, loaded: LoadedDataset, place: DeviceConfig, together: int = 0) -> None:
        self.experiment, self.recipe, self.place = experiment, experiment.recipe, place
        self.net = network(experiment, place)
        self.random = any(isinstance(module, nn.Dropout | DropPath) for module in self.net.modules())
        self.average = EMA(self.net, self.recipe.ema) if self.recipe.ema else None
        self.engine = engine(self.net, self.recipe, place)
        last = self.recipe.channels_last
        self.batches = Batches(loaded.train, experiment.data, self.recipe.batch, experiment.seed, last)
        self.held_out = loaded.test
        self.steps = total(self.recipe, len(loaded.train.labels))
        self.step = self.saved = self.evaluated = 0
        self.seconds = 0.0
        self.lost = False
        self.read_every = together or (TOGETHER if place.device.type == "cuda" else 1)
        self.unreported: list[StepResult] = []
        self._pending: list[tuple[int, Tensor]] = []
        self._read = (0, 0.0)
        self._since = perf_counter()

    @property
    def due(self) -> bool:
        """Whether it is time to read: enough steps, or enough time for somebody who looks."""
        return len(self._pending) >= self.read_every or perf_counter() - self._since > PATIENCE

    def lr(self, step: int) -> float:
        """The learning rate of a step."""
        return rate(self.recipe, step, self.steps)

    def advance(self, wanted: StepOutputs) -> None:
        """Take the next step, without waiting for what it finds."""
        start = perf_counter()
        step = self.step + 1
        if self.random:
            seed_noise(self.experiment.seed, step, self.place)
        x, labels = self.batches.at(self.step)
        numbers = self.engine.step(x, labels, self.lr(step), wanted)
        if self.average:
            self.average.follow(step)
        self.step = step
        if numbers is not None:
            # the next replay of a graph writes over them
            self._pending.append((step, numbers.clone() if self.read_every > 1 else numbers))
        self.seconds += perf_counter() - start

    def read(self) -> None:
        """Wait for the numbers of all steps since the last time, in one transfer; the time between is shared out."""
        if not self._pending:
            return
        start = perf_counter()
        rows = iter(torch.cat([numbers for _, numbers in self._pending]).tolist())
        self.seconds += perf_counter() - start
        (step, seconds), spent = self._read, self.seconds - self._read[1]
        for at, numbers in self._pending:
            part = (at - step) / (self.step - step)
            self.unreported.append(StepResult(at, seconds + part * spent, [next(rows) for _ in range(len(numbers))]))
            self.lost = self.lost or self.unreported[-1].lost
        self._pending.clear()
        self._read, self._since = (self.step, self.seconds), perf_counter()

    def evaluate(self) -> EvalResult:
        """Loss and accuracy on the held-out images, with the averaged weights where there are any."""
        net = self.average.net if self.average else self.net
        net.eval()
        found = evaluate_batches(net, self.batches, self.held_out, self.engine.work.cast())
        net.train()
        self.evaluated = self.step
        return found

    def save(self, folder: Path) -> str:
        """Write a checkpoint; the name is relative to the folder."""
        self.read()
        state = {
            "net": self.net.state_dict(),
            "average": self.average.net.state_dict() if self.average else {},
            "optimiser": self.engine.work.optimiser.state_dict(),
            "evaluated": self.evaluated,
            "untold": [list(told) for told in self.unreported],
            "sizes": list(self.engine.work.sizes),
        }
        self.saved = self.step
        return checkpoint.save(folder, Checkpoint(self.experiment.id, self.step, self.seconds, state))

    def load(self, found: Checkpoint) -> None:
        """Go back to a checkpoint."""
        self.net.load_state_dict(found.state["net"])
        if self.average:
            self.average.net.load_state_dict(found.state["average"])
        self.engine.work.optimiser.load_state_dict(found.state["optimiser"])
        self.evaluated = found.state["evaluated"]
        self.step = self.saved = found.step
        self.seconds = found.seconds
        self.unreported = [StepResult(*told) for told in found.state["untold"]]
        self.engine.work.sizes = TensorSizes(*map(tuple, found.state["sizes"]))
        self._read = self.step, self.seconds


class EMA:
    """An exponential average of all weights and running statistics, which follows faster at first."""

    def __init__(self, net: nn.Module, decay: float) -> None:
        self.net, self.decay = copy.deepcopy(net), decay
        pairs = zip(self.net.state_dict().values(), net.state_dict().values(), strict=True)
        floating = [(mine, theirs) for mine, theirs in pairs if mine.is_floating_point()]
        self.mine, self.theirs = map(list, zip(*floating, strict=True))

    @torch.no_grad()
    def follow(self, step: int) -> None:
        """Take in the weights after a step: those of the beginning would weigh on the average for long."""
        torch._foreach_lerp_(self.mine, self.theirs, 1 - min(self.decay, step / (step + 9)))


def network(experiment: Experiment, place: DeviceConfig) -> nn.Module:
    """The network of an experiment, with its first weights: drawn on the CPU, so that they are the same anywhere."""
    net = build(plan(experiment.network)).train()
    initialise(net, DRAWN.get(experiment.recipe.init, experiment.recipe.init), Generator().manual_seed(experiment.seed))
    form = torch.channels_last if experiment.recipe.channels_last else torch.contiguous_format
    return net.to(place.device, memory_format=form)  # type: ignore[call-overload, no-any-return]


def seed_noise(seed: int, step: int, place: DeviceConfig) -> None:
    """Dropout is a function of seed and step too, so a checkpoint need not hold the state of a generator."""
    drawn = crc32(f"noise of seed {seed}, step {step}".encode())
    torch.default_generator.manual_seed(drawn)
    if place.device.type == "cuda":
        torch.cuda.manual_seed(drawn)


@torch.no_grad()
def evaluate_batches(net: nn.Module, batches: Batches, images: Images, cast: torch.autocast) -> EvalResult:
    """Evaluate a network; one transfer for all images."""
    found: list[Tensor] = []
    for x, labels in batches.all(images):
        with cast:
            output = net(x)
        output = output.float()
        losses = F.cross_entropy(output, labels, reduction="sum")
        found.append(torch.stack([losses, (output.argmax(1) == labels).sum().float()]))
    count = len(images.labels)
    loss, right = torch.stack(found).double().sum(0).div(max(count, 1)).tolist()
    return EvalResult(loss, right, count)

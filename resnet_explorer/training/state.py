"""A run between two steps: a network, an engine, an average of the weights, and the time so far."""

import copy
from math import isfinite
from pathlib import Path
from time import perf_counter
from typing import NamedTuple
from zlib import crc32

import torch
from torch import Generator, Tensor, nn

from resnet_explorer.models.blocks import DropPath
from resnet_explorer.models.build import build
from resnet_explorer.models.init import initialise
from resnet_explorer.networks.plan import plan
from resnet_explorer.runs.experiment import Experiment
from resnet_explorer.training import checkpoint
from resnet_explorer.training.checkpoint import Checkpoint
from resnet_explorer.training.data.batches import Batches
from resnet_explorer.training.data.images import Images, LoadedDataset, mirrored_names
from resnet_explorer.training.device import DeviceConfig
from resnet_explorer.training.engine import make_engine
from resnet_explorer.training.hooks import TensorSizes
from resnet_explorer.training.parallel.synchronise import synchronise
from resnet_explorer.training.schedule import rate, total
from resnet_explorer.training.step import StepOutputs
from resnet_explorer.training.task import FindPoints, Task, task_of

# steps whose numbers are read at once on a GPU, and the most seconds between two readings
READ_EVERY_ON_GPU, MAX_WAIT = 10, 0.2
# SkipInit is a scale that the block has by now; its weights are drawn as usual
# of the weights of the last convolution where maps are learned
FIRST_MAPS = 0.01
DRAWN_AS = {"skipinit": "he-fan-out"}


class EvalResult(NamedTuple):
    """Loss, a mean over the images, and the share of their classes or points that is right."""

    loss: float
    accuracy: float
    images: int


class StepResult(NamedTuple):
    """The numbers of a step (loss, accuracy, norms), and the seconds of training until it was done."""

    step: int
    seconds: float
    numbers: list[float]

    @property
    def diverged(self) -> bool:
        return not isfinite(self.numbers[0])


class Trainer:
    """A run between two steps; `step` of them are done, in `seconds` of training.

    The numbers of `read_every` steps are read together, as reading makes a GPU wait. `unreported` are those that
    are read and not yet events; a checkpoint holds them, so that none is missing.
    """

    def __init__(
        self, experiment: Experiment, loaded: LoadedDataset, config: DeviceConfig, read_every: int = 0
    ) -> None:
        config.group.check_batch(experiment.recipe.batch)
        self.experiment, self.recipe, self.config = experiment, experiment.recipe, config
        self.net, self.task = build_network(experiment, config), task_of(experiment)
        self.has_noise = any(isinstance(module, nn.Dropout | DropPath) for module in self.net.modules())
        self.average = EMA(self.net, self.recipe.ema) if self.recipe.ema else None
        self.engine = make_engine(self.net, self.recipe, config, self.task)
        channels_last = self.recipe.channels_last
        self.batches = Batches(
            loaded.train,
            experiment.data,
            self.recipe.batch,
            experiment.seed,
            channels_last,
            mirrored_names(loaded.classes),
            config.group,
        )
        self.held_out = loaded.test
        self.steps = total(self.recipe, len(loaded.train.labels))
        self.step = self.saved = self.evaluated = 0
        self.seconds = 0.0
        self.diverged = False
        self.read_every = read_every or (READ_EVERY_ON_GPU if config.device.type == "cuda" else 1)
        self.unreported: list[StepResult] = []
        self._pending: list[tuple[int, Tensor]] = []
        self._last_read = (0, 0.0)
        self._last_read_at = perf_counter()

    @property
    def due(self) -> bool:
        """Whether it is time to read: after enough steps, or after a moment, for whoever watches the curve."""
        return len(self._pending) >= self.read_every or perf_counter() - self._last_read_at > MAX_WAIT

    def lr(self, step: int) -> float:
        """The learning rate of a step."""
        return rate(self.recipe, step, self.steps)

    def advance(self, outputs: StepOutputs) -> None:
        """Take the next step, without waiting for its numbers."""
        start = perf_counter()
        step = self.step + 1
        if self.has_noise:
            seed_noise(self.experiment.seed, step, self.config)
        x, labels = self.batches.at(self.step)
        numbers = self.engine.step(x, labels, self.lr(step), outputs)
        if self.average:
            self.average.update(step)
        self.step = step
        if numbers is not None:
            # the next replay of a graph writes over them
            self._pending.append((step, numbers.clone() if self.read_every > 1 else numbers))
        self.seconds += perf_counter() - start

    def read(self) -> None:
        """Wait for the numbers of all steps since the last reading, in one transfer; the steps share the time."""
        if not self._pending:
            return
        start = perf_counter()
        rows = iter(torch.cat([numbers for _, numbers in self._pending]).tolist())
        self.seconds += perf_counter() - start
        (step, seconds), spent = self._last_read, self.seconds - self._last_read[1]
        for number, numbers in self._pending:
            part = (number - step) / (self.step - step)
            self.unreported.append(
                StepResult(number, seconds + part * spent, [next(rows) for _ in range(len(numbers))])
            )
            self.diverged = self.diverged or self.unreported[-1].diverged
        self._pending.clear()
        self._last_read, self._last_read_at = (self.step, self.seconds), perf_counter()

    def evaluate(self) -> EvalResult:
        """Loss and share right on the held-out images, with the averaged weights where there are any."""
        net = self.average.net if self.average else self.net
        net.eval()
        result = evaluate_batches(net, self.task, self.batches, self.held_out, self.engine.train_step.cast())
        net.train()
        self.evaluated = self.step
        return result

    def save(self, folder: Path) -> str:
        """Write a checkpoint, in the first process of a group alone; returns its name, relative to the folder."""
        self.read()
        self.saved = self.step
        if self.config.group.rank:
            return ""
        state = {
            "net": self.net.state_dict(),
            "average": self.average.net.state_dict() if self.average else {},
            "optimiser": self.engine.train_step.optimiser.state_dict(),
            "evaluated": self.evaluated,
            "untold": [list(result) for result in self.unreported],
            "sizes": list(self.engine.train_step.sizes),
        }
        return checkpoint.save(folder, Checkpoint(self.experiment.id, self.step, self.seconds, state))

    def load(self, saved: Checkpoint) -> None:
        """Go back to a checkpoint."""
        self.net.load_state_dict(saved.state["net"])
        if self.average:
            self.average.net.load_state_dict(saved.state["average"])
        self.engine.train_step.optimiser.load_state_dict(saved.state["optimiser"])
        self.evaluated = saved.state["evaluated"]
        self.step = self.saved = saved.step
        self.seconds = saved.seconds
        self.unreported = [StepResult(*values) for values in saved.state["untold"]]
        self.engine.train_step.sizes = TensorSizes(*map(tuple, saved.state["sizes"]))
        self._last_read = self.step, self.seconds


class EMA:
    """An exponential average of all weights and running statistics, which follows faster at first."""

    def __init__(self, net: nn.Module, decay: float) -> None:
        self.net, self.decay = copy.deepcopy(net), decay
        pairs = zip(self.net.state_dict().values(), net.state_dict().values(), strict=True)
        floating = [(average, source) for average, source in pairs if average.is_floating_point()]
        self.averages, self.sources = map(list, zip(*floating, strict=True))

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Average the weights after a step; with less decay at first, so that the first weights are soon forgotten."""
        torch._foreach_lerp_(self.averages, self.sources, 1 - min(self.decay, step / (step + 9)))


def build_network(experiment: Experiment, config: DeviceConfig) -> nn.Module:
    """The network of an experiment, with initial weights drawn on the CPU: the same for any device."""
    net = build(plan(experiment.network)).train()
    initialise(
        net, DRAWN_AS.get(experiment.recipe.init, experiment.recipe.init), Generator().manual_seed(experiment.seed)
    )
    if isinstance(task_of(experiment), FindPoints):
        begin_with_empty_maps(net)
    memory_format = torch.channels_last if experiment.recipe.channels_last else torch.contiguous_format
    net = synchronise(net, config.group, config.device)
    return net.to(config.device, memory_format=memory_format)  # type: ignore[call-overload, no-any-return]


@torch.no_grad()
def begin_with_empty_maps(net: nn.Module) -> None:
    """Scale the last convolution down, so that the first maps are almost empty (Xiao 2018 draws it with 0.001)."""
    last = [module for module in net.modules() if isinstance(module, nn.Conv2d)][-1]
    last.weight.mul_(FIRST_MAPS)


def seed_noise(seed: int, step: int, config: DeviceConfig) -> None:
    """Seed dropout by run and step, so that a checkpoint need not hold the state of a generator."""
    seed_of_step = crc32(f"noise of seed {seed}, step {step}".encode())
    torch.default_generator.manual_seed(seed_of_step)
    if config.device.type == "cuda":
        torch.cuda.manual_seed(seed_of_step)


@torch.no_grad()
def evaluate_batches(net: nn.Module, task: Task, batches: Batches, images: Images, cast: torch.autocast) -> EvalResult:
    """Loss and share right of a network; one transfer for all images, of which each process takes a part."""
    group, count = batches.group, len(images.labels)
    sums = [torch.zeros(3, device=images.labels.device)]
    for x, labels in batches.all(images.part(group.part(count))):
        with cast:
            output = net(x)
        output = output.float()
        sums.append(torch.stack([task.sum_of_losses(output, labels), *task.right(output, labels)]))
    loss, right, of = group.sum(torch.stack(sums).double().sum(0)).tolist()
    return EvalResult(loss / max(count, 1), right / max(of, 1), count)

"""The loops that are compared: ours, and those that one would otherwise write; all train the same network."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader
from torchvision.transforms import Compose, Normalize, RandomCrop, RandomHorizontalFlip, ToTensor

from benchmarks.data import Held
from benchmarks.gpu_turns import Size, beside, epoch, noise, scaled, timed
from resnet_explorer.networks.plan import plan
from resnet_explorer.runs.experiment import Experiment
from resnet_explorer.training.data.batches import Batches
from resnet_explorer.training.data.images import Images
from resnet_explorer.training.hooks import round_5, unit_statistics
from resnet_explorer.training.reporting import report_schedule
from resnet_explorer.training.state import Trainer, build_network
from resnet_explorer.training.step import StepOutputs

# batches that a worker of a DataLoader makes ahead
AHEAD = 2
# as a recipe has it: of so many reported steps, one measures the units
MEASURE = 10
# as many steps as it takes to have met every kind of them, so that every graph is there
WARM = 30
MEAN, DEVIATION = (0.5,) * 3, (0.3,) * 3


class Ours:
    """A run as `train` drives it, with reports on its steps or without."""

    def __init__(self, trainer: Trainer, reports: bool = True, every: int = 0) -> None:
        """`every` is the number of steps between two reports, a tenth of which measure the units; 0: as in a run."""
        self.trainer, self.reports, self.every = trainer, reports, every
        units = plan(trainer.experiment.network).unit_count
        self.schedule = report_schedule(trainer.recipe, trainer.steps, len(trainer.engine.train_step.names), units)

    def __call__(self, steps: int) -> None:
        """Take so many steps."""
        for _ in range(steps):
            step = self.trainer.step + 1
            reported = self.reports and (step % self.every == 0 if self.every else self.schedule.reports_at(step))
            measured = reported and (
                step % (MEASURE * self.every) == 0 if self.every else self.schedule.measures_at(step)
            )
            self.trainer.advance(StepOutputs(reported, measured))
            if self.trainer.due:
                self._read()
        self._read()

    def _read(self) -> None:
        self.trainer.read()
        names = len(self.trainer.engine.train_step.names)
        for result in self.trainer.unreported:
            tuple(map(round_5, result.numbers[2 : 3 + names]))
            if len(result.numbers) > 3 + names:
                unit_statistics(result.numbers[3 + names :], self.trainer.engine.train_step.sizes)
        self.trainer.unreported.clear()

    def candidate(self, size: Size) -> float:
        """Seconds for 50,000 images, from a whole epoch."""
        batch = self.trainer.recipe.batch
        steps = epoch(size, batch)
        return scaled(timed(lambda: self(steps), size), steps, batch)


class Loop:
    """A network and SGD as everybody writes them, in bf16."""

    def __init__(self, wanted: Experiment, size: Size, fused: bool = False, compiled: bool = False) -> None:
        self.size, self.place = size, size.place
        self.net: nn.Module = build_network(wanted, self.place)
        self.forward: Callable[[Tensor], Tensor] = torch.compile(self.net, dynamic=False) if compiled else self.net
        self.sgd = torch.optim.SGD(self.net.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4, fused=fused or None)

    def step(self, x: Tensor, labels: Tensor) -> None:
        self.sgd.zero_grad()
        with torch.autocast(self.place.device.type, torch.bfloat16):
            loss = F.cross_entropy(self.forward(x), labels)
        loss.backward()  # type: ignore[no-untyped-call]
        self.sgd.step()


class Resident:
    """That loop, eager, on batches cut from images that stay on the device (our own cutting)."""

    def __init__(self, wanted: Experiment, size: Size) -> None:
        self.loop, self.size, self.steps = Loop(wanted, size), size, count()
        self.batches = batches(wanted, size)

    def candidate(self) -> float:
        return scaled(timed(self._turn, self.size), self.size.steps, self.size.batch)

    def _turn(self) -> None:
        for _ in range(self.size.steps):
            self.loop.step(*self.batches.at(next(self.steps)))


class ByHand:
    """That loop as one CUDA graph, by the book: buffers that stay, three steps on a side stream, a capture."""

    def __init__(self, wanted: Experiment, size: Size, compiled: bool = False) -> None:
        self.loop, self.size, self.steps = Loop(wanted, size, fused=True, compiled=compiled), size, count()
        self.batches = batches(wanted, size)
        self.x, self.labels = (one.clone() for one in self.batches.at(0))
        self.replay = captured(lambda: self.loop.step(self.x, self.labels), size)

    def candidate(self) -> float:
        steps = epoch(self.size)
        return scaled(timed(lambda: self.take(steps), self.size), steps, self.size.batch)

    def alone(self) -> float:
        """The same without a batch of its own for each step: what the device takes, if nobody keeps it waiting."""
        steps = epoch(self.size)
        return scaled(timed(lambda: [self.replay() for _ in range(steps)], self.size), steps, self.size.batch)

    def take(self, steps: int) -> None:
        for _ in range(steps):
            x, labels = self.batches.at(next(self.steps))
            self.x.copy_(x)
            self.labels.copy_(labels)
            self.replay()


class Everyday:
    """That loop, eager, behind torchvision's DataLoader with workers."""

    def __init__(self, wanted: Experiment, size: Size) -> None:
        self.loop, self.size, self.device = Loop(wanted, size), size, size.place.device
        transform = Compose([RandomCrop(size.side, size.side // 8), RandomHorizontalFlip(), ToTensor(),
                             Normalize(MEAN, DEVIATION)])  # fmt: skip
        held = Held(noise(size).train.to(torch.device("cpu")), transform)
        there, kept = self.device.type == "cuda", size.workers > 0
        self.loader: DataLoader[Any] = DataLoader(
            held, size.batch, True, num_workers=size.workers, drop_last=True, pin_memory=there, persistent_workers=kept
        )
        self.source = self._batches()

    def candidate(self) -> float:
        # what was made ahead while others had their turn is not counted
        self._turn(AHEAD * self.size.workers)
        return scaled(timed(lambda: self._turn(self.size.steps), self.size), self.size.steps, self.size.batch)

    def _turn(self, steps: int) -> None:
        for _ in range(steps):
            x, labels = next(self.source)
            self.loop.step(x.to(self.device, non_blocking=True), labels.to(self.device, non_blocking=True))

    def _batches(self) -> Iterator[tuple[Tensor, Tensor]]:
        while True:
            yield from self.loader


class Airbench:
    """That loop, eager, on the loader that airbench describes: the whole set cropped and mirrored once an epoch.

    Written anew from its description (arXiv 2404.00498 and its README): images on the device, normalised and padded
    by reflection once; at an epoch's start every image is shifted, a mask for each of the shifts, and half of them
    are mirrored; a batch is then picked by a part of a permutation.
    """

    def __init__(self, wanted: Experiment, size: Size) -> None:
        self.loop, self.size = Loop(wanted, size), size
        images, self.labels = noise(size).train
        device = images.device
        mean, deviation = (torch.tensor(one, device=device).view(3, 1, 1) for one in (MEAN, DEVIATION))
        self.border = size.side // 8
        padded = F.pad((images.float() / 255 - mean) / deviation, (self.border,) * 4, mode="reflect")
        self.padded = padded.to(torch.bfloat16).contiguous(memory_format=torch.channels_last)

    def candidate(self) -> float:
        """An epoch's preparation, and its steps from some of them."""
        prepared = timed(self._renew, self.size)
        steps = scaled(timed(self._turn, self.size), self.size.steps, self.size.batch)
        return prepared * epoch(self.size) / self.size.images * self.size.batch + steps

    def _renew(self) -> None:
        count, device, side = len(self.labels), self.labels.device, self.size.side
        shifts = torch.randint(0, 2 * self.border + 1, (2, count), device=device)
        rows = self.padded.new_empty((count, 3, side, self.padded.shape[-1]))
        self.images = self.padded.new_empty((count, 3, side, side))
        for shift in range(2 * self.border + 1):
            chosen = shifts[0] == shift
            rows[chosen] = self.padded[chosen, :, shift : shift + side]
        for shift in range(2 * self.border + 1):
            chosen = shifts[1] == shift
            self.images[chosen] = rows[chosen, :, :, shift : shift + side]
        mirrored = (torch.rand(count, device=device) < 0.5).view(-1, 1, 1, 1)
        self.images = torch.where(mirrored, self.images.flip(-1), self.images)
        self.order = torch.randperm(count, device=device)

    def _turn(self) -> None:
        for step in range(self.size.steps):
            place = step % epoch(self.size) * self.size.batch
            chosen = self.order[place : place + self.size.batch]
            self.loop.step(self.images[chosen], self.labels[chosen])


def batches(wanted: Experiment, size: Size, batch: int = 0) -> Batches:
    """Batches of noise as a run cuts them."""
    images: Images = noise(size).train
    return Batches(images, wanted.data, batch or size.batch, wanted.seed, wanted.recipe.channels_last)


def captured(work: Callable[[], object], size: Size) -> Callable[[], object]:
    """A call that replays the work as one graph; on a processor the work as it stands."""
    if size.place.device.type == "cpu":
        return work
    side, main = torch.cuda.Stream(), torch.cuda.current_stream()  # type: ignore[no-untyped-call]
    side.wait_stream(main)
    with beside(side):
        for _ in range(3):
            work()
    main.wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph, stream=side):
        work()
    return graph.replay

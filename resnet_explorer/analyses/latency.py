"""The time that each lane takes on this machine, forward and in training, beside what it computes, moves and queues."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from statistics import quantiles
from time import perf_counter
from typing import Any

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from resnet_explorer.analyses.request import Part
from resnet_explorer.analyses.settings import LatencySettings
from resnet_explorer.analyses.subject import Subject
from resnet_explorer.models.build import build
from resnet_explorer.models.init import initialise
from resnet_explorer.models.units import Network
from resnet_explorer.networks.lowering import LoweredUnit
from resnet_explorer.networks.memory import memory
from resnet_explorer.networks.plan import Plan

# multiply-adds of a training step, and bytes that it holds, that one lane's turn may need: a second or two
MOST_MACS, MOST_BYTES = 60 * 10**9, 10**9
# a backward pass counts twice
TRAINING = 3
FLOAT = 4


@dataclass
class Clock:
    """A lane's network with noise for images, and its times so far in milliseconds, one a round."""

    plan: Plan
    net: Network
    x: Tensor
    labels: Tensor
    forward: list[float]
    training: list[float]

    def turn(self) -> None:
        """One pass forward in evaluation mode, one training step without the update."""
        if not self.forward:
            self._forward()  # the first pass of all allocates
        self.forward.append(_milliseconds(self._forward, self.x.device))
        self.training.append(_milliseconds(self._training, self.x.device))

    def _forward(self) -> None:
        self.net.eval()
        with torch.inference_mode():
            self.net(self.x)

    def _training(self) -> None:
        self.net.train()
        loss = F.cross_entropy(self.net(self.x), self.labels)
        torch.autograd.grad(loss, list(self.net.parameters()), allow_unused=True)


def measure(subjects: Sequence[Subject], settings: LatencySettings) -> Iterator[Part]:
    """What the plans say at once, then a time of each lane a round; the lanes take turns, in an order of the round."""
    plans = [subject.plan for subject in subjects]
    batch = fitting_batch(plans, settings.batch)
    count = len(plans)
    whole = count * (1 + settings.rounds)
    for lane, each in enumerate(plans):
        yield Part(lane, lane + 1, whole, _planned(each, batch))
    # torch's own weights, and dropout, draw from its own generator
    with torch.random.fork_rng(devices=[]):
        clocks = [_clock(each, batch, subject) for each, subject in zip(plans, subjects, strict=True)]
    order, shuffle = list(range(count)), Random(settings.seed)
    for turn in range(count * settings.rounds):
        if turn % count == 0:
            shuffle.shuffle(order)
        lane = order[turn % count]
        with torch.random.fork_rng(devices=[]):
            clocks[lane].turn()
        yield Part(lane, count + turn + 1, whole, _planned(plans[lane], batch) | _timed(clocks[lane], batch))


def fitting_batch(plans: Sequence[Plan], most: int) -> int:
    """The images of a batch: as many as asked for, halved until the largest lane's turn stays short and small."""
    batch = most
    while batch > 1 and any(
        TRAINING * each.macs * batch > MOST_MACS or memory(each, batch).training > MOST_BYTES for each in plans
    ):
        batch //= 2
    return batch


def layers_in_sequence(plan: Plan) -> int:
    """Layers that wait for one another: of each unit the longer of branch and shortcut; stages of a step add up."""
    units = sum(run.count * _unit_length(run.unit) for run in plan.runs())
    return len(plan.stem) + units + len(plan.head)


def bytes_moved(plan: Plan, batch: int) -> int:
    """What a pass forward has to read and write at least: the weights, and once what each layer gives, in fp32."""
    layers = [*plan.stem, *plan.head]
    written = sum(layer.shape.size for layer in layers)
    written += sum(run.count * sum(layer.shape.size for layer in run.unit.layers()) for run in plan.runs())
    return FLOAT * (plan.params + batch * written)


def _unit_length(unit: LoweredUnit) -> int:
    branch = sum(len(branch) for branch in unit.branches)
    ends = len(unit.between) + len(unit.pre) + (unit.merge is not None) + len(unit.post)
    return ends + max(branch, len(unit.skip))


def _clock(plan: Plan, batch: int, subject: Subject) -> Clock:
    generator = Generator().manual_seed(0)
    net = build(plan)
    # torch's own weights shrink what passes a deep plain network until it is denormal, which is slow
    initialise(net, "he-fan-out", generator)
    x = torch.randn(batch, *plan.image.dims, generator=generator)
    labels = torch.randint(plan.output.dims[0], (batch, *plan.output.dims[1:]), generator=generator)
    device = subject.x.device
    return Clock(plan, net.to(device), x.to(device), labels.to(device), [], [])


def _milliseconds(run: Callable[[], None], device: torch.device) -> float:
    start = perf_counter()
    run()
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return round(1e3 * (perf_counter() - start), 4)


def _planned(plan: Plan, batch: int) -> dict[str, Any]:
    """What is known before anything is timed."""
    return {
        "batch": batch,
        "threads": torch.get_num_threads(),
        "macs": plan.macs,
        "parameters": plan.params,
        "bytes": bytes_moved(plan, batch),
        "layers": layers_in_sequence(plan),
        "weighted_layers": plan.depth,
    }


def _timed(clock: Clock, batch: int) -> dict[str, Any]:
    """Medians with the quarters below and above them."""
    low, middle, high = quarters(clock.forward)
    training_low, training_middle, training_high = quarters(clock.training)
    return {
        "milliseconds": middle,
        "milliseconds_low": low,
        "milliseconds_high": high,
        "training_milliseconds": training_middle,
        "training_milliseconds_low": training_low,
        "training_milliseconds_high": training_high,
        "images_per_second": round(1e3 * batch / middle, 1),
        "training_images_per_second": round(1e3 * batch / training_middle, 1),
        "gmacs_per_second": round(clock.plan.macs * batch / middle / 1e6, 3),
        "rounds": list(clock.forward),
        "training_rounds": list(clock.training),
    }


def quarters(times: Sequence[float]) -> tuple[float, float, float]:
    """The bounds of the middle half, and the median between them."""
    if len(times) == 1:
        return times[0], times[0], times[0]
    low, middle, high = (round(bound, 4) for bound in quantiles(times, n=4, method="inclusive"))
    return low, middle, high

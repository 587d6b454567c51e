"""What the parts of the GPU benchmark share: how large it is, how long it may take, turns that are timed, rows."""

import gc
import json
import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch

from benchmarks.measure import Ratio
from resnet_explorer.language.orderings import ORDERINGS
from resnet_explorer.runs.experiment import Experiment, prepare
from resnet_explorer.training.data.images import Images, LoadedDataset
from resnet_explorer.training.device import DeviceConfig, configure_device
from resnet_explorer.training.state import Trainer

# what every time of an epoch is scaled to
EPOCH = 50_000
Candidate = Callable[[], float]
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class Size:
    """How much is measured, and where: what the goals speak of, unless a test asks for less."""

    device: str = "cuda"
    depths: tuple[int, ...] = (20, 56, 110)
    orderings: tuple[str, ...] = tuple(ORDERINGS)
    side: int = 32
    width: str = "1"
    images: int = EPOCH
    batch: int = 128
    large: int = 512
    # of a slow candidate's turn, which is scaled to an epoch
    steps: int = 64
    rounds: int = 5
    same: int = 20
    seeds: int = 8
    workers: int = 8
    copied: int = 1 << 30
    matrix: int = 8192
    data: str = ""
    line: str = "cifar-basic-20:full-preactivation"
    wide: str = "4"
    seed: int = 0

    @classmethod
    def read(cls, text: str) -> "Size":
        """Take back what `json.dumps(asdict(size))` wrote."""
        given = json.loads(text).items()
        fields: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in given}
        return cls(**fields)

    @property
    def place(self) -> DeviceConfig:
        """Where it is measured, in bf16."""
        return configure_device(self.device, "bf16", 1)


# all of it in seconds on a processor: nothing to compare, but every path is walked
SMALL = Size(
    "cpu", (8,), ("original",), 8, "1/4", 64, 16, 32, 2, 2, 4, 2, 0, 1 << 20, 64, "", "cifar-basic-8", "1/4"
)  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """A number that is not a ratio of two times."""

    what: str
    value: float
    unit: str
    goal: str = ""

    def line(self) -> str:
        unit, goal = f" {self.unit}" if self.unit else "", f"; goal {self.goal}" if self.goal else ""
        return f"{self.what}: {self.value:.4g}{unit}{goal}"


Row = Ratio | Figure
Rows = Iterator[Row]


class Clock:
    """How long a part may take: what is left of its own budget and of the whole."""

    def __init__(self, seconds: float, whole: "Clock | None" = None) -> None:
        self.end: float = min(time.monotonic() + seconds, whole.end if whole else math.inf)

    def left(self) -> float:
        return self.end - time.monotonic()


def settle(size: Size) -> None:
    """Wait for the device."""
    if size.place.device.type == "cuda":
        torch.cuda.synchronize()


def timed(run: Callable[[], object], size: Size) -> float:
    """Seconds of a call, with nothing else on the device before it and nothing left to do after it."""
    settle(size)
    start = time.perf_counter()
    run()
    settle(size)
    return time.perf_counter() - start


def taken(candidates: Mapping[str, Candidate], size: Size, clock: Clock) -> dict[str, list[float]]:
    """Seconds of each candidate in each round, after one that does not count; one that fails is printed and dropped.

    A round begins only if as long as the last one took is left.
    """
    times: dict[str, list[float]] = {name: [] for name in candidates}
    first = next(iter(times))
    last = 0.0
    for count in range(size.rounds + 1):
        if count > 1 and clock.left() < last:
            print(f"out of time after {count - 1} of {size.rounds} rounds", flush=True)
            break
        start = time.monotonic()
        for name in tuple(times):
            try:
                seconds = candidates[name]()
            except Exception as error:
                print(f"{name} failed: {type(error).__name__}: {error}", flush=True)
                del times[name]
                continue
            if count:
                times[name].append(seconds)
            gc.collect()
        last = time.monotonic() - start
    if first not in times:
        raise RuntimeError(f"{first!r} failed, and all others are told against it")
    return times


def experiment(depth: str, size: Size, settings: Mapping[str, str] = NOTHING, seed: int = 0) -> Experiment:
    """A network of the CIFAR kind by its depth and ordering, with the recipe of He 2015, in bf16."""
    usual = {
        "size": str(size.side), "width": size.width, "batch": str(size.batch), "precision": "bf16",
        "normalise": "channel", "evaluate": "0", "save": "0",
    }  # fmt: skip
    return prepare(f"cifar-basic-{depth}", "shapes", "he2015", seed, usual | dict(settings))


def state(wanted: Experiment, size: Size) -> Trainer:
    """A run of it on noise."""
    return Trainer(wanted, noise(size), configure_device(size.device, wanted.recipe.precision, 1))


@lru_cache(maxsize=1)
def noise(size: Size) -> LoadedDataset:
    """As many images of noise as an epoch has: what is in them takes no time."""
    generator = torch.Generator().manual_seed(size.seed)
    pixels = torch.randint(256, (size.images, 3, size.side, size.side), generator=generator, dtype=torch.uint8)
    images = Images(pixels, torch.randint(10, (size.images,), generator=generator)).to(size.place.device)
    return LoadedDataset(images, images.part(slice(size.batch)), tuple("0123456789"), "noise")


def epoch(size: Size, batch: int = 0) -> int:
    """Steps of an epoch."""
    return size.images // (batch or size.batch)


def scaled(seconds: float, steps: int, batch: int) -> float:
    """Seconds for 50,000 images, of so many steps."""
    return seconds * EPOCH / (steps * batch)


def beside(stream: "torch.cuda.Stream | None") -> AbstractContextManager[object]:
    """On a stream; where there is none, as it stands."""
    return torch.cuda.stream(stream) if stream else nullcontext()

"""The images of a run, resident on its device: every data set by name, at the size and in the number asked for."""

from collections.abc import Callable, Generator
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

from resnet_explorer.data_sets import DATA_SETS, Data
from resnet_explorer.events import Noted, Prepared
from resnet_explorer.training import shapes
from resnet_explorer.training.normalise import scale_of

PROBED, PROBED_SIZE = 512, 32


class Images(NamedTuple):
    """Bytes (uint8, N×C×H×W) and classes (int64, N)."""

    pixels: Tensor
    labels: Tensor

    def to(self, device: torch.device) -> "Images":
        return Images(self.pixels.to(device), self.labels.to(device))

    def part(self, kept: slice | Tensor) -> "Images":
        return Images(self.pixels[kept], self.labels[kept])


class Loaded(NamedTuple):
    """What a run trains on and what is held out; the names of the classes; what to call it all."""

    train: Images
    test: Images
    classes: tuple[str, ...]
    label: str


Loading = Generator[Prepared | Noted, None, Loaded]


def load(data: Data, home: Path, device: torch.device) -> Loading:
    """Yield what is being prepared, and return the images; downloads and packs are kept below `home`."""
    size = data.size or DATA_SETS[data.name].size
    found = yield from SOURCES[data.name](data, size, home)
    train, test = chosen(found.train, data.subset), chosen(found.test, data.test)
    return found._replace(train=train.to(device), test=test.to(device))


def chosen(images: Images, count: int) -> Images:
    """The same `count` images every time, as many of each class as there are; all of them for 0."""
    if not 0 < count < len(images.labels):
        return images
    shuffled = torch.randperm(len(images.labels), generator=torch.Generator().manual_seed(0))
    by_class = shuffled[images.labels[shuffled].argsort(stable=True)]
    sizes = images.labels.bincount()
    # the place of each image in the queue of its class: first all firsts, then all seconds
    places = torch.arange(len(by_class)) - (sizes.cumsum(0) - sizes).repeat_interleave(sizes)
    kept = by_class[places.argsort(stable=True)[:count]].sort().values
    return images.part(kept)


def probe_images() -> Tensor:
    """Normalised `shapes` for the probe of gradient flow."""
    pixels, _ = shapes.draw(PROBED, PROBED_SIZE)
    return scale_of(pixels, "channel")(pixels)


def _drawn(data: Data, size: int, home: Path) -> Loading:
    count = shapes.TRAIN + shapes.TEST
    yield Prepared(f"draw {data.label}", 0, count)
    drawn = Images(*shapes.draw(count, size, data.level))
    yield Prepared(f"draw {data.label}", count, count)
    train, test = drawn.part(slice(shapes.TRAIN)), drawn.part(slice(shapes.TRAIN, count))
    return Loaded(train, test, shapes.NAMES, data.label)


SOURCES: dict[str, Callable[[Data, int, Path], Loading]] = {"shapes": _drawn}

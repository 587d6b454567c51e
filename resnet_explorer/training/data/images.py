"""Images and labels as tensors, and the choice of a part of them."""

import re
from collections.abc import Generator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from resnet_explorer.runs.events import Noted, Prepared

SIDES = {"left": "right", "right": "left"}


class Images(NamedTuple):
    """Pixels (uint8, N×C×H×W), and labels: classes (int64, N) or points (float32, N×K×2, shares of the side)."""

    pixels: Tensor
    labels: Tensor

    def to(self, device: torch.device) -> "Images":
        return Images(self.pixels.to(device), self.labels.to(device))

    def part(self, chosen: slice | Tensor) -> "Images":
        return Images(self.pixels[chosen], self.labels[chosen])


class LoadedDataset(NamedTuple):
    """Training and held-out images, the names of the classes or points, a label for the reader, and remarks."""

    train: Images
    test: Images
    classes: tuple[str, ...]
    label: str
    notes: tuple[str, ...] = ()


def mirrored_names(classes: Sequence[str]) -> list[int]:
    """For each name the place of what it is in the mirror: `left knee` is `right knee` there, if there is one."""
    places = {name: place for place, name in enumerate(classes)}
    mirrors = (re.sub("left|right", lambda side: SIDES[side[0]], name) for name in classes)
    return [places.get(mirror, place) for place, mirror in enumerate(mirrors)]


Loading = Generator[Prepared | Noted, None, LoadedDataset]


def choose_subset(images: Images, count: int) -> Images:
    """The same `count` images every time, as many of each class as there are, if they have one; all of them for 0."""
    if not 0 < count < len(images.labels):
        return images
    shuffled = torch.randperm(len(images.labels), generator=torch.Generator().manual_seed(0))
    if images.labels.dim() > 1:
        return images.part(shuffled[:count].sort().values)
    by_class = shuffled[images.labels[shuffled].argsort(stable=True)]
    sizes = images.labels.bincount()
    # the number of each image within its class: first all firsts are chosen, then all seconds
    places = torch.arange(len(by_class)) - (sizes.cumsum(0) - sizes).repeat_interleave(sizes)
    return images.part(by_class[places.argsort(stable=True)[:count]].sort().values)

"""The images of a run, on its device: every data set by name, at the size and in the number its `Data` names."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from resnet_explorer.gradients.profile import MAX_BATCH
from resnet_explorer.runs.datasets import DATA_SETS, FOLDER, POINT_FOLDER, Data
from resnet_explorer.runs.events import Prepared
from resnet_explorer.training.data import points, shapes
from resnet_explorer.training.data.cache import load_pack
from resnet_explorer.training.data.downloads import SETS, load_downloaded
from resnet_explorer.training.data.images import Images, LoadedDataset, Loading, choose_subset
from resnet_explorer.training.data.normalise import normaliser_for
from resnet_explorer.training.data.user_images import load_user_images
from resnet_explorer.training.data.user_points import load_user_points

# as many as the largest batch of a probe
PROBE_IMAGES, PROBE_SIZE = MAX_BATCH, 32


def load(data: Data, home: Path, device: torch.device) -> Loading:
    """The images, after events of progress; downloads and packs are kept below `home`."""
    size = data.size or DATA_SETS[data.name].size
    loaded = yield from SOURCES[data.name](data, size, home)
    train, test = choose_subset(loaded.train, data.subset), choose_subset(loaded.test, data.test)
    return loaded._replace(train=train.to(device), test=test.to(device))


def probe_images() -> Tensor:
    """Normalised images of `shapes` for the probe of gradient flow."""
    pixels, _ = shapes.draw(PROBE_IMAGES, PROBE_SIZE)
    return normaliser_for(pixels, "channel")(pixels)


def _load_points(data: Data, size: int, home: Path) -> Loading:
    """Images with points as they were drawn before, or drawn now."""
    key = f"points {size} {points.TRAIN} {points.TEST} {points.SEED}"
    return (yield from load_pack(home, key, data.label, partial(_draw_points, data, size)))


def _draw_points(data: Data, size: int) -> Loading:
    count = points.TRAIN + points.TEST
    yield Prepared(f"draw {data.label}", 0, count)
    images = Images(*points.draw(count, size))
    yield Prepared(f"draw {data.label}", count, count)
    return LoadedDataset(*_split(images, points.TRAIN), points.NAMES, data.label)


def _load_shapes(data: Data, size: int, home: Path) -> Loading:
    """Shapes as they were drawn before, or drawn now: a run that takes turns begins many times."""
    key = f"shapes {data.level} {size} {shapes.TRAIN} {shapes.TEST} {shapes.SEED}"
    return (yield from load_pack(home, key, data.label, partial(_draw_shapes, data, size)))


def _draw_shapes(data: Data, size: int) -> Loading:
    count = shapes.TRAIN + shapes.TEST
    yield Prepared(f"draw {data.label}", 0, count)
    images = Images(*shapes.draw(count, size, data.level))
    yield Prepared(f"draw {data.label}", count, count)
    return LoadedDataset(*_split(images, shapes.TRAIN), shapes.NAMES, data.label)


def _split(images: Images, train: int) -> tuple[Images, Images]:
    """The first images to train on, the others to test with."""
    return images.part(slice(train)), images.part(slice(train, None))


SOURCES: dict[str, Callable[[Data, int, Path], Loading]] = {
    "shapes": _load_shapes,
    "points": _load_points,
    FOLDER: load_user_images,
    POINT_FOLDER: load_user_points,
}
SOURCES |= dict.fromkeys(SETS, load_downloaded)

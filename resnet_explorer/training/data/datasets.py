"""The images of a run, resident on its device: every data set by name, at the size and in the number asked for."""

from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from resnet_explorer.gradients.profile import MAX_BATCH
from resnet_explorer.runs.datasets import DATA_SETS, FOLDER, Data
from resnet_explorer.runs.events import Prepared
from resnet_explorer.training.data import shapes
from resnet_explorer.training.data.downloads import SETS, fetched
from resnet_explorer.training.data.images import Images, LoadedDataset, Loading, choose_subset
from resnet_explorer.training.data.normalise import normaliser_for
from resnet_explorer.training.data.user_images import load_user_images

# as many as the largest batch of a probe
PROBED, PROBED_SIZE = MAX_BATCH, 32


def load(data: Data, home: Path, device: torch.device) -> Loading:
    """Yield what is being prepared, and return the images; downloads and packs are kept below `home`."""
    size = data.size or DATA_SETS[data.name].size
    found = yield from SOURCES[data.name](data, size, home)
    train, test = choose_subset(found.train, data.subset), choose_subset(found.test, data.test)
    return found._replace(train=train.to(device), test=test.to(device))


def probe_images() -> Tensor:
    """Normalised `shapes` for the probe of gradient flow."""
    pixels, _ = shapes.draw(PROBED, PROBED_SIZE)
    return normaliser_for(pixels, "channel")(pixels)


def _drawn(data: Data, size: int, home: Path) -> Loading:
    count = shapes.TRAIN + shapes.TEST
    yield Prepared(f"draw {data.label}", 0, count)
    drawn = Images(*shapes.draw(count, size, data.level))
    yield Prepared(f"draw {data.label}", count, count)
    train, test = drawn.part(slice(shapes.TRAIN)), drawn.part(slice(shapes.TRAIN, count))
    return LoadedDataset(train, test, shapes.NAMES, data.label)


SOURCES: dict[str, Callable[[Data, int, Path], Loading]] = {"shapes": _drawn, FOLDER: load_user_images}
SOURCES |= dict.fromkeys(SETS, fetched)

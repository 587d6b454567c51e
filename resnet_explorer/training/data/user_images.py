"""A user's own images, from a folder or an archive: decoded once, then kept as a pack."""

from collections.abc import Generator
from functools import partial
from itertools import islice
from pathlib import Path

import torch
from torch import Tensor

from resnet_explorer.errors import DataError
from resnet_explorer.runs.archives import contents
from resnet_explorer.runs.datasets import Data
from resnet_explorer.runs.events import Prepared
from resnet_explorer.runs.image_folder import fingerprint, scan
from resnet_explorer.training.data.cache import load_pack
from resnet_explorer.training.data.decoding import decode, size_of
from resnet_explorer.training.data.images import Images, LoadedDataset, Loading

# images decoded between two events of progress
CHUNK = 500
# the most that all images of a run may need in memory
MOST_BYTES = 4 << 30
# a folder with a larger share of damaged images is refused
MOST_DAMAGED = 0.1


def load_user_images(data: Data, size: int, home: Path) -> Loading:
    """The images of a folder or archive at a size."""
    path = Path(data.path).expanduser()
    key = f"own {path.resolve()} {fingerprint(path)} {size}"
    loaded = yield from load_pack(home, key, data.label, partial(_decode_folder, path, size, data.label))
    return loaded


def _decode_folder(path: Path, size: int, label: str) -> Loading:
    yield Prepared(f"look into {path.name}")
    layout = scan(path)
    labels = layout.train | layout.test
    check_size(len(labels), size)
    pixels = torch.zeros(len(labels), 3, size, size, dtype=torch.uint8)
    damaged = yield from decode_into(pixels, {name: row for row, name in enumerate(labels)}, path)
    notes = damage_note(sorted(damaged), len(labels), path.name)
    good = torch.tensor([name not in damaged for name in labels])
    images = Images(pixels, torch.tensor(list(labels.values())))
    return LoadedDataset(*split(images, good, len(layout.train), path.name), layout.classes, label, notes)


def check_size(count: int, size: int) -> None:
    """Refuse so many images of a size if they would take too much memory."""
    if count * 3 * size * size > MOST_BYTES:
        raise DataError(
            f"{count:,} images of {size} pixels need more than {MOST_BYTES >> 30} GB; choose a smaller size"
        )


def decode_into(
    pixels: Tensor, rows: dict[str, int], path: Path, sizes: dict[str, tuple[int, int]] | None = None
) -> Generator[Prepared, None, set[str]]:
    """Decode every image into its row of `pixels`; returns the names of those that cannot be decoded.

    `sizes` is filled with width and height of each file that can.
    """
    damaged = set(rows)
    files = contents(path, rows)
    done = 0
    while chunk := list(islice(files, CHUNK)):
        images = decode([content for _, content in chunk], pixels.shape[-1])
        for (name, content), image in zip(chunk, images, strict=True):
            if image is not None:
                pixels[rows[name]] = image
                damaged.discard(name)
                if sizes is not None:
                    sizes[name] = size_of(content)
        done += len(chunk)
        yield Prepared("decode images", done, len(rows))
    return damaged


def damage_note(damaged: list[str], count: int, source: str) -> tuple[str, ...]:
    """A remark on damaged images, if there are any; raises DataError for too many."""
    if not damaged:
        return ()
    sentence = f"{len(damaged):,} of {count:,} images in {source} cannot be decoded, {damaged[0][-60:]!r} first"
    if len(damaged) > MOST_DAMAGED * count:
        raise DataError(f"{sentence}; {MOST_DAMAGED:.0%} is the most that is left out")
    return (f"{sentence}; left out",)


def split(images: Images, good: Tensor, count: int, source: str) -> tuple[Images, Images]:
    """The first `count` and the others, without the damaged ones; raises DataError where none is left."""
    parts = [images.part(slice(count)), images.part(slice(count, None))]
    train, test = (
        part.part(undamaged) if not undamaged.all() else part
        for part, undamaged in zip(parts, (good[:count], good[count:]))
    )
    if not len(train.labels) or not len(test.labels):
        raise DataError(f"{source} has no image left to train on or to test with")
    return train, test

"""Images of a person's own, from a folder or an archive: decoded once, then kept as a pack."""

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
from resnet_explorer.runs.image_folder import ImageLayout, fingerprint, scan
from resnet_explorer.training.data.cache import packed
from resnet_explorer.training.data.decoding import decoded
from resnet_explorer.training.data.images import Images, LoadedDataset, Loading

# images decoded between two words of progress
CHUNK = 500
# of all images that a run holds at once
MOST_BYTES = 4 << 30
# a folder with more than this share of damaged images is not what it should be
MOST_BAD = 0.1


def load_user_images(data: Data, size: int, home: Path) -> Loading:
    """The images of a folder or archive at a size."""
    path = Path(data.path).expanduser()
    key = f"own {path.resolve()} {fingerprint(path)} {size}"
    found = yield from packed(home, key, data.label, partial(_made, path, size, data.label))
    return found


def _made(path: Path, size: int, label: str) -> Loading:
    yield Prepared(f"look into {path.name}")
    layout = scan(path)
    wanted = layout.train | layout.test
    if len(wanted) * 3 * size * size > MOST_BYTES:
        raise DataError(
            f"{len(wanted):,} images of {size} pixels need more than {MOST_BYTES >> 30} GB; choose a smaller size"
        )
    pixels = torch.zeros(len(wanted), 3, size, size, dtype=torch.uint8)
    bad = yield from _filled(pixels, {name: place for place, name in enumerate(wanted)}, path)
    notes = _noted(sorted(bad), len(wanted), path.name)
    good = torch.tensor([name not in bad for name in wanted])
    images = Images(pixels, torch.tensor(list(wanted.values())))
    return LoadedDataset(*_parted(images, good, layout, path.name), layout.classes, label, notes)


def _filled(pixels: Tensor, places: dict[str, int], path: Path) -> Generator[Prepared, None, set[str]]:
    """Decode every image into its place; return the names of those that cannot be."""
    bad = set(places)
    files = contents(path, places)
    done = 0
    while chunk := list(islice(files, CHUNK)):
        images = decoded([content for _, content in chunk], pixels.shape[-1])
        for (name, _), image in zip(chunk, images, strict=True):
            if image is not None:
                pixels[places[name]] = image
                bad.discard(name)
        done += len(chunk)
        yield Prepared("decode images", done, len(places))
    return bad


def _noted(bad: list[str], count: int, what: str) -> tuple[str, ...]:
    """What to say of damaged images; too many are refused."""
    if not bad:
        return ()
    told = f"{len(bad):,} of {count:,} images in {what} cannot be decoded, {bad[0][-60:]!r} first"
    if len(bad) > MOST_BAD * count:
        raise DataError(f"{told}; {MOST_BAD:.0%} is the most that is left out")
    return (f"{told}; left out",)


def _parted(images: Images, good: Tensor, layout: ImageLayout, what: str) -> tuple[Images, Images]:
    """Training images and those held out, without the damaged ones."""
    count = len(layout.train)
    parts = [images.part(slice(count)), images.part(slice(count, None))]
    train, test = (
        part.part(kept) if not kept.all() else part for part, kept in zip(parts, (good[:count], good[count:]))
    )
    if not len(train.labels) or not len(test.labels):
        raise DataError(f"{what} has no image left to train on or to test with")
    return train, test

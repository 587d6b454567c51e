"""The data sets that are fetched once: torchvision knows where they are, their checksums and their formats."""

import os
import tempfile
import urllib.request
from collections.abc import Callable, Generator
from functools import partial
from http.client import HTTPException
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, NamedTuple

import torch
from torch import Tensor

from resnet_explorer.errors import DataError
from resnet_explorer.runs.datasets import Data
from resnet_explorer.runs.events import Prepared
from resnet_explorer.training.data import mat5 as matlab
from resnet_explorer.training.data.cache import locked, packed
from resnet_explorer.training.data.decoding import resized
from resnet_explorer.training.data.images import Images, LoadedDataset, Loading

PIECE = 4 << 20
SECONDS = 20
CHUNK = 1000
Part = tuple[Tensor, Tensor]


class Remote(NamedTuple):
    """A file, its MD5 sum, and where it may be had."""

    file: str
    md5: str
    urls: tuple[str, ...]


class Kind(NamedTuple):
    """How one of torchvision's classes tells its files, and how they are read: training, held out, classes."""

    remotes: Callable[[Any], list[Remote]]
    read: Callable[[Any, Path], tuple[Part, Part, tuple[str, ...]]]


def fetched(data: Data, size: int, home: Path) -> Loading:
    """The images of a data set that is fetched, at a size."""
    make = partial(prepared, SETS[data.name], data.name, size, home)
    found = yield from packed(home, f"fetched {data.name} {size}", data.label, make)
    return found


def prepared(how: tuple[str, Kind], name: str, size: int, home: Path, known: Any = None) -> Loading:
    """Fetch and read; `known` stands for torchvision's class, where another one like it is meant."""
    from torchvision import datasets

    (title, kind), folder = how, home / "downloads" / name
    known = known or getattr(datasets, title)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        yield from locked(lock)
        for remote in kind.remotes(known):
            yield from fetch(remote, folder, name)
        yield Prepared(f"read {name}")
        train, test, classes = _read(kind, known, folder, name)
    return LoadedDataset(_images(*train, size), _images(*test, size), classes, name)


def fetch(remote: Remote, folder: Path, name: str) -> Generator[Prepared, None, None]:
    """Fetch a file unless it is there and whole; it gets its name when its checksum is right."""
    from torchvision.datasets.utils import check_integrity

    target, part = folder / remote.file, folder / f"{remote.file}.part"
    if check_integrity(target, remote.md5):
        return
    reason: object = ""
    for url in remote.urls:
        try:
            yield from _streamed(url, part, f"fetch {remote.file}")
            if check_integrity(part, remote.md5):
                part.rename(target)
                return
            reason = "what came is corrupt, its checksum is another"
        except (OSError, HTTPException) as error:
            reason = getattr(error, "reason", error)
        part.unlink(missing_ok=True)
    there = "the file that is there is corrupt, and " if target.exists() else ""
    raise DataError(
        f"cannot fetch {name}: {there}{remote.file}: {reason}; put the file into downloads/{name} "
        "in the folder where runs are kept, or choose shapes"
    )


def _streamed(url: str, part: Path, what: str) -> Generator[Prepared, None, None]:
    request = urllib.request.Request(url, headers={"User-Agent": "resnet-explorer"})
    with urllib.request.urlopen(request, timeout=SECONDS) as answer, part.open("wb") as file:
        of, done = int(answer.headers.get("Content-Length") or 0), 0
        yield Prepared(what, done, of)
        while piece := answer.read(PIECE):
            file.write(piece)
            done += len(piece)
            yield Prepared(what, done, of)
        file.flush()
        os.fsync(file.fileno())


def _read(kind: Kind, known: Any, folder: Path, name: str) -> tuple[Part, Part, tuple[str, ...]]:
    try:
        return kind.read(known, folder)
    except (RuntimeError, ValueError, KeyError, AssertionError, EOFError, OSError, UnpicklingError) as error:
        raise DataError(f"the files of {name} cannot be read: {str(error)[:100] or type(error).__name__}") from None


def _unpacked(known: Any, folder: Path, below: str) -> tuple[Part, Part, tuple[str, ...]]:
    """Let torchvision unpack what was fetched in a folder that is gone afterwards, so that nothing stays half done."""
    with tempfile.TemporaryDirectory(dir=folder, prefix="unpacked-") as root:
        place = Path(root, *below.format(known.__name__).split())
        place.mkdir(parents=True, exist_ok=True)
        for file in folder.iterdir():
            if file.is_file() and file.suffix == ".gz":
                os.link(file, place / file.name)
        train, test = (known(root, train=part, download=True) for part in (True, False))
        return _tensors(train.data, train.targets), _tensors(test.data, test.targets), tuple(train.classes)


def _tensors(data: Any, targets: Any) -> Part:
    """Pixels as N×C×H×W, whatever torchvision holds them as."""
    pixels = torch.as_tensor(data)
    return (pixels[:, None] if pixels.ndim == 3 else pixels.permute(0, 3, 1, 2)), torch.as_tensor(targets).long()


def _house_numbers(known: Any, folder: Path) -> tuple[Part, Part, tuple[str, ...]]:
    """H×W×3×N, and the digit 0 is written 10."""
    parts = []
    for part in ("train", "test"):
        found = matlab.arrays((folder / known.split_list[part][1]).read_bytes())
        pixels, labels = torch.from_numpy(found["X"].copy()), torch.from_numpy(found["y"].astype("int64"))
        parts.append((pixels.permute(3, 2, 0, 1), labels.flatten() % 10))
    return parts[0], parts[1], tuple("0123456789")


def _images(pixels: Tensor, labels: Tensor, size: int) -> Images:
    starts = range(0, len(labels), CHUNK)
    return Images(torch.cat([resized(pixels[start : start + CHUNK], size) for start in starts]).contiguous(), labels)


def _one_archive(known: Any) -> list[Remote]:
    return [Remote(known.filename, known.tgz_md5, (known.url,))]


def _mirrored(known: Any) -> list[Remote]:
    return [Remote(file, md5, tuple(mirror + file for mirror in known.mirrors)) for file, md5 in known.resources]


def _two_files(known: Any) -> list[Remote]:
    return [Remote(file, md5, (url,)) for url, file, md5 in (known.split_list[part] for part in ("train", "test"))]


CIFAR = Kind(_one_archive, partial(_unpacked, below=""))
DIGITS = Kind(_mirrored, partial(_unpacked, below="{} raw"))
SETS = {
    "cifar10": ("CIFAR10", CIFAR),
    "cifar100": ("CIFAR100", CIFAR),
    "svhn": ("SVHN", Kind(_two_files, _house_numbers)),
    "fashion-mnist": ("FashionMNIST", DIGITS),
    "mnist": ("MNIST", DIGITS),
}

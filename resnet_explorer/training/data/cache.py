"""Prepared images kept on disk as plain arrays, which open in milliseconds and are shared between runs.

A pack is a folder: four arrays, and meta.json with the length and a checksum of each.
It is written under another name and renamed when it is whole, so a killed process never leaves half a pack.
"""

import fcntl
import hashlib
import json
import os
import shutil
import time
import zlib
from collections.abc import Callable, Generator
from contextlib import suppress
from pathlib import Path
from typing import IO

import numpy as np
import torch

from resnet_explorer.runs.events import Noted, Prepared
from resnet_explorer.training.data.images import Images, LoadedDataset, Loading

# part of every key: to be raised when packs are made differently
VERSION = 1
META = "meta.json"
ARRAYS = ("train", "train-labels", "test", "test-labels")
CHECKED_BYTES, CHECKED_PIECES = 1 << 14, 16
# seconds between two tries of the lock, when a run can be stopped
LOCK_PAUSE = 0.25


def load_pack(home: Path, key: str, label: str, make: Callable[[], Loading]) -> Loading:
    """The images of a pack; made by `make` and kept if there is none, or none that is whole."""
    folder = home / "packs" / hashlib.blake2b(f"{VERSION} {key}".encode(), digest_size=12).hexdigest()
    images = open_pack(folder, label)
    if images is None:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with folder.with_suffix(".lock").open("w") as lock:
            yield from wait_for_lock(lock)
            # whoever held the lock may have made it meanwhile
            images = open_pack(folder, label)
            if images is None:
                loaded = yield from make()
                images = write_pack(folder, loaded) or loaded
    for note in images.notes:
        yield Noted(note)
    return images


def open_pack(folder: Path, label: str) -> LoadedDataset | None:
    """The images of a pack, mapped into memory; None if it is missing or damaged."""
    try:
        meta = json.loads((folder / META).read_text())
        if any(_checksum(folder / f"{name}.npy") != meta["files"][name] for name in ARRAYS):
            return None
        # when it was used last: the longest unused goes first when the disk gets full
        with suppress(OSError):
            os.utime(folder)
        # copy on write: a change would be private to the process
        arrays = [torch.from_numpy(np.load(folder / f"{name}.npy", mmap_mode="c")) for name in ARRAYS]
        return LoadedDataset(
            Images(*arrays[:2]), Images(*arrays[2:]), tuple(meta["classes"]), label, tuple(meta["notes"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_pack(folder: Path, loaded: LoadedDataset) -> LoadedDataset | None:
    """Write a pack and open it; None where it cannot be written. Only whoever holds the lock may call this."""
    for old_part in folder.parent.glob(f"{folder.name}.part-*"):
        shutil.rmtree(old_part, ignore_errors=True)
    part = folder.with_name(f"{folder.name}.part-{os.getpid()}")
    try:
        part.mkdir()
        for name, tensor in zip(ARRAYS, (*loaded.train, *loaded.test), strict=True):
            np.save(part / f"{name}.npy", tensor.numpy())
        files = {name: _checksum(part / f"{name}.npy") for name in ARRAYS}
        meta = {"label": loaded.label, "classes": loaded.classes, "notes": loaded.notes, "files": files}
        (part / META).write_text(json.dumps(meta, indent=1))
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    except OSError:
        shutil.rmtree(part, ignore_errors=True)
        return None
    return open_pack(folder, loaded.label)


def wait_for_lock(lock: IO[str]) -> Generator[Prepared, None, None]:
    """Wait for a lock, with an event at each try; the kernel releases it when its holder ends in whatever way."""
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield Prepared("wait for another run, which prepares the same images")
            time.sleep(LOCK_PAUSE)
        else:
            return


def _checksum(path: Path) -> list[int]:
    """The length of a file, and a checksum of pieces spread over it."""
    length, checksum = path.stat().st_size, 0
    with path.open("rb") as file:
        for piece in range(CHECKED_PIECES):
            file.seek(max(0, length - CHECKED_BYTES) * piece // (CHECKED_PIECES - 1))
            checksum = zlib.crc32(file.read(CHECKED_BYTES), checksum)
    return [length, checksum]

"""Images made ready once and kept on disk as plain arrays, which open in milliseconds and are shared between runs.

A pack is a folder: four arrays and meta.json, which says how long each file is and how parts of it add up.
It is written under another name and renamed when it is whole, so a killed process leaves none that is half done.
"""

import fcntl
import hashlib
import json
import os
import shutil
import time
import zlib
from collections.abc import Callable, Generator
from pathlib import Path
from typing import IO

import numpy as np
import torch

from resnet_explorer.runs.events import Noted, Prepared
from resnet_explorer.training.data.images import Images, LoadedDataset, Loading

# part of every key: a pack that would be made otherwise gets another number
VERSION = 1
META = "meta.json"
ARRAYS = ("train", "train-labels", "test", "test-labels")
PIECE, PIECES = 1 << 14, 16
# how long to wait before the lock is tried again, and a stop is heard
PATIENCE = 0.25


def packed(home: Path, key: str, label: str, make: Callable[[], Loading]) -> Loading:
    """The images of a pack; made and kept if there is none, or none that is whole."""
    folder = home / "packs" / hashlib.blake2b(f"{VERSION} {key}".encode(), digest_size=12).hexdigest()
    found = opened(folder, label)
    if found is None:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with folder.with_suffix(".lock").open("w") as lock:
            yield from locked(lock)
            # whoever held the lock may have made it meanwhile
            found = opened(folder, label)
            if found is None:
                made = yield from make()
                found = write_pack(folder, made) or made
    for note in found.notes:
        yield Noted(note)
    return found


def opened(folder: Path, label: str) -> LoadedDataset | None:
    """The images of a pack, mapped into memory; None if there is none that is whole."""
    try:
        meta = json.loads((folder / META).read_text())
        if any(_told(folder / f"{name}.npy") != meta["files"][name] for name in ARRAYS):
            return None
        # changes to what is mapped would be private to the process; none are made
        arrays = [torch.from_numpy(np.load(folder / f"{name}.npy", mmap_mode="c")) for name in ARRAYS]
        return LoadedDataset(
            Images(*arrays[:2]), Images(*arrays[2:]), tuple(meta["classes"]), label, tuple(meta["notes"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_pack(folder: Path, made: LoadedDataset) -> LoadedDataset | None:
    """Write a pack and open it; None where it cannot be written. Only whoever holds the lock may call this."""
    for left in folder.parent.glob(f"{folder.name}.part-*"):
        shutil.rmtree(left, ignore_errors=True)
    part = folder.with_name(f"{folder.name}.part-{os.getpid()}")
    try:
        part.mkdir()
        for name, tensor in zip(ARRAYS, (*made.train, *made.test), strict=True):
            np.save(part / f"{name}.npy", tensor.numpy())
        files = {name: _told(part / f"{name}.npy") for name in ARRAYS}
        meta = {"label": made.label, "classes": made.classes, "notes": made.notes, "files": files}
        (part / META).write_text(json.dumps(meta, indent=1))
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    except OSError:
        shutil.rmtree(part, ignore_errors=True)
        return None
    return opened(folder, made.label)


def locked(lock: IO[str]) -> Generator[Prepared, None, None]:
    """Wait for a lock; the kernel gives it back when its holder ends, however that comes."""
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield Prepared("wait for another run, which prepares the same images")
            time.sleep(PATIENCE)
        else:
            return


def _told(path: Path) -> list[int]:
    """The length of a file, and a checksum of pieces spread over it."""
    length, check = path.stat().st_size, 0
    with path.open("rb") as file:
        for piece in range(PIECES):
            file.seek(max(0, length - PIECE) * piece // (PIECES - 1))
            check = zlib.crc32(file.read(PIECE), check)
    return [length, check]

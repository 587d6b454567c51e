"""Checkpoints in a run's folder: whole or not there, the newest two kept, and only tensors and plain values in them."""

import os
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, NamedTuple
from zipfile import BadZipFile, ZipFile

import torch

from resnet_explorer.errors import RunError

FOLDER = "checkpoints"
KEPT = 2


class Checkpoint(NamedTuple):
    """The state after a step, of an experiment."""

    experiment: str
    step: int
    seconds: float
    state: dict[str, Any]


def save(folder: Path, checkpoint: Checkpoint) -> str:
    """Write a checkpoint, then drop those that are too old; the name is relative to the run's folder."""
    name = f"{FOLDER}/{checkpoint.step:09d}.pt"
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    started = path.with_suffix(".part")
    with started.open("wb") as file:
        torch.save(checkpoint._asdict(), file)
        file.flush()
        os.fsync(file.fileno())
    started.replace(path)
    _sync(path.parent)
    for old in _newest_first(folder)[KEPT:]:
        old.unlink(missing_ok=True)
    return name


def load(folder: Path, experiment: str) -> tuple[Checkpoint | None, list[str]]:
    """The newest checkpoint that can be read, and a sentence on each that cannot."""
    notes = []
    for path in _newest_first(folder):
        try:
            found = _read(path)
        except (RuntimeError, OSError, EOFError, ValueError, KeyError, TypeError, UnpicklingError, BadZipFile) as error:
            notes.append(f"{FOLDER}/{path.name} cannot be read ({type(error).__name__}); the one before it is used")
            continue
        if found.experiment != experiment:
            raise RunError(f"the checkpoint in {folder.name} is of experiment {found.experiment}, not {experiment}")
        return found, notes
    return None, notes


def _read(path: Path) -> Checkpoint:
    # torch does not look at the sums that it writes
    with ZipFile(path) as archive:
        wrong = archive.testzip()
    if wrong:
        raise BadZipFile(wrong)
    return Checkpoint(**torch.load(path, map_location="cpu", weights_only=True))


def _newest_first(folder: Path) -> list[Path]:
    return sorted((folder / FOLDER).glob("*.pt"), reverse=True)


def _sync(folder: Path) -> None:
    """A new name is on disk when its folder is."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

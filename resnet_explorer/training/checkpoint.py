"""Checkpoints in a run's folder: written whole or not at all, the newest two kept, of tensors and plain values only."""

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
    """The state of an experiment after a step."""

    experiment: str
    step: int
    seconds: float
    state: dict[str, Any]


def save(folder: Path, checkpoint: Checkpoint) -> str:
    """Write a checkpoint, then delete all but the newest two; returns its name, relative to the run's folder."""
    name = f"{FOLDER}/{checkpoint.step:09d}.pt"
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    with draft.open("wb") as file:
        torch.save(checkpoint._asdict(), file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    _sync_folder(path.parent)
    for old in _newest_first(folder)[KEPT:]:
        old.unlink(missing_ok=True)
    return name


def load(folder: Path, experiment: str) -> tuple[Checkpoint | None, list[str]]:
    """The newest checkpoint that can be read, or None, and a sentence on each newer one that cannot.

    Raises RunError for one of another experiment.
    """
    notes = []
    for path in _newest_first(folder):
        try:
            newest = _read_file(path)
        except (RuntimeError, OSError, EOFError, ValueError, KeyError, TypeError, UnpicklingError, BadZipFile) as error:
            notes.append(f"{FOLDER}/{path.name} cannot be read ({type(error).__name__}); the one before it is used")
            continue
        if newest.experiment != experiment:
            raise RunError(f"the checkpoint in {folder.name} is of experiment {newest.experiment}, not {experiment}")
        return newest, notes
    return None, notes


def load_step(folder: Path, experiment: str, step: int) -> Checkpoint:
    """The checkpoint of a step, the newest that can be read for 0; raises RunError if there is none."""
    paths = {int(path.stem): path for path in _newest_first(folder)}
    if not paths:
        raise RunError(
            f"run {folder.name[:6]} has no checkpoint yet; it is saved at the end, or when the run is stopped"
        )
    if step and step not in paths:
        raise RunError(
            f"run {folder.name[:6]} keeps its weights of step {' and '.join(map(str, paths))}, not of {step}"
        )
    saved = Checkpoint(*_read_file(paths[step])) if step else load(folder, experiment)[0]
    if saved is None:
        raise RunError(f"no checkpoint of run {folder.name[:6]} can be read")
    return saved


def kept_steps(folder: Path) -> list[int]:
    """The steps that a run keeps its state of, the oldest first."""
    return sorted(int(path.stem) for path in _newest_first(folder))


def _read_file(path: Path) -> Checkpoint:
    # torch writes checksums, and does not check them
    with ZipFile(path) as archive:
        damaged = archive.testzip()
    if damaged:
        raise BadZipFile(damaged)
    return Checkpoint(**torch.load(path, map_location="cpu", weights_only=True))


def _newest_first(folder: Path) -> list[Path]:
    return sorted((folder / FOLDER).glob("*.pt"), reverse=True)


def _sync_folder(folder: Path) -> None:
    """Wait until new names in a folder are on the disk."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

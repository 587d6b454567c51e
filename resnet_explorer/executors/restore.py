"""Runs that the home lacks come back from their copies: each whole, or not at all.

What was queued is queued still. What was at work when it was copied is interrupted, and goes on from the checkpoint in
its copy when it is resumed.
"""

import logging
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from resnet_explorer.errors import DataError, JournalError
from resnet_explorer.executors.housekeeping import ROOM
from resnet_explorer.runs.events import LIVE, Interrupted
from resnet_explorer.runs.run_folder import SHORT, RunFolder
from resnet_explorer.runs.snapshot_file import RUN_FILES, Snapshot, fetch_snapshot, unpack_snapshot

SLEPT = Interrupted("the machine was put to sleep or started anew while the run was at work", "host_slept")
LOG = logging.getLogger(__name__)


def restore_run(folder: Path, snapshots: Sequence[Snapshot], home: Path) -> Snapshot | None:
    """Put a run into the home from its newest copy that is whole; None if none is. Raises OSError as the disks do."""

    def check(unpacked: Path) -> None:
        _mark_interrupted(RunFolder(unpacked))

    return _restore_newest(folder, snapshots, RUN_FILES, check, home / "runs", "")


def restore_file(folder: Path, snapshots: Sequence[Snapshot], home: Path) -> Snapshot | None:
    """Put a small file into the home from its newest copy that is whole and not empty; None if none is."""
    name = snapshots[0].name

    def check(unpacked: Path) -> None:
        if not (unpacked / name).is_file() or not (unpacked / name).stat().st_size:
            raise DataError("it is empty")

    return _restore_newest(folder, snapshots, re.compile(re.escape(name)), check, home, name)


def _restore_newest(
    folder: Path,
    snapshots: Sequence[Snapshot],
    names: re.Pattern[str],
    check: Callable[[Path], None],
    to: Path,
    of: str,
) -> Snapshot | None:
    """Unpack into a draft, check that, and rename it, or the file `of` it, to the name of the copy."""
    to.mkdir(parents=True, exist_ok=True)
    for snapshot in snapshots:
        try:
            with _draft(to, snapshot.name) as draft:
                tar, unpacked = draft / "copy.tar", draft / snapshot.name
                _require_room(to, (folder / snapshot.file).stat().st_size)
                fetch_snapshot(folder, snapshot, tar)
                unpack_snapshot(tar, unpacked, names)
                check(unpacked)
                os.rename(unpacked / of, to / snapshot.name)
            return snapshot
        except (DataError, JournalError) as error:
            LOG.warning("a copy of %s is left out: %s", snapshot.name[:SHORT], error)
    return None


@contextmanager
def _draft(to: Path, name: str) -> Iterator[Path]:
    """A folder for a copy and for what is unpacked from it, of which nothing stays behind."""
    draft = to / f".{name}.{secrets.token_hex(4)}"
    draft.mkdir(mode=0o700)
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _mark_interrupted(folder: RunFolder) -> None:
    """Append that a run was interrupted if it was at work; raises if the folder holds no such run."""
    if folder.job().run != folder.run:
        raise DataError("it holds another run")
    with folder.writer() as events:
        if not events.seq:
            raise DataError("it holds no events")
        if events.state in LIVE and events.state != "queued":
            events.append(SLEPT)
            events.sync()


def _require_room(to: Path, size: int) -> None:
    """Raise OSError if the disk would have less than `ROOM` left once a copy of that size is unpacked."""
    if shutil.disk_usage(to).free < ROOM + 2 * size:
        raise OSError("the disk is too full")

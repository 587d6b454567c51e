"""Making room when the disk gets full: what can be made again goes first, and nothing of a run that may go on.

Only where less than `ROOM` is free, and only until there is, the longest unused first: prepared images, then the
weights of runs that finished or failed at least a day ago. Their curves, cards and verdicts stay, and their weights can
be trained again from their cards. The weights of stopped and interrupted runs are kept: they can be resumed.
"""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from resnet_explorer.errors import JournalError
from resnet_explorer.runs.events import ENDED, RESUMABLE, state_of
from resnet_explorer.runs.run_folder import newest_records, run_folders

ROOM = 1 << 30
# seconds between two looks at the disk; and since something was used last
PAUSE, AN_HOUR, A_DAY = 600.0, 3600.0, 86_400.0


class Removable(NamedTuple):
    """A folder that may go, and when it was used last."""

    used: float
    path: Path


class Housekeeper:
    """Looks at a home's disk every so often."""

    def __init__(self, home: Path, free_bytes: Callable[[Path], int] | None = None) -> None:
        self.home = home
        self.free_bytes = free_bytes or _free_bytes
        self._next_look = 0.0

    def look(self, now: float | None = None) -> list[Path]:
        """Make room if it is time to look and there is too little; what was removed."""
        moment = time.monotonic() if now is None else now
        if moment < self._next_look:
            return []
        self._next_look = moment + PAUSE
        with suppress(OSError):
            return list(self._make_room())
        return []

    def _make_room(self) -> Iterator[Path]:
        for removable in (*_packs(self.home), *_weights(self.home)):
            if self.free_bytes(self.home) >= ROOM:
                return
            shutil.rmtree(removable.path, ignore_errors=True)
            yield removable.path


def _free_bytes(home: Path) -> int:
    return shutil.disk_usage(home).free


def _packs(home: Path) -> list[Removable]:
    """Prepared images that were not opened for an hour."""
    packs = [Removable(path.stat().st_mtime, path) for path in (home / "packs").glob("*") if path.is_dir()]
    return sorted((pack for pack in packs if pack.used < time.time() - AN_HOUR), key=attrgetter("used"))


def _weights(home: Path) -> list[Removable]:
    """The weights of runs that ended for good a day ago."""
    old = []
    for folder in run_folders(home):
        path = folder.path / "checkpoints"
        with suppress(OSError, JournalError):
            if not path.is_dir() or folder.is_locked():
                continue
            records = newest_records(folder)
            for_good = state_of(records) in ENDED and state_of(records) not in RESUMABLE
            ended = records[-1].time / 1000 if records else time.time()
            if for_good and ended < time.time() - A_DAY:
                old.append(Removable(ended, path))
    return sorted(old, key=attrgetter("used"))

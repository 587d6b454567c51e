"""Copies of the runs in a folder that outlives the machine: for a Space, whose own disk is wiped when it sleeps.

Work goes on in the home, on the local disk. A thread looks there every other second: a run that is new or has ended is
copied at once, one that goes on once a minute, and one that was removed is removed there too. The index is not copied,
as it is made anew from the runs' files. What the home lacks is restored at the start (`restore.py`).

A folder that cannot be written stops nothing; `problems` says so.
"""

import logging
import os
import threading
import time
from collections.abc import Iterator, Sequence, Set
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from resnet_explorer.errors import JournalError
from resnet_explorer.executors.restore import restore_file, restore_run
from resnet_explorer.runs.events import ENDED, STATES
from resnet_explorer.runs.run_folder import ID, SHORT, RunFolder, run_folders
from resnet_explorer.runs.snapshot_file import (
    Snapshot,
    delete_snapshots,
    file_parts,
    list_snapshots,
    run_parts,
    write_snapshot,
)

# seconds between two looks, between two copies of a run that goes on, and until what failed is tried again
LOOK, LIVE_PAUSE, RETRY = 2.0, 60.0, 60.0
# seconds that a start waits; what is restored later appears by itself
RESTORE_WAIT = 30.0
# seconds after which one copy is taken to hang
HANGS = 300.0
# in the home: the runs that were copied, a line each; one that is not there any more was removed
COPIED = "copied-runs"
# bytes from the end of a run's events that hold the last of them
TAIL = 4096
LOG = logging.getLogger(__name__)
# times and sizes of what is copied, that of its events first
Stamp = tuple[int, ...]


class Copy(NamedTuple):
    """What a run was like when it was copied last, and when that was."""

    stamp: Stamp
    at: float


class Failure(NamedTuple):
    """Why something could not be copied, restored or removed, and when it is tried again."""

    reason: str
    until: float


class Snapshots:
    """Restores what a home lacks, then copies what changes there: in a thread of its own, from `start` to `stop`."""

    def __init__(self, home: Path, folder: Path, files: Sequence[str] = ()) -> None:
        """`files` are small files of the home that are copied, too."""
        self.home, self.folder, self.files = home, folder, files
        self._thread = threading.Thread(target=self._run, name="snapshots", daemon=True)
        self._restored, self._ending = threading.Event(), threading.Event()
        self._deadline = self._busy_since = 0.0
        # of each run the newest that is whole comes first
        self._snapshots: dict[str, list[Snapshot]] = {}
        self._copies: dict[str, Copy] = {}
        self._copied_runs: set[str] = set()
        self._failures: dict[str, Failure] = {}

    def start(self) -> None:
        """Restore what the home lacks; waits for that, but not for long."""
        self._thread.start()
        self._restored.wait(RESTORE_WAIT)

    def stop(self, seconds: float) -> None:
        """Copy what has changed, the latest first, for so many seconds at most, and end."""
        self._deadline = time.monotonic() + seconds
        self._ending.set()
        self._thread.join(seconds)

    @property
    def problems(self) -> list[str]:
        """Sentences on what is not copied or restored; none where all is well."""
        reasons = [failure.reason for failure in list(self._failures.values())]
        sentences = [f"copies of runs fail ({len(reasons)}): {reasons[-1]}"] if reasons else []
        since, now = self._busy_since, time.monotonic()
        if since and now - since > HANGS:
            sentences.append(f"a copy of a run has not ended for {(now - since) / 60:.0f} minutes")
        if self._thread.ident and not self._thread.is_alive() and not self._ending.is_set():
            sentences.append("the thread that copies runs has stopped")
        return sentences

    def restore(self) -> bool:
        """Restore the runs and files that the home lacks, the newest first; whether the folder could be read."""
        with self._failures_noted(""):
            self.folder.mkdir(parents=True, exist_ok=True)
            self._snapshots = list_snapshots(self.folder)
        if "" in self._failures:
            return False
        self._copied_runs = self._read_copied()
        there = {folder.run for folder in run_folders(self.home)} | self._copied_runs
        missing = [name for name in self._snapshots if name not in there and ID.fullmatch(name)]
        files = [name for name in self.files if name in self._snapshots and not (self.home / name).exists()]
        for name in [*files, *sorted(missing, key=lambda name: self._snapshots[name][0].time, reverse=True)]:
            if self._ending.is_set():
                break
            self._restore(name)
        if missing:
            LOG.info("%d of %d runs that were not here are restored", len(self._copied_runs - there), len(missing))
        return True

    def look(self, last: bool = False, now: float | None = None) -> None:
        """Copy what is due, the latest first, and remove what was removed; at the last look all that has changed."""
        now = time.monotonic() if now is None else now
        folders = {folder.run: folder.path for folder in run_folders(self.home)}
        self._remove_gone(folders.keys(), now)
        for path, stamp in self._due([*folders.values(), *(self.home / name for name in self.files)], last, now):
            if self._ending.is_set() and (not last or time.monotonic() > self._deadline):
                return
            with self._failures_noted(path.name, now):
                self._copy(path)
                self._copies[path.name] = Copy(stamp, now)
            if path.name in self._failures and not last:
                # on a full disk not every run is tried every time
                return

    def _run(self) -> None:
        """The thread: restore, then a look after each pause, until `stop`."""
        try:
            readable = self.restore()
        finally:
            self._restored.set()
        while not self._ending.wait(LOOK if readable else RETRY):
            if readable:
                self.look()
            else:
                readable = self.restore()
        if readable:
            self.look(last=True)

    def _restore(self, name: str) -> None:
        restore = restore_run if ID.fullmatch(name) else restore_file
        with self._failures_noted(name):
            if whole := restore(self.folder, self._snapshots[name], self.home):
                self._snapshots[name].remove(whole)
                self._snapshots[name].insert(0, whole)
                self._note_copied(name)

    def _due(self, paths: Sequence[Path], last: bool, now: float) -> list[tuple[Path, Stamp]]:
        """Those folders of runs, and small files, that are to be copied now."""
        due = []
        for path in paths:
            stamp, copy = _stamp(path), self._copies.get(path.name)
            if not stamp or (copy and copy.stamp == stamp) or (self._has_failed(path.name, now) and not last):
                continue
            if last or not copy or now - copy.at >= LIVE_PAUSE or _has_ended(path):
                due.append((path, stamp))
        return sorted(due, key=lambda pair: pair[1], reverse=True)

    def _copy(self, path: Path) -> None:
        """Copy a run or a file, keep the copy before, and delete those before that; raises OSError if that fails."""
        earlier = self._snapshots.get(path.name, [])
        self.folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as files:
            try:
                parts = files.enter_context(file_parts(path) if path.name in self.files else run_parts(RunFolder(path)))
            except (JournalError, FileNotFoundError):
                # what cannot be read is no run, and what is gone was just removed
                return
            self._note_copied(path.name)
            written = write_snapshot(self.folder, path.name, parts, earlier)
        if written not in earlier:
            self._snapshots[path.name] = earlier = [written, *earlier]
        delete_snapshots(self.folder, earlier[2:])
        del earlier[2:]

    def _remove_gone(self, there: Set[str], now: float) -> None:
        """Delete the copies of runs that are not in the home any more."""
        gone = self._copied_runs - there
        # a folder that is lost as a whole was not removed by the runs' owners
        if gone and not (self.home / "runs").is_dir():
            return
        for run in gone:
            if self._has_failed(run, now):
                continue
            with self._failures_noted(run, now):
                delete_snapshots(self.folder, self._snapshots.get(run, []))
                self._snapshots.pop(run, None)
                self._copies.pop(run, None)
                self._copied_runs.discard(run)

    def _read_copied(self) -> set[str]:
        """The runs that were copied from this home; none where it was wiped."""
        with suppress(OSError):
            if (self.home / "runs").is_dir():
                return set((self.home / COPIED).read_text().split())
        return set()

    def _note_copied(self, name: str) -> None:
        """Keep in mind that a run was in the home and has a copy."""
        if name in self._copied_runs or not ID.fullmatch(name):
            return
        self._copied_runs.add(name)
        # on a full disk it is kept in memory alone
        with suppress(OSError), (self.home / COPIED).open("a") as file:
            file.write(f"{name}\n")

    def _has_failed(self, name: str, now: float) -> bool:
        """Whether something failed lately, and is to be left alone for a while."""
        return name in self._failures and now < self._failures[name].until

    @contextmanager
    def _failures_noted(self, name: str, now: float | None = None) -> Iterator[None]:
        """Note under a name what fails as disks fail; forget it once it does not."""
        self._busy_since = time.monotonic()
        try:
            yield
            self._failures.pop(name, None)
        except OSError as error:
            reason = error.strerror or str(error)
            if reason not in {failure.reason for failure in self._failures.values()}:
                LOG.warning("%s is not copied or restored: %s", name[:SHORT] or "no run", reason)
            self._failures[name] = Failure(reason, (self._busy_since if now is None else now) + RETRY)
        finally:
            self._busy_since = 0.0


def _stamp(path: Path) -> Stamp:
    """Changes whenever something of a run's folder, or of a file, does that is copied; empty where there is none."""
    stamp: list[int] = []
    for part in ("/events.jsonl", "", "/checkpoints"):
        try:
            status = os.stat(f"{path}{part}")
            stamp += status.st_mtime_ns, status.st_size
        except OSError:
            continue
    return tuple(stamp)


def _has_ended(path: Path) -> bool:
    """Whether the last event of a run is a final one; so it is taken to be of a small file."""
    if path.is_file():
        return True
    folder = RunFolder(path)
    records, _ = folder.records(max(0, folder.size - TAIL))
    return bool(records) and STATES.get(records[-1].kind) in ENDED

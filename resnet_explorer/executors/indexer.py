"""The thread that brings the index up to date: it compares the sizes of the runs' files, and ingests what grew."""

import os
import threading
import time
from pathlib import Path

from resnet_explorer.errors import JournalError
from resnet_explorer.runs.index.store import CHUNK, Store
from resnet_explorer.runs.run_folder import RunFolder, run_folders

# seconds between two passes
PAUSE = 0.05
# the same after the index could not be written: it is locked, or the disk is full
RETRY_PAUSE = 0.5
# a file that grew in the last seconds is looked at in every pass; of the others a slice
ACTIVE_SECONDS = 10.0
SLICE = 250
# runs in one transaction
BATCH = 50
# a folder's time of change is coarse: a change in the same moment as a scan is seen by another scan
MTIME_SECONDS = 1.0


class Indexer(threading.Thread):
    """Ingests what grew, from start to stop, whatever happens to the index; sets `ready` after the first whole pass.

    `changed` is set whenever the index has changed.
    """

    def __init__(self, home: Path, changed: threading.Event) -> None:
        super().__init__(name="index", daemon=True)
        self.home, self.changed = home, changed
        self.ready = threading.Event()
        self._stopping = threading.Event()
        self._store: Store | None = None
        self._sizes: dict[str, int] = {}
        self._grew_at: dict[str, float] = {}
        self._folders: dict[str, RunFolder] = {}
        self._scanned = (0, 0.0)
        self._slice_start = 0

    def run(self) -> None:
        while not self._stopping.is_set():
            self._stopping.wait(self._pass())
        # the final events of runs that just ended
        for _ in range(20):
            if self._pass():
                break
        if self._store:
            self._store.close()

    def stop(self) -> None:
        """Ingest what is there still, and end."""
        self._stopping.set()

    def _pass(self) -> float:
        """Ingest what grew; the seconds to wait until the next pass, 0 if more is there already."""
        try:
            if self._store and self._store.is_gone:
                self._store.close()
                self._store = None
            if self._store is None:
                self._store = Store(self.home / "index.sqlite3", writing=True)
                self._sizes, self._scanned, self._slice_start = self._store.offsets(), (0, 0.0), 0
            more = self._ingest(self._store)
        except (JournalError, OSError):
            # opening checks the file, and replaces a damaged one
            if self._store:
                self._store.close()
            self._store = None
            return RETRY_PAUSE
        if not more:
            self.ready.set()
        return 0.0 if more else PAUSE

    def _ingest(self, store: Store) -> bool:
        """Ingest at most a chunk of each file that grew; whether there is more of one."""
        first = not self._scanned[0]
        self._scan(store)
        grown = {run: size for run in self._due(first) if (size := self._size(run)) != self._sizes.get(run, 0)}
        now, more = time.monotonic(), False
        runs = list(grown)
        for start in range(0, len(runs), BATCH):
            batch = runs[start : start + BATCH]
            store.ingest(*(self._folders[run] for run in batch))
            self.changed.set()
            for run in batch:
                size = self._sizes.get(run, 0)
                self._sizes[run] = min(grown[run], (size if size < grown[run] else 0) + CHUNK)
                self._grew_at[run] = now
                more = more or self._sizes[run] < grown[run]
        return more

    def _scan(self, store: Store) -> None:
        """List the home's runs again if its folder changed, and remove from the index those that are gone."""
        try:
            modified = (self.home / "runs").stat().st_mtime_ns
        except FileNotFoundError:
            modified = 1
        modified_before, scanned_at = self._scanned
        if modified == modified_before and scanned_at * 1e9 - modified > MTIME_SECONDS * 1e9:
            return
        self._scanned = (modified, time.time())
        self._folders = {folder.run: folder for folder in run_folders(self.home)}
        gone = self._sizes.keys() - self._folders.keys()
        if gone:
            store.forget(gone)
            self.changed.set()
        for run in gone:
            self._sizes.pop(run)
            self._grew_at.pop(run, None)

    def _due(self, every: bool) -> set[str]:
        """The runs to look at in this pass: the new, those that grew lately, and a slice of the others."""
        if every:
            return set(self._folders)
        since = time.monotonic() - ACTIVE_SECONDS
        active = {
            run for run in self._folders if run not in self._sizes or self._grew_at.get(run, -ACTIVE_SECONDS) > since
        }
        runs = list(self._folders)
        start = self._slice_start if self._slice_start < len(runs) else 0
        self._slice_start = start + SLICE
        return active | set(runs[start : start + SLICE])

    def _size(self, run: str) -> int:
        try:
            return os.stat(self._folders[run].events).st_size
        except OSError:
            return self._sizes.get(run, 0)

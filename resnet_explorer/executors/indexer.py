"""The thread that keeps the index abreast of the files: it looks at the files' sizes, and takes in what grew."""

import os
import threading
import time
from pathlib import Path

from resnet_explorer.errors import JournalError
from resnet_explorer.runs.index.store import CHUNK, Store
from resnet_explorer.runs.run_folder import RunFolder, run_folders

PAUSE = 0.05
# after the index could not be written: it is locked, or the disk is full
TROUBLE = 0.5
# a file that grew within so many seconds is looked at every time; the others in turn, so many at a time
WARM = 10.0
SLICE = 250
# runs in one transaction
TOGETHER = 50
# a folder's time of change ticks slowly: what came within the same tick is found by looking again
TICK = 1.0


class Indexer(threading.Thread):
    """Takes in what grew, from start to stop; nothing that happens to the index ends it."""

    def __init__(self, home: Path, news: threading.Event) -> None:
        super().__init__(name="index", daemon=True)
        self.home, self.news = home, news
        self.ready = threading.Event()
        self._over = threading.Event()
        self._store: Store | None = None
        self._sizes: dict[str, int] = {}
        self._changed: dict[str, float] = {}
        self._folders: dict[str, RunFolder] = {}
        self._scanned = (0, 0.0)
        self._next = 0

    def run(self) -> None:
        while not self._over.is_set():
            self._over.wait(self._look())
        # what was said last
        for _ in range(20):
            if self._look():
                break
        if self._store:
            self._store.close()

    def stop(self) -> None:
        """Look a last time, and end."""
        self._over.set()

    def _look(self) -> float:
        """Take in what there is; the seconds to wait until the next time."""
        try:
            if self._store is None:
                self._store = Store(self.home / "index.sqlite3", writing=True)
                self._sizes, self._scanned, self._next = self._store.offsets(), (0, 0.0), 0
            more = self._take(self._store)
        except (JournalError, OSError):
            # opened anew, it is looked at with care, and made anew where it is damaged
            if self._store:
                self._store.close()
            self._store = None
            return TROUBLE
        if not more:
            self.ready.set()
        return 0.0 if more else PAUSE

    def _take(self, store: Store) -> bool:
        """Take in what grew; whether there is more at once."""
        first = not self._scanned[0]
        self._scan(store)
        grown = {run: size for run in self._due(first) if (size := self._size(run)) != self._sizes.get(run, 0)}
        now, more = time.monotonic(), False
        runs = list(grown)
        for start in range(0, len(runs), TOGETHER):
            together = runs[start : start + TOGETHER]
            store.ingest(*(self._folders[run] for run in together))
            self.news.set()
            for run in together:
                known = self._sizes.get(run, 0)
                self._sizes[run] = min(grown[run], (known if known < grown[run] else 0) + CHUNK)
                self._changed[run] = now
                more = more or self._sizes[run] < grown[run]
        return more

    def _scan(self, store: Store) -> None:
        """Find the runs that are new, and leave out those that are gone."""
        try:
            changed = (self.home / "runs").stat().st_mtime_ns
        except FileNotFoundError:
            changed = 1
        seen, at = self._scanned
        if changed == seen and at * 1e9 - changed > TICK * 1e9:
            return
        self._scanned = (changed, time.time())
        self._folders = {folder.run: folder for folder in run_folders(self.home)}
        gone = self._sizes.keys() - self._folders.keys()
        if gone:
            store.forget(gone)
            self.news.set()
        for run in gone:
            self._sizes.pop(run)
            self._changed.pop(run, None)

    def _due(self, every: bool) -> set[str]:
        """The runs to look at this time: new, warm, and a slice of the others."""
        if every:
            return set(self._folders)
        since = time.monotonic() - WARM
        warm = {run for run in self._folders if run not in self._sizes or self._changed.get(run, -WARM) > since}
        runs = list(self._folders)
        self._next = self._next if self._next < len(runs) else 0
        start, self._next = self._next, self._next + SLICE
        return warm | set(runs[start : start + SLICE])

    def _size(self, run: str) -> int:
        try:
            return os.stat(self._folders[run].events).st_size
        except OSError:
            return self._sizes.get(run, 0)

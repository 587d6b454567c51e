"""The desk owns a home while it lives: it keeps the index, starts what waits, ends what is unwanted, tells who died."""

import threading
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from resnet_explorer.errors import JournalError
from resnet_explorer.executors.base import Executor, departure
from resnet_explorer.executors.indexer import Ingester
from resnet_explorer.executors.lock import GUEST, Lock
from resnet_explorer.executors.queue import order
from resnet_explorer.runs.events import LIVE, Event, Interrupted, Stopped
from resnet_explorer.runs.index.store import Row, Store
from resnet_explorer.runs.run_folder import Folder

PAUSE = 0.05
# seconds that a run which is not wanted gets: to see the wish, to save after SIGTERM
WISH, GRACE = 2.0, 3.0
# for everything at the end: SIGTERM to the last word of a worker, then to that of the killed
LAST, KILLED = 3.5, 0.7
# for the first look at a home; a large index that is made anew goes on behind
FIRST = 10.0
SERVER = Interrupted("the server ended", "server")


class Desk:
    """Owns a home from start to stop; with `only`, starts no runs but these.

    While a command line owns the home, a desk waits as a guest until it is free.
    """

    def __init__(
        self,
        home: Path,
        executor: Executor,
        only: frozenset[str] | None = None,
        role: str = "page",
        quota: int | None = None,
    ) -> None:
        self.home = home.absolute()
        self.executor = executor
        self.only, self.quota = only, quota
        self.lock = Lock(self.home, role)
        self._news = threading.Event()
        self._ingester = Ingester(self.home, self._news)
        self._thread = threading.Thread(target=self._work, name="desk", daemon=True)
        self._ending = threading.Event()
        self._store = Store(self.home / "index.sqlite3")
        self._given: dict[str, int] = {}
        self._served: dict[str, int] = {}
        self._owed: dict[str, tuple[int, Event]] = {}
        self._unwanted: dict[str, float] = {}

    def start(self) -> None:
        """Take the home, or raise RunError that names who has it; call it from the main thread."""
        mine = self.lock.take()
        if not mine and self.lock.holder().get("role") != GUEST:
            raise self.lock.refusal()
        if self.only is None or self.only:
            self.executor.start()
        self._thread.start()
        if mine:
            self._ingester.ready.wait(FIRST)

    @property
    def started(self) -> bool:
        """Whether it owns the home, or waits for it as a guest."""
        return self._thread.ident is not None

    def stop(self) -> None:
        """Start nothing more, let every worker save and say its last word, let go of the home; within five seconds."""
        self._ending.set()
        self._news.set()
        self._thread.join()
        self._store.close()
        self.lock.release()

    def __enter__(self) -> "Desk":
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _work(self) -> None:
        while not self.lock.mine and not self._ending.is_set() and not self.lock.take():
            self._ending.wait(PAUSE)
        if self.lock.mine:
            self._ingester.start()
        slots = 0
        while not self._ending.is_set():
            if self.executor.slots != slots:
                slots = self.executor.slots
                self.lock.tell(slots)
            # what cannot be done now is done at a later turn
            with suppress(JournalError, OSError):
                self._turn()
            self._news.wait(PAUSE)
            self._news.clear()
        self._end()

    def _turn(self) -> None:
        """One look at everything."""
        try:
            live = self._store.live()
        except JournalError:
            # the files are there, and so are the workers
            live = []
        rows = {row.job.run: row for row in live}
        self._settle(rows)
        if self._ingester.ready.is_set():
            self._sweep(rows)
        self._hurry(rows)
        self._dispatch([row for row in live if row.progress.state == "queued"], rows)

    def _settle(self, rows: Mapping[str, Row]) -> None:
        """Say the last word for workers that ended without it."""
        for gone in self.executor.ended():
            asked = self._unwanted.pop(gone.run, None) is not None
            row = rows.get(gone.run)
            last = _stopped(row) if asked and row else departure(gone)
            self._owed[gone.run] = gone.attempt, SERVER if self._ending.is_set() and not asked else last
        for run, (attempt, last) in list(self._owed.items()):
            if say(self._folder(run), attempt, last):
                del self._owed[run]

    def _sweep(self, rows: Mapping[str, Row]) -> None:
        """Runs that nobody works on, whatever their last event says: their owner died and could not say it."""
        for run, row in rows.items():
            if row.progress.state != "queued" and run not in self.executor.busy and not self._folder(run).alive():
                say(self._folder(run), row.progress.attempt, GONE)

    def _hurry(self, rows: Mapping[str, Row]) -> None:
        """The ladder: a run that is not wanted sees it itself; then it is asked by a signal; then it is ended."""
        now = time.monotonic()
        for run in self.executor.busy:
            if self._folder(run).wanted() != "stop":
                self._unwanted.pop(run, None)
                continue
            since = self._unwanted.setdefault(run, now)
            if now - since > WISH:
                self.executor.cancel(run, hard=now - since > WISH + GRACE)

    def _dispatch(self, queued: list[Row], rows: Mapping[str, Row]) -> None:
        busy = self.executor.busy
        waiting = [row for row in queued if self._waits(row, busy)]
        owners = Counter(rows[run].job.owner for run in busy if run in rows)
        free = self.executor.slots - len(busy)
        for row in order(waiting, owners, self._served, self.quota)[: max(0, free)]:
            folder = self._folder(row.job.run)
            if folder.wanted() == "stop":
                say(folder, row.progress.attempt, _stopped(row))
                continue
            self._given[row.job.run] = row.progress.attempt
            self._served[row.job.owner] = max(self._served.values(), default=0) + 1
            self.executor.submit(folder, row.progress.attempt)

    def _waits(self, row: Row, busy: Mapping[str, int]) -> bool:
        """Whether a run may be started: the index tells of a start a moment after it."""
        run = row.job.run
        fresh = run not in busy and run not in self._owed and self._given.get(run, 0) < row.progress.attempt
        return fresh and (self.only is None or run in self.only)

    def _end(self) -> None:
        """Everything in order: the workers, their last words, the index."""
        for seconds, hard in ((LAST, False), (KILLED, True)):
            for run in self.executor.busy:
                self.executor.cancel(run, hard)
            until = time.monotonic() + seconds
            while (self.executor.busy or self._owed) and time.monotonic() < until:
                self._settle({})
                self._news.wait(PAUSE / 5)
                self._news.clear()
        self.executor.close()
        if self._ingester.is_alive():
            self._ingester.stop()
            self._ingester.join()

    def _folder(self, run: str) -> Folder:
        return Folder(self.home / "runs" / run)


GONE = Interrupted("the process that worked on it is gone", "killed")


def say(folder: Folder, attempt: int, last: Event) -> bool:
    """Append the last word to an attempt that has none; False if that has to wait."""
    try:
        with folder.writer() as writer:
            if writer.attempt == attempt and writer.state in LIVE:
                writer.append(last)
                writer.sync()
        return True
    except FileNotFoundError:
        return True  # the run was removed
    except (JournalError, OSError):
        return False


def _stopped(row: Row) -> Stopped:
    return Stopped(row.progress.step, row.progress.seconds)

"""The desk owns a home while it lives: it keeps the index, starts what waits, ends what is unwanted, tells who died."""

import threading
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from resnet_explorer.errors import JournalError
from resnet_explorer.executors.base import Executor, event_for_exit
from resnet_explorer.executors.indexer import Indexer
from resnet_explorer.executors.lock import GUEST, HomeLock
from resnet_explorer.executors.queue import next_runs
from resnet_explorer.runs.events import LIVE, Event, Interrupted, Stopped
from resnet_explorer.runs.index.store import IndexedRun, Store
from resnet_explorer.runs.run_folder import RunFolder

PAUSE = 0.05
# seconds that a run which is not wanted gets: to see the wish, to save after SIGTERM
WISH, GRACE = 2.0, 3.0
# for everything at the end: SIGTERM to the last word of a worker, then to that of the killed
LAST, KILLED = 3.5, 0.7
# for the first look at a home; a large index that is made anew goes on behind
FIRST = 10.0
SERVER = Interrupted("the server ended", "server")


class Supervisor:
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
        self.lock = HomeLock(self.home, role)
        self._news = threading.Event()
        self._ingester = Indexer(self.home, self._news)
        self._thread = threading.Thread(target=self._work, name="desk", daemon=True)
        self._ending = threading.Event()
        self._store = Store(self.home / "index.sqlite3")
        self._submitted_attempts: dict[str, int] = {}
        self._served: dict[str, int] = {}
        self._unwritten_ends: dict[str, tuple[int, Event]] = {}
        self._stop_asked_at: dict[str, float] = {}

    def start(self) -> None:
        """Take the home, or raise RunError that names who has it; call it from the main thread."""
        mine = self.lock.acquire()
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

    def __enter__(self) -> "Supervisor":
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _work(self) -> None:
        while not self.lock.held and not self._ending.is_set() and not self.lock.acquire():
            self._ending.wait(PAUSE)
        if self.lock.held:
            self._ingester.start()
        slots = 0
        while not self._ending.is_set():
            if self.executor.slots != slots:
                slots = self.executor.slots
                self.lock.write_owner(slots)
            # what cannot be done now is done at a later turn
            with suppress(JournalError, OSError):
                self._poll()
            self._news.wait(PAUSE)
            self._news.clear()
        self._shut_down()

    def _poll(self) -> None:
        """One look at everything."""
        try:
            live = self._store.live()
        except JournalError:
            # the files are there, and so are the workers
            live = []
        rows = {row.job.run: row for row in live}
        self._record_exits(rows)
        if self._ingester.ready.is_set():
            self._mark_orphans(rows)
        self._enforce_stops(rows)
        self._dispatch([row for row in live if row.progress.state == "queued"], rows)

    def _record_exits(self, rows: Mapping[str, IndexedRun]) -> None:
        """Say the last word for workers that ended without it."""
        for gone in self.executor.ended():
            asked = self._stop_asked_at.pop(gone.run, None) is not None
            row = rows.get(gone.run)
            last = _stopped(row) if asked and row else event_for_exit(gone)
            self._unwritten_ends[gone.run] = gone.attempt, SERVER if self._ending.is_set() and not asked else last
        for run, (attempt, last) in list(self._unwritten_ends.items()):
            if append_final_event(self._folder(run), attempt, last):
                del self._unwritten_ends[run]

    def _mark_orphans(self, rows: Mapping[str, IndexedRun]) -> None:
        """Runs that nobody works on, whatever their last event says: their owner died and could not say it."""
        for run, row in rows.items():
            if row.progress.state != "queued" and run not in self.executor.busy and not self._folder(run).is_locked():
                append_final_event(self._folder(run), row.progress.attempt, GONE)

    def _enforce_stops(self, rows: Mapping[str, IndexedRun]) -> None:
        """The ladder: a run that is not wanted sees it itself; then it is asked by a signal; then it is ended."""
        now = time.monotonic()
        for run in self.executor.busy:
            if self._folder(run).read_command() != "stop":
                self._stop_asked_at.pop(run, None)
                continue
            since = self._stop_asked_at.setdefault(run, now)
            if now - since > WISH:
                self.executor.cancel(run, hard=now - since > WISH + GRACE)

    def _dispatch(self, queued: list[IndexedRun], rows: Mapping[str, IndexedRun]) -> None:
        busy = self.executor.busy
        waiting = [row for row in queued if self._can_start(row, busy)]
        owners = Counter(rows[run].job.owner for run in busy if run in rows)
        free = self.executor.slots - len(busy)
        for row in next_runs(waiting, owners, self._served, self.quota)[: max(0, free)]:
            folder = self._folder(row.job.run)
            if folder.read_command() == "stop":
                append_final_event(folder, row.progress.attempt, _stopped(row))
                continue
            self._submitted_attempts[row.job.run] = row.progress.attempt
            self._served[row.job.owner] = max(self._served.values(), default=0) + 1
            self.executor.submit(folder, row.progress.attempt)

    def _can_start(self, row: IndexedRun, busy: Mapping[str, int]) -> bool:
        """Whether a run may be started: the index tells of a start a moment after it."""
        run = row.job.run
        fresh = (
            run not in busy
            and run not in self._unwritten_ends
            and self._submitted_attempts.get(run, 0) < row.progress.attempt
        )
        return fresh and (self.only is None or run in self.only)

    def _shut_down(self) -> None:
        """Everything in order: the workers, their last words, the index."""
        for seconds, hard in ((LAST, False), (KILLED, True)):
            for run in self.executor.busy:
                self.executor.cancel(run, hard)
            until = time.monotonic() + seconds
            while (self.executor.busy or self._unwritten_ends) and time.monotonic() < until:
                self._record_exits({})
                self._news.wait(PAUSE / 5)
                self._news.clear()
        self.executor.close()
        if self._ingester.is_alive():
            self._ingester.stop()
            self._ingester.join()

    def _folder(self, run: str) -> RunFolder:
        return RunFolder(self.home / "runs" / run)


GONE = Interrupted("the process that worked on it is gone", "killed")


def append_final_event(folder: RunFolder, attempt: int, last: Event) -> bool:
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


def _stopped(row: IndexedRun) -> Stopped:
    return Stopped(row.progress.step, row.progress.seconds)

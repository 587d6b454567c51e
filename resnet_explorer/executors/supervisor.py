"""The owner of a home: one thread that starts queued runs, enforces stops and writes the ends that workers could not.

A worker writes the events of its run, up to the final one. The supervisor writes a final event only where
there is no worker that could:

    queued --> preparing --> running --> finished    by the worker
       |           |            |
       |           |------------|------> failed      by the worker
       |           |------------|------> interrupted by the worker at SIGTERM; here, if it or its owner died
       |           |------------|------> stopped     by the worker that read the command; here, if it had to be killed
       |-------------------------------> stopped     here, if the command came before a worker

A resumed run is queued again, with the next attempt. So is a run whose turn is over while others wait: it is asked
to leave, and its worker saves, writes that it is paused, and ends (`turns.py`, `queue.py`). A final event that cannot
be written is tried again at each poll.
"""

import logging
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from resnet_explorer.errors import JournalError
from resnet_explorer.executors.base import Executor, event_for_exit, stop_queued
from resnet_explorer.executors.housekeeping import Housekeeper
from resnet_explorer.executors.indexer import Indexer
from resnet_explorer.executors.lock import GUEST, HomeLock
from resnet_explorer.executors.queue import Party, first_that_fit, next_runs, parties
from resnet_explorer.executors.turns import TURN, TurnClock, TurnLength, runs_to_pause
from resnet_explorer.runs.events import LIVE, Event, Interrupted, Stopped
from resnet_explorer.runs.index.store import IndexedRun, Store
from resnet_explorer.runs.processes import processes_of
from resnet_explorer.runs.run_folder import BESIDE, SHORT, RunFolder

# seconds between two turns, unless something wakes the thread earlier; and where no run is live
POLL_INTERVAL, IDLE_INTERVAL = 0.05, 0.25
# seconds after the command `stop` until SIGTERM, and from that until SIGKILL
COMMAND_GRACE, TERM_GRACE = 2.0, 3.0
# the same when everything ends: for workers to save after SIGTERM, and for their ends to be seen after SIGKILL
SHUTDOWN_TERM, SHUTDOWN_KILL = 3.5, 0.7
# seconds that `start` waits for the index; a large one that is made anew is finished later
INDEX_WAIT = 10.0
LOG = logging.getLogger(__name__)
# studies at work at once, which wait for their runs
MOST_BESIDE = 4
SERVER_ENDED = Interrupted("the server ended", "server")
OWNER_DIED = Interrupted("the process that worked on it is gone", "killed")


class Supervisor:
    """Owns a home from start to stop; with `only`, starts no runs but these.

    While a command line owns the home, a supervisor waits until it is free.
    """

    def __init__(
        self,
        home: Path,
        executor: Executor,
        only: frozenset[str] | None = None,
        role: str = "page",
        quota: int | None = None,
        turn: TurnLength = TURN,
    ) -> None:
        self.home = home.absolute()
        self.executor = executor
        self.only, self.quota = only, quota
        self.lock = HomeLock(self.home, role)
        self._wake = threading.Event()
        self._indexer = Indexer(self.home, self._wake)
        self._housekeeper = Housekeeper(self.home)
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)
        self._ending = threading.Event()
        self._store = Store(self.home / "index.sqlite3")
        self._submitted_attempts: dict[str, int] = {}
        self._served: dict[Party, int] = {}
        self._turns = TurnClock(turn)
        self._beside: set[str] = set()
        self._slots_taken: dict[str, int] = {}
        self._unwritten_ends: dict[str, tuple[int, Event]] = {}
        self._stop_seen_at: dict[str, float] = {}

    def start(self) -> None:
        """Take the home, or raise a RunError that names its owner; to be called from the main thread."""
        acquired = self.lock.acquire()
        if not acquired and self.lock.holder().get("role") != GUEST:
            raise self.lock.refusal()
        if self.only is None or self.only:
            self.executor.start()
        self._thread.start()
        if acquired:
            self._indexer.ready.wait(INDEX_WAIT)

    @property
    def started(self) -> bool:
        """Whether it owns the home, or waits for it as a guest."""
        return self._thread.ident is not None

    @property
    def at_work(self) -> bool:
        """Whether its thread looks after runs."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Start nothing more, let every worker save and end, release the home; within five seconds."""
        self._ending.set()
        self._wake.set()
        self._thread.join()
        self._store.close()
        self.lock.release()

    def __enter__(self) -> "Supervisor":
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _run(self) -> None:
        """The thread: wait for the home, then a turn after each pause or wake-up, until `stop`."""
        while not self.lock.held and not self._ending.is_set() and not self.lock.acquire():
            self._ending.wait(POLL_INTERVAL)
        if self.lock.held:
            self._indexer.start()
        slots, idle = 0, False
        while not self._ending.is_set():
            if self.executor.slots != slots:
                slots = self.executor.slots
                self.lock.write_owner(slots)
            for removed in self._housekeeper.look():
                LOG.warning("the disk gets full: %s was removed", removed.relative_to(self.home))
            # what fails now is tried again at the next turn
            with suppress(JournalError, OSError):
                idle = self._poll() and slots > 0
            self._wake.wait(IDLE_INTERVAL if idle else POLL_INTERVAL)
            self._wake.clear()
        self._shut_down()

    def _poll(self) -> bool:
        """One turn: write missing ends, enforce stops, start what fits; whether no run is live."""
        try:
            live = self._store.live()
        except JournalError:
            # without the index nothing is started, but workers are still looked after
            live = []
        rows = {row.job.run: row for row in live}
        self._record_exits(rows)
        if self._indexer.ready.is_set():
            self._mark_orphans(rows)
        self._enforce_stops(rows)
        waiting = [row for row in live if row.progress.state == "queued" and self._can_start(row)]
        self._dispatch(waiting, rows)
        self._end_turns([row for row in waiting if row.job.run not in self.executor.busy], rows)
        return not live and not self.executor.busy and not self._unwritten_ends

    def _record_exits(self, rows: Mapping[str, IndexedRun]) -> None:
        """Write the final event of each run whose worker ended without writing one."""
        for exit in self.executor.ended():
            stopped = self._stop_seen_at.pop(exit.run, None) is not None
            row = rows.get(exit.run)
            final: Event = _stopped(row) if stopped and row else event_for_exit(exit)
            if self._ending.is_set() and not stopped:
                final = SERVER_ENDED
            self._unwritten_ends[exit.run] = exit.attempt, final
            LOG.info("the worker of run %s, attempt %d, has ended", exit.run[:SHORT], exit.attempt)
            self._turns.end(exit.run)
            self._slots_taken.pop(exit.run, None)
            self._beside.discard(exit.run)
            if self._folder(exit.run).read_command() == "stop":
                # the command came when the worker had looked for the last time, and left the run queued
                stop_queued(self._folder(exit.run))
        for run, (attempt, final) in list(self._unwritten_ends.items()):
            if append_final_event(self._folder(run), attempt, final):
                del self._unwritten_ends[run]

    def _mark_orphans(self, rows: Mapping[str, IndexedRun]) -> None:
        """Interrupt runs whose last event says that they run, though nobody works on them: their owner died."""
        for run, row in rows.items():
            if row.progress.state != "queued" and run not in self.executor.busy and not self._folder(run).is_locked():
                append_final_event(self._folder(run), row.progress.attempt, OWNER_DIED)

    def _enforce_stops(self, rows: Mapping[str, IndexedRun]) -> None:
        """The ladder for a run to be stopped: its worker reads the command, then gets SIGTERM, then SIGKILL."""
        now = time.monotonic()
        for run in self.executor.busy:
            if self._folder(run).read_command() != "stop":
                self._stop_seen_at.pop(run, None)
                continue
            since = self._stop_seen_at.setdefault(run, now)
            if now - since > COMMAND_GRACE:
                self.executor.cancel(run, hard=now - since > COMMAND_GRACE + TERM_GRACE)

    def _dispatch(self, waiting: list[IndexedRun], rows: Mapping[str, IndexedRun]) -> None:
        """Submit as many waiting runs as there are free slots, and some studies beside them, the oldest first."""
        if not self.executor.slots:
            return
        studies = sorted((row for row in waiting if row.job.kind in BESIDE), key=lambda row: row.job.created)
        for row in studies[: MOST_BESIDE - len(self._beside)]:
            self._submit(row, beside=True)
        others = [row for row in waiting if row.job.kind not in BESIDE]
        free = self._free_slots
        if free <= 0 or not others:
            return
        working = [rows[run] for run in self._in_slots if run in rows]
        ordered = next_runs(others, working, self._served, self.quota)
        for row in first_that_fit(ordered, free, self.executor.slots):
            self._submit(row)

    @property
    def _in_slots(self) -> list[str]:
        """The runs that are worked on in a slot."""
        return [run for run in self.executor.busy if run not in self._beside]

    @property
    def _free_slots(self) -> int:
        return self.executor.slots - sum(self._slots_taken.get(run, 1) for run in self._in_slots)

    def _submit(self, row: IndexedRun, beside: bool = False) -> None:
        folder, attempt = self._folder(row.job.run), row.progress.attempt
        if folder.read_command() == "stop":
            append_final_event(folder, attempt, _stopped(row))
            return
        self._submitted_attempts[row.job.run] = attempt
        LOG.info("run %s, attempt %d, is handed to a worker", row.job.run[:SHORT], attempt)
        if beside:
            self._beside.add(row.job.run)
        else:
            self._served |= dict.fromkeys(parties(row), max(self._served.values(), default=0) + 1)
            self._turns.begin(row.job.run, attempt)
            self._slots_taken[row.job.run] = min(processes_of(row.job), self.executor.slots)
        self.executor.submit(folder, attempt, beside)

    def _end_turns(self, waiting: list[IndexedRun], rows: Mapping[str, IndexedRun]) -> None:
        """Ask runs whose turn is over to leave their slots to those that wait."""
        waiting = [row for row in waiting if row.job.kind not in BESIDE]
        busy = [rows[run] for run in self._in_slots if run in rows]
        over = [row for row in busy if self._turns.is_over(row) and not self._turns.is_pausing(row.job.run)]
        if not waiting or not over:
            return
        pausing = [row for row in busy if self._turns.is_pausing(row.job.run)]
        working = [row for row in busy if row not in over and row not in pausing]
        total = self.executor.slots
        free = self._free_slots + sum(self._slots_taken.get(row.job.run, 1) for row in pausing)
        for row in runs_to_pause([*waiting, *pausing], over, working, free, self._served, self.quota, total):
            self._turns.pause(row.job.run)
            self.executor.pause(row.job.run)

    def _can_start(self, row: IndexedRun) -> bool:
        """Whether a queued run may be started; its row may be older than its start or its end."""
        run = row.job.run
        idle = (
            run not in self.executor.busy
            and run not in self._unwritten_ends
            and self._submitted_attempts.get(run, 0) < row.progress.attempt
        )
        return idle and (self.only is None or run in self.only)

    def _shut_down(self) -> None:
        """End the workers that end with it, write the ends they did not write, and let the index take them in."""
        for seconds, hard in ((SHUTDOWN_TERM, False), (SHUTDOWN_KILL, True)):
            for run in self._ending_runs:
                self.executor.cancel(run, hard)
            until = time.monotonic() + seconds
            while (self._ending_runs or self._unwritten_ends) and time.monotonic() < until:
                self._record_exits({})
                self._wake.wait(POLL_INTERVAL / 5)
                self._wake.clear()
        self.executor.close()
        if self._indexer.is_alive():
            self._indexer.stop()
            self._indexer.join()

    @property
    def _ending_runs(self) -> list[str]:
        """The runs at work that do not go on without this process."""
        return [run for run in self.executor.busy if not self.executor.outlives(run)]

    def _folder(self, run: str) -> RunFolder:
        return RunFolder(self.home / "runs" / run)


def append_final_event(folder: RunFolder, attempt: int, final: Event) -> bool:
    """Append the final event of an attempt unless it has one; False if that has to be tried again."""
    try:
        with folder.writer() as writer:
            if writer.attempt == attempt and writer.state in LIVE:
                writer.append(final)
                writer.sync()
        return True
    except FileNotFoundError:
        return True  # the run was removed
    except (JournalError, OSError):
        return False


def _stopped(row: IndexedRun) -> Stopped:
    return Stopped(row.progress.step, row.progress.seconds)

"""Turns: how long a run keeps its slot while others wait, and which runs leave their slots to which."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from resnet_explorer.executors.queue import Party, first_that_fit, next_runs
from resnet_explorer.runs.index.store import IndexedRun
from resnet_explorer.runs.processes import processes_of
from resnet_explorer.runs.run_folder import ANALYSE, BESIDE


@dataclass(frozen=True)
class TurnLength:
    """At least so many `seconds`, and so many more that handing over takes no larger a share of it than `cost`.

    The `first` turn of a run is only that part of it, so that all runs of a launch are soon seen to learn.
    """

    seconds: float = 4.0
    cost: float = 0.05
    first: float = 1 / 3


TURN = TurnLength()


def runs_to_pause(
    waiting: Sequence[IndexedRun],
    over: Sequence[IndexedRun],
    working: Sequence[IndexedRun],
    free: int,
    served: Mapping[Party, int] | None = None,
    quota: int | None = None,
    total: int = 0,
) -> list[IndexedRun]:
    """The runs whose turn is `over` that leave their slot, because a waiting run comes before them.

    `working` are those that are not to be disturbed, `free` the slots that some of the waiting get anyhow, of `total`.
    """
    ordered = next_runs([*waiting, *over], working, served, quota)
    held = sum(processes_of(row.job) for row in over)
    chosen = first_that_fit(ordered, free + held, total or free + held)
    missing = sum(min(processes_of(row.job), total or free + held) for row in chosen if row in waiting) - free
    leaving = []
    for row in over:
        if row not in chosen and missing > 0:
            missing -= processes_of(row.job)
            leaving.append(row)
    return leaving


class TurnClock:
    """Measures the turns of the runs at work."""

    def __init__(self, length: TurnLength, clock: Callable[[], float] | None = None) -> None:
        self.length, self.clock = length, clock or (lambda: time.monotonic())
        self._turns: dict[str, _Turn] = {}

    def begin(self, run: str, attempt: int) -> None:
        """An attempt of a run has been given a slot."""
        self._turns[run] = _Turn(attempt, self.clock())

    def end(self, run: str) -> None:
        """The slot of a run is free again."""
        self._turns.pop(run, None)

    def pause(self, run: str) -> None:
        """The run is asked to leave its slot."""
        self._turns[run].pausing = True

    def is_pausing(self, run: str) -> bool:
        """Whether a run is asked to leave its slot, and has not left it yet."""
        return run in self._turns and self._turns[run].pausing

    def is_over(self, row: IndexedRun) -> bool:
        """Whether the turn of a run at work is over; it never is where less than a turn is left."""
        turn, now = self._turns.get(row.job.run), self.clock()
        # an analysis and a study have no checkpoint to go on from
        if turn is None or row.progress.attempt != turn.attempt or row.job.kind in (ANALYSE, *BESIDE):
            return False
        turn.observe(row, now)
        if turn.first_step_at is None:
            return False
        usual = max(self.length.seconds, turn.overhead / self.length.cost)
        length = usual * (self.length.first if turn.attempt == 1 else 1.0)
        remaining = row.progress.remaining
        return now - turn.first_step_at >= length and remaining is not None and remaining >= usual


class _Turn:
    """What has been seen of a turn, and when; `overhead` are the seconds before its first step."""

    def __init__(self, attempt: int, begun_at: float) -> None:
        self.attempt, self.begun_at = attempt, begun_at
        self.pausing = False
        self.overhead = 0.0
        self.first_step_at: float | None = None
        self._alive_at: float | None = None
        self._started: tuple[int, float] | None = None

    def observe(self, row: IndexedRun, now: float) -> None:
        """Take in where the run stands now."""
        state, step = row.progress.state, row.progress.step
        if state == "queued" or self.first_step_at is not None:
            return
        self._alive_at = self._alive_at or now
        if state == "running" and self._started is None:
            self._started = step, now
        if self._started and step > self._started[0]:
            self.first_step_at = now
            # images are prepared once and kept: the next turn does not wait for them
            self.overhead = self._alive_at - self.begun_at + now - self._started[1]

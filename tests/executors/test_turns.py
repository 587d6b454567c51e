"""Which runs leave their slots to which, and when: functions of where the runs stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_explorer.executors.queue import next_runs
from resnet_explorer.executors.turns import TurnClock, TurnLength, runs_to_pause
from resnet_explorer.runs.index.store import IndexedRun
from tests.executors.test_queue import names, row, several

STEPS = 100


def lane(number: int, step: int, owner: str = "", group: str = "g") -> IndexedRun:
    return row(number, owner, group, step=step, steps=STEPS, seconds=step / 10, state="running")


def test_runs_whose_turn_is_over_leave_to_those_with_less_progress() -> None:
    over, waiting = [lane(1, 30), lane(2, 10)], [lane(3, 20), lane(4, 40)]
    assert names(runs_to_pause(waiting, over, [], 0)) == "1"


def test_nobody_leaves_for_a_run_with_more_progress_or_into_a_free_slot() -> None:
    assert runs_to_pause([lane(3, 40)], [lane(1, 30)], [], 0) == []
    assert runs_to_pause([lane(3, 0)], [lane(1, 30)], [], 1) == []
    assert runs_to_pause([], [lane(1, 30)], [], 0) == []


def test_an_owner_with_two_runs_leaves_one_slot_to_an_owner_with_none() -> None:
    over = [lane(1, 30, "a", "x"), lane(2, 10, "a", "x")]
    assert names(runs_to_pause([lane(3, 90, "b", "y")], over, [], 0)) == "a1"


def test_a_resumed_run_gets_a_slot_of_a_later_launch() -> None:
    over = [lane(5, 20, group="later"), lane(6, 10, group="later")]
    assert names(runs_to_pause([lane(1, 90, group="first")], over, [], 0)) == "5"


def test_a_run_that_would_be_over_the_quota_takes_nobody_elses_slot() -> None:
    working, over = [lane(1, 10, "a", "x")], [lane(2, 50, "b", "y")]
    assert runs_to_pause([lane(3, 0, "a", "x")], over, working, 0, quota=1) == []


@given(st.integers(1, 4), st.lists(st.integers(1, 9), min_size=1, max_size=12))
def test_nobody_keeps_a_slot_before_a_run_with_less_progress_and_nobody_starves(slots: int, speeds: list[int]) -> None:
    """A launch in rounds of one turn each: a run at work does as many steps a turn as it is fast."""
    done = [0] * len(speeds)
    at_work = set(range(len(speeds))[:slots])
    for _ in range(200):
        for number in at_work:
            done[number] += speeds[number]
        rows = [row(number, group="g", step=step, steps=10_000) for number, step in enumerate(done)]
        waiting = [one for one in rows if one.number not in at_work]
        at_work -= {one.number for one in runs_to_pause(waiting, [rows[number] for number in at_work], [], 0)}
        free = min(slots, len(rows)) - len(at_work)
        at_work |= {one.number for one in next_runs(waiting, [rows[number] for number in at_work])[:free]}
        left = [done[number] for number in range(len(rows)) if number not in at_work]
        assert max(done[number] for number in at_work) <= min(left, default=10_000)
    assert min(done) > 0


@pytest.mark.parametrize("slots", [1, 2, 4])
def test_equal_runs_of_a_launch_are_never_more_than_a_turn_apart(slots: int) -> None:
    done, at_work = [0] * 6, set(range(slots))
    for _ in range(60):
        for number in at_work:
            done[number] += 10
        assert max(done) - min(done) <= 10
        rows = [row(number, group="g", step=step, steps=10_000) for number, step in enumerate(done)]
        waiting = [one for one in rows if one.number not in at_work]
        at_work -= {one.number for one in runs_to_pause(waiting, [rows[number] for number in at_work], [], 0)}
        at_work |= {one.number for one in next_runs(waiting)[: slots - len(at_work)]}


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("resnet_explorer.executors.turns.time.monotonic", clock)
    return clock


def begun(clock: Clock, turns: TurnClock, attempt: int, overhead: float) -> None:
    """A run whose first step came so many seconds after it was given a slot."""
    turns.begin("run1", attempt)
    turns.is_over(row(1, state="queued", attempt=attempt))
    clock.now += overhead
    turns.is_over(row(1, state="running", attempt=attempt))
    turns.is_over(at(1, attempt))


def at(step: int, attempt: int, steps: int = 10_000) -> IndexedRun:
    return row(1, state="running", attempt=attempt, step=step, steps=steps, seconds=float(step))


@pytest.mark.parametrize(
    ("attempt", "overhead", "length"), [(2, 0.1, 4.0), (2, 0.5, 10.0), (1, 0.1, 4.0 / 4), (1, 0.5, 10.0 / 4)]
)
def test_a_turn_is_so_long_that_handing_over_is_a_small_share_of_it(
    clock: Clock, attempt: int, overhead: float, length: float
) -> None:
    turns = TurnClock(TurnLength(seconds=4.0, cost=0.05, first=0.25))
    begun(clock, turns, attempt, overhead)
    clock.now += length - 0.01
    assert not turns.is_over(at(2, attempt))
    clock.now += 0.02
    assert turns.is_over(at(2, attempt))


def test_a_run_that_is_nearly_done_keeps_its_slot(clock: Clock) -> None:
    turns = TurnClock(TurnLength(seconds=4.0))
    begun(clock, turns, 2, 0.1)
    clock.now += 60
    assert not turns.is_over(at(98, 2, steps=100))
    assert turns.is_over(at(98, 2, steps=200))


def test_time_in_which_images_are_prepared_is_not_counted_as_overhead(clock: Clock) -> None:
    turns = TurnClock(TurnLength(seconds=4.0))
    turns.begin("run1", 2)
    turns.is_over(row(1, state="preparing", attempt=2))
    clock.now += 60
    turns.is_over(row(1, state="running", attempt=2))
    turns.is_over(at(1, 2))
    clock.now += 4.01
    assert turns.is_over(at(2, 2))


def test_what_the_index_says_of_an_attempt_before_is_no_turn(clock: Clock) -> None:
    turns = TurnClock(TurnLength())
    turns.begin("run1", 3)
    for step in (1, 2, 3):
        clock.now += 60
        assert not turns.is_over(at(step, 2))


def test_a_run_for_two_gpus_gets_the_slots_of_two_runs() -> None:
    over, waiting = [lane(1, 30), lane(2, 20), lane(3, 10)], [several(4, 2)]
    assert names(runs_to_pause(waiting, over, [], 0, total=3)) == "1 2"
    assert names(runs_to_pause(waiting, over[:2], [], 1, total=3)) == "1"

"""The state that follows from events, and the one curve that attempts make."""

from resnet_explorer.runs.events import (
    ENDED,
    LIVE,
    STATES,
    Evaluated,
    Event,
    Queued,
    Record,
    Started,
    Stepped,
    Stopped,
    merge_attempts,
    state_of,
)


def step(number: int, attempt: int = 1) -> Record:
    return Record(number, 0, attempt, Stepped(number, 0.1, 1.0, 0.5, 0.1, 1.0, 1.0))


def record(event: Event, attempt: int = 1) -> Record:
    return Record(1, 0, attempt, event)


def test_every_state_is_either_live_or_ended() -> None:
    assert set(STATES.values()) == {*LIVE, *ENDED}


def test_the_state_is_that_of_the_last_event_that_changes_it() -> None:
    assert state_of([record(Queued()), record(Started(0, 5)), step(1)]) == "running"
    assert state_of([record(Stopped(1, 0.1)), record(Queued())]) == "queued"


def test_a_resumed_curve_has_no_gap_and_no_step_twice() -> None:
    records = [record(Started(0, 9)), *map(step, range(1, 8)), record(Stopped(7, 0.7))]
    records += [record(Started(5, 9), 2), *(step(number, 2) for number in range(6, 10))]
    steps = [(one.event.step, one.attempt) for one in merge_attempts(records) if isinstance(one.event, Stepped)]
    assert steps == [(n, 1) for n in range(1, 6)] + [(n, 2) for n in range(6, 10)]


def test_an_evaluation_that_is_repeated_is_told_once() -> None:
    records = [record(Started(0, 9)), record(Evaluated(4, 1.0, 1.0, 0.5, 10)), record(Started(2, 9), 2)]
    records += [record(Evaluated(4, 1.0, 1.0, 0.6, 10), 2)]
    assert [one.attempt for one in merge_attempts(records) if isinstance(one.event, Evaluated)] == [2]

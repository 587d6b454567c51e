"""Where a run stands: derived from its events one by one, and kept as JSON."""

import json
from math import isnan

import pytest

from resnet_explorer.runs.events import (
    Evaluated,
    Event,
    Failed,
    Finished,
    Interrupted,
    Noted,
    Prepared,
    Queued,
    Record,
    Saved,
    Started,
    Stepped,
    Stopped,
)
from resnet_explorer.runs.progress import Progress, after, progress

STEP = Stepped(10, 2.0, 1.5, 0.4, 0.1, 320.0, 1.0)
STORY: tuple[Event, ...] = (
    Queued(),
    Prepared("images", 5, 10),
    Started(0, 100, "cpu", "a processor", parameters=7),
    STEP,
    Evaluated(10, 2.1, 1.4, 0.45, 200),
    Saved(10, "a"),
    Noted("fell back"),
)


def records_of(*events: Event) -> list[Record]:
    attempt, records = 0, []
    for seq, event in enumerate(events, 1):
        attempt += isinstance(event, Queued)
        records.append(Record(seq, 1000 + seq, attempt, event))
    return records


def test_a_run_at_work_shows_the_newest_of_everything() -> None:
    now = progress(records_of(*STORY))
    assert (now.state, now.step, now.steps, now.loss, now.test_accuracy) == ("running", 10, 100, 1.5, 0.45)
    assert (now.saved, now.note, now.preparing, now.device, now.parameters) == (10, "fell back", "images", "cpu", 7)


def test_the_remaining_time_is_at_the_speed_so_far() -> None:
    assert progress(records_of(*STORY)).remaining == pytest.approx(18.0)
    assert progress(records_of(*STORY, Finished(100, 20.0))).remaining is None


@pytest.mark.parametrize(
    ("last", "state"),
    [
        (Finished(10, 2.0), "finished"),
        (Stopped(10, 2.0), "stopped"),
        (Failed("a", "b"), "failed"),
        (Interrupted("a", "b"), "interrupted"),
    ],
)
def test_an_end_is_a_state_with_a_time(last: Event, state: str) -> None:
    now = progress(records_of(*STORY, last))
    assert (now.state, now.ended) == (state, 1000 + len(STORY) + 1)
    assert (now.reason, now.code) == (("a", "b") if isinstance(last, Failed | Interrupted) else ("", ""))


def test_a_resumed_run_forgets_why_it_ended() -> None:
    now = progress(records_of(*STORY, Interrupted("the worker ended by signal 9", "worker_killed"), Queued()))
    assert (now.state, now.reason, now.code, now.ended, now.attempt, now.step) == ("queued", "", "", 0, 2, 10)


def test_one_by_one_is_the_same_as_all_at_once_over_json() -> None:
    now = Progress()
    for record in records_of(*STORY):
        now = after(Progress.from_json(json.loads(json.dumps(now.to_json()))), record)
    assert now == progress(records_of(*STORY))


def test_a_loss_that_is_not_finite_survives_json() -> None:
    now = progress(records_of(Stepped(1, 0.1, float("nan"), 0.1, 0.1, float("inf"), 1.0)))
    text = json.dumps(now.to_json(), allow_nan=False)
    back = Progress.from_json(json.loads(text))
    assert back.loss is not None
    assert isnan(back.loss)
    assert back.rate == float("inf")

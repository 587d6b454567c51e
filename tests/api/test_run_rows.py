"""A run as a row: why it waits, and its history."""

from pathlib import Path

from resnet_explorer.api.run_rows import history, queue_positions
from resnet_explorer.executors.lock import HomeLock
from resnet_explorer.runs.events import Event, Finished, Paused, Queued, Record, Saved, Started
from tests.executors.test_queue import row


def test_a_run_that_waits_says_how_many_train_at_a_time(tmp_path: Path) -> None:
    lock = HomeLock(tmp_path, "page")
    lock.acquire()
    lock.write_owner(2)
    rows = [row(number, state="running", step=1, steps=9, seconds=0.5) for number in (1, 2)]
    rows += [row(number) for number in (3, 4, 5, 6)]
    places = queue_positions(rows, tmp_path)
    assert places["run3"].waiting == "2 of 6 train at a time on this machine"
    assert [places[f"run{number}"].position for number in range(1, 7)] == [0, 0, 1, 2, 3, 4]
    assert (places["run1"].waiting, places["run1"].stretch) == ("", 3.0)
    lock.release()


def test_turns_are_counted_and_not_listed() -> None:
    events: list[tuple[int, Event]] = [
        (1, Queued()),
        (1, Started(0, 9, hardware="a machine")),
        (1, Saved(3, "a")),
        (2, Paused(3, 0.3)),
        (2, Started(3, 9, hardware="a machine")),
        (2, Saved(9, "b")),
        (2, Finished(9, 0.9)),
    ]
    records = [Record(seq, 0, attempt, event) for seq, (attempt, event) in enumerate(events, 1)]
    assert history(records) == [
        "queued",
        "attempt 1 started after step 0 on a machine",
        "checkpoint after step 9",
        "finished",
        "took turns with other runs, 2 so far",
    ]

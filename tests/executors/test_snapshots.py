"""What was copied comes back after the disk was wiped: whole, in its last state, and without what somebody removed."""

import shutil
import time
from collections.abc import Callable

import pytest

from resnet_explorer.errors import RunError
from resnet_explorer.executors.restore import SLEPT
from resnet_explorer.executors.snapshots import COPIED, LIVE_PAUSE
from resnet_explorer.runs import snapshot_file
from resnet_explorer.runs.events import Event, Paused
from resnet_explorer.runs.run_folder import RunFolder, new_id
from tests.fixtures.runs import kinds, queued_run, state, supervised, until
from tests.fixtures.snapshots import AT_WORK, FINISHED, KEY, Place, contents, files, happen, save, stepped


def test_a_finished_run_comes_back_byte_by_byte(place: Place) -> None:
    folder = place.run(*FINISHED, checkpoint=b"weights")
    save(folder, 20, b"newer weights")
    before = contents(folder)
    place.process.look()
    place.wipe()
    # the newest checkpoint alone; and what it should do is said, though it is what it would do anyway
    assert contents(place.restored(folder)) == {
        name: content for name, content in before.items() if name != "checkpoints/0000010.pt"
    } | {"wanted": b"run"}


def test_a_run_at_work_comes_back_interrupted_with_its_checkpoint(place: Place) -> None:
    folder = place.run(*AT_WORK, checkpoint=b"weights")
    place.process.look()
    place.wipe()
    restored = place.restored(folder)
    assert restored.records()[0][-1].event == SLEPT
    assert state(restored) == "interrupted"
    assert contents(restored)["checkpoints/0000010.pt"] == b"weights"


@pytest.mark.parametrize("events", [(), (*AT_WORK, Paused(10, 1.0))], ids=["new", "paused"])
def test_a_run_that_waits_comes_back_waiting(place: Place, events: tuple[Event, ...]) -> None:
    folder = place.run(*events)
    place.process.look()
    place.wipe()
    assert kinds(place.restored(folder)) == kinds(folder) == ["queued", *(kind_of(event) for event in events)]


def kind_of(event: object) -> str:
    return type(event).__name__.lower()


def test_half_a_line_is_not_copied(place: Place) -> None:
    folder = place.run(*AT_WORK)
    with folder.events.open("ab") as file:
        file.write(b'{"torn":')
    place.process.look()
    before = kinds(folder)
    place.wipe()
    assert kinds(place.restored(folder)) == [*before, "interrupted"]
    assert b'{"torn":' not in place.restored(folder).events.read_bytes()


def test_a_run_that_is_in_the_home_stays_as_it_is(place: Place) -> None:
    folder = place.run(*AT_WORK)
    place.process.look()
    happen(folder, stepped(11))
    before = contents(folder)
    place.new_process()
    assert contents(folder) == before


def test_what_has_not_changed_is_not_copied_again_even_by_another_process(place: Place) -> None:
    place.run(*FINISHED, checkpoint=b"weights")
    place.run()
    place.process.look()
    before = files(place)
    assert len(before) == 2
    place.process.look(now=time.monotonic() + 9 * LIVE_PAUSE)
    place.new_process().look()
    assert files(place) == before
    place.wipe()
    place.process.look()
    assert files(place) == before


def test_an_ended_run_is_copied_at_once_and_one_at_work_once_a_minute(place: Place) -> None:
    ends, works = place.run(*AT_WORK), place.run(*AT_WORK)
    place.process.look(now=1000.0)
    happen(ends, *FINISHED[len(AT_WORK) :])
    happen(works, stepped(11))
    place.process.look(now=1002.0)
    assert [len(place.copies(folder)) for folder in (ends, works)] == [2, 1]
    place.process.look(now=1001.0 + LIVE_PAUSE)
    assert [len(place.copies(folder)) for folder in (ends, works)] == [2, 2]


def test_a_new_checkpoint_and_a_new_command_are_copied(place: Place) -> None:
    folder = place.run(*FINISHED, checkpoint=b"weights")
    place.process.look()
    save(folder, 20, b"newer")
    place.process.look()
    assert len(place.copies(folder)) == 2
    place.wipe()
    assert contents(place.restored(folder))["checkpoints/0000020.pt"] == b"newer"
    place.restored(folder).write_command("stop")
    place.process.look()
    place.wipe()
    assert place.restored(folder).read_command() == "stop"


def test_a_checkpoint_that_is_too_large_is_left_out_and_events_that_are_fail(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = place.run(*AT_WORK, checkpoint=b"w" * 10_000)
    monkeypatch.setattr(snapshot_file, "LARGEST", 9_999)
    place.process.look()
    monkeypatch.setattr(snapshot_file, "LARGEST", 1_000)
    happen(folder, *FINISHED[len(AT_WORK) :])
    place.process.look()
    assert place.process.problems == ["copies of runs fail (1): File too large"]
    place.wipe()
    assert contents(place.restored(folder)).keys() == {"job.json", "wanted", "events.jsonl"}


def test_two_copies_of_a_run_are_kept(place: Place) -> None:
    folder = place.run(*AT_WORK)
    for step in range(11, 16):
        happen(folder, stepped(step))
        place.process.look(last=True)
    assert len(files(place)) == len(place.copies(folder)) == 2


def test_the_newest_copy_is_the_newest_though_the_clock_was_turned_back(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = place.run(*AT_WORK)
    place.process.look()
    monkeypatch.setattr(snapshot_file, "milliseconds", lambda: 5)
    happen(folder, *FINISHED[len(AT_WORK) :])
    place.process.look()
    place.wipe()
    assert state(place.restored(folder)) == "finished"


def test_only_runs_and_the_named_files_are_copied(place: Place) -> None:
    folder = queued_run(place.home, steps=3)
    with supervised(place.home):
        until(lambda: state(folder) == "finished")
    (place.home / "probes").mkdir()
    (place.home / "probes" / "a").write_text("x")
    (folder.path / "log.txt").write_text("x")
    (place.home / KEY).write_bytes(b"k" * 32)
    place.process.look()
    assert [name.partition(".")[0] for name in files(place)] == sorted([KEY, folder.run])
    place.wipe()
    assert {path.name for path in place.home.iterdir()} == {"runs", KEY, COPIED}
    assert (place.home / KEY).read_bytes() == b"k" * 32
    assert not (place.restored(folder).path / "log.txt").exists()


def test_a_small_file_that_is_there_is_not_replaced_and_an_empty_one_is_not_restored(place: Place) -> None:
    place.home.mkdir(exist_ok=True)
    (place.home / KEY).write_bytes(b"")
    place.process.look()
    place.wipe()
    assert not (place.home / KEY).exists()
    (place.home / KEY).write_bytes(b"old")
    place.process.look()
    (place.home / KEY).write_bytes(b"newer")
    place.new_process()
    assert (place.home / KEY).read_bytes() == b"newer"


def test_a_removed_run_is_removed_there_too(place: Place) -> None:
    stays, goes = place.run(*FINISHED), place.run(*FINISHED)
    place.process.look()
    shutil.rmtree(goes.path)
    place.process.look()
    assert [name.partition(".")[0] for name in files(place)] == [stays.run]


def test_a_run_that_was_removed_while_nobody_looked_does_not_come_back(place: Place) -> None:
    stays, goes = place.run(*FINISHED), place.run(*FINISHED)
    place.process.look()
    shutil.rmtree(goes.path)
    place.new_process().look()
    with pytest.raises(RunError):
        place.restored(goes)
    assert [name.partition(".")[0] for name in files(place)] == [stays.run]


def test_copies_stay_where_all_runs_of_the_home_are_lost_at_once(place: Place) -> None:
    folder = place.run(*FINISHED)
    place.process.look()
    before = files(place)
    shutil.rmtree(place.home / "runs")
    place.process.look()
    assert files(place) == before
    place.new_process()
    assert state(place.restored(folder)) == "finished"


def test_what_is_no_run_is_passed_over(place: Place) -> None:
    damaged = place.run(*FINISHED)
    (damaged.path / "job.json").write_text("[" * 100_000)
    (place.home / "runs" / new_id()).mkdir()
    place.run(*FINISHED).events.unlink()
    whole = place.run(*FINISHED)
    place.process.look()
    assert [name.partition(".")[0] for name in files(place)] == [whole.run]
    assert place.process.problems == []


def test_two_hundred_runs_are_copied_and_restored_in_seconds_and_a_look_at_them_costs_little(place: Place) -> None:
    events = (*AT_WORK, *(stepped(step) for step in range(11, 60)), FINISHED[-1])
    runs = [place.run(*events, checkpoint=b"w" * 600_000) for _ in range(200)]
    before = {folder.run: folder.events.read_bytes() for folder in runs}
    assert seconds(lambda: place.process.look()) < 30
    assert min(seconds(lambda: place.process.look()) for _ in range(5)) < 0.2
    assert seconds(place.wipe) < 30
    assert {folder.run: place.restored(folder).events.read_bytes() for folder in runs} == before


def seconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def test_a_restored_folder_has_nothing_else_beside_it(place: Place) -> None:
    folder: RunFolder = place.run(*FINISHED, checkpoint=b"weights")
    place.process.look()
    place.wipe()
    assert [path.name for path in (place.home / "runs").iterdir()] == [folder.run]

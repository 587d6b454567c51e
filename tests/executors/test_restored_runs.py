"""Runs that were at work when the machine slept go on where their copies are: with no step missing or twice."""

import os
import shutil
import signal
import time
from pathlib import Path

from resnet_explorer.executors.local import Local
from resnet_explorer.executors.restore import SLEPT
from resnet_explorer.runs.events import Saved, Stepped, merge_attempts
from resnet_explorer.runs.index.store import Store
from resnet_explorer.runs.run_folder import RunFolder
from resnet_explorer.runs.snapshot_file import run_parts
from tests.fixtures.launches import TINY, ended, launch, runs_of
from tests.fixtures.runs import local, pid, queued_run, reaches, resume, state, steps, supervised, until
from tests.fixtures.snapshots import Place

STEPS = 60
SAVED_OFTEN = TINY | {"steps": str(STEPS), "save": "10", "evaluate": "0"}


def losses(folder: RunFolder) -> list[tuple[int, float]]:
    """The curve of a run."""
    events = [record.event for record in merge_attempts(folder.records()[0])]
    return [(event.step, event.loss) for event in events if isinstance(event, Stepped)]


def test_real_runs_survive_a_machine_that_dies(place: Place) -> None:
    runs = runs_of(place.home)
    with supervised(place.home, Local(slots=1, device="cpu")) as owner:
        (finished,) = launch(runs, settings=SAVED_OFTEN)
        assert ended(runs, finished)["state"] == "finished"
        (cut_off, waiting) = (launch(runs, settings=SAVED_OFTEN)[0] for _ in range(2))
        whole, works, waits = (RunFolder(place.home / "runs" / run["run"]) for run in (finished, cut_off, waiting))
        reaches(works, 12)
        worker = pid(owner.executor, works)  # type: ignore[arg-type]
        os.kill(worker, signal.SIGSTOP)
        place.process.look()
        before, done = whole.events.read_bytes(), steps(works)[-1]
        os.kill(worker, signal.SIGKILL)
    place.wipe()
    assert whole.events.read_bytes() == before
    assert (state(works), state(waits)) == ("interrupted", "queued")
    assert works.records()[0][-1].event == SLEPT
    assert steps(works) == list(range(1, done + 1))
    with supervised(place.home, Local(slots=2, device="cpu")):
        runs.resume(works.run)
        assert ended(runs, cut_off)["state"] == ended(runs, waiting)["state"] == "finished"
    assert steps(works) == list(range(1, STEPS + 1))
    # it went on from its checkpoint, and the same numbers came out
    assert losses(works) == losses(whole) == losses(waits)
    assert len([record for record in works.records()[0] if isinstance(record.event, Saved)]) == STEPS // 10


def test_a_copy_at_any_moment_can_be_gone_on_from(place: Place, tmp_path: Path) -> None:
    folder = queued_run(place.home, steps=60, pause=0.002)
    moments = []
    with supervised(place.home, local()):
        for step in (1, 9, 10, 11, 25, 40, 59):
            reaches(folder, step)
            place.process.look(last=True)
            moments.append(Place(tmp_path / str(step)))
            shutil.copytree(place.folder, moments[-1].folder, dirs_exist_ok=True)
    for moment in moments:
        moment.new_process()
        restored = moment.restored(folder)
        before = steps(restored)
        assert before == list(range(1, len(before) + 1))
        with supervised(moment.home):
            if state(restored) != "finished":
                assert restored.records()[0][-1].event == SLEPT
                resume(restored)
            until(lambda restored=restored: state(restored) == "finished")  # type: ignore[misc]
        assert steps(restored) == list(range(1, 61))


def test_events_that_are_copied_have_every_step_of_the_checkpoint_beside_them(place: Place) -> None:
    folder = queued_run(place.home, steps=4000)
    ahead = []
    with supervised(place.home, local()):
        # then the checkpoint of step 10 is there
        reaches(folder, 11)
        while state(folder) != "finished":
            with run_parts(folder) as parts:
                checkpoint = int(Path(parts[-1].name).stem)
                events = parts[2]
                events.content.seek(0)
                lines = events.content.read(events.size)
            assert lines.endswith(b"\n")
            ahead.append(lines.count(b'"stepped"') - checkpoint)
    assert len(ahead) > 20
    assert min(ahead) >= 0


def test_the_index_of_a_restored_home_is_made_anew(place: Place) -> None:
    folder = queued_run(place.home, steps=5)
    with supervised(place.home):
        until(lambda: state(folder) == "finished")
    place.process.look()
    place.wipe()
    assert not (place.home / "index.sqlite3").exists()
    with supervised(place.home), Store(place.home / "index.sqlite3") as index:
        assert [one.line for one in index.events(0, [folder.run], 1000)] == [line for _, line in folder.lines()[0]]


def test_an_ordinary_end_is_copied_within_the_seconds_that_are_left(place: Place) -> None:
    runs = [queued_run(place.home, steps=100_000, pause=0.002) for _ in range(3)]
    with supervised(place.home, local(slots=3)):
        place.process.start()
        for folder in runs:
            reaches(folder, 3)
    began = time.monotonic()
    place.process.stop(5.0)
    assert time.monotonic() - began < 5.0
    before = {folder.run: folder.events.read_bytes() for folder in runs}
    place.wipe()
    assert {folder.run: folder.events.read_bytes() for folder in runs} == before
    assert {state(folder) for folder in runs} == {"interrupted"}
    with supervised(place.home, local(slots=3)):
        for folder in runs:
            done = steps(folder)[-1]
            resume(folder)
            reaches(folder, done + 5)
            assert steps(folder)[: done + 5] == list(range(1, done + 6))

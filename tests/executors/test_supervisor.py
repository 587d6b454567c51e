"""Who owns a home: one process, which tells the truth about every run in it, also about what happened before."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from resnet_explorer.errors import RunError
from resnet_explorer.executors.indexer import SLICE, Indexer
from resnet_explorer.executors.lock import GUEST
from resnet_explorer.executors.supervisor import Supervisor
from resnet_explorer.runs.events import Interrupted, Started, Stopped
from resnet_explorer.runs.index.store import Store
from resnet_explorer.runs.run_folder import RunFolder, run_folders
from tests.fixtures.runs import inline, kinds, local, pid, queued_run, reaches, resume, state, steps, supervised, until


@pytest.fixture
def index(tmp_path: Path) -> Store:
    return Store(tmp_path / "index.sqlite3")


def shown(index: Store, folder: RunFolder) -> str:
    row = index.row(folder.run)
    return row.progress.state if row else ""


def whole(index: Store, home: Path) -> bool:
    """Whether the index tells what the files do, each event once."""
    return all(
        [one.line for one in index.events(0, [folder.run], 100_000)] == [line for _, line in folder.lines()[0]]
        for folder in run_folders(home)
    )


def test_a_run_that_is_left_in_the_home_is_worked_on_and_indexed(tmp_path: Path, index: Store) -> None:
    with supervised(tmp_path):
        folder = queued_run(tmp_path, steps=5)
        until(lambda: shown(index, folder) == "finished")
    assert whole(index, tmp_path)


def test_what_waited_before_the_desk_came_is_begun(tmp_path: Path) -> None:
    folder = queued_run(tmp_path)
    with supervised(tmp_path):
        until(lambda: state(folder) == "finished")


def test_a_run_that_waits_and_is_not_wanted_is_stopped_without_a_worker(tmp_path: Path) -> None:
    with supervised(tmp_path, inline(slots=1)):
        first, second = queued_run(tmp_path, steps=1000, pause=0.01), queued_run(tmp_path)
        reaches(first, 1)
        second.write_command("stop")
        first.write_command("stop")
        until(lambda: state(second) == "stopped")
    assert kinds(second) == ["queued", "stopped"]


def test_owners_take_turns(tmp_path: Path) -> None:
    flood = [queued_run(tmp_path, owner="a", steps=2) for _ in range(5)]
    other = queued_run(tmp_path, owner="b", steps=2)
    with supervised(tmp_path, inline(slots=1)):
        until(lambda: all(state(folder) == "finished" for folder in (*flood, other)))
    begun = sorted((*flood, other), key=lambda folder: folder.records()[0][1].time)
    assert begun.index(other) == 1


def test_an_owner_gets_no_more_than_the_quota_at_once(tmp_path: Path) -> None:
    runs = [queued_run(tmp_path, owner="a", steps=10_000, pause=0.01) for _ in range(3)]
    with supervised(tmp_path, inline(slots=3), quota=1) as owner:
        reaches(runs[0], 3)
        other = queued_run(tmp_path, owner="b", steps=3)
        until(lambda: state(other) == "finished")
        until(lambda: list(owner.executor.busy) == [runs[0].run])
    assert [state(folder) for folder in runs] == ["interrupted", "queued", "queued"]


def test_a_command_line_begins_its_own_runs_alone_and_indexes_all(tmp_path: Path, index: Store) -> None:
    mine, other = queued_run(tmp_path), queued_run(tmp_path)
    with supervised(tmp_path, only=frozenset([mine.run]), role=GUEST):
        until(lambda: shown(index, mine) == "finished")
        assert shown(index, other) == "queued"


def test_a_second_page_is_told_who_has_the_home(tmp_path: Path) -> None:
    with supervised(tmp_path):
        sentence = f"home {tmp_path} is in use by the page, process {os.getpid()} on {socket.gethostname()}"
        with pytest.raises(RunError, match=f"^{sentence}$"):
            Supervisor(tmp_path, inline()).start()
    with supervised(tmp_path):
        pass


def test_a_page_waits_for_a_command_line_and_takes_over(tmp_path: Path) -> None:
    command = Supervisor(tmp_path, inline(), frozenset(["none"]), GUEST)
    command.start()
    folder = queued_run(tmp_path)
    with supervised(tmp_path) as page:
        assert not page.lock.held
        assert state(folder) == "queued"
        command.stop()
        until(lambda: state(folder) == "finished")
        assert page.lock.held


def test_a_command_line_that_only_lists_starts_no_process_and_sees_everything(tmp_path: Path, index: Store) -> None:
    runs = [queued_run(tmp_path) for _ in range(3)]
    executor = local()
    with supervised(tmp_path, executor, only=frozenset(), role=GUEST):
        assert {row.job.run for row in index.rows()} == {folder.run for folder in runs}
        assert not executor.process
    assert [state(folder) for folder in runs] == ["queued"] * 3


def test_the_lock_tells_how_many_runs_go_at_once(tmp_path: Path) -> None:
    with supervised(tmp_path, inline(slots=3)):
        until(lambda: json.loads((tmp_path / "lock").read_text())["slots"] == 3)


@pytest.mark.parametrize("before", [Started(0, 5), None], ids=["running", "queued"])
def test_a_state_is_true_again_after_the_owner_died(tmp_path: Path, before: Started | None) -> None:
    folder = queued_run(tmp_path, steps=3)
    if before:
        with folder.writer() as writer:
            writer.append(before)
    with supervised(tmp_path):
        until(lambda: state(folder) == ("interrupted" if before else "finished"))
    if before:
        assert folder.records()[0][-1].event == Interrupted("the process that worked on it is gone", "killed")


def test_a_run_that_somebody_still_works_on_is_not_called_interrupted(tmp_path: Path, index: Store) -> None:
    folder, other = queued_run(tmp_path), queued_run(tmp_path, steps=30, pause=0.01)
    with folder.writer() as writer:
        writer.append(Started(0, 5))
        with supervised(tmp_path):
            until(lambda: state(other) == "finished")
            assert shown(index, folder) == "running"
            writer.append(Stopped(1, 0.1))
            until(lambda: shown(index, folder) == "stopped")


def test_the_end_of_the_desk_is_in_order_and_within_five_seconds(tmp_path: Path, index: Store) -> None:
    with supervised(tmp_path, local()):
        runs = [queued_run(tmp_path, steps=10_000, pause=0.01) for _ in range(2)]
        waiting = queued_run(tmp_path)
        for folder in runs:
            reaches(folder, 3)
        since = time.monotonic()
    assert time.monotonic() - since < 5
    assert [kinds(folder)[-2:] for folder in runs] == [["saved", "interrupted"]] * 2
    assert [shown(index, folder) for folder in (*runs, waiting)] == ["interrupted", "interrupted", "queued"]


def test_a_worker_that_hears_nothing_is_ended_in_time(tmp_path: Path, index: Store) -> None:
    with supervised(tmp_path, local()):
        folder = queued_run(tmp_path, "is_deaf")
        until(lambda: state(folder) == "running")
        since = time.monotonic()
    assert time.monotonic() - since < 5
    assert folder.records()[0][-1].event == Interrupted("the server ended", "server")
    assert shown(index, folder) == "interrupted"


def test_a_worker_that_sees_no_wish_is_ended_and_its_run_is_stopped(tmp_path: Path) -> None:
    with supervised(tmp_path, local()):
        folder = queued_run(tmp_path, "is_deaf")
        until(lambda: state(folder) == "running")
        folder.write_command("stop")
        until(lambda: state(folder) == "stopped", 8)


def test_a_resumed_run_is_begun_again_without_a_gap(tmp_path: Path) -> None:
    executor = local()
    with supervised(tmp_path, executor):
        folder = queued_run(tmp_path, steps=40, pause=0.01)
        reaches(folder, 12)
        os.kill(pid(executor, folder), signal.SIGKILL)
        until(lambda: state(folder) == "interrupted")
        resume(folder)
        until(lambda: state(folder) == "finished")
    assert steps(folder) == list(range(1, 41))


def test_a_run_that_is_removed_leaves_the_index(tmp_path: Path, index: Store) -> None:
    with supervised(tmp_path):
        folder = queued_run(tmp_path, steps=1)
        until(lambda: shown(index, folder) == "finished")
        gone = folder.path.with_name(".gone")
        folder.path.rename(gone)
        shutil.rmtree(gone)
        until(lambda: not index.rows())


def test_an_index_that_is_lost_is_made_again(tmp_path: Path, index: Store) -> None:
    with supervised(tmp_path):
        folder = queued_run(tmp_path, steps=30)
        until(lambda: state(folder) == "finished")
    for path in tmp_path.glob("index.*"):
        path.unlink()
    with supervised(tmp_path):
        assert whole(index, tmp_path)
        assert shown(index, folder) == "finished"


def test_an_index_that_is_damaged_while_it_is_open_is_made_again(tmp_path: Path, index: Store) -> None:
    with supervised(tmp_path):
        folder = queued_run(tmp_path, steps=10_000, pause=0.01)
        until(lambda: shown(index, folder) == "running")
        with closing(sqlite3.connect(tmp_path / "index.sqlite3", isolation_level=None)) as other:
            other.execute("UPDATE runs SET progress = '{'")
        until(lambda: list(tmp_path.glob("index.corrupt-*")))
        folder.write_command("stop")
        until(lambda: shown(index, folder) == "stopped")
        assert whole(index, tmp_path)


def test_a_locked_index_holds_up_the_list_and_nothing_else(tmp_path: Path, index: Store) -> None:
    with supervised(tmp_path):
        folder = queued_run(tmp_path, steps=10_000, pause=0.01)
        until(lambda: shown(index, folder) == "running")
        with closing(sqlite3.connect(tmp_path / "index.sqlite3", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            # for longer than the writer is patient
            before = steps(folder)[-1]
            reaches(folder, before + 300)
            assert len(index.events(0, [folder.run])) < before + 100
            folder.write_command("stop")
            until(lambda: state(folder) == "stopped", 2)
            other.execute("ROLLBACK")
        since = time.monotonic()
        until(lambda: shown(index, folder) == "stopped")
        assert time.monotonic() - since < 2
        assert whole(index, tmp_path)


def test_a_home_with_many_old_runs_is_looked_at_in_turn(tmp_path: Path, index: Store) -> None:
    old = queued_run(tmp_path)
    with old.writer() as writer:
        writer.append(Stopped(0, 0.0))
    for number in range(SLICE + 40):
        copy = tmp_path / "runs" / f"{'a' * 23}{_letters(number)}"
        shutil.copytree(old.path, copy)
        (copy / "job.json").write_text((copy / "job.json").read_text().replace(old.run, copy.name))
    indexer = Indexer(tmp_path, threading.Event())
    indexer.start()
    indexer.ready.wait(20)
    assert len(index.rows()) == SLICE + 41
    indexer._grew_at.clear()
    resume(old)
    until(lambda: shown(index, old) == "queued")
    indexer.stop()
    indexer.join()


def _letters(number: int) -> str:
    return "".join("abcdefgh"[number // 8**place % 8] for place in range(3))


def test_an_index_that_is_removed_while_a_page_is_open_is_made_anew(tmp_path: Path, index: Store) -> None:
    with supervised(tmp_path, inline()):
        first = queued_run(tmp_path, steps=2)
        until(lambda: shown(index, first) == "finished")
        for path in tmp_path.glob("index.sqlite3*"):
            path.unlink()
        second = queued_run(tmp_path, steps=2)
        until(lambda: shown(index, first) == shown(index, second) == "finished")
        until(lambda: whole(index, tmp_path))

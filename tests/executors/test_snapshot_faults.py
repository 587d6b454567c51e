"""A folder of copies that is full, cannot be written, or hangs stops nothing; the thread that copies ends in time."""

import errno
import logging
import os
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from resnet_explorer.executors import restore, snapshots
from resnet_explorer.executors.snapshots import HANGS, RETRY, Snapshots
from resnet_explorer.runs.events import Queued
from resnet_explorer.runs.run_folder import new_id
from resnet_explorer.runs.snapshot_file import OLD_DRAFT, list_snapshots
from tests.fixtures.runs import state, until
from tests.fixtures.snapshots import AT_WORK, FINISHED, Place, files, happen, stepped


def fail(number: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_folder_is_noted_and_tried_again_and_breaks_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    runs = [place.run(*FINISHED) for _ in range(3)]
    with monkeypatch.context() as full, caplog.at_level(logging.WARNING):
        full.setattr(os, "fsync", fail)
        place.process.look(now=1000.0)
        assert place.process.problems == ["copies of runs fail (1): No space left on device"]
        for look in range(5):
            place.process.look(now=1000.0 + look)
        assert files(place) == []
        assert place.process.problems == ["copies of runs fail (3): No space left on device"]
        assert len(caplog.records) == 1
    place.process.look(now=1000.0 + RETRY - 1)
    assert files(place) == []
    place.process.look(now=1005.0 + RETRY)
    assert place.process.problems == []
    assert all(place.copies(folder) for folder in runs)


def test_a_folder_that_cannot_be_made_is_noted_and_a_page_starts_all_the_same(place: Place) -> None:
    shutil.rmtree(place.folder.parent)
    place.folder.parent.write_text("a file")
    place.run(*FINISHED)
    process = Snapshots(place.home, place.folder)
    process.start()
    assert process.problems == ["copies of runs fail (1): Not a directory"]
    process.stop(5.0)
    assert not process._thread.is_alive()


def test_what_could_not_be_read_at_the_start_is_restored_once_it_can(place: Place, quick: None, tmp_path: Path) -> None:
    folder = place.run(*FINISHED)
    place.process.look()
    lasting, data = place.home.with_name("lasting"), place.folder.parent
    data.rename(lasting)
    data.symlink_to(tmp_path / "not there")
    shutil.rmtree(place.home)
    process = Snapshots(place.home, place.folder)
    process.start()
    assert process.problems == ["copies of runs fail (1): File exists"]
    (tmp_path / "mount").symlink_to(lasting)
    (tmp_path / "mount").replace(data)
    until(lambda: not process.problems)
    process.stop(30.0)
    assert state(place.restored(folder)) == "finished"


def test_a_folder_that_can_only_be_read_is_restored_from(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = place.run(*FINISHED)
    place.process.look()

    opened = os.open

    def refuse(path: Path, flags: int, mode: int = 0o777, **more: Any) -> int:
        if Path(path).parent == place.folder and flags & os.O_WRONLY:
            raise OSError(errno.EROFS, "Read-only file system")
        return opened(path, flags, mode, **more)

    monkeypatch.setattr(os, "open", refuse)
    place.wipe()
    assert state(place.restored(folder)) == "finished"
    assert place.process.problems == []
    happen(place.restored(folder), Queued())
    place.process.look()
    assert place.process.problems == ["copies of runs fail (1): Read-only file system"]


def test_a_disk_without_room_restores_nothing_and_loses_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = place.run(*FINISHED)
    place.process.look()
    with monkeypatch.context() as full:
        full.setattr(restore, "ROOM", 1 << 60)
        place.wipe()
        assert place.process.problems == ["copies of runs fail (1): the disk is too full"]
        place.process.look()
    place.new_process()
    assert state(place.restored(folder)) == "finished"


def test_what_a_killed_process_left_is_removed_once_it_is_old(place: Place) -> None:
    old, young = (place.folder / f".{new_id()}.0123456{digit}.part" for digit in "01")
    for path in (old, young):
        path.write_bytes(b"half")
    past = time.time() - 2 * OLD_DRAFT
    os.utime(old, (past, past))
    place.new_process()
    assert files(place) == [young.name]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread that looks all the time."""
    monkeypatch.setattr(snapshots, "LOOK", 0.005)
    monkeypatch.setattr(snapshots, "RETRY", 0.005)


@pytest.fixture
def at_work(place: Place, quick: None) -> Iterator[Snapshots]:
    process = Snapshots(place.home, place.folder)
    process.start()
    yield process
    process.stop(30.0)
    assert not process._thread.is_alive()


def test_the_thread_copies_and_removes_by_itself(place: Place, at_work: Snapshots) -> None:
    folder = place.run(*FINISHED)
    until(lambda: place.copies(folder))
    shutil.rmtree(folder.path)
    until(lambda: not place.copies(folder))
    assert at_work.problems == []


def test_the_last_look_copies_what_is_at_work_the_latest_first(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = [place.run(*AT_WORK) for _ in range(5)]
    place.process.look()
    monkeypatch.setattr(snapshots, "LOOK", 60.0)
    process = Snapshots(place.home, place.folder)
    process.start()
    for folder in runs:
        happen(folder, stepped(11))
    process.stop(30.0)
    times = [list_snapshots(place.folder)[folder.run][0].time for folder in runs]
    assert all(len(place.copies(folder)) == 2 for folder in runs)
    assert times == sorted(times, reverse=True)


def test_a_folder_that_hangs_holds_up_no_end(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = [place.run(*FINISHED) for _ in range(3)]
    begun, go_on = threading.Event(), threading.Event()

    def hang(file: int) -> None:
        begun.set()
        go_on.wait(60)

    monkeypatch.setattr(os, "fsync", hang)
    monkeypatch.setattr(snapshots, "LOOK", 0.005)
    process = Snapshots(place.home, place.folder)
    process.start()
    assert begun.wait(60)
    moment = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: moment + 2 * HANGS)
    assert process.problems == ["a copy of a run has not ended for 10 minutes"]
    monkeypatch.undo()
    process.stop(0.2)
    assert time.monotonic() - moment < 10
    go_on.set()
    process._thread.join()
    # what had begun was brought to its end, and nothing more was begun after the deadline
    assert sum(map(len, map(place.copies, runs))) == 1

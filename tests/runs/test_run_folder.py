"""A run's folder: one writer, whole lines, and a truthful state whatever happened to the process that wrote."""

import errno
import os
import resource
import signal
from pathlib import Path

import pytest

from resnet_explorer.errors import JournalError, RunError
from resnet_explorer.runs.events import Finished, Noted, Queued, Started, Stepped, Stopped
from resnet_explorer.runs.run_folder import ID, TRAIN, Job, RunFolder, find_run, new_id, run_folders

STEP = Stepped(1, 0.1, 2.0, 0.5, 0.1, 10.0, 1.0, (1.0, 2.0))


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder.create(tmp_path, Job(new_id(), "count", {"steps": 5}, owner="ada", group="g", slot=2))


def kinds(folder: RunFolder) -> list[str]:
    return [record.kind for record in folder.records()[0]]


def test_a_job_comes_back_as_it_was_left(folder: RunFolder) -> None:
    job = folder.job()
    assert (job.run, job.kind, job.what, job.owner, job.slot) == (folder.run, "count", {"steps": 5}, "ada", 2)


def test_a_new_run_is_queued_and_nobody_works_on_it(folder: RunFolder) -> None:
    assert kinds(folder) == ["queued"]
    assert not folder.is_locked()
    assert folder.read_command() == "run"


def test_ids_are_safe_names_and_never_the_same() -> None:
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(ID.fullmatch(one) for one in ids)


def test_numbers_go_on_over_writers(folder: RunFolder) -> None:
    for _ in range(3):
        with folder.writer() as writer:
            writer.append(STEP)
    assert [record.seq for record in folder.records()[0]] == [1, 2, 3, 4]


def test_a_run_that_is_queued_again_begins_an_attempt(folder: RunFolder) -> None:
    with folder.writer() as writer:
        for event in (STEP, Stopped(1, 0.1), Queued(), STEP):
            writer.append(event)
    assert [record.attempt for record in folder.records()[0]] == [1, 1, 1, 2, 2]


def test_a_second_writer_is_refused_while_the_first_works(folder: RunFolder) -> None:
    with folder.writer():
        assert folder.is_locked()
        with pytest.raises(JournalError, match="another process works"):
            folder.writer()
    assert not folder.is_locked()


def test_a_line_torn_by_a_crash_is_left_out_and_its_number_used_again(folder: RunFolder) -> None:
    with folder.events.open("ab") as file:
        file.write(b'{"seq":2,"time":17952,"attem')
    assert kinds(folder) == ["queued"]
    with folder.writer() as writer:
        writer.append(STEP)
    assert [(record.seq, record.kind) for record in folder.records()[0]] == [(1, "queued"), (2, "stepped")]


@pytest.mark.parametrize("text", ["a\u2028b", "a\x85b", "tab\tand\nline", "\ud800 alone", "Zürich 数"])
def test_a_text_stays_one_record_whatever_is_in_it(folder: RunFolder, text: str) -> None:
    with folder.writer() as writer:
        writer.append(Noted(text))
        writer.append(STEP)
    assert kinds(folder) == ["queued", "noted", "stepped"]


def test_reading_on_from_an_offset_gives_what_is_new(folder: RunFolder) -> None:
    first, offset = folder.records()
    with folder.writer() as writer:
        writer.append(STEP)
    second, end = folder.records(offset)
    assert [*first, *second] == folder.records()[0]
    assert folder.records(end) == ([], end)


@pytest.mark.parametrize("most", [1, 40, 300, 10_000])
def test_pieces_of_any_length_add_up(folder: RunFolder, most: int) -> None:
    with folder.writer() as writer:
        for _ in range(20):
            writer.append(STEP)
    lines, offset = [], 0
    while (piece := folder.lines(offset, most))[0]:
        lines += piece[0]
        offset = piece[1]
    assert lines == folder.lines()[0]


def test_a_disk_that_is_full_leaves_whole_lines(folder: RunFolder) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with folder.writer() as writer:
        resource.setrlimit(resource.RLIMIT_FSIZE, (folder.events.stat().st_size + 10, hard))
        try:
            with pytest.raises(OSError, match="too large"):
                writer.append(STEP)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            signal.signal(signal.SIGXFSZ, ignored)
        writer.append(Finished(1, 0.1))
    assert [(record.seq, record.kind) for record in folder.records()[0]] == [(1, "queued"), (2, "finished")]


def test_a_writer_knows_the_state_behind_a_long_tail(folder: RunFolder) -> None:
    with folder.writer() as writer:
        writer.append(Started(0, 5000))
        for _ in range(2000):
            writer.append(STEP)
    assert folder.events.stat().st_size > 200_000
    with folder.writer() as writer:
        assert (writer.state, writer.seq, writer.attempt) == ("running", 2002, 1)


def test_a_wish_is_read_as_it_was_said(folder: RunFolder) -> None:
    folder.write_command("stop")
    assert folder.read_command() == "stop"
    folder.write_command("run")
    assert folder.read_command() == "run"


def test_a_run_is_found_by_its_first_letters(tmp_path: Path, folder: RunFolder) -> None:
    assert find_run(tmp_path, folder.run[:6]).path == folder.path
    assert [one.run for one in run_folders(tmp_path)] == [folder.run]


@pytest.mark.parametrize("name", ["", "..", "../..", "a/b", "*", "\x00", "abc def", "zz", "a" * 27])
def test_what_is_no_id_never_becomes_a_path(tmp_path: Path, folder: RunFolder, name: str) -> None:
    with pytest.raises(RunError):
        find_run(tmp_path, name)


def test_a_draft_or_a_stranger_in_the_folder_is_no_run(tmp_path: Path, folder: RunFolder) -> None:
    (tmp_path / "runs" / f".{new_id()}").mkdir()
    (tmp_path / "runs" / "README").write_text("")
    assert [one.run for one in run_folders(tmp_path)] == [folder.run]


def test_a_folder_without_a_job_says_so(folder: RunFolder) -> None:
    os.remove(folder.path / "job.json")
    with pytest.raises(JournalError, match="no job"):
        folder.job()


def test_a_writer_that_cannot_begin_leaves_no_file_open(folder: RunFolder) -> None:
    with folder.events.open("a") as events:
        events.write("a torn line")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (folder.events.stat().st_size, hard))
        with pytest.raises(OSError, match="too large"):
            folder.writer()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not folder.is_locked()


@pytest.mark.parametrize(("owner", "at"), [(Path, "mkdir"), (Path, "open"), (os, "write")])
def test_a_run_on_a_full_disk_is_refused_in_a_sentence_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: object, at: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "runs").mkdir()
    with monkeypatch.context() as disk:
        disk.setattr(owner, at, full)
        with pytest.raises(JournalError, match="no run can be kept: No space left on device"):
            RunFolder.create(tmp_path, Job(new_id(), TRAIN, {}))
    assert list((tmp_path / "runs").iterdir()) == []
    assert RunFolder.create(tmp_path, Job(new_id(), TRAIN, {})).job().kind == TRAIN

"""Whether all is well is said of homes that are well, and of homes that are not."""

import shutil
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest

from resnet_explorer.api.doctor import doctor
from resnet_explorer.api.health import health
from resnet_explorer.executors.lock import HomeLock
from resnet_explorer.runs.index.store import Store

Usage = namedtuple("Usage", "total used free")


def test_a_fresh_home_is_well(tmp_path: Path) -> None:
    seen = health(tmp_path)
    assert (seen["status"], seen["why"], seen["runs"]) == ("ok", [], {})
    assert seen["packages"]["torch"]
    assert 0 < seen["free_bytes"] <= seen["total_bytes"]


def test_a_full_disk_and_stopped_workers_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**9, 10**9, 5 << 20))
    seen = health(tmp_path, "those who train have stopped")
    assert seen["status"] == "failing"
    assert seen["why"] == ["those who train have stopped", "the disk has 5 MB left; runs need 200 MB"]


def test_a_remark_degrades_and_does_not_fail(tmp_path: Path) -> None:
    seen = health(tmp_path, remarks=["copies of runs fail (1): No space left on device"])
    assert (seen["status"], seen["why"]) == ("degraded", ["copies of runs fail (1): No space left on device"])


def test_a_home_that_cannot_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "touch", refuse)
    assert health(tmp_path)["why"] == ["nothing can be written where runs are kept: Permission denied"]


def test_a_damaged_index_that_was_set_aside_is_named_until_it_is_removed(tmp_path: Path) -> None:
    index = tmp_path / "index.sqlite3"
    Store(index, writing=True).close()
    index.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    assert health(tmp_path)["status"] == "failing"
    Store(index, writing=True).close()
    seen = health(tmp_path)
    assert seen["status"] == "degraded"
    assert "index.corrupt-" in seen["why"][0]
    assert str(tmp_path) not in seen["why"][0]
    for path in tmp_path.glob("index.corrupt-*"):
        path.unlink()
    assert health(tmp_path)["status"] == "ok"


def test_an_index_that_is_removed_under_its_writer_is_noticed(tmp_path: Path) -> None:
    with Store(tmp_path / "index.sqlite3", writing=True) as index:
        assert not index.is_gone
        for path in tmp_path.iterdir():
            path.unlink()
        assert index.is_gone
        shutil.rmtree(tmp_path)
        assert index.is_gone


def test_the_doctor_looks_at_everything_and_changes_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    checks = {check["name"]: check for check in doctor(home)}
    assert checks["torch"]["state"] == checks["device"]["state"] == checks["home"]["state"] == "ok"
    assert all(bool(check["advice"]) == (check["state"] != "ok") for check in checks.values())
    assert not home.exists()


def test_the_doctor_names_who_works_on_a_home_only_while_they_do(tmp_path: Path) -> None:
    lock = HomeLock(tmp_path, "page")
    assert lock.acquire()
    assert "page" in _seen(tmp_path)
    lock.release()
    assert _seen(tmp_path) == "nobody now"


def _seen(home: Path) -> str:
    return next(check["seen"] for check in doctor(home) if check["name"] == "who works on it")

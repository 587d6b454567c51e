"""A Space that sleeps: its page ends, its disk is wiped, and another page goes on with the same runs and names."""

import json
import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from resnet_explorer.ui import services
from resnet_explorer.ui.guards.visitor import COOKIE
from tests.fixtures.app_process import free_port, started
from tests.fixtures.launches import LONG, NET, TINY
from tests.fixtures.runs import until


def ask(address: str, verb: str, **fields: object) -> Any:
    answer = httpx.post(f"{address}/gradio_api/explorer/verb/{verb}", json=fields, timeout=60)
    assert answer.status_code == 200, answer.text
    return answer.json()


def launch(address: str, settings: Mapping[str, str]) -> str:
    run: str = ask(address, "train", networks=[NET], settings=settings, owner="mine")["runs"][0]["run"]
    return run


def run_of(address: str, run: str) -> Any:
    return ask(address, "show", run=run, owner="mine")["run"]


def test_a_space_that_sleeps_loses_no_run_and_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("RESNET_EXPLORER_SNAPSHOTS", str(tmp_path / "data"))
    monkeypatch.setenv("RESNET_EXPLORER_SHARED", "on")
    with started(home, free_port()) as (address, page):
        cookie = httpx.get(address, timeout=60).cookies[COOKIE]
        finished, works = launch(address, TINY), launch(address, LONG)
        until(lambda: run_of(address, finished)["state"] == "finished")
        until(lambda: run_of(address, works)["step"] > 2)
        began = time.monotonic()
        page.terminate()
        page.wait(timeout=30)
        assert time.monotonic() - began < 15
    before = {path.parent.name: path.read_bytes() for path in home.glob("runs/*/events.jsonl")}
    shutil.rmtree(home)
    with started(home, free_port()) as (address, _):
        assert {path.parent.name: path.read_bytes() for path in home.glob("runs/*/events.jsonl")} == before
        assert json.loads(httpx.get(f"{address}/healthz").text)["why"] == []
        assert run_of(address, finished)["state"] == "finished"
        step = run_of(address, works)["step"]
        assert step > 2
        assert run_of(address, works)["state"] == "interrupted"
        assert not httpx.get(address, cookies={COOKIE: cookie}, timeout=60).cookies
        ask(address, "resume", run=works, owner="mine")
        until(lambda: run_of(address, works)["step"] > step)


def test_a_page_whose_copies_cannot_be_written_opens_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").write_text("a file")
    monkeypatch.setenv("RESNET_EXPLORER_SNAPSHOTS", str(tmp_path / "data" / "folder"))
    with started(tmp_path / "home", free_port()) as (address, _):
        answer = httpx.get(f"{address}/healthz")
    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    assert answer.json()["why"] == ["copies of runs fail (1): Not a directory"]


@pytest.mark.parametrize(
    ("named", "space", "home", "chosen"),
    [
        ("", False, "home", ""),
        ("", True, "home", "data/resnet-explorer-snapshots"),
        ("off", True, "home", ""),
        ("elsewhere", True, "home", "elsewhere"),
        ("elsewhere", False, "home", "elsewhere"),
        ("", True, "data/home", ""),
    ],
)
def test_copies_are_made_where_a_folder_is_named_and_on_a_space_with_a_lasting_disk(
    named: str, space: bool, home: str, chosen: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    monkeypatch.setattr(services, "OUTLIVES", tmp_path / "data")
    for name in ("SPACE_ID", "RESNET_EXPLORER_SNAPSHOTS"):
        monkeypatch.delenv(name, raising=False)
    if space:
        monkeypatch.setenv("SPACE_ID", "somebody/explorer")
    if named:
        monkeypatch.setenv("RESNET_EXPLORER_SNAPSHOTS", named if named == "off" else str(tmp_path / named))
    folder = services._choose_snapshots(tmp_path / home)
    assert folder == (tmp_path / chosen if chosen else None)


def test_a_space_without_a_lasting_disk_copies_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPACE_ID", "somebody/explorer")
    monkeypatch.delenv("RESNET_EXPLORER_SNAPSHOTS", raising=False)
    monkeypatch.setattr(services, "OUTLIVES", tmp_path / "data")
    assert services._choose_snapshots(tmp_path / "home") is None
    (tmp_path / "data").mkdir()
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert services._choose_snapshots(tmp_path / "home") is None

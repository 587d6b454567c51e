"""Gradio's dispatcher as it is served: two lines are others, and nothing else."""

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from resnet_explorer.ui import quick_status


def script() -> Path:
    (path,) = quick_status.ASSETS.glob("Blocks-*.js")
    return path


def test_each_line_is_there_once_and_is_replaced() -> None:
    text = script().read_text(encoding="utf-8")
    assert [text.count(line) for line in (quick_status.ALL, quick_status.LOST)] == [1, 1]
    mended = text.replace(quick_status.ALL, quick_status.CHANGED).replace(quick_status.LOST, quick_status.ASKED_AGAIN)
    assert quick_status.mended(script()) == mended


def test_a_script_without_the_lines_is_served_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Blocks-other.js").write_text("export const a = 1;")
    monkeypatch.setattr(quick_status, "ASSETS", tmp_path)
    answer = TestClient(Starlette(routes=list(quick_status.routes()))).get("/assets/Blocks-other.js")
    assert answer.text == "export const a = 1;"
    assert answer.headers["content-type"].startswith("text/javascript")

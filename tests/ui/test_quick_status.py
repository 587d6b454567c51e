"""Gradio's dispatcher as it is served: one line is another, and nothing else."""

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from resnet_explorer.ui import quick_status


def script() -> Path:
    (path,) = quick_status.ASSETS.glob("Blocks-*.js")
    return path


def test_the_line_is_there_once_and_is_replaced() -> None:
    text = script().read_text(encoding="utf-8")
    assert text.count(quick_status.ALL) == 1
    assert quick_status.mended(script()) == text.replace(quick_status.ALL, quick_status.CHANGED)


def test_a_script_without_the_line_is_served_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Blocks-other.js").write_text("export const a = 1;")
    monkeypatch.setattr(quick_status, "ASSETS", tmp_path)
    answer = TestClient(Starlette(routes=list(quick_status.routes()))).get("/assets/Blocks-other.js")
    assert answer.text == "export const a = 1;"
    assert answer.headers["content-type"].startswith("text/javascript")

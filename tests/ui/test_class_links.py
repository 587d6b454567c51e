"""A page for a class, in a process of its own: what the teacher gets to give out, and each pupil's share."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from resnet_explorer.api.lessons import read_lesson
from resnet_explorer.ui.class_links import hand_out
from tests.api.test_lessons import FILE
from tests.fixtures.app_process import environment, free_port, started
from tests.fixtures.paths import ROOT

TRAIN = {"networks": ["cifar-basic-8"], "settings": {"size": "8", "steps": "4000"}}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("home")
    (home / "lesson.toml").write_text(FILE.replace("pupils = 30", "pupils = 2"))
    with started(home, free_port(), ("app.py", "--class", str(home / "lesson.toml"))) as (address, _):
        yield address


@contextmanager
def pupil(page: str) -> Iterator[httpx.Client]:
    """A browser that has opened the page."""
    with httpx.Client(base_url=page, timeout=60) as browser:
        browser.get("/")
        yield browser


def launch(browser: httpx.Client, owner: str, seeds: list[int]) -> dict[str, str]:
    answer: dict[str, str] = browser.post(
        "/gradio_api/explorer/verb/train", json={**TRAIN, "owner": owner, "seeds": seeds}
    ).json()
    return answer


def test_each_pupil_has_a_share_and_the_class_has_one(page: str) -> None:
    with pupil(page) as ann, pupil(page) as bob:
        assert "runs" in launch(ann, "ann", [0, 1, 2])
        assert "over the limit of 3" in launch(ann, "ann", [3])["error"]
        assert "over the limit of 3" in launch(ann, "ann as somebody else", [3])["error"]
        assert "runs" in launch(bob, "bob", [0, 1, 2])
        with pupil(page) as third:
            assert "limit of 6" in launch(third, "third", [0])["error"]
        for owner, browser in (("ann", ann), ("bob", bob)):
            assert len(browser.post("/gradio_api/explorer/verb/stop_all", json={"owner": owner}).json()["runs"]) == 3


def test_a_folder_of_the_teachers_machine_is_not_read(page: str) -> None:
    with pupil(page) as ann:
        data = f"imagefolder:{ROOT}"
        answer = ann.post("/gradio_api/explorer/verb/train", json={**TRAIN, "data": data, "owner": "ann"}).json()
    assert "error" in answer


def test_every_step_is_given_out_as_a_whole_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "lesson.toml"
    path.write_text(FILE)
    monkeypatch.setenv("GRADIO_SERVER_NAME", "school.example")
    lines = hand_out(read_lesson(str(path)), 7860).splitlines()
    assert lines[0] == "Why depth hurts: http://school.example:7860/"
    assert lines[3].strip().startswith("http://school.example:7860/?lanes=cifar-basic-56:plain")
    assert "   https://lab.example/x/?lanes=" in hand_out(read_lesson(str(path)), 7860, "https://lab.example/x/")


def test_a_lesson_that_cannot_be_read_ends_in_one_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "app.py", "--class", str(tmp_path / "none.toml")]
    ended = subprocess.run(command, cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, timeout=120)
    assert ended.returncode == 2
    assert ended.stderr.strip().endswith("cannot be read: No such file or directory")
    assert "Traceback" not in ended.stderr

"""The verbs that show images on the command line: their tables, and the pictures they write."""

import json
from pathlib import Path

import pytest
from PIL import Image

from resnet_explorer.cli.main import main
from resnet_explorer.executors.inline import Inline
from resnet_explorer.executors.supervisor import Supervisor
from tests.fixtures.runs import kinds, queued_training, until


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one finished run on small shapes."""
    home = tmp_path_factory.mktemp("home")
    folder = queued_training(home, steps=20, subset=256, test=64, precision="fp32", width="1/4")
    with Supervisor(home, Inline()):
        until(lambda: "finished" in kinds(folder))
    return home


@pytest.fixture(autouse=True)
def _use(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESNET_EXPLORER_HOME", str(home))


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    assert main(list(words)) == 0
    return capsys.readouterr().out.splitlines()


def shape_of(picture: Path) -> tuple[str, tuple[int, int]]:
    with Image.open(picture) as image:
        return image.mode, image.size


def run_id(home: Path) -> str:
    return next((home / "runs").iterdir()).name


def test_predictions_are_a_table_and_files(home: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    header, _, *rows, share, written = printed(
        capsys, "predictions", run_id(home), "--count", "5", "--output", str(tmp_path / "new")
    )
    assert "taken for" in header
    assert len(rows) == len(list((tmp_path / "new").glob("*.png"))) == 5
    assert share.endswith("of 64 test images are right after step 20")
    assert written == f"{tmp_path / 'new'}: 5 pictures"


def test_feature_maps_list_the_stages_and_are_files(
    home: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    lines = printed(capsys, "feature-maps", run_id(home), "--image", "3", "--output", str(tmp_path))
    assert lines[0].startswith("image 3 (")
    assert [line.split("  ")[0] for line in lines[3:-1]] == ["stem", "stage 1", "stage 2", "stage 3"]
    assert shape_of(tmp_path / "stage-1-mean.png") == ("L", (8, 8))


def test_training_images_are_cut_to_size(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    words = ("training-images", "--set", "size=16", "--set", "subset=64", "--count", "4")
    answer = json.loads("\n".join(printed(capsys, *words, "--json", "--output", str(tmp_path))))
    assert [len(answer["images"]), answer["size"]] == [4, 16]
    assert {shape_of(file) for file in tmp_path.glob("*.png")} == {("RGB", (16, 16))}
    assert "16×16" in printed(capsys, *words)[0]


def test_a_run_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predictions", "nonsense"]) == 2
    assert "nonsense" in capsys.readouterr().err

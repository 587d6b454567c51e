"""The verbs about analyses on the command line: real workers, and the answer as text and as JSON."""

import csv
import json
import re
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from resnet_explorer.analyses.catalog import ANALYSES
from resnet_explorer.cli.main import main
from tests.fixtures.paths import ROOT
from tests.fixtures.runs import queued_training
from tests.fixtures.runs import state as state_of_run

ASK = ["analyse", "receptive", "cifar-basic-8:original", "--set", "images=8"]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RESNET_EXPLORER_HOME", str(tmp_path))
    return tmp_path


def test_an_analysis_is_computed_here_once_and_listed_apart(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ASK, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) >= {"analysis", "settings", "lanes", "findings", "counts"}
    assert [set(lane) >= {"letter", "network", "subject", "values"} for lane in answer["lanes"]] == [True]
    assert (answer["state"], answer["done"]) == ("finished", answer["of"])
    assert main(ASK) == 0
    text, progress = capsys.readouterr()
    assert all(sentence in text for sentence in answer["findings"])
    assert "arXiv 1701.04128" in text
    assert not progress  # it was known
    assert main(["runs"]) == 0
    assert capsys.readouterr().out.strip() == "there are no such runs"
    assert main(["runs", "--kind", "analyse"]) == 0
    assert answer["short"] in capsys.readouterr().out


def test_a_file_is_sent_as_the_picture_that_it_holds(
    capsys: pytest.CaptureFixture[str], home: Path, tmp_path: Path
) -> None:
    Image.new("RGB", (64, 48), (250, 20, 20)).save(tmp_path / "red.png")
    ask = ["analyse", "features", "cifar-basic-8:original", "--json", "--set"]
    assert main([*ask, f"picture={tmp_path / 'red.png'}"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert b64decode(answer["settings"]["picture"]) == bytes([250, 20, 20]) * 32 * 32
    assert answer["lanes"][0]["values"]["label"] is None
    assert main([*ask, f"picture={answer['settings']['picture']}"]) == 0
    assert json.loads(capsys.readouterr().out)["run"] == answer["run"]
    assert main(["runs", "--kind", "analyse", "--json"]) == 0
    assert (
        max(len(text) for run in json.loads(capsys.readouterr().out)["runs"] for text in run["settings"].values()) < 99
    )
    assert main([*ask, "picture=nothing.png"]) == 2
    assert "picture is the RGB bytes" in capsys.readouterr().err


def at(value: Any, index: str) -> Any:
    for place in filter(None, index.split("/")):
        value = value[place] if isinstance(value, dict) else value[int(place)]
    return value


def count_numbers(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 1 if inner is None else sum(map(count_numbers, inner))


def test_every_number_of_an_answer_is_a_row_of_its_csv(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "numbers.csv"
    assert main([*ASK, "--json", "--csv", str(file)]) == 0
    answer = json.loads(capsys.readouterr().out)
    with file.open(newline="") as text:
        rows = list(csv.DictReader(text))
    assert list(rows[0]) == ["lane", "network", "value", "index", "number"]
    values = answer["lanes"][0]["values"]
    for row in rows:
        assert (row["lane"], row["network"]) == ("A", "cifar-basic-8:original")
        assert float(row["number"]) == at(values[row["value"]], row["index"])
    assert len(rows) == sum(map(count_numbers, values.values()))
    assert main([*ASK, "--csv", str(tmp_path / "nowhere" / "numbers.csv")]) == 2
    assert "there is no folder" in capsys.readouterr().err


def test_an_analysis_that_cannot_be_asked_is_one_sentence(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    training = queued_training(home)
    for words in (["analyse", "nothing"], ["analyse", "receptive"], [*ASK, "--run", training.run]):
        assert main(words) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1
    assert state_of_run(training) == "queued"


def test_the_table_has_a_row_for_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyses"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()[2:]] == [row.name for row in ANALYSES]
    assert main(["analyses", "--json"]) == 0
    assert [row["name"] for row in json.loads(capsys.readouterr().out)] == [row.name for row in ANALYSES]


def test_the_readme_lists_every_analysis(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyses", "--markdown"]) == 0
    rows = re.findall(r"^\| `.*$", capsys.readouterr().out, re.MULTILINE)
    listed = re.findall(r"^\| `[a-z-]+` \| .* arXiv .*$", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert listed == rows, "the README's table of analyses is what 'analyses --markdown' prints"

"""The verb `claims`: list, show, run and report, and what it refuses."""

import json
from pathlib import Path

import pytest

from resnet_explorer.cli.main import main


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESNET_EXPLORER_HOME", str(tmp_path))


def test_the_list_has_a_line_for_each_claim(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["claims"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) >= 32
    assert any(line.startswith("degradation") for line in lines)
    assert main(["claims", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["id"] == "degradation"


def test_a_claim_is_shown_with_its_rule_and_its_lanes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["claims", "show", "degradation"]) == 0
    text = capsys.readouterr().out
    assert "B - A of: mean training loss" in text
    assert "A  cifar-basic-20:plain" in text
    assert "cannot show" in text


def test_the_cheapest_claim_is_run_and_reported(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["claims", "run", "waterfall"]) == 0
    assert "waterfall: supported" in capsys.readouterr().out
    assert main(["claims", "run", "waterfall", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["parts"][0]["seeds"] == [100]
    assert main(["claims", "report", "waterfall"]) == 0
    assert "| supported |" in capsys.readouterr().out
    assert main(["claims", "report", "--output", str(tmp_path / "claims.tex")]) == 0
    assert r"\toprule" in (tmp_path / "claims.tex").read_text()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["show"], "claims show takes ids"),
        (["show", "cures"], "did you mean cure"),
        (["run", "dropout"], "has no short form"),
        (["run"], "ids of claims"),
        (["prove"], "invalid choice"),
        (["report", "--output", "claims.doc"], "ends in .md, .tex, .html"),
        (["report", "--output", "nowhere/claims.md"], "there is no folder"),
    ],
)
def test_what_cannot_be_done_is_refused(
    capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert main(["claims", *arguments]) == 2
    assert sentence in capsys.readouterr().err

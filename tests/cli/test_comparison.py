"""The verbs that look at many runs, on the command line, over the recorded runs."""

import json
from pathlib import Path

import pytest

from resnet_explorer.cli.main import main


@pytest.fixture(autouse=True)
def _empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESNET_EXPLORER_HOME", str(tmp_path))


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    assert main(list(words)) == 0
    return capsys.readouterr().out.splitlines()


def test_runs_are_searched_a_part_at_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    header, _, best, next_best, total = printed(
        capsys, "find-runs", "164", "JPEG", "--order", "accuracy", "--limit", "2"
    )
    assert header.endswith("test accuracy, %")
    assert float(best.split()[-1]) >= float(next_best.split()[-1])
    assert total == "2 of 6 runs"
    assert printed(capsys, "find-runs", "nothing", "of", "the", "kind") == ["there are no such runs"]


def test_runs_stand_side_by_side_and_what_differs_is_marked(capsys: pytest.CaptureFixture[str]) -> None:
    runs = json.loads("\n".join(printed(capsys, "find-runs", "1202", "JPEG", "--json")))["runs"]
    lines = printed(capsys, "compare-runs", *(run["short"] for run in runs))
    assert [run["short"] in lines[0] for run in runs] == [True, True]
    assert any(line.startswith("* ") and "Network" in line for line in lines)
    assert any(line.startswith("  ") and "Data" in line for line in lines)


def test_cost_and_error_are_listed_with_their_source(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, "cost-error")
    assert any(line.startswith("wrn-28-10") and "4.17" in line and "Zagoruyko" in line for line in lines)
    assert any("measured, short test=2000, 300 steps" in line for line in lines)
    assert printed(capsys, "cost-error", "--data", "mnist") == ["nothing is published or measured on mnist"]


def test_an_unknown_data_set_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cost-error", "--data", "cifar11"]) == 2
    assert "cifar10" in capsys.readouterr().err

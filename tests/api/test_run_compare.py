"""Runs side by side: what differs is told from what does not."""

from pathlib import Path

import pytest

from resnet_explorer.api.run_compare import compare_runs, duration
from resnet_explorer.api.runs import Runs
from resnet_explorer.errors import RunError


def test_settings_stand_there_where_they_differ(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    launched = [runs.train(["cifar-basic-8:plain"], settings={"lr": lr})["runs"][0]["run"] for lr in ("0.05", "0.1")]
    facts = {fact["name"]: fact for fact in compare_runs(launched, reader=runs.reader)["facts"]}
    assert facts["Network"] == {"name": "Network", "values": ["cifar-basic-8:plain"] * 2, "differs": False}
    assert (facts["lr"]["values"], facts["lr"]["differs"]) == (["0.05", "0.1"], True)
    assert "momentum" not in facts
    # nothing was measured yet
    assert "Test accuracy" not in facts


def test_recorded_runs_are_compared_with_where_they_come_from(tmp_path: Path) -> None:
    reader = Runs(tmp_path).reader
    names = [run["short"] for run in reader.find_runs("1202")["runs"]]
    facts = {fact["name"]: fact["values"] for fact in compare_runs(names, reader=reader)["facts"]}
    assert all(value.startswith("20") for value in facts["Recorded"])
    assert all(value.endswith(" %") for value in facts["Test accuracy"])


@pytest.mark.parametrize("count", [0, 13])
def test_too_few_and_too_many_are_refused(tmp_path: Path, count: int) -> None:
    with pytest.raises(RunError, match=f"1 to 12 runs are compared, not {count}"):
        compare_runs(["abc"] * count, reader=Runs(tmp_path).reader)


@pytest.mark.parametrize(
    ("seconds", "text"), [(None, ""), (0, ""), (8.04, "8.0 s"), (99.6, "1 min 40 s"), (7300, "2 h 1 min")]
)
def test_a_duration_is_read_at_a_glance(seconds: float | None, text: str) -> None:
    assert duration(seconds) == text

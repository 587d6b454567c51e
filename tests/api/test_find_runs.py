"""Runs found among many, a part at a time: parts fit together, and every order and word is kept."""

import json
from pathlib import Path

import pytest

from resnet_explorer.api.runs import Runs
from resnet_explorer.errors import RunError
from resnet_explorer.runs.bundled import list_bundled
from resnet_explorer.runs.events import Evaluated, Finished, Started
from resnet_explorer.runs.experiment import prepare
from resnet_explorer.runs.index.store import Store
from resnet_explorer.runs.run_folder import Job, RunFolder, new_id
from tests.fixtures.launches import runs_of

LINES = ("cifar-basic-8:plain", "cifar-basic-8:original", "wrn-16-4")
MANY = 30


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty runs in an index: all have finished but every fifth, which waits; one has an accuracy of NaN."""
    home = tmp_path_factory.mktemp("home")
    experiments = {line: prepare(line, "shapes", "short", 0, {}).changes() for line in LINES}
    folders = []
    for number in range(MANY):
        line = LINES[number % 3]
        settings = {"lr": "0.05"} if number == 7 else {}
        what = {
            "line": line,
            "data": "shapes",
            "recipe": "short",
            "settings": settings,
            "experiment": experiments[line],
        }
        folders.append(RunFolder.create(home, Job(new_id(), "train", what, created=1000 + number)))
        if number % 5:
            accuracy = float("nan") if number == 4 else number / 100
            with folders[-1].writer() as writer:
                for event in (Started(0, 9), Evaluated(9, 1.0, 1.0, accuracy, 10), Finished(9, float(MANY - number))):
                    writer.append(event)
    with Store(home / "index.sqlite3", writing=True) as store:
        store.ingest(*folders)
    return home


def test_parts_make_up_the_whole_list(home: Path) -> None:
    reader = runs_of(home).reader
    parts = [reader.find_runs(offset=offset, limit=7) for offset in range(0, MANY, 7)]
    together = [run["run"] for part in parts for run in part["runs"]]
    assert together == [run["run"] for run in reader.runs()["runs"]]
    assert {part["total"] for part in parts} == {MANY}
    assert parts[0]["states"] == {"queued": 6, "finished": 24}
    assert reader.find_runs(offset=1000)["runs"] == []


def test_every_word_has_to_be_there_in_any_case_of_letters(home: Path) -> None:
    reader = runs_of(home).reader
    assert reader.find_runs("PLAIN shapes")["total"] == 10
    assert reader.find_runs("plain wrn")["total"] == 0
    (answer,) = reader.find_runs("0.05")["runs"]
    assert answer["settings"] == {"lr": "0.05"}
    assert reader.find_runs(answer["run"][:9])["total"] == 1
    # signs that mean something to SQL or JSON are letters like others
    assert [reader.find_runs(text)["total"] for text in ("%", "_", "'", '"lr"')] == [0, 0, 0, 1]


def test_runs_come_in_the_order_that_is_asked_for(home: Path) -> None:
    reader = runs_of(home).reader
    best = [run["test_accuracy"] for run in reader.find_runs(order="accuracy")["runs"]]
    numbers = [value for value in best if isinstance(value, float)]
    assert numbers == sorted(numbers, reverse=True)
    assert best[: len(numbers)] == numbers
    shortest = [run["seconds"] for run in reader.find_runs(state="finished", order="seconds")["runs"]]
    assert shortest == sorted(shortest, key=lambda value: float(str(value)))
    oldest = [run["created"] for run in reader.find_runs(order="oldest")["runs"]]
    assert oldest == sorted(oldest)
    lines = [run["line"] for run in reader.find_runs(order="network")["runs"]]
    assert lines == sorted(lines)


def test_recorded_runs_are_in_the_list_or_left_out(home: Path) -> None:
    reader = Runs(home).reader
    bundled = len(list(list_bundled()))
    assert reader.find_runs()["total"] == MANY + bundled
    assert reader.find_runs(recorded=False)["total"] == MANY
    only = reader.find_runs(state="recorded", limit=500)
    assert len(only["runs"]) == only["total"] == bundled
    assert all(run["recorded"] for run in only["runs"])
    assert [reader.find_runs(state=state)["total"] for state in ("live", "queued")] == [6, 6]
    json.dumps(only, allow_nan=False)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"limit": 0}, "limit is 1 to"),
        ({"offset": -1}, "offset is 0 or more"),
        ({"state": "asleep"}, "state"),
        ({"order": "colour"}, "order"),
    ],
)
def test_what_cannot_be_found_is_refused(home: Path, wrong: dict[str, object], reason: str) -> None:
    with pytest.raises(RunError, match=reason):
        runs_of(home).reader.find_runs(**wrong)  # type: ignore[arg-type]

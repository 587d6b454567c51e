"""Records as columns, and runs as files."""

import csv
import io
import json
from math import inf, isnan, nan
from typing import Any

import pytest

from resnet_explorer.errors import ExplorerError, RunError
from resnet_explorer.runs.curves import curves
from resnet_explorer.runs.event_json import parse_record
from resnet_explorer.runs.events import Evaluated, Event, Finished, Measured, Queued, Record, Started, Stepped, Stopped
from resnet_explorer.runs.experiment import Experiment, prepare
from resnet_explorer.runs.export import card, command, file_name, jsonl, read_card, table
from resnet_explorer.runs.run_folder import Job, new_id


def step(number: int, loss: float = 1.0) -> Stepped:
    return Stepped(number, number / 10, loss, 0.5, 0.1, 100.0, 2.0, (1.0, 2.0))


def records_of(*attempts: list[Event]) -> list[Record]:
    records: list[Record] = []
    for attempt, events in enumerate(attempts, start=1):
        for event in (Queued(), *events):
            records.append(Record(len(records) + 1, 1000 + len(records), attempt, event))
    return records


START = Started(0, 4, weights=("stem.0", "head.2"), hardware="a machine", versions={"torch": "2"})
WHOLE = records_of(
    [START, step(1), step(2, nan), Measured(2, (1.0,), (), (inf,)), step(3), Evaluated(3, 0.3, 1.5, 0.25, 10)]
)
RESUMED = records_of(
    [START, step(1), step(2), step(3), Stopped(3, 0.3)], [Started(2, 4), step(3, 7.0), step(4), Finished(4, 0.4)]
)


def job(**settings: str) -> Job:
    experiment = prepare("cifar-basic-20:plain", "shapes", "short", 2, settings)
    what = {"line": "cifar-basic-20:plain", "data": "shapes", "recipe": "short", "settings": settings}
    return Job(new_id(), "train", {**what, "experiment": experiment.changes()})


def test_a_resumed_curve_has_no_gap_and_no_step_twice() -> None:
    columns = curves("r", RESUMED)
    assert columns["steps"]["step"] == [1, 2, 3, 4]
    assert columns["steps"]["loss"] == [1.0, 1.0, 7.0, 1.0]
    assert columns["state"] == "finished"


@pytest.mark.parametrize("since", range(len(RESUMED) + 1))
def test_news_after_any_event_complete_what_was_told_before(since: int) -> None:
    before, news = curves("r", RESUMED[:since]), curves("r", RESUMED, since)
    kept = [one for one in before["steps"]["step"] if news["cut"] is None or one <= news["cut"]]
    assert kept + news["steps"]["step"] == curves("r", RESUMED)["steps"]["step"]


def test_what_is_not_finite_is_told_as_text() -> None:
    columns = curves("r", WHOLE)
    assert columns["steps"]["loss"] == [1.0, "NaN", 1.0]
    assert columns["measures"]["gradients"] == [["Infinity"]]
    json.dumps(columns, allow_nan=False)


def test_weights_are_told_only_when_asked_for() -> None:
    assert "weights" not in curves("r", WHOLE)["steps"]
    with_weights = curves("r", WHOLE, weights=True)
    assert with_weights["weights"] == ["stem.0", "head.2"]
    assert with_weights["steps"]["weights"][0] == [1.0, 2.0]


@pytest.mark.parametrize("points", [1, 2, 3, 10, 99, 100, 1000])
def test_thinning_keeps_the_last_step_and_at_most_so_many(points: int) -> None:
    long = records_of([Started(0, 100), *(step(number) for number in range(1, 101))])
    kept = curves("r", long, points=points)["steps"]["step"]
    assert kept[-1] == 100
    assert len(kept) <= points


def test_json_lines_hold_every_event() -> None:
    again = [parse_record(line) for line in jsonl(RESUMED).splitlines()]
    assert again == RESUMED


def test_a_table_has_a_row_for_each_step_with_its_evaluation() -> None:
    rows = list(csv.DictReader(io.StringIO(table(WHOLE))))
    assert [row["step"] for row in rows] == ["1", "2", "3"]
    assert isnan(float(rows[1]["loss"]))
    assert (rows[0]["test_accuracy"], rows[2]["test_accuracy"]) == ("", "0.25")


def test_a_run_card_comes_back_as_the_job_it_describes() -> None:
    made = job(lr="0.2")
    assert read_card(card(made, WHOLE, "abc")) == made.what


def test_the_command_of_a_card_repeats_the_run() -> None:
    made = job(lr="0.2")
    assert command(made) == (
        "python -m resnet_explorer train cifar-basic-20:plain --data shapes --recipe short --seeds 2 --set lr=0.2"
    )
    assert "'imagenet-50:conv bn +'" in command(Job("r", "train", {**made.what, "line": "imagenet-50:conv bn +"}))


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "x"},
        {"version": 2},
        {"experiment": {"seed": 3}},
        {"experiment": {"network": {"image": "x"}}},
        {"line": 3},
        {"settings": []},
        {"settings": {"lr": 1}},
    ],
)
def test_a_card_that_was_changed_is_refused(changes: dict[str, Any]) -> None:
    text = json.dumps({**json.loads(card(job(), WHOLE, "")), **changes})
    with pytest.raises(ExplorerError):
        read_card(text)


@pytest.mark.parametrize("text", ["", "[]", "{}", "[" * 100_000, "no card"])
def test_what_is_no_card_is_refused(text: str) -> None:
    with pytest.raises(RunError, match="no run card"):
        read_card(text)


def test_a_file_is_named_in_safe_letters() -> None:
    made = Job("abcdefgh", "train", {"line": "../cifar:conv(k=5) +/x"})
    assert file_name(made, "csv") == "cifar-conv-k-5----x-abcdef.csv"
    assert Experiment.from_json(json.dumps(job().what["experiment"])).seed == 2

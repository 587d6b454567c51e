"""An analysis as a run: its events, what is left out of the journal, and a question that is asked twice."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
import torch

from resnet_explorer.analyses import runner
from resnet_explorer.analyses.catalog import find_analysis
from resnet_explorer.analyses.receptive import measure
from resnet_explorer.analyses.receptive_findings import findings
from resnet_explorer.analyses.request import AnalysisRequest, Part, SubjectRequest
from resnet_explorer.analyses.subject import Pictures, load_subject
from resnet_explorer.api.analyses import Analyses
from resnet_explorer.api.runs import Runs
from resnet_explorer.errors import ExplorerError
from resnet_explorer.executors.inline import Inline
from resnet_explorer.runs.datasets import Data
from resnet_explorer.runs.events import Computed, Concluded, Finished, Prepared, Started
from resnet_explorer.runs.run_folder import RunFolder
from resnet_explorer.training.predictions import CPU
from tests.fixtures.runs import queued_training, state, supervised, until

LANES = ["cifar-basic-8:original", "cifar-basic-8:plain"]


@pytest.fixture
def analyses(tmp_path: Path) -> Analyses:
    return Analyses(Runs(tmp_path))


def test_the_events_of_an_analysis_grow_and_end_with_what_follows(tmp_path: Path) -> None:
    lanes = (SubjectRequest(LANES[0], 1), SubjectRequest(LANES[1], 4))
    request = AnalysisRequest("receptive", 1, {"images": 20, "seed": 0}, lanes)
    events = list(runner.analyse(request, measure, findings, tmp_path, "cpu", 1))
    assert [type(event) for event in events[:3]] == [Prepared, Prepared, Started]
    computed = [event for event in events if isinstance(event, Computed)]
    assert {event.lane for event in computed} == {0, 1}
    assert [event.step for event in computed] == sorted(event.step for event in computed)
    last = {event.lane: event for event in computed}
    assert [event.values["images"] for event in last.values()] == [20, 20]
    assert isinstance(concluded := events[-2], Concluded)
    assert [sentence[0] for sentence in concluded.sentences] == ["B", "E"]
    assert isinstance(finished := events[-1], Finished)
    assert finished.step == last[1].steps == 6


def test_parts_are_thinned_but_for_the_last_of_each_lane() -> None:
    times = iter([0.0, 0.1, 0.15, 0.2, 0.35, 0.36])
    parts = [Part(lane, done, 6, {"done": done}) for done, lane in enumerate([0, 1, 0, 0, 1, 1], 1)]
    kept = list(runner.thinned(iter(parts), 0.2, lambda: next(times)))
    assert [(part.lane, part.values["done"]) for part in kept] == [(0, 1), (1, 2), (0, 4), (1, 5), (1, 6)]
    assert [part.done for part in kept] == [1, 2, 4, 5, 6]


def test_a_part_that_was_held_back_comes_when_its_time_has_come() -> None:
    times: Iterator[float] = iter([0.0, 0.1, 0.3])
    parts = [Part(0, 1, 3, {}), Part(0, 2, 3, {"second": True}), Part(1, 3, 3, {})]
    kept = list(runner.thinned(iter(parts), 0.2, lambda: next(times)))
    assert [(part.lane, part.done) for part in kept] == [(0, 1), (0, 3), (1, 3)]
    assert kept[1].values == {"second": True}


def test_the_same_question_is_one_run_and_another_one_another(analyses: Analyses) -> None:
    first = analyses.analyse("receptive", LANES, {"images": 8})
    assert analyses.analyse("receptive", LANES, {"images": "8"}, owner="somebody")["run"] == first["run"]
    others = [
        analyses.analyse("receptive", LANES, {"images": 9}),
        analyses.analyse("receptive", LANES, {"images": 8}, seed=1),
        analyses.analyse("receptive", LANES, {"images": 8}, slots=[0, 2]),
        analyses.analyse("receptive", LANES[:1], {"images": 8}),
    ]
    assert len({first["run"], *(answer["run"] for answer in others)}) == 5
    assert first["state"] == "queued"
    assert first["settings"] == {"images": 8, "seed": 0}


def test_a_known_answer_comes_at_once_and_again_computes_anew(analyses: Analyses) -> None:
    with supervised(analyses.runs.home, Inline()):
        run = analyses.analyse("receptive", LANES, {"images": 8})["run"]
        known = until(lambda: (answer := analyses.analysis(run))["state"] == "finished" and answer)
        assert known
        assert analyses.analyse("receptive", LANES, {"images": 8}) == known
        assert all(lane["values"]["effective"] and lane["subject"] for lane in known["lanes"])
        analyses.analyse("receptive", LANES, {"images": 8}, again=True)
        folder = RunFolder(analyses.runs.home / "runs" / run)
        until(lambda: [record.kind for record in folder.records()[0]].count("finished") == 2)
    repeated = analyses.analysis(run)
    assert [lane["values"] for lane in repeated["lanes"]] == [lane["values"] for lane in known["lanes"]]


def test_a_stopped_analysis_begins_anew_when_it_is_asked_again(analyses: Analyses) -> None:
    run = analyses.analyse("receptive", LANES)["run"]
    analyses.runs.stop(run[:6])
    assert analyses.analysis(run)["resumable"]
    assert analyses.analyse("receptive", LANES)["state"] == "queued"
    # also without an index, which nobody has written in this home
    assert [stopped["run"] for stopped in analyses.runs.stop_all()["runs"]] == [run]
    assert analyses.runs.resume(run)["kind"] == "analyse"
    analyses.runs.stop(run)
    assert analyses.runs.remove(run)["analysis"] == "receptive"
    with pytest.raises(ExplorerError, match="there is no run"):
        analyses.analysis(run)


def test_trainings_and_analyses_are_kept_apart(analyses: Analyses) -> None:
    runs = analyses.runs
    training = queued_training(runs.home)
    with supervised(runs.home, Inline()):
        until(lambda: state(training) == "finished")
        answer = analyses.analyse("receptive", LANES[:1], {"images": 8}, run=training.run[:8])
        until(lambda: analyses.analysis(answer["run"])["state"] == "finished")
        until(lambda: len(runs.reader.runs(kind="")["runs"]) - len(runs.reader.runs(text="recorded")["runs"]) == 2)
        listed = [run["run"] for run in runs.reader.runs()["runs"] if not run["recorded"]]
        matching = runs.reader.find_runs(recorded=False)
        assert listed == [run["run"] for run in matching["runs"]] == [training.run]
        assert matching["states"] == {"finished": 1}
        (listed_analysis,) = runs.reader.runs(kind="analyse")["runs"]
    assert listed_analysis["run"] == answer["run"]
    assert analyses.analysis(answer["run"])["lanes"][1]["subject"].startswith(f"run {training.run[:6]} after step 20")
    detail = runs.reader.show(answer["run"])
    assert detail["command"].endswith(f"--run {training.run}@20 --seed 0 --data shapes --set images=8 --set seed=0")
    assert runs.reader.curves(answer["run"])["steps"]["step"] == []
    json.loads(json.dumps(detail, allow_nan=False))
    for refused in (runs.reader.export_run, lambda run: analyses.analyse("receptive", run=run)):
        with pytest.raises(ExplorerError, match="is an analysis"):
            refused(answer["run"])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"analysis": "lesions"}, "unknown analysis 'lesions'"),
        ({}, "looks at 1 to 6 lanes, not 0"),
        ({"networks": LANES * 4}, "looks at 1 to 6 lanes, not 8"),
        ({"networks": ["cifar-basic-57"]}, "57"),
        ({"networks": LANES, "settings": {"images": 0}}, "images is 1 to 512, not 0"),
        ({"networks": LANES, "settings": {"image": 1}}, "unknown setting 'image'"),
        ({"networks": LANES, "slots": [0, 0]}, "slots names a lane of its own"),
        ({"networks": LANES, "data": "shops"}, "shops"),
        ({"run": "abcdef"}, "there is no run abcdef"),
    ],
)
def test_what_cannot_be_asked_is_refused(analyses: Analyses, arguments: dict[str, object], sentence: str) -> None:
    with pytest.raises(ExplorerError, match=sentence):
        analyses.analyse(**{"analysis": "receptive", **arguments})  # type: ignore[arg-type]


def test_the_table_of_analyses_says_what_can_be_set(analyses: Analyses) -> None:
    (row,) = [row for row in analyses.analyses() if row["name"] == "receptive"]
    assert row["settings"][0] == {
        "name": "images",
        "default": 32,
        "bounds": [1, 512],
        "choices": [],
        "help": "held-out images that the gradients are taken at",
    }
    assert json.loads(json.dumps(row)) == row


def test_a_question_is_the_same_after_it_was_stored() -> None:
    request = AnalysisRequest("receptive", 1, find_analysis("receptive").defaults(), (SubjectRequest(LANES[0], 2),))
    again = AnalysisRequest.from_json(json.loads(json.dumps(request.to_json())))
    assert (asdict(again), again.id) == (asdict(request), request.id)


def test_lanes_of_the_same_data_share_images_that_are_those_of_a_lane_by_itself(tmp_path: Path) -> None:
    known: dict[Data, Pictures] = {}
    first, second = (load_subject(SubjectRequest(line), tmp_path, CPU, known) for line in LANES)
    alone = load_subject(SubjectRequest(LANES[1]), tmp_path, CPU)
    assert len(known) == 1
    assert first.x is second.x
    assert torch.equal(second.x, alone.x)
    assert torch.equal(second.labels, alone.labels)
    for name, tensor in second.net.state_dict().items():
        assert torch.equal(tensor, alone.net.state_dict()[name])

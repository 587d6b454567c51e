"""The verbs about runs, on a home of their own, with a supervisor that trains in a thread."""

import csv
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from resnet_explorer.api.quotas import RunLimits
from resnet_explorer.api.run_answers import RunAnswer
from resnet_explorer.api.runs import MAX_AT_ONCE, Runs
from resnet_explorer.errors import ExplorerError, RunError
from resnet_explorer.executors.base import stop_queued
from resnet_explorer.executors.inline import Inline
from resnet_explorer.executors.supervisor import Supervisor
from resnet_explorer.runs.bundled import Provenance, record
from resnet_explorer.runs.events import Record
from resnet_explorer.runs.run_folder import Job, RunFolder
from tests.fixtures.launches import LONG, NET, TINY, ended, launch, runs_of, stepped
from tests.fixtures.runs import until


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def runs(home: Path) -> Iterator[Runs]:
    with Supervisor(home, Inline()):
        yield runs_of(home)


def test_a_press_trains_every_lane_with_every_seed(runs: Runs) -> None:
    launched = launch(runs, f"{NET}:original", f"{NET}:plain", seeds=[0, 1], slots=[0, 5])
    assert [(run["slot"], run["seed"]) for run in launched] == [(0, 0), (5, 0), (0, 1), (5, 1)]
    runs_ended = [ended(runs, run) for run in launched]
    assert {run["state"] for run in runs_ended} == {"finished"}
    assert {(run["step"], run["test_images"]) for run in runs_ended} == {(6, 32)}
    assert len({run["group"] for run in runs_ended}) == 1


def test_a_run_says_that_its_width_is_the_nearest_there_is(runs: Runs) -> None:
    (launched,) = launch(runs, f"{NET}:conv(groups=16) bn + relu")
    sentence = "width 1/2 was taken to the nearest step, 16/16/32 channels instead of 8/16/32"
    assert launched["note"].startswith(sentence)
    run = ended(runs, launched)
    assert run["state"] == "finished"
    assert run["note"] == launched["note"]
    assert runs.reader.show(run["run"])["history"].count(run["note"]) == 1


def test_a_run_is_listed_the_moment_it_is_launched_or_soon_after(runs: Runs) -> None:
    launched = launch(runs, settings=LONG)[0]
    until(lambda: runs.reader.runs()["runs"] != [])
    assert runs.reader.runs()["runs"][0]["run"] == launched["run"]
    runs.stop(launched["run"])


def test_a_list_can_be_narrowed(runs: Runs) -> None:
    for run in launch(runs, f"{NET}:original", f"{NET}:plain"):
        ended(runs, run)
    until(lambda: len(runs.reader.runs(state="finished")["runs"]) == 2)
    assert [run["line"] for run in runs.reader.runs(text="PLAIN")["runs"]] == [f"{NET}:plain"]
    assert runs.reader.runs(state="live")["runs"] == []


def test_curves_are_told_from_a_cursor_on(runs: Runs) -> None:
    run = ended(runs, launch(runs)[0])
    whole = runs.reader.curves(run["run"])
    assert whole["steps"]["step"] == [1, 2, 3, 4, 5, 6]
    assert whole["measures"]["step"]
    assert runs.reader.curves(run["run"], whole["cursor"])["steps"]["step"] == []


def test_a_stopped_run_goes_on_where_it_was(runs: Runs) -> None:
    run = launch(runs, settings=LONG)[0]
    until(lambda: stepped(runs, run))
    runs.stop(run["run"])
    stopped = ended(runs, run)
    assert (stopped["state"], stopped["resumable"]) == ("stopped", True)
    runs.resume(run["run"])
    until(lambda: runs.reader.show(run["run"])["run"]["step"] > stopped["step"] + 2)
    runs.stop(run["run"])
    ended(runs, run)
    steps = runs.reader.curves(run["run"])["steps"]["step"]
    assert steps == list(range(1, len(steps) + 1))


def test_a_run_that_waits_is_stopped_at_once(home: Path) -> None:
    runs = runs_of(home)
    run = launch(runs)[0]
    assert runs.stop(run["run"])["state"] == "stopped"
    assert runs.resume(run["run"])["state"] == "queued"


def test_all_runs_are_stopped_together(runs: Runs) -> None:
    launched = launch(runs, NET, f"{NET}:plain", settings=LONG)
    until(lambda: len(runs.reader.runs("live")["runs"]) == 2)
    assert len(runs.stop_all()["runs"]) == 2
    assert {ended(runs, run)["state"] for run in launched} == {"stopped"}


def test_a_loss_that_becomes_nan_ends_the_run_with_what_it_measured(runs: Runs) -> None:
    settings = TINY | {"lr": "1000", "steps": "400", "precision": "fp32"}
    run = ended(runs, launch(runs, f"{NET}:conv relu conv", settings=settings)[0])
    assert run["state"] == "failed"
    assert run["reason"].startswith("loss became")
    assert runs.reader.curves(run["run"])["steps"]["loss"][-1] in ("NaN", "Infinity")
    json.dumps(runs.reader.runs(), allow_nan=False)


def test_a_run_that_ended_is_removed_with_its_files(runs: Runs, home: Path) -> None:
    run = ended(runs, launch(runs)[0])
    runs.remove(run["run"])
    assert list((home / "runs").iterdir()) == []
    until(lambda: runs.reader.runs()["runs"] == [])
    with pytest.raises(RunError, match="there is no run"):
        runs.reader.show(run["run"])


def test_a_run_at_work_is_not_removed(runs: Runs) -> None:
    run = launch(runs, settings=LONG)[0]
    until(lambda: stepped(runs, run))
    with pytest.raises(ExplorerError, match=r"stop it first|works on"):
        runs.remove(run["run"])
    runs.stop(run["run"])
    ended(runs, run)


def test_a_run_card_repeats_the_run_bit_for_bit(runs: Runs) -> None:
    first = ended(runs, launch(runs, f"{NET}:full-preactivation", seeds=[4])[0])
    card = runs.reader.export_run(first["run"], "card")["text"]
    again = ended(runs, runs.import_run(card)["runs"][0])
    assert again["experiment"] == first["experiment"]
    losses = [runs.reader.curves(run["run"])["steps"]["loss"] for run in (first, again)]
    assert losses[0] == losses[1]


def test_a_card_names_the_commit_the_run_was_launched_from(runs: Runs) -> None:
    run = launch(runs)[0]
    commit = RunFolder(runs.home / "runs" / run["run"]).job().what["commit"]
    assert json.loads(runs.reader.export_run(run["run"], "card")["text"])["commit"] == commit
    runs.stop(run["run"])


def test_a_card_whose_line_was_changed_is_refused(runs: Runs) -> None:
    run = ended(runs, launch(runs)[0])
    card = json.loads(runs.reader.export_run(run["run"], "card")["text"])
    with pytest.raises(RunError, match="its line and recipe give another"):
        runs.import_run(json.dumps(card | {"line": f"{NET}:plain"}))


def test_a_run_is_taken_away_as_a_table(runs: Runs) -> None:
    run = ended(runs, launch(runs)[0])
    file = runs.reader.export_run(run["run"], "csv")
    assert file["name"] == f"cifar-basic-8-{run['short']}.csv"
    assert len(list(csv.reader(io.StringIO(file["text"])))) == 7


def test_a_folder_is_found_by_the_worker_where_the_asker_stood(
    runs: Runs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in range(24):
        path = tmp_path / "mine" / f"class-{at % 2}" / f"{at}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (16, 16), (at * 10, 0, 0)).save(path)
    monkeypatch.chdir(tmp_path)
    run = ended(runs, launch(runs, data="imagefolder:mine", settings=TINY | {"subset": "0", "test": "0"})[0])
    assert run["state"] == "finished", run["reason"]
    assert runs.reader.show(run["run"])["network"]["classes"] == 2
    assert runs.reader.show(run["run"])["command"].count(str(tmp_path / "mine")) == 1


def test_a_command_repeats_the_run(runs: Runs) -> None:
    shown = runs.reader.show(launch(runs, seeds=[3])[0]["run"])
    assert f"train {NET} --data shapes --recipe short --seeds 3" in shown["command"]
    assert "--set size=8" in shown["command"]
    runs.stop(shown["run"]["run"])


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"networks": []}, "1 to 72 runs"),
        ({"networks": [NET] * (MAX_AT_ONCE + 1)}, "1 to 72 runs"),
        ({"networks": [NET], "seeds": []}, "1 to 72 runs"),
        ({"networks": [NET], "seeds": [-1]}, "a seed is"),
        ({"networks": [NET], "slots": [1, 2]}, "slots names 2 lanes"),
        ({"networks": [NET], "slots": [6]}, "slots are numbers of lanes, 0 to 5"),
        ({"networks": [NET], "slots": [10**30]}, "slots are numbers of lanes, 0 to 5"),
        ({"networks": [NET], "slots": [-1]}, "slots are numbers of lanes, 0 to 5"),
        ({"networks": ["cifar-basic-9"]}, "9"),
        ({"networks": [NET, "no-such"]}, "no-such"),
        ({"networks": [NET], "data": "imagefolder:/no/such"}, "'such'"),
        ({"networks": ["cifar-basic-1000004"], "settings": {"batch": "4096"}}, "the limit is"),
        ({"networks": ["cifar-basic-110"], "settings": {"width": "100000"}}, "the limit is"),
    ],
)
def test_what_cannot_be_trained_is_refused_and_leaves_nothing(
    arguments: dict[str, object], reason: str, home: Path
) -> None:
    with pytest.raises(ExplorerError, match=reason):
        runs_of(home).train(**arguments)  # type: ignore[arg-type]
    assert not home.exists()


@pytest.mark.parametrize("name", ["", "../x", "%2e%2e", "/etc/passwd", "a\0b", "abcdef" * 9, "aaa", ".."])
def test_a_name_that_is_no_run_is_refused_by_every_verb(name: str, home: Path) -> None:
    runs = runs_of(home)
    for verb in (runs.reader.show, runs.stop, runs.resume, runs.remove, runs.reader.curves, runs.reader.export_run):
        with pytest.raises(RunError):
            verb(name)


def test_only_the_owner_commands_a_run_where_strangers_share(home: Path) -> None:
    runs = runs_of(home, shared=True)
    run = launch(runs, owner="ann")[0]
    for verb in (runs.stop, runs.resume, runs.remove):
        with pytest.raises(RunError, match="somebody else"):
            verb(run["run"], "bob")
    assert runs.stop(run["run"], "ann")["state"] == "stopped"
    assert runs.reader.show(run["run"], "bob")["run"]["mine"] is False


def test_one_owner_has_a_limit_where_strangers_share(home: Path) -> None:
    runs = runs_of(home, shared=True)
    with pytest.raises(RunError, match=f"over the limit of {RunLimits().owner}"):
        launch(runs, owner="ann", seeds=list(range(RunLimits().owner + 1)))
    with pytest.raises(RunError, match="strangers share"):
        runs.train([NET], data=f"imagefolder:{home}")


def test_an_owner_is_kept_as_a_mark_that_tells_nobody(home: Path) -> None:
    run = launch(runs_of(home), owner="a secret")[0]
    job_text = (home / "runs" / run["run"] / "job.json").read_text()
    assert "a secret" not in job_text
    assert run["mine"]


def test_an_index_that_is_not_there_is_an_empty_list(home: Path) -> None:
    assert runs_of(home).reader.runs() == {"runs": [], "last": 0}


def test_the_newest_events_can_be_followed_from_a_cursor(runs: Runs) -> None:
    run = ended(runs, launch(runs)[0])
    until(lambda: runs.reader.runs("finished")["runs"] != [])
    events, cursor = runs.reader.events_after(0, [run["run"]])
    assert len(events) == len(RunFolder(runs.home / "runs" / run["run"]).records()[0])
    assert runs.reader.events_after(cursor, [run["run"]]) == ([], cursor)
    shutil.rmtree(runs.home / "runs")


def test_choices_name_every_field_with_its_meaning(home: Path) -> None:
    choices = runs_of(home).choices()
    fields = {field["name"] for field in choices["fields"]}
    assert all(set(recipe["settings"]) == fields for recipe in choices["recipes"])
    assert "imagefolder" in [one["name"] for one in choices["data"]]
    assert "imagefolder" not in [one["name"] for one in runs_of(home, shared=True).choices()["data"]]


def test_runs_that_came_with_the_program_stand_behind_ones_own_and_obey_nobody(runs: Runs) -> None:
    run = ended(runs, launch(runs)[0])
    record(runs.reader.bundled_dir, Provenance("2026-11-21", "a machine", "0123456789"), *job_and_records(runs, run))
    other = Runs(runs.home.parent / "other", bundled_dir=runs.reader.bundled_dir)
    (bundled,) = other.reader.runs()["runs"]
    assert bundled["recorded"] == "recorded 2026-11-21, a machine, commit 0123456789"
    assert other.reader.curves(run["run"])["steps"]["step"] == runs.reader.curves(run["run"])["steps"]["step"]
    assert other.reader.show(run["short"])["command"] == runs.reader.show(run["run"])["command"]
    for verb in (other.stop, other.resume, other.remove):
        with pytest.raises(RunError, match="can only be looked at"):
            verb(run["run"])


def job_and_records(runs: Runs, run: RunAnswer) -> tuple[Job, list[Record]]:
    folder = RunFolder(runs.home / "runs" / run["run"])
    return folder.job(), folder.records()[0]


def test_a_run_that_was_resumed_meanwhile_is_not_stopped_by_an_older_command(home: Path) -> None:
    runs = runs_of(home)
    run = launch(runs)[0]
    runs.stop(run["run"])
    assert runs.resume(run["run"])["state"] == "queued"
    # what an owner does that saw the command just before it was taken back
    stop_queued(RunFolder(home / "runs" / run["run"]))
    assert runs.reader.show(run["run"])["run"]["state"] == "queued"

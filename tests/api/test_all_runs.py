"""Verbs that change many runs at once."""

from pathlib import Path

from resnet_explorer.executors.inline import Inline
from resnet_explorer.executors.supervisor import Supervisor
from resnet_explorer.runs.index.store import Store
from resnet_explorer.runs.run_folder import RunFolder
from tests.fixtures.launches import LONG, NET, ended, launch, runs_of, state, stepped
from tests.fixtures.runs import until


def test_all_stopped_runs_go_on_together_and_finished_ones_stay(tmp_path: Path) -> None:
    runs = runs_of(tmp_path)
    with Supervisor(tmp_path, Inline()):
        done = ended(runs, launch(runs)[0])
        launched = launch(runs, NET, f"{NET}:plain", settings=LONG)
        until(lambda: all(stepped(runs, run) for run in launched[:1]))
        runs.stop_all()
        for run in launched:
            ended(runs, run)
        until(lambda: len(runs.reader.runs("stopped")["runs"]) == 2)
    assert [run["run"] for run in runs.resume_all()["runs"]] == [run["run"] for run in launched]
    assert [state(runs, run) for run in (*launched, done)] == ["queued", "queued", "finished"]
    assert runs.resume_all()["runs"] == []


def test_runs_that_the_index_does_not_have_yet_are_stopped_and_go_on_too(tmp_path: Path) -> None:
    runs = runs_of(tmp_path)
    launched = [run["run"] for run in launch(runs, NET, f"{NET}:plain")]
    with Store(tmp_path / "index.sqlite3", writing=True) as index:
        index.ingest(RunFolder(tmp_path / "runs" / launched[0]))
    assert {run["run"] for run in runs.stop_all()["runs"]} == set(launched)
    assert [run["run"] for run in runs.resume_all()["runs"]] == launched
    assert runs.resume_all()["runs"] == []


def test_a_run_that_was_removed_is_gone_from_every_list_before_the_index_forgets_it(tmp_path: Path) -> None:
    runs = runs_of(tmp_path)
    with Supervisor(tmp_path, Inline()):
        done, other = (ended(runs, run) for run in launch(runs, NET, f"{NET}:plain"))
        until(lambda: len(runs.reader.runs("finished")["runs"]) == 2)
    # nobody writes the index any more
    runs.remove(done["run"])
    listed = (runs.reader.runs()["runs"], runs.reader.find_runs()["runs"], runs.reader.in_states(["finished"]))
    assert [[run["run"] for run in each if not run["recorded"]] for each in listed] == [[other["run"]]] * 3


def test_only_ones_own_runs_are_resumed_where_strangers_share(tmp_path: Path) -> None:
    runs = runs_of(tmp_path, shared=True)
    with Supervisor(tmp_path, Inline(), frozenset()):
        mine, other = (launch(runs, owner=owner)[0] for owner in ("ann", "bob"))
        for run, owner in ((mine, "ann"), (other, "bob")):
            runs.stop(run["run"], owner)
        until(lambda: len(runs.reader.runs("stopped")["runs"]) == 2)
    assert [run["run"] for run in runs.resume_all("ann")["runs"]] == [mine["run"]]
    assert [state(runs, run) for run in (mine, other)] == ["queued", "stopped"]

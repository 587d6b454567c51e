"""Runs on a real Ray cluster of several nodes: whatever ends in the middle, every run ends once and nothing is lost."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from resnet_explorer.api.analyses import Analyses
from resnet_explorer.api.runs import Runs
from resnet_explorer.api.studies import Studies
from resnet_explorer.api.sweeps import Sweeps
from resnet_explorer.executors.inline import Inline
from resnet_explorer.runs.events import Interrupted, Started
from resnet_explorer.runs.index.store import Store
from resnet_explorer.runs.run_folder import TRAIN, RunFolder, run_folders
from resnet_explorer.studies import catalog
from tests.executors.test_growing_together import measured, same_weights, weights
from tests.fixtures.paths import ROOT
from tests.fixtures.ray_nodes import RayNodes, ray_nodes
from tests.fixtures.runs import queued_run, queued_training, reaches, resume, state, steps, supervised, until
from tests.studies.test_runner import TINY_STUDY

pytestmark = pytest.mark.cluster
ENDS = ("finished", "failed", "stopped", "interrupted")
NETS = ["cifar-basic-8", "cifar-basic-8:plain"]
SMALL = {"steps": "40", "size": "8", "batch": "8", "subset": "64", "test": "32", "width": "1/4", "save": "5"}
# seconds for trainings that each load torch anew
LONG = 900.0

# the page as a process that can be killed: it works on the runs of a home until its input ends
PAGE = """
import os
import sys
from pathlib import Path
from tests.fixtures.ray_nodes import JOBS
from tests.fixtures.runs import supervised
from resnet_explorer.executors.cluster import Cluster
from resnet_explorer.executors.inline import Inline
home, address, folder = sys.argv[1:]
with supervised(Path(home), Cluster(Path(home), Inline(), address, spool=folder, kinds=JOBS)):
    os.read(0, 1)
"""


@contextmanager
def page(home: Path, nodes: RayNodes) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-c", PAGE, str(home), nodes.address, str(nodes.folder)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            assert process.stdin
            process.stdin.close()


def ends(folder: RunFolder) -> list[str]:
    return [record.kind for record in folder.records()[0] if record.kind in ENDS]


def is_whole(folder: RunFolder, count: int) -> bool:
    """Whether a run has finished once, with each step once, and no number of its records left out or twice."""
    numbers = [record.seq for record in folder.records()[0]]
    steps_once = steps(folder) == list(range(1, count + 1))
    return ends(folder) == ["finished"] and steps_once and numbers == list(range(1, len(numbers) + 1))


def starts(folder: RunFolder) -> list[Started]:
    return [record.event for record in folder.records()[0] if isinstance(record.event, Started)]


def is_gone(process: int) -> bool:
    return not Path(f"/proc/{process}").exists()


def test_a_run_whose_worker_is_killed_goes_on_from_its_checkpoint(tmp_path: Path, nodes: RayNodes) -> None:
    folder = queued_run(tmp_path, steps=60, pause=0.02)
    with supervised(tmp_path, nodes.executor(tmp_path)):
        reaches(folder, 25)
        os.kill(until(lambda: nodes.worker(folder)), signal.SIGKILL)
        until(lambda: state(folder) == "finished")
    assert is_whole(folder, 60)
    assert [started.step >= 20 for started in starts(folder)] == [False, True]


def test_a_run_that_is_lost_again_and_again_is_interrupted(tmp_path: Path, nodes: RayNodes) -> None:
    folder = queued_run(tmp_path, "is_deaf")
    with supervised(tmp_path, nodes.executor(tmp_path)):
        for attempt in range(1, 5):
            os.kill(until(lambda attempt=attempt: nodes.worker(folder, attempt)), signal.SIGKILL)  # type: ignore[misc]
        until(lambda: state(folder) == "interrupted")
    last = folder.records()[0][-1].event
    assert isinstance(last, Interrupted)
    assert (last.code, "again and again" in last.reason) == ("node_lost", True)


def test_a_page_that_ends_leaves_its_runs_to_the_next(tmp_path: Path, nodes: RayNodes) -> None:
    folder = queued_run(tmp_path, steps=600, pause=0.02)
    with supervised(tmp_path, nodes.executor(tmp_path)):
        reaches(folder, 5)
        worker = nodes.worker(folder)
    before = steps(folder)[-1]
    assert state(folder) == "running"
    with supervised(tmp_path, nodes.executor(tmp_path)):
        reaches(folder, before + 1)
        assert nodes.worker(folder) == worker
        until(lambda: state(folder) == "finished")
        until(lambda: is_gone(worker) and not list((tmp_path / "cluster").iterdir()))
    assert is_whole(folder, 600)
    assert len(starts(folder)) == 1


def test_a_command_line_that_lists_interrupts_no_run_of_a_cluster(tmp_path: Path, nodes: RayNodes) -> None:
    folder = queued_run(tmp_path, steps=100_000, pause=0.01)
    with supervised(tmp_path, nodes.executor(tmp_path)):
        reaches(folder, 1)
    with supervised(tmp_path, nodes.executor(tmp_path), only=frozenset()):
        assert state(folder) == "running"
    assert state(folder) == "running"
    with supervised(tmp_path, nodes.executor(tmp_path)):
        folder.write_command("stop")
        until(lambda: state(folder) == "stopped")


def test_a_run_that_was_interrupted_meanwhile_is_taken_from_its_worker(tmp_path: Path, nodes: RayNodes) -> None:
    folder = queued_run(tmp_path, steps=100_000, pause=0.01)
    with supervised(tmp_path, nodes.executor(tmp_path)):
        reaches(folder, 1)
        worker = nodes.worker(folder)
    with supervised(tmp_path):
        until(lambda: state(folder) == "interrupted")
    with supervised(tmp_path, nodes.executor(tmp_path)):
        until(lambda: is_gone(worker))
    assert ends(folder) == ["interrupted"]


def test_a_training_is_the_same_as_on_this_machine_and_is_looked_at_there(tmp_path: Path, nodes: RayNodes) -> None:
    here, there = (queued_training(tmp_path / name, steps=40, subset=256, test=64) for name in ("here", "there"))
    with supervised(tmp_path / "here", Inline()):
        until(lambda: state(here) == "finished")
    with supervised(tmp_path / "there", nodes.executor(tmp_path / "there")):
        until(lambda: state(there) == "finished")
        answer = Analyses(Runs(tmp_path / "there")).analyse("receptive", runs=[there.run])
        looked = RunFolder(tmp_path / "there" / "runs" / answer["run"])
        until(lambda: ends(looked))
    assert measured(there) == measured(here)
    same_weights(weights(there), weights(here))
    assert ends(looked) == ["finished"]
    # the images are the node's
    assert not (tmp_path / "there" / "packs").exists()


def test_a_claim_is_judged_from_runs_of_the_cluster(
    tmp_path: Path, nodes: RayNodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(catalog._BY_ID, TINY_STUDY.id, TINY_STUDY)
    studies = Studies(Runs(tmp_path))
    with supervised(tmp_path, nodes.executor(tmp_path)):
        (launched,) = studies.judge(["tiny"], data="shapes")
        until(lambda: ends(RunFolder(tmp_path / "runs" / launched["run"])), LONG)
    answer = studies.verdict(launched["run"])
    assert [part["verdict"] for part in answer["parts"]] == ["contradicted", "supported", "supported"]
    assert all(ends(folder) == ["finished"] for folder in run_folders(tmp_path))


def test_a_sweep_loses_nothing_with_a_worker_a_node_and_the_page_killed(tmp_path: Path) -> None:
    sweeps = Sweeps(Runs(tmp_path))
    index = Store(tmp_path / "index.sqlite3")

    def at_work() -> list[RunFolder]:
        """The trainings that have kept a checkpoint and are not done soon."""
        live = [row.job.run for row in index.live() if row.job.kind == TRAIN and 10 <= row.progress.step < 30]
        return [RunFolder(tmp_path / "runs" / run) for run in live]

    def has_finished(count: int) -> bool:
        return sum(row.progress.state == "finished" for row in index.rows()) >= count

    with ray_nodes(1, 1) as nodes:
        sweep = RunFolder(tmp_path / "runs" / sweeps.sweep(NETS, seeds=list(range(10)), settings=SMALL)["run"])
        with page(tmp_path, nodes) as first:
            os.kill(until(lambda: max(map(nodes.worker, at_work()), default=0)), signal.SIGKILL)
            until(lambda: has_finished(3))
            until(at_work)
            nodes.kill(0)
            nodes.add(1)
            until(lambda: has_finished(6))
            until(at_work)
            first.kill()
            first.wait()
        with page(tmp_path, nodes):
            until(lambda: state(sweep) == "interrupted")
            resume(sweep)
            until(lambda: has_finished(21) and not list((tmp_path / "cluster").iterdir()), LONG)
    trainings = [folder for folder in run_folders(tmp_path) if folder.job().kind == TRAIN]
    assert len(trainings) == 20
    assert [each.run for each in trainings if not is_whole(each, 40)] == []
    assert sweeps.sweep_results(sweep.run)["done"] == 20
    assert sum(len(starts(each)) > 1 for each in trainings) >= 2

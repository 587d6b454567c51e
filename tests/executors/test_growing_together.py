"""Runs that were launched together on fewer slots: they take turns, and each is as if it had been alone."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
import torch

from resnet_explorer.executors.base import Executor, stop_queued
from resnet_explorer.executors.jobs import KINDS
from resnet_explorer.executors.local import Local
from resnet_explorer.executors.turns import TurnLength
from resnet_explorer.runs.curves import curves
from resnet_explorer.runs.events import Paused, Stepped
from resnet_explorer.runs.progress import progress
from resnet_explorer.runs.run_folder import Job, RunFolder, new_id
from tests.fixtures.paths import ROOT
from tests.fixtures.runs import (
    EXECUTORS,
    kinds,
    local,
    pid,
    queued_training,
    reaches,
    resume,
    state,
    steps,
    supervised,
    until,
)

SHORT = TurnLength(seconds=0.05, cost=1.0, first=1.0)
NEVER = TurnLength(seconds=1e9)


def launched(home: Path, count: int = 3, **what: object) -> list[RunFolder]:
    """Runs of one launch that count."""
    group = new_id()
    jobs = [Job(new_id(), "count", {"steps": 300, "pause": 0.003} | what, "", group, slot) for slot in range(count)]
    return [RunFolder.create(home, job) for job in jobs]


def turns(runs: list[RunFolder]) -> list[str]:
    """Which run stepped in which order, one name a turn."""
    stepped = sorted((one.time, folder.run) for folder in runs for one in folder.records()[0] if one.kind == "stepped")
    names = [run for _, run in stepped]
    return names[:1] + [later for before, later in pairwise(names) if before != later]


def is_paused(folder: RunFolder) -> bool:
    return kinds(folder)[-1] == "paused"


def paused_run(runs: list[RunFolder]) -> RunFolder:
    """A run that has been at work and waits for its next turn."""
    return until(lambda: [folder for folder in runs if is_paused(folder)])[0]


@pytest.mark.parametrize("name", sorted(EXECUTORS))
def test_runs_of_a_launch_grow_together_on_one_slot(name: str, tmp_path: Path) -> None:
    make: Callable[..., Executor] = EXECUTORS[name]
    runs = launched(tmp_path)
    with supervised(tmp_path, make(slots=1), turn=SHORT):
        until(lambda: all(state(folder) == "finished" for folder in runs))
    assert len(turns(runs)) > 3 * len(runs)
    for folder in runs:
        records = folder.records()[0]
        # of the whole file, not of the curve: no step is done twice
        taken = [one.event.step for one in records if isinstance(one.event, Stepped)]
        assert taken == curves(folder.run, records)["steps"]["step"] == list(range(1, 301))
        pauses = [place for place, one in enumerate(records) if isinstance(one.event, Paused)]
        assert pauses
        assert all(records[place - 1].kind == "saved" for place in pauses)


def test_a_run_waits_for_its_turn_as_queued_with_what_it_has_done(tmp_path: Path) -> None:
    runs = launched(tmp_path, steps=10_000)
    with supervised(tmp_path, local(1), turn=SHORT):
        now = progress(paused_run(runs).records()[0])
    assert (now.state, now.ended, now.reason) == ("queued", 0, "")
    assert now.step > 0
    # the seconds of training: 0.1 a step in this world
    assert now.seconds == pytest.approx(now.step * 0.1)


@pytest.mark.parametrize("count", [1, 2])
def test_runs_that_have_a_slot_each_are_never_paused(count: int, tmp_path: Path) -> None:
    runs = launched(tmp_path, count)
    with supervised(tmp_path, local(2), turn=SHORT):
        until(lambda: all(state(folder) == "finished" for folder in runs))
    assert all(kinds(folder).count("saved") == 30 for folder in runs)
    assert all("paused" not in kinds(folder) for folder in runs)


def test_a_run_that_takes_turns_has_the_losses_and_weights_of_one_that_does_not(tmp_path: Path) -> None:
    lines = ("cifar-basic-8", "cifar-basic-8:plain", "cifar-basic-8:full-preactivation")
    runs = {}
    for name, turn in (("alone", NEVER), ("together", SHORT)):
        home = tmp_path / name
        runs[name] = [queued_training(home, line, steps=60, subset=512, test=64, evaluate=20) for line in lines]
        with supervised(home, Local(KINDS, slots=1, device="cpu"), turn=turn):
            until(lambda name=name: all(state(folder) == "finished" for folder in runs[name]), 120)  # type: ignore[misc]
    assert not any("paused" in kinds(folder) for folder in runs["alone"])
    assert sum(kinds(folder).count("paused") for folder in runs["together"]) >= 3
    for one, other in zip(runs["alone"], runs["together"], strict=True):
        assert measured(other) == measured(one)
        same_weights(weights(one), weights(other))


def measured(folder: RunFolder) -> list[object]:
    """All that does not depend on the clock."""
    columns = curves(folder.run, folder.records()[0])
    return [
        columns["steps"]["step"],
        columns["steps"]["loss"],
        columns["steps"]["gradient"],
        columns["evaluations"]["loss"],
    ]


def weights(folder: RunFolder) -> dict[str, torch.Tensor]:
    newest = max((folder.path / "checkpoints").glob("*.pt"))
    values: dict[str, torch.Tensor] = torch.load(newest, weights_only=True)["state"]["net"]
    return values


def same_weights(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> None:
    assert one.keys() == other.keys()
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_a_paused_run_is_stopped_at_once_and_goes_on_when_it_is_resumed(tmp_path: Path) -> None:
    runs = launched(tmp_path, 2, steps=200)
    with supervised(tmp_path, local(1), turn=SHORT):
        folder = paused_run(runs)
        # as the verb does; the run may have been given its slot meanwhile
        folder.write_command("stop")
        stop_queued(folder)
        until(lambda: state(folder) == "stopped")
        until(lambda: state(next(one for one in runs if one is not folder)) == "finished")
        assert state(folder) == "stopped"
        resume(folder)
        until(lambda: state(folder) == "finished")
    assert steps(folder) == list(range(1, 201))


def test_a_paused_run_that_is_removed_leaves_the_others_their_turns(tmp_path: Path) -> None:
    runs = launched(tmp_path)
    with supervised(tmp_path, local(1), turn=SHORT):
        folder = paused_run(runs)
        removed = folder.path.with_name(".removed")
        folder.path.rename(removed)
        shutil.rmtree(removed)
        others = [one for one in runs if one is not folder]
        until(lambda: all(state(one) == "finished" for one in others))
    assert all(steps(one) == list(range(1, 301)) for one in others)


def test_a_worker_that_is_killed_in_a_later_turn_interrupts_its_run_alone(tmp_path: Path) -> None:
    runs = launched(tmp_path, 2)
    executor = local(1)
    with supervised(tmp_path, executor, turn=SHORT):
        folder = paused_run(runs)
        until(lambda: state(folder) == "running")
        os.kill(pid(executor, folder), signal.SIGKILL)
        until(lambda: state(folder) == "interrupted")
        until(lambda: state(next(one for one in runs if one is not folder)) == "finished")
        resume(folder)
        until(lambda: state(folder) == "finished")
    assert steps(folder) == list(range(1, 301))


def test_a_resumed_run_gets_its_turn_before_a_later_launch_is_done(tmp_path: Path) -> None:
    (first,) = launched(tmp_path, 1, steps=200)
    with supervised(tmp_path, local(1), turn=SHORT):
        reaches(first, 150)
        first.write_command("stop")
        until(lambda: state(first) == "stopped")
        later = launched(tmp_path, 2, steps=2000)
        reaches(later[0], 3)
        resume(first)
        until(lambda: state(first) == "finished")
        assert all(state(folder) != "finished" for folder in later)


OWNER = """
import sys
from pathlib import Path
from tests.executors.test_growing_together import SHORT
from tests.fixtures.runs import local, supervised
with supervised(Path(sys.argv[1]), local(1), turn=SHORT):
    sys.stdin.read()
"""


def test_runs_that_are_paused_when_the_page_is_killed_go_on_with_the_next_page(tmp_path: Path) -> None:
    runs = launched(tmp_path)
    command = [sys.executable, "-c", OWNER, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE) as page:
        paused = paused_run(runs)
        reached = steps(paused)[-1]
        page.kill()
    until(lambda: not any(folder.is_locked() for folder in runs))
    waiting = [folder for folder in runs if state(folder) == "queued"]
    with supervised(tmp_path, local(1), turn=SHORT):
        until(lambda: all(state(folder) == "finished" for folder in waiting))
        for folder in runs:
            if folder not in waiting:
                until(lambda folder=folder: state(folder) == "interrupted")  # type: ignore[misc]
                resume(folder)
                until(lambda folder=folder: state(folder) == "finished")  # type: ignore[misc]
    assert len(waiting) >= 2
    assert reached > 0
    assert all(steps(folder) == list(range(1, 301)) for folder in runs)

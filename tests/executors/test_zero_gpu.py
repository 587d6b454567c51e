"""Bursts on a lent GPU: how a run is cut into them, how long they are, who pays, and what if none is lent."""

import subprocess
import sys
import threading
from collections.abc import Generator
from contextvars import Context
from pathlib import Path
from types import ModuleType

import pytest

from resnet_explorer.executors import zero_gpu as module
from resnet_explorer.executors.base import Exit
from resnet_explorer.executors.lock import HomeLock, is_held
from resnet_explorer.executors.zero_gpu import BurstLength, Order, ZeroGpu, burst, lent_burst, seconds_of
from resnet_explorer.runs.events import Event, Interrupted, Paused, Prepared, Saved, Started, Stepped
from resnet_explorer.runs.run_folder import Job, RunFolder
from tests.executors.test_growing_together import NEVER, measured, same_weights, weights
from tests.fixtures.lent_gpu import Lender, token
from tests.fixtures.paths import ROOT
from tests.fixtures.runs import (
    kinds,
    queued_run,
    queued_training,
    reaches,
    resume,
    state,
    steps,
    supervised,
    until,
    zero_gpu,
)

# a second of training in a burst of two, whatever the machine does besides
SHORT = BurstLength(longest=4, margin=3.0, patience=2.0)


@pytest.fixture
def lender() -> Lender:
    return Lender()


def last(folder: RunFolder) -> Event:
    return folder.records()[0][-1].event


def end(executor: ZeroGpu, folder: RunFolder) -> Exit:
    executor.submit(folder, 1)
    return until(executor.ended)[0]


def test_a_run_is_cut_into_bursts_with_no_gap_and_no_step_twice(tmp_path: Path, lender: Lender) -> None:
    folder = queued_run(tmp_path, steps=150, pause=0.02)
    with supervised(tmp_path, zero_gpu(lender=lender, length=SHORT), turn=NEVER):
        until(lambda: state(folder) == "finished")
    records = folder.records()[0]
    # of the whole file, not of the curve
    assert [one.event.step for one in records if isinstance(one.event, Stepped)] == list(range(1, 151))
    pauses = [place for place, one in enumerate(records) if isinstance(one.event, Paused)]
    assert len(pauses) == len(lender.orders) - 1 >= 2
    assert all(isinstance(records[place - 1].event, Saved) for place in pauses)


@pytest.mark.parametrize(("step", "seconds"), [(0, 45), (10, 45), (80, 35), (99, 12)])
def test_no_more_seconds_are_ordered_than_a_run_still_takes(tmp_path: Path, step: int, seconds: int) -> None:
    folder = queued_run(tmp_path)
    with folder.writer() as writer:
        writer.append(Started(0, 100))
        # a second a step, the spare quarter of the rest, and the margin
        for event in (Stepped(step, float(step), 1.0, 0.5, 0.1, 1.0, 1.0), Paused(step, float(step))) if step else ():
            writer.append(event)
    assert module._seconds_needed(folder, BurstLength()) == seconds


def test_a_visitor_without_quota_reads_so_and_can_go_on_later(tmp_path: Path) -> None:
    folder = queued_run(tmp_path)
    assert end(zero_gpu(lender=Lender("You have exceeded your quota")), folder) == Exit(folder.run, 1, 0)
    assert last(folder) == Interrupted("no GPU was lent: You have exceeded your quota", "no_gpu")
    resume(folder)
    with supervised(tmp_path, zero_gpu()):
        until(lambda: state(folder) == "finished")


def test_a_run_that_was_stopped_while_it_waited_for_a_gpu_is_stopped(tmp_path: Path) -> None:
    folder = queued_run(tmp_path)
    folder.write_command("stop")
    end(zero_gpu(lender=Lender("none is free")), folder)
    assert kinds(folder) == ["queued"]


def test_a_burst_that_does_not_end_in_time_is_killed_and_its_run_interrupted(tmp_path: Path) -> None:
    folder = queued_run(tmp_path, "is_deaf")
    with supervised(tmp_path, zero_gpu(length=BurstLength(longest=1, margin=0.5))):
        until(lambda: state(folder) == "interrupted")
    assert last(folder) == Interrupted("the worker ended by signal 9", "worker_killed")


def prepares(job: Job, folder: RunFolder, device: str, threads: int) -> Generator[Event]:
    """Never come to a step."""
    while True:
        yield Prepared("numbers", 1, 2)
        threading.Event().wait(0.01)


def test_a_run_that_comes_to_no_step_in_a_burst_is_interrupted(tmp_path: Path) -> None:
    executor = zero_gpu(
        kinds={"prepares": "tests.executors.test_zero_gpu:prepares"},
        lent=frozenset({"prepares"}),
        length=BurstLength(longest=60, margin=59.9, patience=0.1),
    )
    folder = queued_run(tmp_path, "prepares")
    end(executor, folder)
    assert last(folder) == Interrupted("it could not pause within the 60 seconds that it had a GPU", "wall_time")


def test_a_run_leaves_its_gpu_when_it_is_asked_to(tmp_path: Path) -> None:
    executor, folder = zero_gpu(), queued_run(tmp_path, steps=100_000, pause=0.01)
    executor.submit(folder, 1)
    reaches(folder, 1)
    executor.pause(folder.run)
    until(executor.ended)
    assert kinds(folder)[-2:] == ["saved", "paused"]


def test_what_was_asked_of_an_attempt_before_is_not_asked_of_the_next(tmp_path: Path) -> None:
    folder = queued_run(tmp_path)
    (folder.path / module.REQUEST).write_text("1 cancel")
    end(zero_gpu(), folder)
    assert state(folder) == "finished"
    assert not (folder.path / module.REQUEST).exists()


def test_a_burst_that_is_killed_ends_with_its_signal(tmp_path: Path) -> None:
    executor, folder = zero_gpu(), queued_run(tmp_path, steps=100_000, pause=0.01)
    executor.submit(folder, 1)
    reaches(folder, 1)
    executor.cancel(folder.run, hard=True)
    assert until(executor.ended) == [Exit(folder.run, 1, -9)]


def test_a_burst_is_called_in_the_context_of_the_runs_owner(tmp_path: Path, lender: Lender) -> None:
    def context_of(owner: str) -> Context:
        context = Context()
        context.run(token.set, f"token of {owner}")
        return context

    end(zero_gpu(lender=lender, context_of=context_of), queued_run(tmp_path, owner="somebody"))
    assert [who for _, who in lender.orders] == ["token of somebody"]


def test_what_is_not_lent_a_gpu_is_done_by_the_processor(tmp_path: Path, lender: Lender) -> None:
    folder = queued_run(tmp_path)
    end(zero_gpu(lender=lender, lent=frozenset()), folder)
    assert (state(folder), lender.orders) == ("finished", [])


def test_a_burst_holds_no_lock_that_came_with_its_fork(tmp_path: Path) -> None:
    executor, lock = zero_gpu(), HomeLock(tmp_path, "page")
    other, folder = queued_run(tmp_path), queued_run(tmp_path, steps=100_000, pause=0.01)
    assert lock.acquire()
    with other.writer():
        executor.submit(folder, 1)
        reaches(folder, 1)
    lock.release()
    assert folder.is_locked()
    assert not other.is_locked()
    assert not is_held(tmp_path)
    executor.cancel(folder.run, hard=True)
    until(executor.ended)


def test_the_decorator_of_the_space_has_the_seconds_of_each_order(monkeypatch: pytest.MonkeyPatch) -> None:
    spaces = ModuleType("spaces")
    monkeypatch.setattr(spaces, "GPU", lambda duration: lambda function: (function, duration), raising=False)
    monkeypatch.setitem(sys.modules, "spaces", spaces)
    decorated: object = lent_burst()
    assert decorated == (burst, seconds_of)
    assert seconds_of(Order("", 1, {}, "cuda", 20, SHORT)) == 20


# stdin is read without its lock, for which a fork would wait for ever
PAGE = """
import os
import sys
from pathlib import Path
from resnet_explorer.executors.inline import Inline
from importlib import import_module
from resnet_explorer.executors.zero_gpu import PRELOAD, BurstLength, ZeroGpu
from tests.executors.test_growing_together import NEVER
from tests.fixtures.lent_gpu import Lender
from tests.fixtures.runs import supervised
for name in PRELOAD:
    import_module(name)
length = BurstLength(longest=int(sys.argv[2]), margin=float(sys.argv[3]), patience=60.0)
with supervised(Path(sys.argv[1]), ZeroGpu(Inline(), Lender().lend(), device="cpu", length=length), turn=NEVER):
    os.read(0, 1)
"""


def test_a_training_in_bursts_has_the_losses_and_weights_of_one_at_a_stretch(tmp_path: Path) -> None:
    runs = {}
    for name, longest, margin in (("whole", 600, 1.0), ("bursts", 120, 119.5)):
        home = tmp_path / name
        runs[name] = queued_training(home, steps=120, subset=256, test=64, evaluate=50, save=0)
        # a process that has run nothing of torch before it forks, as the page's is
        command = [sys.executable, "-c", PAGE, str(home), str(longest), str(margin)]
        with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE) as page:
            until(lambda name=name: state(runs[name]) == "finished")  # type: ignore[misc]
            assert page.stdin
            page.stdin.close()
    assert "paused" not in kinds(runs["whole"])
    assert kinds(runs["bursts"]).count("paused") >= 1
    assert steps(runs["bursts"]) == list(range(1, 121))
    assert measured(runs["bursts"]) == measured(runs["whole"])
    same_weights(weights(runs["whole"]), weights(runs["bursts"]))

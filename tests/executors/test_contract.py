"""The contract: whoever works on runs, the same things happen to them."""

import shutil
import time
from collections.abc import Iterator
from math import isinf, isnan
from pathlib import Path
from typing import Any

import pytest

from resnet_explorer.executors.base import Executor, Exit
from resnet_explorer.executors.cluster import Cluster
from resnet_explorer.runs.events import Failed, Interrupted, Stepped, Stopped
from resnet_explorer.runs.run_folder import RunFolder
from tests.fixtures.ray_nodes import RayNodes
from tests.fixtures.runs import EXECUTORS, kinds, queued_run, reaches, resume, state, steps, until


class World:
    """An executor that is ready, and a home with runs for it."""

    def __init__(self, home: Path, executor: Executor) -> None:
        self.home, self.executor = home, executor
        self.exits: list[Exit] = []
        executor.start()
        until(lambda: self.look() and executor.slots)

    def look(self) -> bool:
        self.exits += self.executor.ended()
        return True

    def begin(self, kind: str = "count", **what: Any) -> RunFolder:
        folder = queued_run(self.home, kind, **what)
        self.executor.submit(folder, 1)
        return folder

    def end(self, folder: RunFolder) -> Exit:
        def gone() -> list[Exit]:
            self.look()
            return [exit for exit in self.exits if exit.run == folder.run]

        return until(gone)[-1]

    def through(self, kind: str = "count", **what: Any) -> RunFolder:
        folder = self.begin(kind, **what)
        self.end(folder)
        return folder


@pytest.fixture(scope="module", params=[*sorted(EXECUTORS), pytest.param("ray", marks=pytest.mark.cluster)])
def executor(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Executor]:
    if request.param == "ray":
        nodes: RayNodes = request.getfixturevalue("nodes")
        made: Executor = nodes.executor(tmp_path_factory.mktemp("home"))
    else:
        made = EXECUTORS[request.param]()
    yield made
    made.close()
    assert not made.busy


@pytest.fixture
def world(executor: Executor, tmp_path: Path) -> World:
    return World(tmp_path, executor)


def last(folder: RunFolder) -> object:
    return folder.records()[0][-1].event


def test_a_run_tells_everything_in_order(world: World) -> None:
    folder = world.through(steps=3)
    assert kinds(folder) == ["queued", "prepared", "started", *["stepped"] * 3, "evaluated", "finished"]
    assert [record.seq for record in folder.records()[0]] == list(range(1, 9))


def test_an_end_is_told_once_with_its_attempt(world: World) -> None:
    folder = world.begin()
    assert world.end(folder) == Exit(folder.run, 1, 0)
    world.look()
    assert [exit.run for exit in world.exits].count(folder.run) == 1


def test_a_run_is_busy_until_its_end_was_told(world: World) -> None:
    folder = world.begin(steps=1000, pause=0.01)
    assert world.executor.busy == {folder.run: 1}
    reaches(folder, 1)
    assert folder.is_locked()
    folder.write_command("stop")
    world.end(folder)
    assert world.executor.busy == {}
    assert not folder.is_locked()


def test_two_runs_go_on_at_once(world: World) -> None:
    both = [world.begin(steps=1000, pause=0.01) for _ in range(2)]
    for folder in both:
        reaches(folder, 2)
    assert [state(folder) for folder in both] == ["running", "running"]
    for folder in both:
        folder.write_command("stop")
        world.end(folder)


def test_an_error_ends_the_run_with_a_sentence_and_its_trace_is_kept(world: World) -> None:
    folder = world.through("raises")
    assert last(folder) == Failed("ZeroDivisionError: divided by")
    assert "ZeroDivisionError" in (folder.path / "log.txt").read_text()


def test_what_we_refuse_is_told_in_its_own_words(world: World) -> None:
    assert last(world.through("refuses")) == Failed("the file images.tar is corrupt")


@pytest.mark.parametrize(("of", "code"), [("GPU", "oom_gpu"), ("memory", "oom")])
def test_memory_that_runs_out_comes_with_advice_and_spares_the_next_run(world: World, of: str, code: str) -> None:
    failed = last(world.through("runs_out", of=of))
    assert isinstance(failed, Failed)
    assert (failed.code, "smaller batch" in failed.reason) == (code, True)
    since = time.monotonic()
    assert state(world.through(steps=1)) == "finished"
    # a worker on a cluster is a new process
    assert time.monotonic() - since < (15 if isinstance(world.executor, Cluster) else 1)


def test_a_disk_that_is_full_interrupts_so_that_the_run_can_be_resumed(world: World) -> None:
    assert last(world.through("runs_out", of="disk")) == Interrupted("the disk is full", "disk_full")


def test_a_job_that_ends_without_a_word_has_failed(world: World) -> None:
    assert last(world.through("is_silent")) == Failed("it ended without a word", "silent")


@pytest.mark.parametrize("kind", ["unknown", "is_missing"])
def test_a_job_of_no_kind_there_is_has_failed(world: World, kind: str) -> None:
    assert state(world.through(kind)) == "failed"


def test_a_job_that_cannot_be_read_has_failed(world: World) -> None:
    folder = queued_run(world.home)
    (folder.path / "job.json").write_text("{")
    world.executor.submit(folder, 1)
    world.end(folder)
    assert "no job that can be read" in str(last(folder))


def test_a_run_that_is_not_wanted_stops_within_a_second_and_saves(world: World) -> None:
    folder = world.begin(steps=1000, pause=0.01)
    reaches(folder, 3)
    since = time.monotonic()
    folder.write_command("stop")
    world.end(folder)
    assert time.monotonic() - since < 1
    assert kinds(folder)[-2:] == ["saved", "stopped"]
    assert last(folder) == Stopped(steps(folder)[-1], steps(folder)[-1] * 0.1)


def test_a_run_that_was_not_wanted_before_it_began_does_nothing(world: World) -> None:
    folder = queued_run(world.home)
    folder.write_command("stop")
    world.executor.submit(folder, 1)
    world.end(folder)
    assert kinds(folder) == ["queued", "stopped"]


def test_a_cancelled_run_saves_and_is_interrupted(world: World) -> None:
    folder = world.begin(steps=1000, pause=0.01)
    reaches(folder, 3)
    world.executor.cancel(folder.run)
    world.end(folder)
    assert kinds(folder)[-2:] == ["saved", "interrupted"]
    assert last(folder) == Interrupted("the server ended", "server")


def test_a_cancelled_run_that_somebody_stopped_is_stopped(world: World) -> None:
    folder = world.begin(steps=1000, pause=0.01)
    reaches(folder, 3)
    folder.write_command("stop")
    world.executor.cancel(folder.run)
    world.end(folder)
    assert state(folder) == "stopped"


def test_a_resumed_run_goes_on_where_it_was(world: World) -> None:
    folder = world.begin(steps=40, pause=0.01)
    reaches(folder, 12)
    folder.write_command("stop")
    world.end(folder)
    resume(folder)
    world.executor.submit(folder, 2)
    until(lambda: world.look() and state(folder) == "finished")
    assert steps(folder) == list(range(1, 41))


@pytest.mark.parametrize("loss", ["NaN", "Infinity", "-Infinity"])
def test_what_is_not_finite_is_told_as_itself(world: World, loss: str) -> None:
    stepped = [one.event for one in world.through(steps=1, loss=loss).records()[0] if isinstance(one.event, Stepped)]
    assert repr(stepped[0].loss) == repr(float(loss))
    assert isinf(stepped[0].weights[0])
    assert isnan(stepped[0].weights[1])


@pytest.mark.parametrize("attempt", [0, 2])
def test_an_attempt_whose_turn_it_is_not_changes_nothing(world: World, attempt: int) -> None:
    folder = queued_run(world.home)
    world.executor.submit(folder, attempt)
    assert world.end(folder).code == 0
    assert kinds(folder) == ["queued"]


def test_a_run_that_has_ended_is_not_begun_again(world: World) -> None:
    folder = world.through(steps=1)
    before = kinds(folder)
    world.executor.submit(folder, 1)
    until(lambda: world.look() and not world.executor.busy)
    assert kinds(folder) == before


def test_a_run_that_another_process_works_on_is_left_alone(world: World) -> None:
    folder = queued_run(world.home)
    with folder.writer():
        world.executor.submit(folder, 1)
        assert world.end(folder).code != 0
    assert kinds(folder) == ["queued"]


def test_a_run_whose_folder_is_gone_harms_nobody(world: World) -> None:
    folder = queued_run(world.home)
    shutil.rmtree(folder.path)
    world.executor.submit(folder, 1)
    assert world.end(folder).code != 0
    assert state(world.through(steps=1)) == "finished"


def test_nobody_is_cancelled_who_is_not_there(world: World) -> None:
    world.executor.cancel("nobody", hard=True)
    assert state(world.through(steps=1)) == "finished"

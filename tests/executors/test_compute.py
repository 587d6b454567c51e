"""Calls computed in this process and in workers: one contract, and what only workers can do wrong."""

import os
import platform
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from resnet_explorer.errors import LanguageError, PlanError, WorkerError
from resnet_explorer.executors.compute import Call, Computer, InProcess, Outcome, compute_one
from resnet_explorer.executors.compute_pool import DIED, ComputePool
from resnet_explorer.executors.local import Local
from resnet_explorer.executors.worker_process import resident
from tests.fixtures.runs import until

HERE = "tests.fixtures.computing:"


def call(name: str, *arguments: object, turn: int = 0, group: str = "", memory: int = 0) -> Call:
    return Call(HERE + name, arguments, turn, group, memory)


@pytest.fixture(scope="module")
def pool() -> Iterator[ComputePool]:
    local = Local(preload=())
    pool = ComputePool(local.hire, parallel=2, memory=10, warm_up=call("double", 1))
    local.start()
    pool.start()
    yield pool
    pool.close()
    local.close()


@pytest.fixture(params=["in this process", "in workers"])
def computer(request: pytest.FixtureRequest, pool: ComputePool) -> Computer:
    return InProcess() if request.param == "in this process" else pool


def run(computer: Computer, *calls: Call) -> list[Outcome]:
    return sorted(computer.outcomes(calls), key=lambda outcome: outcome.number)


def test_every_call_has_its_outcome(computer: Computer) -> None:
    outcomes = run(computer, *(call("double", number) for number in range(20)))
    assert [outcome.value for outcome in outcomes] == list(range(0, 40, 2))


def test_no_call_has_no_outcome(computer: Computer) -> None:
    assert run(computer) == []


def test_a_refusal_arrives_as_it_was_raised(computer: Computer) -> None:
    (outcome,) = run(computer, call("refuse", "a sentence"))
    assert isinstance(outcome.error, PlanError)
    assert str(outcome.error) == "a sentence"


def test_a_refusal_keeps_its_column(computer: Computer) -> None:
    with pytest.raises(LanguageError) as refused:
        compute_one(computer, call("misread"))
    assert (str(refused.value), refused.value.column, refused.value.suggestion) == ("unknown word", 7, "conv")


@pytest.mark.parametrize(
    ("name", "kind"),
    [("break_down", RuntimeError), ("mismatch", RuntimeError), ("not_there", RuntimeError), ("run_out", MemoryError)],
)
def test_what_cannot_run_is_an_outcome_too(computer: Computer, name: str, kind: type[Exception]) -> None:
    failed, fine = run(computer, call(name), call("double", 2))
    assert type(failed.error) is kind
    assert fine.value == 4


def test_the_calls_behind_a_failure_of_their_group_fail_without_being_tried(tmp_path: Path) -> None:
    marks = [str(tmp_path / name) for name in "abc"]
    calls = [call("refuse", "first", group="a"), *(call("touch", mark, turn=1, group="a") for mark in marks)]
    assert {str(outcome.error) for outcome in run(InProcess(), *calls)} == {"first"}
    assert list(tmp_path.iterdir()) == []


def test_in_workers_those_that_wait_fail_too(pool: ComputePool, tmp_path: Path) -> None:
    marks = [str(tmp_path / str(number)) for number in range(50)]
    calls = [call("refuse", "first", group="a"), *(call("touch", mark, turn=1, group="a") for mark in marks)]
    outcomes = run(pool, *calls)
    assert len(outcomes) == 51
    # some may have begun beside the first
    assert len(list(tmp_path.iterdir())) < 50


def test_a_group_that_fails_leaves_the_others_alone(computer: Computer) -> None:
    calls = [call("refuse", "no", group="a"), call("double", 1, turn=1, group="b")]
    assert run(computer, *calls)[1].value == 2


def test_calls_of_a_lower_turn_end_first() -> None:
    calls = [call("double", number, turn=-number) for number in range(5)]
    assert [outcome.value for outcome in InProcess().outcomes(calls)] == [8, 6, 4, 2, 0]


def test_workers_are_other_processes(pool: ComputePool) -> None:
    assert compute_one(pool, call("process")) != os.getpid()


def test_a_call_whose_worker_was_killed_is_computed_by_the_next(pool: ComputePool, tmp_path: Path) -> None:
    assert compute_one(pool, call("die_once", str(tmp_path / "mark"))) == "survived"


def test_a_call_that_kills_its_workers_fails_alone(pool: ComputePool) -> None:
    failed, fine = run(pool, call("die"), call("double", 3))
    assert isinstance(failed.error, WorkerError)
    assert str(failed.error) == DIED
    assert fine.value == 6


def test_idle_workers_that_were_killed_are_replaced_unnoticed(pool: ComputePool) -> None:
    processes = {outcome.value for outcome in run(pool, *(call("process") for _ in range(30)))}
    for process in processes:
        os.kill(process, signal.SIGKILL)
    assert [outcome.value for outcome in run(pool, *(call("double", number) for number in range(6)))] == [
        0, 2, 4, 6, 8, 10
    ]  # fmt: skip


def test_patient_calls_leave_a_worker_for_others(pool: ComputePool, tmp_path: Path) -> None:
    pipes = [tmp_path / name for name in "abc"]
    for pipe in pipes:
        os.mkfifo(pipe)
    waiting = pool.outcomes([call("double", 1), *(call("wait_for", str(pipe)) for pipe in pipes)], patient=True)
    assert next(waiting).value == 2
    assert compute_one(pool, call("double", 5)) == 10
    for pipe in pipes:
        pipe.write_text("go")
    assert [outcome.value for outcome in waiting] == ["go"] * 3


def test_calls_that_need_too_much_together_go_one_after_the_other(pool: ComputePool, tmp_path: Path) -> None:
    pipe, mark = tmp_path / "pipe", tmp_path / "mark"
    os.mkfifo(pipe)
    calls = [call("wait_for", str(pipe), memory=6), call("touch", str(mark), turn=1, memory=6)]
    with ThreadPoolExecutor() as thread:
        outcomes = thread.submit(run, pool, *calls)
        # opens once the first call runs
        with pipe.open("w") as opened:
            assert compute_one(pool, call("double", 2, memory=4)) == 4
            assert not mark.exists()
            opened.write("go")
        assert [outcome.value for outcome in outcomes.result()] == ["go", None]
    assert mark.exists()


def test_a_call_too_large_for_the_pool_runs_alone(pool: ComputePool) -> None:
    assert compute_one(pool, call("double", 4, memory=100)) == 8


def test_a_closed_generator_drops_what_has_not_begun(pool: ComputePool, tmp_path: Path) -> None:
    marks = [tmp_path / str(number) for number in range(50)]
    outcomes = pool.outcomes([call("touch", str(mark)) for mark in marks])
    next(outcomes)
    outcomes.close()
    assert compute_one(pool, call("double", 1)) == 2
    assert not all(mark.exists() for mark in marks)


def test_a_closed_pool_answers_that_it_is_closed() -> None:
    pool = ComputePool(lambda: None, parallel=1)
    pool.start()
    pool.close()
    with pytest.raises(WorkerError, match="the page is closing"):
        compute_one(pool, call("double", 1))


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps memory that can be given back")
def test_an_idle_worker_gives_free_memory_back() -> None:
    ours, theirs = socket.socketpair()
    source = (
        f"from resnet_explorer.executors.compute_worker import serve_calls; serve_calls({theirs.fileno()}, idle=0.01)"
    )
    with subprocess.Popen([sys.executable, "-c", source], pass_fds=[theirs.fileno()]) as worker:
        theirs.close()
        with Connection(ours.detach()) as connection:
            connection.send(call("scatter"))
            before, _ = connection.recv()
            assert until(lambda: resident(worker.pid) < before - 50_000_000)

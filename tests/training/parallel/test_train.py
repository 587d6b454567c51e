"""Two processes that train a run together, against one: what they report, what they save, and how they end."""

import os
import signal
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
import torch

from resnet_explorer.errors import RunError
from resnet_explorer.runs.events import Evaluated, Event, Failed, Measured, Saved, Started, Stepped
from resnet_explorer.training import checkpoint
from resnet_explorer.training.parallel.train import train_in_processes, train_on_gpus
from tests.fixtures.tiny_run import NOISY, experiment, only, ran

# what a clock, a number of processes or a disk decides
APART = ("seconds", "rate", "hardware")
TWO = ["cpu", "cpu"]
# dropout, stochastic depth and batch normalisation need the whole batch; an average and a bound are beside the weights
WANTED = experiment(NOISY, ema="0.9", clip="1", decay="weights", smoothing="0.1", evaluate="4")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("parallel")


@pytest.fixture(scope="module")
def one(home: Path) -> list[Event]:
    return ran(WANTED, home / "one")


@pytest.fixture(scope="module")
def two(home: Path) -> list[Event]:
    """All events of two processes, stopped after the third step and gone on with."""
    first = train_in_processes(WANTED, home / "two", home / "home", TWO)
    events = []
    for event in first:
        events.append(event)
        if isinstance(event, Stepped) and event.step == 3:
            first.close()
    return [*events, *train_in_processes(WANTED, home / "two", home / "home", TWO)]


def numbers(event: Event) -> Iterator[float]:
    """The numbers of an event that the mathematics decides."""
    assert is_dataclass(event)
    for field in fields(event):
        value = getattr(event, field.name)
        if field.name not in APART:
            yield from value if isinstance(value, tuple) else (value,)


@pytest.mark.parametrize("kind", [Stepped, Measured, Evaluated])
def test_two_processes_report_what_one_does(kind: type[Event], one: list[Event], two: list[Event]) -> None:
    expected, reported = only(kind, one), only(kind, two)
    assert len(expected) == len(reported) > 0
    for a, b in zip(expected, reported, strict=True):
        assert list(numbers(b)) == pytest.approx(list(numbers(a)), rel=2e-4, abs=1e-6)


def test_the_weights_and_momenta_of_two_processes_are_those_of_one(
    home: Path, one: list[Event], two: list[Event]
) -> None:
    single, shared = (
        checkpoint.load_step(home / name, WANTED.id, only(Saved, events)[-1].step).state
        for name, events in (("one", one), ("two", two))
    )
    for part in ("net", "average"):
        assert single[part].keys() == shared[part].keys()
        for name in single[part]:
            torch.testing.assert_close(shared[part][name], single[part][name], rtol=1e-4, atol=1e-5)
    momenta = [list(state["optimiser"][0]["state"].values()) for state in (single, shared)]
    for a, b in zip(*momenta, strict=True):
        torch.testing.assert_close(b["momentum_buffer"], a["momentum_buffer"], rtol=1e-4, atol=1e-5)


def test_a_stopped_run_of_two_processes_goes_on_where_it_was(two: list[Event]) -> None:
    assert [event.step for event in only(Started, two)] == [0, 3]
    assert [event.step for event in only(Stepped, two)] == [1, 2, 3, 4, 5, 6]


def test_a_process_that_is_killed_fails_the_run_in_one_sentence(home: Path) -> None:
    events = train_in_processes(experiment(steps="4000"), home / "killed", home / "home", TWO)
    seen = []
    for event in events:
        seen.append(event)
        if isinstance(event, Stepped) and event.step == 1:
            os.kill(_second_process(), signal.SIGKILL)
    assert seen[-1] == Failed("process 2 of 2 was ended by signal 9", "rank_died")


def _second_process() -> int:
    """The process id of the second of those that this test started."""
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            mine = str(os.getpid()) == _grandparent(path.parent)
            if mine and b"\0RANK=1\0" in b"\0" + path.read_bytes():
                return int(path.parent.name)
        except OSError:
            continue
    raise AssertionError("there is no second process")


def _grandparent(process: Path) -> str:
    parent = (process / "stat").read_text().rpartition(")")[2].split()[1]
    return Path(f"/proc/{parent}/stat").read_text().rpartition(")")[2].split()[1]


def test_a_batch_that_cannot_be_shared_evenly_is_refused(home: Path) -> None:
    with pytest.raises(RunError, match="a batch of 15 cannot be shared evenly by 2 processes; 14 can"):
        next(train_in_processes(experiment(batch="15"), home / "odd", home / "home", TWO))


def test_more_gpus_than_there_are_are_refused(home: Path) -> None:
    with pytest.raises(RunError, match="is to have 2 GPUs, and this machine has 0"):
        next(train_on_gpus(experiment(), home / "none", home / "home", 2, ["cpu"]))

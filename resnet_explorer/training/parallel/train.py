"""A run on several processes, as the same generator of events that one process gives.

The worker of the run starts a launcher, which starts the processes as torchrun does (`launcher.py`, `rank.py`). The
first process pulls its own training one event at a time, when it is asked to: a line `next` goes in, a line of the
journal comes out. So closing the generator saves a checkpoint at the step that was last reported, as it does with one
process. Where a process dies, the launcher ends the others and writes the last line.
"""

import os
import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

import torch

from resnet_explorer import PACKAGE_DIR
from resnet_explorer.errors import JournalError, RunError
from resnet_explorer.runs.event_json import parse_record
from resnet_explorer.runs.events import Event, Failed, Finished
from resnet_explorer.runs.experiment import Experiment
from resnet_explorer.training.parallel.order import ParallelOrder
from resnet_explorer.training.parallel.process_group import ProcessGroup

NEXT, CLOSE, END = b"next\n", b"close\n", b"end\n"
# seconds that the processes have to end by themselves
GRACE = 10.0


def train_on_gpus(
    experiment: Experiment, folder: Path, home: Path, gpus: int, devices: Sequence[str], threads: int = 1
) -> Generator[Event]:
    """Train with a process on each of so many GPUs: these, or the first; raises RunError where there are fewer."""
    names = [name for name in devices if name.startswith("cuda:")]
    there = [f"cuda:{number}" for number in range(torch.cuda.device_count())] if devices == ["auto"] else names
    if gpus > len(there):
        raise RunError(
            f"this run is to have {gpus} GPUs, and this machine has {len(there)}; --processes trains it on processors"
        )
    yield from train_in_processes(experiment, folder, home, there[:gpus], threads)


def train_in_processes(
    experiment: Experiment, folder: Path, home: Path, devices: Sequence[str], threads: int = 1
) -> Generator[Event]:
    """Train with a process on each device, which exchange gradients by nccl on GPUs and by gloo on a processor."""
    ProcessGroup(size=len(devices)).check_batch(experiment.recipe.batch)
    order = ParallelOrder(experiment.to_json(), str(folder), str(home), devices, threads)
    process = _launch(order)
    assert process.stdin
    assert process.stdout
    try:
        yield from _events(process.stdin, process.stdout)
    except GeneratorExit:
        _close(process.stdin, process.stdout)
        raise
    finally:
        _end(process)


def _launch(order: ParallelOrder) -> "subprocess.Popen[bytes]":
    path = os.pathsep.join([str(PACKAGE_DIR.parent), *filter(None, sys.path)])
    return subprocess.Popen(
        [sys.executable, "-m", "resnet_explorer.training.parallel.launcher", order.to_json()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    )


def _events(orders: IO[bytes], answers: IO[bytes]) -> Generator[Event]:
    while True:
        # a process that died reads no more, and its launcher says why
        with suppress(BrokenPipeError):
            orders.write(NEXT)
            orders.flush()
        event = _read_event(answers)
        yield event
        if isinstance(event, Finished | Failed):
            return


def _read_event(answers: IO[bytes]) -> Event:
    for line in answers:
        with suppress(JournalError):
            # what a dying process tore is passed over
            return parse_record(line.decode("utf-8", "replace")).event
    return Failed("the processes of this run ended without a word", "rank_died")


def _close(orders: IO[bytes], answers: IO[bytes]) -> None:
    """Have the first process save a checkpoint, and wait until it has."""
    with suppress(BrokenPipeError):
        orders.write(CLOSE)
        orders.flush()
        for line in answers:
            if line == END:
                return


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End all processes: they end by themselves with their input."""
    assert process.stdin
    assert process.stdout
    with suppress(BrokenPipeError):
        process.stdin.close()
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()

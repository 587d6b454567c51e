"""One of the processes that train a run together: the first is asked for events, the others keep step with it."""

import os
import select
import sys
import threading
from collections.abc import Generator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import IO

import torch
import torch.distributed as dist
from torch.distributed.elastic.multiprocessing.errors import record

from resnet_explorer.errors import RunError
from resnet_explorer.runs.event_json import format_record
from resnet_explorer.runs.events import Event, Failed, Record
from resnet_explorer.runs.experiment import Experiment
from resnet_explorer.training import loop
from resnet_explorer.training.parallel.order import ParallelOrder
from resnet_explorer.training.parallel.process_group import ProcessGroup
from resnet_explorer.training.parallel.train import CLOSE, END

# while the first downloads, the others wait; who dies is seen by the launcher
PATIENCE = timedelta(days=1)


@record
def main(text: str) -> None:
    """Train as one of the processes of an order, to the end or until the input ends."""
    order = ParallelOrder.from_json(text)
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    # what a module prints must not be taken for an event
    os.dup2(2, 1)
    threading.Thread(target=_end_with_input, name="watch", daemon=True).start()
    group = _join(order.devices)
    device = order.devices[group.rank]
    experiment, folder = Experiment.from_json(order.experiment), Path(order.folder)
    events = loop.train(experiment, folder, Path(order.home), device, order.threads, group=group)
    if group.rank:
        _keep_step(events)
    else:
        _answer(events, answers)


def _join(devices: Sequence[str]) -> ProcessGroup:
    """The group that the launcher's variables describe."""
    gpus = devices[0].startswith("cuda")
    dist.init_process_group("nccl" if gpus else "gloo", timeout=PATIENCE)
    group = ProcessGroup(dist.get_rank(), dist.get_world_size())
    if gpus:
        torch.cuda.set_device(devices[group.rank])
    return group


def _answer(events: Generator[Event], answers: IO[bytes]) -> None:
    """An event for each line that comes in; closed, it has saved before it answers."""
    with os.fdopen(os.dup(0), "rb", buffering=0) as orders:
        for order in orders:
            if order == CLOSE:
                events.close()
                answers.write(END)
                return
            event = next(events, None)
            if event is None:
                return
            answers.write((format_record(Record(1, 0, 1, event)) + "\n").encode("utf-8", "replace"))


def _keep_step(events: Generator[Event]) -> None:
    """Take part in every step; raises RunError for what failed in this process alone."""
    for event in events:
        if isinstance(event, Failed):
            if event.code == "nonfinite":
                # the first process says so, and then ends all
                threading.Event().wait()
            raise RunError(event.reason)


def _end_with_input() -> None:
    """End this process when nobody asks for events any more; it may be waiting for another that has ended."""
    owner = select.poll()
    owner.register(0, 0)
    owner.poll()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])

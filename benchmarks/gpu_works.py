"""Before anything is timed: runs train on the device as on a processor, and end in a sentence if memory runs out."""

import gc
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from benchmarks.gpu_turns import NOTHING, Clock, Figure, Rows, Size
from resnet_explorer.runs.events import Event, Failed, Measured, Noted, Started, Stepped
from resnet_explorer.runs.experiment import Experiment, prepare
from resnet_explorer.training.loop import train

STEPS = 50
# of 32 bits, as two devices add in another order and a difference grows from step to step
MOST = 1e-2
COMPARED = 10
GENTLE = {"lr": "0.01", "schedule": "constant", "warmup": "0", "precision": "fp32"}


def part(size: Size, clock: Clock) -> Rows:
    """The lanes at two depths, in both precisions and by every engine; the processor's losses; out of memory."""
    steps = STEPS if size.device == "cuda" else 2
    with TemporaryDirectory() as folder:
        home = Path(folder)
        for depth in size.depths[:2]:
            for number, ordering in enumerate(size.orderings):
                line = f"cifar-basic-{depth}:{ordering}"
                # the second depth in one precision: what could differ has been seen
                for precision in ("fp32", "bf16")[depth != size.depths[0] :]:
                    events = _train(_experiment(line, size, steps, {"precision": precision}), home, size.device)
                    yield _trained(f"{line}, {precision}", events)
                if number == 0 and depth == size.depths[0]:
                    compiled = _experiment(line, size, steps, {"engine": "compile"})
                    yield _trained(f"{line}, compile", _train(compiled, home, size.device))
        yield _same_as_processor(size, home)
        if size.device == "cuda":
            yield _out_of_memory(size, home)


def _experiment(line: str, size: Size, steps: int, settings: Mapping[str, str] = NOTHING) -> Experiment:
    usual = {
        "size": str(size.side), "width": size.width, "batch": str(size.batch), "steps": str(steps),
        "warmup": "10", "evaluate": "0", "save": "0", "test": "500",
    }  # fmt: skip
    return prepare(line, "shapes", "short", size.seed, usual | dict(settings))


def _train(run_experiment: Experiment, home: Path, device: str) -> list[Event]:
    with TemporaryDirectory() as folder:
        return list(train(run_experiment, Path(folder), home, device))


def _trained(what: str, events: list[Event]) -> Figure:
    """The last loss of a run, with its engine and what it had to say."""
    started = next(one for one in events if isinstance(one, Started))
    looks = sum(isinstance(one, Measured) for one in events)
    notes = "".join(f", {one.text}" for one in events if isinstance(one, Noted))
    notes += "".join(f", {one.reason}" for one in events if isinstance(one, Failed))
    last = [one.loss for one in events if isinstance(one, Stepped)][-1]
    return Figure(f"{what}: loss after {started.steps} steps, engine {started.engine}, {looks} looks{notes}", last, "")


def _same_as_processor(size: Size, home: Path) -> Figure:
    """The largest relative difference of the first losses, in 32 bits on both."""
    line = f"cifar-basic-{size.depths[0]}:{size.orderings[0]}"
    wanted = _experiment(line, size, COMPARED, GENTLE)
    there, here = (
        [one.loss for one in _train(wanted, home, device) if isinstance(one, Stepped)]
        for device in (size.device, "cpu")
    )
    difference = max(abs(a - b) / abs(b) for a, b in zip(there, here, strict=True))
    return Figure(f"{line}: {COMPARED} losses against the processor's", difference, "", f"at most {MOST:g}")


def _out_of_memory(size: Size, home: Path) -> Figure:
    """A run whose memory is taken away after its first step: it has to end in a sentence, and the next has to train."""
    wanted = _experiment(f"cifar-basic-{size.depths[-1]}", size, STEPS)
    ballast, reasons = [], []
    with TemporaryDirectory() as folder:
        for event in train(wanted, Path(folder), home, size.device):
            if isinstance(event, Started):
                torch.cuda.synchronize()
                free = torch.cuda.mem_get_info()[0]
                ballast.append(torch.empty(free - (64 << 20), dtype=torch.uint8, device=size.device))
            if isinstance(event, Failed):
                reasons.append(f"{event.code}: {event.reason}")
    ballast.clear()
    gc.collect()
    torch.cuda.empty_cache()
    again = _train(_experiment(f"cifar-basic-{size.depths[0]}", size, STEPS), home, size.device)
    losses = [one.loss for one in again if isinstance(one, Stepped)]
    return Figure(f"out of memory: {'; '.join(reasons) or 'not met'}; the next run's last loss", losses[-1], "")

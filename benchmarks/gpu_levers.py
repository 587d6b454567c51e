"""What might be faster, each against ours as it is; and torch.compile, whose wait is told beside what it gives."""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from statistics import median

import torch

from benchmarks.gpu_floor import byte_floor, ceilings
from benchmarks.gpu_loops import ByHand, Ours
from benchmarks.gpu_same import MOST, compiled
from benchmarks.gpu_turns import EPOCH, NOTHING, Candidate, Clock, Figure, Rows, Size, experiment, state, taken, timed
from benchmarks.measure import ratios
from resnet_explorer.plan import plan


def part(size: Size, clock: Clock) -> Rows:
    """Memory format, cuDNN's own trials, a larger batch."""
    for depth in map(str, size.depths[:2]):
        changed: dict[str, Callable[[], Ours]] = {
            "ours, not channels last": partial(_ours, depth, size, {"channels_last": "off"}),
            "ours, cuDNN trying its kernels": partial(_tried, depth, size),
            f"ours, batch {size.large}": partial(_ours, depth, size, {"batch": str(size.large)}),
        }
        base = _ours(depth, size)
        for name, make in changed.items():
            turns = {name: partial(make().candidate, size), "ours": partial(base.candidate, size)}
            times = taken(turns, size, clock)
            what = f"{EPOCH:,} images, ResNet-{depth}, {name}"
            yield from ratios(what, times)
            if "batch" in name and name in times:
                floor = byte_floor(plan(base.state.experiment.network), size.large, ceilings(size))
                yield Figure(f"{what}: part of the byte floor's pace", floor / median(times[name]), "")
            gc.collect()


def through_compiler(size: Size, clock: Clock) -> Rows:
    """The shallowest network through torch.compile: the same losses, its wait, its step, and that step as a graph."""
    depth = str(size.depths[0])
    made: list[ByHand] = []
    wait = timed(lambda: made.append(ByHand(experiment(depth, size), size, compiled=True)), size)
    yield Figure(f"ResNet-{depth}: until the first compiled step is a graph", wait, "s")
    ours = _ours(depth, size)
    turns: dict[str, Candidate] = {
        "compiled, by hand as a CUDA graph": made[0].candidate,
        "ours": partial(ours.candidate, size),
    }
    times = taken(turns, size, clock)
    yield from ratios(f"{EPOCH:,} images, ResNet-{depth}, compiled and captured", times)
    if clock.left() > wait:
        yield compiled(size, MOST["bf16"])
        engine = _ours(depth, size, {"engine": "compile"})
        times = taken({"engine=compile": partial(engine.candidate, size), "ours": turns["ours"]}, size, clock)
        yield from ratios(f"{EPOCH:,} images, ResNet-{depth}, engine=compile", times)


def _ours(depth: str, size: Size, settings: Mapping[str, str] = NOTHING) -> Ours:
    return Ours(state(experiment(depth, size, settings), size))


def _tried(depth: str, size: Size) -> Ours:
    """Ours with graphs that were captured while cuDNN tried its kernels."""
    ours = _ours(depth, size)
    with _trying():
        # as many as it takes to have met every kind of step
        ours(30)
    return ours


@contextmanager
def _trying() -> Iterator[None]:
    before = torch.backends.cudnn.benchmark
    torch.backends.cudnn.benchmark = True
    try:
        yield
    finally:
        torch.backends.cudnn.benchmark = before

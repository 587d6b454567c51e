"""What might be faster, each against ours as it is; torch.compile with its wait; and where a step's time goes."""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from statistics import median

import torch

from benchmarks.gpu_floor import byte_floor, ceilings
from benchmarks.gpu_loops import WARM, ByHand, Ours
from benchmarks.gpu_same import MOST, compiled
from benchmarks.gpu_turns import EPOCH, NOTHING, Candidate, Clock, Figure, Rows, Size, experiment, state, taken, timed
from benchmarks.measure import ratios
from resnet_explorer.networks.plan import plan

MOST_KERNELS = 25


def part(size: Size, clock: Clock) -> Rows:
    """The device alone, memory format, cuDNN's own trials, normalisations that count no batches, a larger batch."""
    for depth in map(str, size.depths[:2]):
        changed: dict[str, Callable[[], Ours]] = {
            "ours, not channels last": partial(_ours, depth, size, {"channels_last": "off"}),
            "ours, cuDNN trying its kernels": partial(_tried, depth, size),
            "ours, normalisations that count no batches": partial(_uncounted, depth, size),
            f"ours, batch {size.large}": partial(_ours, depth, size, {"batch": str(size.large)}),
        }
        base = _ours(depth, size)
        by_hand = ByHand(experiment(depth, size), size)
        ours = partial(base.candidate, size)
        alone: dict[str, Candidate] = {"ours": ours, "the graph by hand, its batch never renewed": by_hand.alone}
        yield from ratios(f"{EPOCH:,} images, ResNet-{depth}", taken(alone, size, clock))
        for name, make in changed.items():
            times = taken({"ours": ours, name: partial(make().candidate, size)}, size, clock)
            yield from ratios(f"{EPOCH:,} images, ResNet-{depth}", times)
            if name.endswith(str(size.large)) and name in times:
                floor = byte_floor(plan(base.trainer.experiment.network), size.large, ceilings(size))
                what = f"{EPOCH:,} images, ResNet-{depth}, {name}: part of the byte floor's pace"
                yield Figure(what, floor / median(times[name]), "")
            gc.collect()


def through_compiler(size: Size, clock: Clock) -> Rows:
    """The shallowest network through torch.compile: the same losses, its wait, its step, and that step as a graph."""
    depth = str(size.depths[0])
    made: list[ByHand] = []
    wait = timed(lambda: made.append(ByHand(experiment(depth, size), size, compiled=True)), size)
    yield Figure(f"ResNet-{depth}: until the first compiled step is a graph", wait, "s")
    ours = _ours(depth, size)
    turns: dict[str, Candidate] = {
        "ours": partial(ours.candidate, size),
        "the network compiled, by hand as a CUDA graph": made[0].candidate,
    }
    yield from ratios(f"{EPOCH:,} images, ResNet-{depth}", taken(turns, size, clock))
    if clock.left() > wait:
        yield compiled(size, MOST["bf16"])
        engine = _ours(depth, size, {"engine": "compile"})
        times = taken({"ours": turns["ours"], "engine=compile": partial(engine.candidate, size)}, size, clock)
        yield from ratios(f"{EPOCH:,} images, ResNet-{depth}", times)


def kernels(size: Size, clock: Clock) -> Rows:
    """Where a step's time goes, by kernel; last, as what observes may slow what follows."""
    there = size.place.device.type == "cuda"
    activity = torch.profiler.ProfilerActivity.CUDA if there else torch.profiler.ProfilerActivity.CPU
    for depth in map(str, size.depths[:1]):
        ours = _ours(depth, size)
        ours(WARM)
        # steps without a report, as most are
        ours.reports = False
        with torch.profiler.profile(activities=[activity]) as profile:
            ours(size.steps)
        averages = profile.key_averages()
        times = {one.key: one.self_device_time_total if there else one.self_cpu_time_total for one in averages}
        calls = {one.key: one.count / size.steps for one in averages}
        what = f"a step of ResNet-{depth}"
        yield Figure(f"{what}, all kernels ({sum(calls.values()):.0f} calls)", sum(times.values()) / size.steps, "us")
        for name in sorted(times, key=lambda name: -times[name])[:MOST_KERNELS]:
            yield Figure(f"{what}, {calls[name]:.3g} calls of {name[:100]}", times[name] / size.steps, "us")


def _ours(depth: str, size: Size, settings: Mapping[str, str] = NOTHING) -> Ours:
    return Ours(state(experiment(depth, size, settings), size))


def _uncounted(depth: str, size: Size) -> Ours:
    """What a kernel a normalisation costs that only counts how many batches it has seen."""
    ours = _ours(depth, size)
    for module in ours.trainer.net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.num_batches_tracked = None
    return ours


def _tried(depth: str, size: Size) -> Ours:
    """Ours with graphs that were captured while cuDNN tried its kernels."""
    ours = _ours(depth, size)
    with _trying():
        ours(WARM)
    return ours


@contextmanager
def _trying() -> Iterator[None]:
    before = torch.backends.cudnn.benchmark
    torch.backends.cudnn.benchmark = True
    try:
        yield
    finally:
        torch.backends.cudnn.benchmark = before

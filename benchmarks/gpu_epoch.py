"""Seconds for 50,000 images: ours against the loops that one would otherwise write, and against the floor."""

from functools import partial
from statistics import median

from benchmarks.gpu_floor import byte_floor, ceilings
from benchmarks.gpu_loops import Airbench, ByHand, Everyday, Ours, Resident
from benchmarks.gpu_turns import EPOCH, Candidate, Clock, Figure, Rows, Size, experiment, state, taken
from benchmarks.measure import ratios
from resnet_explorer.networks.plan import plan

EVERYDAY = "an eager loop with a torchvision DataLoader, a number of steps scaled"
RESIDENT = "an eager loop with resident data, a number of steps scaled"
BY_HAND = "the same loop by hand as a CUDA graph"
AIRBENCH = "airbench's loader with an eager loop, a number of steps scaled"
GOALS = {EVERYDAY: "1/20", RESIDENT: "1/4", BY_HAND: "at most 1.0", AIRBENCH: "1/1.5"}
LEAST = 0.25


def part(depth: int, size: Size, clock: Clock) -> Rows:
    """One depth: all loops in turn."""
    run_experiment = experiment(str(depth), size)
    plain = experiment(str(depth), size, {"channels_last": "off"})
    ours = Ours(state(run_experiment, size))
    candidates: dict[str, Candidate] = {
        "ours": partial(ours.candidate, size),
        BY_HAND: ByHand(run_experiment, size).candidate,
        RESIDENT: Resident(plain, size).candidate,
        AIRBENCH: Airbench(run_experiment, size).candidate,
        # last, as its workers go on for a moment after its turn
        EVERYDAY: Everyday(plain, size).candidate,
    }
    times = taken(candidates, size, clock)
    what = f"{EPOCH:,} images, ResNet-{depth}, batch {size.batch}, bf16, engine {ours.trainer.engine.running}"
    yield from ratios(what, times, GOALS)
    floor = byte_floor(plan(run_experiment.network), size.batch, ceilings(size))
    yield Figure(f"{what}: part of the byte floor's pace", floor / median(times["ours"]), "", f"at least {LEAST}")


def statistics(size: Size, clock: Clock) -> Rows:
    """With all that a run says of its steps, and silent."""
    for depth in size.depths[:2]:
        statistics_run = experiment(str(depth), size)
        candidates = {
            "with live statistics": partial(Ours(state(statistics_run, size)).candidate, size),
            "without": partial(Ours(state(statistics_run, size), reports=False).candidate, size),
        }
        times = taken(candidates, size, clock)
        what = f"{EPOCH:,} images, ResNet-{depth}, batch {size.batch}, speaking every 13 steps, as 64,000 do"
        yield from ratios(what, times, {"without": "at most 1.02"})
        candidates = {
            "with live statistics": partial(Ours(state(statistics_run, size), every=1).candidate, size),
            "without": candidates["without"],
        }
        what = f"{EPOCH:,} images, ResNet-{depth}, batch {size.batch}, speaking at every step, as 5,000 do"
        yield from ratios(what, taken(candidates, size, clock))

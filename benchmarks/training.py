"""The training step against an eager loop, its statistics against the same loop without them, and under load.

All on one thread, as the workers run it; each candidate takes its steps in turn with the other.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

# as the entry points do, before torch is loaded
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("GOMP_SPINCOUNT", "10000")

import torch
import torch.nn.functional as F
from torch import Tensor

from benchmarks.measure import Ratio, interleaved, ratios, report
from resnet_explorer.models.build import build
from resnet_explorer.models.probe import threads
from resnet_explorer.networks.plan import plan
from resnet_explorer.runs.events import Finished
from resnet_explorer.runs.experiment import Experiment, prepare
from resnet_explorer.training.device import configure_device
from resnet_explorer.training.engine import Engine, make_engine
from resnet_explorer.training.hooks import round_5, unit_statistics
from resnet_explorer.training.loop import train
from resnet_explorer.training.state import build_network
from resnet_explorer.training.step import StepOutputs

WIDE = {"size": "32", "width": "1", "batch": "128"}
NARROW = "cifar-basic-56:full-preactivation"
STEPS_A_TURN, LR = 10, 1e-3
Step = Callable[[], object]
Candidates = dict[str, Step]


def main() -> None:
    """Measure each in turn."""
    torch.set_num_threads(1)
    results = [*_against_eager(), *_statistics(), *_loaded()]
    report("training", results)
    for precision in ("fp32", "bf16"):
        _short_run(precision)


def _against_eager() -> list[Ratio]:
    """Our step, statistics included, against the loop that everybody writes."""
    experiment = prepare("cifar-basic-20", "shapes", "short", 0, WIDE)
    name = "an eager loop in fp32, contiguous"
    times = interleaved({"ours": _reported_step(experiment), name: _eager_step(experiment)}, runs=9, warm=2)
    return ratios("training step, depth 20, width 16, 32 px, batch 128", times, {name: "1/1.8"})


def _statistics() -> list[Ratio]:
    """Ten steps with all that is said of them, the units once, against ten steps that say nothing but the loss."""
    results = []
    nets: list[tuple[str, dict[str, str]]] = [(NARROW, {}), ("cifar-basic-20", WIDE)]
    for line, settings in nets:
        for precision in ("fp32", "bf16"):
            experiment = prepare(line, "shapes", "short", 0, settings | {"precision": precision})
            candidates: Candidates = {
                "with": partial(_take_steps, _reported_step(experiment)),
                "without": partial(_take_steps, _silent_step(experiment)),
            }
            times = interleaved(candidates, runs=15, warm=1)
            what = f"ten steps with live statistics, {line}, {precision}"
            results += ratios(what, times, {"without": "at most 1.02"})
    return results


def _loaded() -> list[Ratio]:
    """Beside a busy process a core: as many threads as cores, which must not spin, against one."""
    step, name = _reported_step(prepare("cifar-basic-20", "shapes", "short", 0, WIDE)), "one thread"
    cores = os.cpu_count() or 1
    candidates: Candidates = {
        f"{cores} threads": partial(_with_threads, step, cores),
        name: partial(_with_threads, step, 1),
    }
    with _busy_processes():
        times = interleaved(candidates, runs=9)
    return ratios(f"a step on {cores} threads beside a busy process a core", times, {name: "at most 1.3"})


def _short_run(precision: str) -> None:
    """A whole run of the default recipe, seconds of training."""
    seconds = []
    for _ in range(3):
        experiment = prepare(NARROW, "shapes", "short", 0, {"precision": precision})
        with TemporaryDirectory() as folder:
            events = train(experiment, Path(folder), Path(folder), device="cpu")
            seconds += [event.seconds for event in events if isinstance(event, Finished)]
    spread = f"[{min(seconds):.1f}, {max(seconds):.1f}]"
    print(f"{NARROW}, recipe short, {precision}, 300 steps: {median(seconds):.1f} s {spread}; goal 26 s")


def _reported_step(experiment: Experiment) -> Step:
    """Our step as a run takes it: its numbers are read, and every `measure` steps those of the units."""
    engine, batch, count = _make_engine(experiment), _noise(experiment, channels_last=True), iter(range(1, sys.maxsize))
    names = len(engine.train_step.names)

    def step() -> None:
        measured = next(count) % experiment.recipe.measure == 0
        results = engine.step(*batch, LR, StepOutputs(True, measured))
        assert results is not None
        _, _, total, *rest = results.tolist()
        tuple(map(round_5, (total, *rest[:names])))
        if measured:
            unit_statistics(rest[names:], engine.train_step.sizes)

    return step


def _silent_step(experiment: Experiment) -> Step:
    engine, batch = _make_engine(experiment), _noise(experiment, channels_last=True)
    return lambda: engine.step(*batch, LR, StepOutputs(False, False))


def _eager_step(experiment: Experiment) -> Step:
    net = build(plan(experiment.network)).train()
    sgd = torch.optim.SGD(net.parameters(), LR, momentum=0.9, weight_decay=1e-4)
    x, labels = _noise(experiment, channels_last=False)

    def step() -> None:
        sgd.zero_grad()
        loss = F.cross_entropy(net(x), labels)
        torch.autograd.backward(loss)
        sgd.step()

    return step


def _make_engine(experiment: Experiment) -> Engine:
    config = configure_device("cpu", experiment.recipe.precision, 1)
    return make_engine(build_network(experiment, config), experiment.recipe, config)


def _noise(experiment: Experiment, channels_last: bool) -> tuple[Tensor, Tensor]:
    count = experiment.recipe.batch
    x = torch.randn(count, *plan(experiment.network).image.dims)
    form = torch.channels_last if channels_last else torch.contiguous_format
    return x.contiguous(memory_format=form), torch.randint(10, (count,))


def _with_threads(step: Step, count: int) -> None:
    with threads(count):
        step()


def _take_steps(step: Step) -> None:
    for _ in range(STEPS_A_TURN):
        step()


@contextmanager
def _busy_processes() -> Iterator[None]:
    """A process a core that never rests."""
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


if __name__ == "__main__":
    main()

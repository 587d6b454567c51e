"""Correct first: the fast engines take the steps of the plain one, on noise that is new each time."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from benchmarks.gpu_turns import Clock, Figure, Rows, Size, experiment, state
from resnet_explorer.training import checkpoint
from resnet_explorer.training.device import tf32_settings
from resnet_explorer.training.state import Trainer
from resnet_explorer.training.step import StepOutputs

# kernels may differ in the order of their sums, and a small difference grows from step to step
MOST = {"fp32": 1e-3, "bf16": 3e-2}
# small enough that a difference of rounding is not blown up by the training itself
GENTLE = {"schedule": "constant", "lr": "0.01", "warmup": "0", "warmup_lr": "0"}


def part(size: Size, clock: Clock) -> Rows:
    """The graph against eager, and a graph that was stopped and resumed against one that was not."""
    new = replace(size, seed=int(torch.seed() % 2**31))
    for precision, most in MOST.items():
        settings = {**GENTLE, "precision": precision}
        with tf32_settings(False), TemporaryDirectory() as folder:
            eager, graph = (_start(new, settings | {"engine": name}) for name in ("eager", "graph"))
            plain, fast = _losses(eager, size.same), _losses(graph, size.same)
            what = f"{size.same} losses, {precision}, noise of seed {new.seed}"
            yield _figure(f"{what}: {graph.engine.running} against eager", fast, plain, most)
            resumed = _resume(new, settings | {"engine": "graph"}, Path(folder))
            yield _figure(f"{what}: a resumed graph against a whole one", resumed, fast, most)


def compiled(size: Size, most: float) -> Figure:
    """What torch.compile makes of the network against eager."""
    new = replace(size, seed=int(torch.seed() % 2**31))
    eager, fast = (_start(new, {**GENTLE, "engine": name}) for name in ("eager", "compile"))
    what = f"{size.same} losses, bf16, noise of seed {new.seed}: compile against eager"
    return _figure(what, _losses(fast, size.same), _losses(eager, size.same), most)


def _start(size: Size, settings: dict[str, str]) -> Trainer:
    return state(experiment(str(size.depths[0]), size, settings), size)


def _losses(run: Trainer, steps: int) -> dict[int, float]:
    """The losses of all reported steps, among steps that are measured, reported only, and neither."""
    for step in range(run.step, run.step + steps):
        run.advance(StepOutputs(step % 7 != 3, step % 7 == 4))
    run.read()
    losses = {result.step: result.numbers[0] for result in run.unreported}
    run.unreported.clear()
    return losses


def _resume(size: Size, settings: dict[str, str], folder: Path) -> dict[int, float]:
    first = _start(size, settings)
    half = size.same // 2
    _losses(first, half)
    first.save(folder)
    second = _start(size, settings)
    saved, _ = checkpoint.load(folder, second.experiment.id)
    assert saved
    second.load(saved)
    return _losses(second, size.same - half)


def _figure(what: str, losses: dict[int, float], expected: dict[int, float], most: float) -> Figure:
    difference = max(abs(loss - expected[step]) / abs(expected[step]) for step, loss in losses.items())
    return Figure(f"{what}, largest relative difference", difference, "", f"at most {most:g}")

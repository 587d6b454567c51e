"""Several networks at once on one GPU: orderings as processes and as streams, seeds as streams and stacked."""

import copy
import gc
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from functools import partial
from itertools import count
from pathlib import Path
from typing import IO

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.func import functional_call, stack_module_state, vmap

from benchmarks.gpu_loops import WARM, Ours, batches, captured
from benchmarks.gpu_turns import Candidate, Clock, Rows, Size, beside, experiment, state, taken, timed
from benchmarks.measure import ratios
from resnet_explorer.runs.experiment import Experiment
from resnet_explorer.training.state import build_network

TOGETHER, APART = "side by side", "one after the other"
DEPTH = 56
HOUSE = Path(__file__).parent.parent


def orderings(size: Size, clock: Clock) -> Rows:
    """All orderings of one depth: on streams of one process, and as processes."""
    lines = [f"{min(DEPTH, max(size.depths))}:{name}" for name in size.orderings]
    goals = {APART: "at most 1/2"}
    what = f"{size.steps} steps of {len(lines)} orderings of ResNet-{lines[0].split(':')[0]}"
    runs = [Ours(state(experiment(line, size), size)) for line in lines]
    times = taken({TOGETHER: Streams(runs, size).candidate, APART: partial(_queued, runs, size)}, size, clock)
    yield from ratios(f"{what}, streams of one process", times, goals)
    del runs
    gc.collect()
    with _workers(lines, size) as workers:
        times = taken({TOGETHER: partial(_all, workers, size), APART: partial(_each, workers, size)}, size, clock)
    yield from ratios(f"{what}, a process each", times, goals)


def seeds(size: Size, clock: Clock) -> Rows:
    """Seeds of one network against one seed."""
    for depth in size.depths[:2]:
        wanted = [experiment(str(depth), size, seed=seed) for seed in range(size.seeds)]
        runs = [Ours(state(one, size)) for one in wanted]
        streams, stacked = Streams(runs, size), Stacked(wanted, size)
        single, each = partial(_queued, runs[:1], size), f"{size.seeds} seeds"
        candidates: dict[str, dict[str, Candidate]] = {
            "on streams": {each: streams.candidate, "one seed": single},
            "stacked by vmap in one graph": {each: stacked.candidate, "one seed": single},
            "in a row": {each: partial(_queued, runs, size), "one seed": single},
        }
        for way, turns in candidates.items():
            what = f"{size.steps} steps of {each} of ResNet-{depth}, {way}"
            yield from ratios(what, taken(turns, size, clock), {"one seed": "at most 2"})
        del runs, streams, stacked, single, candidates
        gc.collect()


class Streams:
    """Runs that have a stream each, always the same: what one has freed another must not write while it is read."""

    def __init__(self, runs: Sequence[Ours], size: Size) -> None:
        self.runs, self.size = runs, size
        there = size.place.device.type == "cuda"
        self.streams = [torch.cuda.Stream() if there else None for _ in runs]  # type: ignore[no-untyped-call]
        # their graphs are captured while nothing else is under way
        for run in runs:
            run(WARM)

    def candidate(self) -> float:
        return timed(self._turn, self.size)

    def _turn(self) -> None:
        """A step of each in turn, each on its own stream: what the host launches, the device overlaps."""
        for _ in range(self.size.steps):
            for run, stream in zip(self.runs, self.streams, strict=True):
                with beside(stream):
                    run(1)


def _queued(runs: Sequence[Ours], size: Size) -> float:
    def turn() -> None:
        for run in runs:
            run(size.steps)

    return timed(turn, size)


class Stacked:
    """Seeds of one network with a leading dimension on every weight, mapped by vmap, captured as one graph."""

    def __init__(self, wanted: Sequence[Experiment], size: Size) -> None:
        self.size, self.steps, self.seeds = size, count(), len(wanted)
        nets = [build_network(one, size.place) for one in wanted]
        self.weights, self.buffers = stack_module_state(nets)
        self.base = copy.deepcopy(nets[0]).to("meta")
        self.sgd = torch.optim.SGD(self.weights.values(), lr=0.01, momentum=0.9, weight_decay=1e-4, fused=True)
        # one draw for all seeds, cut into their batches
        self.batches = batches(wanted[0], size, size.batch * self.seeds)
        self.x, self.labels = (one.clone() for one in self._batch())
        self.replay = captured(self.step, size)

    def candidate(self) -> float:
        return timed(self._turn, self.size)

    def step(self) -> Tensor:
        """Train all on one batch each; the losses."""
        self.sgd.zero_grad()
        with torch.autocast(self.size.place.device.type, torch.bfloat16):
            losses: Tensor = vmap(self._loss)(self.weights, self.buffers, self.x, self.labels)
        torch.autograd.backward(losses.sum())
        self.sgd.step()
        return losses.detach()

    def _loss(self, weights: dict[str, Tensor], buffers: dict[str, Tensor], x: Tensor, labels: Tensor) -> Tensor:
        output: Tensor = functional_call(self.base, (weights, buffers), (x,))
        return F.cross_entropy(output.float(), labels)

    def _turn(self) -> None:
        for _ in range(self.size.steps):
            for kept, new in zip((self.x, self.labels), self._batch(), strict=True):
                kept.copy_(new)
            self.replay()

    def _batch(self) -> tuple[Tensor, Tensor]:
        x, labels = self.batches.at(next(self.steps))
        parts = self.seeds, self.size.batch
        return x.view(*parts, *x.shape[1:]), labels.view(parts)


Worker = tuple[IO[str], IO[str]]


@contextmanager
def _workers(lines: Sequence[str], size: Size) -> Iterator[list[Worker]]:
    """A process for each, ready."""
    with ExitStack() as stack:
        workers = [_worker(line, size, stack) for line in lines]
        for worker in workers:
            _expect_line(worker, "ready")
        yield workers


def _worker(line: str, size: Size, stack: ExitStack) -> Worker:
    command = [sys.executable, "-m", "benchmarks.gpu_worker", line, json.dumps(asdict(size))]
    process = subprocess.Popen(command, cwd=HOUSE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin
    assert process.stdout
    # in this order at the end: what it reads ends, so it ends
    stack.enter_context(process)
    stack.callback(process.terminate)
    return process.stdin, process.stdout


def _expect_line(worker: Worker, word: str) -> None:
    line = worker[1].readline().strip()
    if line != word:
        raise RuntimeError(f"a process that should say {word!r} said {line!r}")


def _order_steps(worker: Worker, steps: int) -> None:
    worker[0].write(f"{steps}\n")
    worker[0].flush()


def _all(workers: Sequence[Worker], size: Size) -> float:
    def turn() -> None:
        for worker in workers:
            _order_steps(worker, size.steps)
        for worker in workers:
            _expect_line(worker, "done")

    return timed(turn, size)


def _each(workers: Sequence[Worker], size: Size) -> float:
    def turn() -> None:
        for worker in workers:
            _order_steps(worker, size.steps)
            _expect_line(worker, "done")

    return timed(turn, size)

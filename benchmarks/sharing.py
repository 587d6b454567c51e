"""What it gains that several small runs share one device: steps a second of all of them together.

    python -m benchmarks.sharing            # stop the page first: whatever else the device does counts too

Trains `cifar-basic-20` at half width on images of 16 pixels, by real workers in a home of its own, and writes what it
measured to `sharing.json` of RESNET_EXPLORER_HOME, which says how many runs a GPU has at once from then on.
"""

import os
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.waiting import wait_for
from resnet_explorer.executors.local import Local
from resnet_explorer.executors.sharing import (
    CONTEXT_BYTES,
    Measurement,
    write_measurement,
)
from resnet_explorer.networks.memory import memory
from resnet_explorer.networks.plan import plan
from resnet_explorer.runs.commit import program_commit
from resnet_explorer.runs.events import Stepped
from resnet_explorer.runs.experiment import Experiment, prepare
from resnet_explorer.runs.run_folder import Job, RunFolder, new_id, resolve_home

WORKERS = {"cuda": (1, 2, 3, 4, 6, 8), "cpu": (1, 2, 3)}
# seconds after the first step of the last worker that do not count, and those that do; more until each has reported
# its steps so many times
SETTLING, SECONDS, REPORTS = 2.0, 10.0, 3
SETTINGS = {"steps": "100000", "size": "16", "batch": "128", "subset": "2048", "test": "128", "width": "1/2"}


def main() -> None:
    """Measure each number of workers, print a line for each, and write the curve to the home."""
    # of several GPUs the first
    os.environ["CUDA_VISIBLE_DEVICES"] = os.environ.get("CUDA_VISIBLE_DEVICES", "0").split(",")[0]
    home = resolve_home(os.environ.get("RESNET_EXPLORER_HOME", ""))
    measurement = measure()
    rates = ", ".join(f"{workers}: {gain:.2f}" for workers, gain in measurement.gains.items())
    print(f"{measurement.device}: times the steps of one, by workers: {rates}")
    print(f"written to {write_measurement(home, measurement)}")


def measure() -> Measurement:
    """The curve of the first GPU, or of the processor where there is none."""
    curve: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        gpu = _first_gpu()
        for count in WORKERS["cuda" if gpu else "cpu"]:
            curve[count] = steps_a_second(home, count, SECONDS)
            print(f"{count} at once: {curve[count]:.1f} steps a second together", flush=True)
    date, commit = datetime.now(UTC).date().isoformat(), program_commit()
    return Measurement(gpu or "cpu", curve, run_bytes(_experiment(0)), date, version("torch"), commit)


def run_bytes(experiment: Experiment) -> int:
    """What a run takes on a GPU: its training step, and what the process needs before its first tensor."""
    # whatever precision the device decides on, no other takes more
    return memory(plan(experiment.network), experiment.recipe.batch, "fp32").training + CONTEXT_BYTES


def rate_together(steps: Sequence[Sequence[tuple[float, int]]], since: float, until: float) -> float:
    """Steps a second of all runs together between two moments, from the time and number of steps of each."""
    return sum(_rate([(at, step) for at, step in run if since <= at <= until]) for run in steps)


def _rate(steps: Sequence[tuple[float, int]]) -> float:
    if len(steps) < 2 or steps[-1][0] <= steps[0][0]:
        raise SystemExit("a worker took less than two steps while it was measured")
    return (steps[-1][1] - steps[0][1]) / (steps[-1][0] - steps[0][0])


def _experiment(seed: int) -> Experiment:
    return prepare("cifar-basic-20", "shapes", "short", seed, SETTINGS)


def _first_gpu() -> str:
    """The name of the GPU that workers see first; empty where there is none."""
    executor = Local(slots=1)
    executor.start()
    try:
        wait_for(executor, lambda: executor.slots > 0)
        return executor.gpus[0].name if executor.gpus else ""
    finally:
        executor.close()


def steps_a_second(home: Path, workers: int, seconds: float) -> float:
    """Those of so many workers on one device together, over at least so many seconds in which all of them train."""
    executor = Local(slots=workers)
    executor.start()
    try:
        wait_for(executor, lambda: executor.slots == workers)
        runs = [_submit(home, executor, seed) for seed in range(workers)]
        wait_for(executor, lambda: all(_steps(run) for run in runs))
        since = time.time() + SETTLING
        wait_for(
            executor, lambda: time.time() > since + seconds and all(_reports(run, since) >= REPORTS for run in runs)
        )
        until = time.time()
        ended = [run.run for run in runs if run.run not in executor.busy]
        if ended:
            raise SystemExit(f"{len(ended)} of {workers} runs ended before they were measured")
    finally:
        executor.close()
    return rate_together([_steps(run) for run in runs], since, until)


def _submit(home: Path, executor: Local, seed: int) -> RunFolder:
    folder = RunFolder.create(home, Job(new_id(), "train", {"experiment": _experiment(seed).changes()}))
    executor.submit(folder, 1)
    return folder


def _steps(folder: RunFolder) -> list[tuple[float, int]]:
    """When each step was reported, in seconds, and its number."""
    records = folder.records()[0]
    return [(record.time / 1000, record.event.step) for record in records if isinstance(record.event, Stepped)]


def _reports(folder: RunFolder, since: float) -> int:
    return sum(at >= since for at, _ in _steps(folder))


if __name__ == "__main__":
    main()

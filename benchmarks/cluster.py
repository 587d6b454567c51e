"""What a run costs beyond its steps: handed to a worker of this machine, and to an actor of Ray's.

    python -m benchmarks.cluster            # on a Ray cluster that is begun on this machine
    RAY_ADDRESS=head:6379 python -m benchmarks.cluster

Runs go one after the other. Printed are seconds, the median and the longest: from the hand-over to the first event,
to the first step, and from the last step to the end; and how many the steps took, which are the same.
"""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks.waiting import wait_for
from resnet_explorer.executors.base import Executor
from resnet_explorer.executors.cluster import Cluster
from resnet_explorer.executors.inline import Inline
from resnet_explorer.executors.local import Local
from resnet_explorer.runs.events import Stepped
from resnet_explorer.runs.experiment import prepare
from resnet_explorer.runs.run_folder import Job, RunFolder, new_id

RUNS = 8
SETTINGS = {"steps": "50", "size": "8", "batch": "16", "subset": "256", "test": "64", "width": "1/4"}
COLUMNS = ("first event", "first step", "steps", "end")


def main() -> None:
    """Measure both, and print a table."""
    with tempfile.TemporaryDirectory() as folder:
        executors: dict[str, Callable[[Path], Executor]] = {
            "a worker of this machine": lambda _home: Local(device="cpu"),
            "an actor on Ray": lambda home: Cluster(home, Inline(), os.environ.get("RAY_ADDRESS", ""), spool=folder),
        }
        print(f"{RUNS} runs of {SETTINGS['steps']} steps each, seconds: median (longest)")
        for name, make in executors.items():
            home = Path(folder) / name.replace(" ", "-")
            print(f"{name}: {_measure(home, make(home))}", flush=True)


def _measure(home: Path, executor: Executor) -> str:
    begun = time.monotonic()
    executor.start()
    wait_for(executor, lambda: executor.slots > 0)
    ready = time.monotonic() - begun
    # the first prepares the images
    _run(home, executor, 0)
    times = [_run(home, executor, seed) for seed in range(1, RUNS + 1)]
    executor.close()
    columns = [f"{name} {median(values):.2f} ({max(values):.2f})" for name, values in zip(COLUMNS, zip(*times))]
    return f"ready after {ready:.1f}; {', '.join(columns)}"


def _run(home: Path, executor: Executor, seed: int) -> tuple[float, ...]:
    """The seconds of each column of a run."""
    experiment = prepare("cifar-basic-8", "shapes", "short", seed, SETTINGS)
    folder = RunFolder.create(home, Job(new_id(), "train", {"experiment": experiment.changes()}))
    begun = time.time()
    executor.submit(folder, 1)
    wait_for(executor, lambda: folder.run not in executor.busy)
    ended = time.time()
    records = folder.records()[0]
    if records[-1].kind != "finished":
        raise SystemExit(f"a run ended as {records[-1].event}")
    stepped = [record.time / 1000 for record in records if isinstance(record.event, Stepped)]
    return records[1].time / 1000 - begun, stepped[0] - begun, stepped[-1] - stepped[0], ended - stepped[-1]


if __name__ == "__main__":
    main()

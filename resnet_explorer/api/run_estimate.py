"""How long a launch takes here, from what earlier runs of this home took: a median of multiply-adds a second."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

from resnet_explorer.networks.plan import plan
from resnet_explorer.runs.experiment import Experiment
from resnet_explorer.runs.index.store import IndexedRun

# fewer steps say more of loading than of training
LEAST_STEPS = 10
NEWEST = 8


@dataclass(frozen=True)
class LaunchEstimate:
    """Seconds until all runs of a launch have ended, and how many earlier runs say so."""

    seconds: float
    runs: int


def estimate_launch(
    experiments: Sequence[Experiment], seeds: int, rows: Sequence[IndexedRun], slots: int
) -> LaunchEstimate | None:
    """The work of all runs over the rate of the newest runs here; None before there is one, or where epochs count."""
    speeds = [speed for row in rows if (speed := _speed(row))][:NEWEST]
    if not speeds or not experiments or any(experiment.recipe.epochs for experiment in experiments):
        return None
    work = seeds * sum(_work(experiment) * experiment.recipe.steps for experiment in experiments)
    busy = min(slots, seeds * len(experiments))
    return LaunchEstimate(work / median(speeds) / busy, len(speeds))


def _speed(row: IndexedRun) -> float:
    """Multiply-adds a second of a run that trained here; 0 where it did too little."""
    if row.progress.step < LEAST_STEPS or row.progress.seconds <= 0:
        return 0.0
    return _work_of(json.dumps(row.job.what["experiment"])) * row.progress.step / row.progress.seconds


@lru_cache(256)
def _work_of(experiment: str) -> int:
    return _work(Experiment.from_json(experiment))


def _work(experiment: Experiment) -> int:
    """Multiply-adds of one step forward; backward is in the same proportion everywhere."""
    macs: int = plan(experiment.network).macs
    return macs * experiment.recipe.batch

"""What a launch takes here: the work of its runs over the rate of earlier ones."""

import pytest

from resnet_explorer.api.run_estimate import estimate_launch
from resnet_explorer.runs.experiment import Experiment, prepare
from resnet_explorer.runs.index.store import IndexedRun
from resnet_explorer.runs.progress import Progress
from resnet_explorer.runs.run_folder import Job


def experiment(line: str = "cifar-basic-8", **settings: str) -> Experiment:
    return prepare(line, "shapes", "short", 0, {"size": "8", "steps": "100", **settings})


def earlier(seconds: float, line: str = "cifar-basic-8", step: int = 100, **settings: str) -> IndexedRun:
    what = {"experiment": experiment(line, **settings).changes()}
    return IndexedRun(0, Job("run", "train", what), Progress("finished", step=step, steps=step, seconds=seconds), 0)


def test_the_same_run_takes_as_long_as_before() -> None:
    estimate = estimate_launch([experiment()], 1, [earlier(4.0)], slots=2)
    assert estimate
    assert (estimate.seconds, estimate.runs) == (4.0, 1)


@pytest.mark.parametrize(("seeds", "slots", "seconds"), [(2, 1, 8.0), (2, 2, 4.0), (3, 2, 6.0), (1, 8, 4.0)])
def test_runs_share_the_slots(seeds: int, slots: int, seconds: float) -> None:
    estimate = estimate_launch([experiment()], seeds, [earlier(4.0)], slots)
    assert estimate
    assert estimate.seconds == seconds


def test_larger_networks_and_batches_take_longer() -> None:
    rows = [earlier(4.0)]
    for larger in (experiment("cifar-basic-56"), experiment(batch="256"), experiment(steps="500")):
        estimate = estimate_launch([larger], 1, rows, slots=1)
        assert estimate
        assert estimate.seconds > 8


def test_the_median_counts_and_what_did_too_little_does_not() -> None:
    rows = [earlier(4.0), earlier(400.0), earlier(5.0), earlier(0.1, step=2), earlier(0.0)]
    estimate = estimate_launch([experiment()], 1, rows, slots=1)
    assert estimate
    assert (round(estimate.seconds, 6), estimate.runs) == (5.0, 3)


def test_nothing_is_promised_without_an_earlier_run_or_where_epochs_count() -> None:
    assert estimate_launch([experiment()], 1, [], slots=1) is None
    assert estimate_launch([], 1, [earlier(4.0)], slots=1) is None
    assert estimate_launch([experiment(epochs="2")], 1, [earlier(4.0)], slots=1) is None

"""What a measurement of sharing counts."""

import pytest

from benchmarks.sharing import rate_together, run_bytes
from resnet_explorer.executors.sharing import CONTEXT_BYTES
from resnet_explorer.runs.experiment import prepare

EVERY_SECOND = [(float(second), second) for second in range(20)]
TWICE = [(second / 2, second) for second in range(40)]


def test_the_rates_of_all_are_added_between_the_two_moments() -> None:
    assert rate_together([EVERY_SECOND], 2, 12) == 1
    assert rate_together([EVERY_SECOND, TWICE], 2, 12) == 3
    late = [(at, step if at < 12 else 1000) for at, step in EVERY_SECOND]
    assert rate_together([late, TWICE], 2, 11) == 3


def test_a_worker_that_stood_still_is_no_measurement() -> None:
    with pytest.raises(SystemExit, match="less than two steps"):
        rate_together([EVERY_SECOND, [(1.0, 1)]], 2, 12)


def test_a_larger_batch_takes_more_of_a_gpu() -> None:
    small, large = (run_bytes(prepare("cifar-basic-8", "shapes", "short", 0, {"batch": size})) for size in ("16", "64"))
    assert CONTEXT_BYTES < small < large

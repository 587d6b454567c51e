"""The measurement of sharing trains real workers, for half a minute on a busy machine."""

from pathlib import Path

from benchmarks.sharing import steps_a_second


def test_real_workers_are_measured(tmp_path: Path) -> None:
    assert steps_a_second(tmp_path, 1, seconds=1) > 0

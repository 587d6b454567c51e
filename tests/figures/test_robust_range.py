"""One spike leaves the rest of a curve in sight; a curve without spikes is shown whole."""

from math import inf, nan

import pytest

from resnet_explorer.figures.robust_range import robust_range

FALLING = [2.3 * 0.99**step for step in range(300)]


@pytest.mark.parametrize("log", [False, True])
def test_a_spike_changes_little(log: bool) -> None:
    calm, spiked = robust_range(FALLING, log), robust_range([*FALLING, 1e6], log)
    assert calm is not None
    assert spiked is not None
    assert spiked.high == pytest.approx(calm.high, rel=0.1)
    assert (spiked.outside, spiked.highest) == (1, 1e6)
    assert spiked.sentence() == "1 point lies outside the axis, the highest at 1e+06."


def test_a_curve_without_spikes_is_shown_whole() -> None:
    shown = robust_range([float(value) for value in range(100)])
    assert shown is not None
    assert (shown.low, shown.high, shown.outside, shown.sentence()) == (0, 99, 0, "")


@pytest.mark.parametrize("log", [False, True])
def test_equal_values_have_a_range_around_them(log: bool) -> None:
    shown = robust_range([2.0] * 9, log)
    assert shown is not None
    assert shown.low < 2 < shown.high
    assert shown.outside == 0


def test_what_is_no_number_has_no_place() -> None:
    assert robust_range([nan, inf]) is None
    assert robust_range([-1.0, 0.0], log=True) is None
    assert robust_range([1.0, 2.0, nan, inf]) == robust_range([1.0, 2.0])

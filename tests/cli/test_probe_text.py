"""Curves in characters."""

from resnet_explorer.cli.probe_text import BARS, curve


def test_the_lowest_and_the_highest_take_the_ends_of_the_scale() -> None:
    assert curve([1, 10, 100], 0, 2) == BARS[0] + BARS[4] + BARS[-1]


def test_no_number_is_a_cross_and_zero_the_lowest_bar() -> None:
    assert curve([None, 0.0], 0, 1) == "×" + BARS[0]


def test_a_long_curve_is_thinned() -> None:
    assert len(curve([1.0] * 601, 0, 1)) <= 40


def test_equal_values_do_not_divide_by_zero() -> None:
    assert curve([1.0, 1.0], 0, 0) == BARS[0] * 2

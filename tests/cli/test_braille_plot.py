"""A curve in a terminal."""

from math import inf, nan

import pytest

from resnet_explorer.cli.braille_plot import BLANK, plot


def lit(text: str) -> int:
    return sum((ord(letter) - BLANK).bit_count() for letter in text if BLANK < ord(letter) < BLANK + 256)


@pytest.mark.parametrize("count", [1, 2, 50])
def test_no_more_dots_are_lit_than_there_are_points(count: int) -> None:
    assert 1 <= lit(plot(range(count), [float(i * i) for i in range(count)])) <= count


def test_a_rising_curve_ends_at_the_top_right() -> None:
    top, *_ = plot(range(100), [float(i) for i in range(100)], width=20, height=5).splitlines()
    assert top.rstrip(chr(BLANK))[-1] == top[-1]
    assert top.startswith("       99")


def test_what_is_not_finite_is_left_out_and_counted() -> None:
    assert "(2 not finite)" in plot([1, 2, 3], [1.0, nan, inf])


def test_nothing_is_said_to_be_nothing() -> None:
    assert plot([], []) == plot([1], [nan]) == "nothing to draw yet"

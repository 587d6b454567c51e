"""Log axes and labels that keep clear of one another."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_explorer.figures.log_axis import decade_axis, span, spread_labels

HEIGHTS = st.lists(st.floats(-30, 30), max_size=6)


@given(HEIGHTS)
def test_labels_are_a_gap_apart(heights: list[float]) -> None:
    placed = sorted(spread_labels(heights, 0.5))
    assert all(b - a >= 0.5 - 1e-9 for a, b in pairwise(placed))


@given(HEIGHTS)
def test_labels_keep_the_order_of_their_lines(heights: list[float]) -> None:
    placed = spread_labels(heights, 0.5)
    assert sorted(range(len(heights)), key=lambda i: heights[i]) == sorted(range(len(heights)), key=lambda i: placed[i])


def test_a_label_with_room_stays_at_its_line() -> None:
    assert spread_labels([3.0, 0.0, 1.0], 0.5) == [3.0, 0.0, 1.0]


def test_an_axis_holds_all_positive_values() -> None:
    reach = span([np.array([1e-3, 10.0, np.nan]), np.array([0.0, np.inf])])
    assert reach.low < -3
    assert reach.high > 1


def test_an_axis_without_values_shows_less_than_one_decade() -> None:
    assert 0.6 < span([]).decades < 1


@pytest.mark.parametrize(("high", "tick"), [(1e6, 1), (1e40, 6)])
def test_ticks_suit_many_decades(high: float, tick: int) -> None:
    assert decade_axis("y", span([np.array([1.0, high])]))["dtick"] == tick


def test_ticks_of_few_decades_are_whole_numbers() -> None:
    small, large = (decade_axis("y", span([np.array([low, 5 * low])])) for low in (0.1, 1e6))
    numbers = dict(zip(small["tickvals"], small["ticktext"], strict=True))
    assert {0.1: "0.1", 0.2: "0.2", 0.5: "0.5", 1.0: "1"}.items() <= numbers.items()
    assert {"1·10<sup>6</sup>", "5·10<sup>6</sup>"} <= set(large["ticktext"])

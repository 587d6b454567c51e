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


@pytest.mark.parametrize(("high", "tick"), [(10.0, "D2"), (1e6, 1), (1e40, 6)])
def test_ticks_suit_the_decades(high: float, tick: object) -> None:
    assert decade_axis("y", span([np.array([1.0, high])]))["dtick"] == tick

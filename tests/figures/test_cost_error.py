"""The figure of cost against error: what is published and what is measured cannot be taken for one another."""

import json

import pytest

from resnet_explorer.figures.cost_error import CostMark, draw
from resnet_explorer.figures.plotly_figure import to_plotly
from resnet_explorer.figures.plotly_json import to_json

MARKS = [
    CostMark("big", "big, a paper", 2e6, 5.0, 5.0, 5.0, True, "series"),
    CostMark("small", "small, a paper", 2e5, 9.0, 9.0, 9.0, True, "series"),
    CostMark("mine", "mine, 300 steps", 1e5, 60.0, 55.0, 65.0, False),
]


def test_published_points_are_open_and_measured_ones_filled_with_their_spread() -> None:
    line, published, measured = draw(MARKS)["data"]
    assert (line["x"], line["text"]) == ([2e5, 2e6], ["", "  series"])
    assert (published["marker"]["symbol"], published["customdata"]) == ("circle-open", ["big", "small"])
    assert measured["marker"]["symbol"] == "circle"
    assert (measured["error_y"]["array"], measured["error_y"]["arrayminus"]) == ([5.0], [5.0])
    assert "error_y" not in published


@pytest.mark.parametrize("cost", ["params", "macs"])
def test_every_point_lies_inside_the_axes(cost: str) -> None:
    figure = draw(MARKS, cost)
    for axis, values in (("xaxis", (1e5, 2e6)), ("yaxis", (5.0, 65.0))):
        low, high = (10**edge for edge in figure["layout"][axis]["range"])
        assert low < min(values) < max(values) < high
    assert to_plotly(json.loads(to_json(figure))).data


def test_no_points_are_an_empty_figure() -> None:
    assert draw([])["data"] == []

"""The cliff figure of a small world: ratios at three depths."""

import plotly.graph_objects as go

from resnet_explorer.figures.depth_ratio import DepthCurve, DepthPoint, draw
from resnet_explorer.figures.plotly_figure import to_plotly
from resnet_explorer.figures.theme import DASHES, LIGHT

POINTS = (DepthPoint(56, 25.0, 20.0, 30.0), DepthPoint(20, 5.0, 4.0, 6.0), DepthPoint(110, 80.0, 70.0, 90.0))


def figure(curves: list[DepthCurve]) -> go.Figure:
    return to_plotly(draw(curves))


def lane(drawn: go.Figure) -> go.Scatter:
    return next(trace for trace in drawn.data if trace.name)


def test_points_that_come_in_any_order_are_joined_by_depth() -> None:
    drawn = lane(figure([DepthCurve(0, "original", POINTS)]))
    assert drawn.x.tolist() == [20, 56, 110]
    assert drawn.y.tolist() == [5, 25, 80]


def test_depth_is_on_a_log_axis_that_does_not_move() -> None:
    few, all_known = (figure([DepthCurve(0, "original", POINTS[:count])]).layout.xaxis for count in (1, 3))
    assert few.type == "log"
    assert few.range == all_known.range


def test_the_line_of_ratio_one_is_drawn_and_in_sight() -> None:
    made = figure([DepthCurve(0, "original", POINTS)])
    assert made.layout.shapes[0].y0 == 1
    assert made.layout.yaxis.range[0] < 0
    (note,) = made.layout.annotations
    assert (note.text, note.y) == ("1: first and last alike", 0)


def test_a_lane_keeps_its_colour_dash_and_letter() -> None:
    made = figure([DepthCurve(3, "ReLU only", POINTS)])
    assert (lane(made).line.color, lane(made).line.dash) == (LIGHT.lanes[3], DASHES[3])
    assert "D" in made.data[-1].text[0]


def test_a_lane_without_points_is_left_out() -> None:
    assert not figure([DepthCurve(0, "original", ())]).data

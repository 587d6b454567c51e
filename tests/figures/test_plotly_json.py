"""The plain figures that the page is sent are what Plotly would send of them, once it has checked each property."""

import json
from collections.abc import Callable

import numpy as np
import pytest

from resnet_explorer.figures import curves, depth_ratio, gradient
from resnet_explorer.figures.depth_ratio import DepthCurve, DepthPoint
from resnet_explorer.figures.gradient import Curve
from resnet_explorer.figures.plotly_figure import to_plotly
from resnet_explorer.figures.plotly_json import PlainFigure, to_json
from resnet_explorer.figures.theme import PAGE
from resnet_explorer.gradients.metrics import METRICS
from resnet_explorer.gradients.profile import GradientProfile

PLACES = ((0, 0), (1, 1), (1, 2), (2, 1), (2, 2))
ROWS = ((16.0, 8.0, 4.0, 2.0, 1.0), (32.0, 0.0, float("nan"), 4.0, float("inf")))
LANES = [
    Curve(slot, f"lane {slot} é", GradientProfile(METRICS["gradient"], PLACES, ROWS), ("16×32²",) * 2, (1e6,) * slot)
    for slot in (0, 5)
]
POINTS = (DepthPoint(56, 25.0, 20.0, 30.0), DepthPoint(20, float("nan"), float("nan"), float("nan")))
FIGURES: dict[str, Callable[[], PlainFigure]] = {
    "gradient": lambda: gradient.draw(LANES, palette=PAGE),
    "fraction": lambda: gradient.draw(LANES, fraction=True, palette=PAGE),
    "no lanes": lambda: gradient.draw([], palette=PAGE),
    "depth": lambda: depth_ratio.draw([DepthCurve(2, "original", POINTS)], palette=PAGE),
    "no depths": lambda: depth_ratio.draw([DepthCurve(2, "original", ())], palette=PAGE),
    **{curve: lambda curve=curve: curves.frame(curve, PAGE) for curve in curves.CURVES},  # type: ignore[misc]
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_plain_figure_is_what_plotly_makes_of_it(name: str) -> None:
    plain = json.loads(to_json(FIGURES[name]()))
    # Plotly leaves out a list of no shapes
    layout = {field: value for field, value in plain["layout"].items() if value != []}
    assert {**plain, "layout": layout} == json.loads(to_plotly(FIGURES[name]()).to_json())


def test_an_array_is_read_back_as_it_was() -> None:
    rows = np.array([[1, np.nan], [np.inf, 1e-20], [0, -1]], dtype=np.float32)
    (trace,) = to_plotly(json.loads(to_json({"data": [{"type": "scatter", "customdata": rows}]}))).data
    assert (trace.customdata["dtype"], trace.customdata["shape"]) == ("f4", "3, 2")
    assert len(trace.customdata["bdata"]) == 32


def test_a_number_outside_an_array_must_be_finite() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_json({"layout": {"height": float("nan")}})

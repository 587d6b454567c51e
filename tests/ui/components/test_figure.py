"""What the figure component sends to the browser."""

import json

import numpy as np
import plotly.graph_objects as go

from resnet_explorer.ui.components.figure.figure import FigureValue, Table, encode


def test_a_value_is_one_text_with_figure_words_and_table() -> None:
    table = Table(("unit", "A"), ((0, 1.5), (1, None)))
    text = encode(FigureValue({"data": [], "layout": {}}, "flow", "A caption.", table=table, coming=(2,)))
    assert json.loads(text) == {
        "figure": {"data": [], "layout": {}},
        "name": "flow",
        "caption": "A caption.",
        "table": {"columns": ["unit", "A"], "rows": [[0, 1.5], [1, None]]},
        "coming": [2],
        "progress": None,
    }


def test_no_figure_yet_is_null_and_keeps_what_coming_says() -> None:
    value = json.loads(encode(FigureValue(coming=(0, 1), progress=(1, 6))))
    assert value == {"figure": None, "name": "figure", "coming": [0, 1], "progress": [1, 6]}


def test_plotlys_own_figure_is_taken_too() -> None:
    value = FigureValue(go.Figure([go.Scatter(y=np.arange(3.0), name="three")]))
    assert json.loads(encode(value))["figure"]["data"][0]["name"] == "three"

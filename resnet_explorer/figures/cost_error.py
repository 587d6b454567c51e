"""What networks cost against how often they are wrong: published points as open circles, measured ones filled."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from resnet_explorer.figures.log_axis import decade_axis, span
from resnet_explorer.figures.plotly_json import PlainFigure, Trace
from resnet_explorer.figures.theme import LIGHT, Palette, template

HEIGHT = 440
COSTS = {"params": "parameters", "macs": "multiply-adds, one image"}
TICKS = (2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 40, 60, 80, 100)
HOVER = "%{text}<br>%{x:.3s}, error %{y:.2f} %<extra></extra>"


@dataclass(frozen=True)
class CostMark:
    """A network in the figure: `words` are read under the mouse, `series` names the line that it is on."""

    name: str
    words: str
    cost: float
    error: float
    low: float
    high: float
    published: bool
    series: str = ""


def draw(marks: Sequence[CostMark], cost: str = "params", palette: Palette = LIGHT) -> PlainFigure:
    """Draw errors in per cent against parameters or multiply-adds, both on log axes."""
    published = [mark for mark in marks if mark.published]
    measured = [mark for mark in marks if not mark.published]
    series = dict.fromkeys(mark.series for mark in published if mark.series)
    lines = [_series_trace(name, published, palette) for name in series]
    data = [*lines, *([_marks_trace(published, "published", palette)] if published else [])]
    data += [_marks_trace(measured, "measured", palette)] if measured else []
    errors = span([np.array([edge for mark in marks for edge in (mark.low, mark.high)])])
    layout = {
        "template": template(palette),
        "height": HEIGHT,
        "hovermode": "closest",
        "uirevision": cost,
        "margin": {"l": 64, "r": 104, "t": 24, "b": 48},
        "xaxis": decade_axis(COSTS[cost], span([np.array([mark.cost for mark in marks])])),
        "yaxis": {
            "type": "log",
            "title": {"text": "test error, %"},
            "range": [errors.low, min(errors.high, 2.02)],
            "tickvals": list(TICKS),
            "ticktext": [str(tick) for tick in TICKS],
        },
    }
    return {"data": data, "layout": layout}


def _series_trace(name: str, marks: Sequence[CostMark], palette: Palette) -> Trace:
    """A thin line through a paper's series in the order of cost, named at its end."""
    ordered = sorted((mark for mark in marks if mark.series == name), key=lambda mark: mark.cost)
    in_the_way = any(_stands_right_of(mark, ordered[-1]) for mark in marks)
    return {
        "type": "scatter",
        "mode": "lines+text",
        "x": [mark.cost for mark in ordered],
        "y": [mark.error for mark in ordered],
        "text": [*("" for _ in ordered[1:]), f"  {name}"],
        "textposition": "bottom center" if in_the_way else "middle right",
        "textfont": {"color": palette.faint, "size": 13},
        "line": {"color": palette.faint, "width": 1},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _stands_right_of(mark: CostMark, end: CostMark) -> bool:
    """Whether a mark stands where the name beside the end of a line would."""
    return 1 < mark.cost / end.cost < 4 and abs(np.log10(mark.error / end.error)) < 0.04


def _marks_trace(marks: Sequence[CostMark], name: str, palette: Palette) -> Trace:
    published = name == "published"
    edge = palette.faint if published else palette.ink
    spread = {
        "type": "data",
        "symmetric": False,
        "array": [mark.high - mark.error for mark in marks],
        "arrayminus": [mark.error - mark.low for mark in marks],
        "thickness": 1,
        "width": 3,
        "color": palette.ink,
    }
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [mark.cost for mark in marks],
        "y": [mark.error for mark in marks],
        "text": [mark.words for mark in marks],
        "customdata": [mark.name for mark in marks],
        "hovertemplate": HOVER,
        "marker": {
            "symbol": "circle-open" if published else "circle",
            "size": 9 if published else 8,
            "color": edge,
            "line": {"color": edge, "width": 1.5},
        },
        **({} if published else {"error_y": spread}),
    }

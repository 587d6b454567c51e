"""First value over last against depth, all lanes: where gradients grow with every layer, and where they do not."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from resnet_explorer.figures.lines import LaneCurve, hover_line, lane_curve, letters, traces
from resnet_explorer.figures.log_axis import Span, decade_axis, span
from resnet_explorer.figures.plotly_json import PlainFigure
from resnet_explorer.figures.theme import LIGHT, Palette, template

HEIGHT = 360
TICKS = (20, 32, 56, 110, 200, 400, 800, 1202)
REACH = (np.log10(18), np.log10(1500))


@dataclass(frozen=True)
class DepthPoint:
    """The ratio at one depth: mean, lowest and highest over the seeds."""

    depth: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class DepthCurve:
    """A lane's ratios, at as many depths as are known."""

    slot: int
    name: str
    points: tuple[DepthPoint, ...]


def figure(cliffs: Sequence[DepthCurve], label: str = "|dL/dx|", look: Palette = LIGHT) -> go.Figure:
    """What `draw` gives, as Plotly's figure for Python."""
    return go.Figure(draw(cliffs, label, look))


def draw(cliffs: Sequence[DepthCurve], label: str = "|dL/dx|", look: Palette = LIGHT) -> PlainFigure:
    """Draw the ratio of each lane against its depth, with the line of ratio 1."""
    lanes = [_drawn(cliff) for cliff in cliffs if cliff.points]
    values = span([np.array([0.5, 2.0]), *(column for lane in lanes for column in (lane.low, lane.high))])
    data = [trace for lane in lanes for trace in traces(lane, look, mode="lines+markers")]
    one = {"type": "line", "xref": "x domain", "x0": 0, "x1": 1, "y0": 1, "y1": 1, "layer": "below"}
    layout = {
        "template": template(look),
        "height": HEIGHT,
        "uirevision": label,
        "xaxis": _depths(look),
        "yaxis": _ratios(label, values),
        "shapes": [{**one, "line": {"color": look.faint, "width": 1}}],
    }
    return {"data": [*data, *letters(lanes, values, look)], "layout": layout}


def _drawn(cliff: DepthCurve) -> LaneCurve:
    points = sorted(cliff.points, key=lambda point: point.depth)
    depths = np.array([point.depth for point in points], dtype=np.float32)
    return lane_curve(cliff.slot, cliff.name, depths, [(point.mean, point.low, point.high) for point in points])


def _depths(look: Palette) -> dict[str, object]:
    return {
        **hover_line(look),
        "type": "log",
        "range": list(REACH),
        "tickvals": list(TICKS),
        "ticktext": [str(depth) for depth in TICKS],
        "title": {"text": "depth (weighted layers)"},
        "unifiedhovertitle": {"text": "depth %{x}"},
    }


def _ratios(label: str, values: Span) -> dict[str, object]:
    return decade_axis(f"{label} first unit / last unit", values)

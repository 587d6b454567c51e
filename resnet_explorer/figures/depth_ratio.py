"""The first unit's value over the last unit's against depth: whether gradients grow with every layer."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

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
    """A lane's ratios, at the depths measured so far."""

    slot: int
    name: str
    points: tuple[DepthPoint, ...]


def draw(curves: Sequence[DepthCurve], label: str = "|dL/dx|", palette: Palette = LIGHT, note: str = "") -> PlainFigure:
    """Draw the ratio of each lane against its depth, with the line of ratio 1; a note stands above."""
    lanes = [_lane_curve(curve) for curve in curves if curve.points]
    values = span([np.array([0.5, 2.0]), *(column for lane in lanes for column in (lane.low, lane.high))])
    data = [trace for lane in lanes for trace in traces(lane, palette, mode="lines+markers")]
    unity = {"type": "line", "xref": "x domain", "x0": 0, "x1": 1, "y0": 1, "y1": 1, "layer": "below"}
    layout = {
        "template": template(palette),
        "height": HEIGHT,
        "uirevision": label,
        "xaxis": _depth_axis(palette),
        "yaxis": _ratio_axis(label, values),
        "annotations": [_unity_note(palette), *([_note(note, palette)] if note else [])],
        "shapes": [{**unity, "line": {"color": palette.faint, "width": 1}}],
    }
    return {"data": [*data, *letters(lanes, values, palette)], "layout": layout}


def _unity_note(palette: Palette) -> dict[str, object]:
    """What the line of ratio 1 says; on a log axis a note stands at the logarithm."""
    place = {"xref": "x domain", "x": 1, "xanchor": "right", "yref": "y", "y": 0, "yanchor": "bottom"}
    return {
        "text": "1: first and last alike",
        "showarrow": False,
        "font": {"color": palette.faint, "size": 13},
        **place,
    }


def _note(text: str, palette: Palette) -> dict[str, object]:
    place = {"xref": "x domain", "x": 0, "xanchor": "left", "yref": "y domain", "y": 1, "yanchor": "bottom"}
    return {"text": text, "showarrow": False, "font": {"color": palette.faint, "size": 13}, **place}


def _lane_curve(curve: DepthCurve) -> LaneCurve:
    points = sorted(curve.points, key=lambda point: point.depth)
    depths = np.array([point.depth for point in points], dtype=np.float32)
    return lane_curve(curve.slot, curve.name, depths, [(point.mean, point.low, point.high) for point in points])


def _depth_axis(palette: Palette) -> dict[str, object]:
    return {
        **hover_line(palette),
        "type": "log",
        "range": list(REACH),
        "tickvals": list(TICKS),
        "ticktext": [str(depth) for depth in TICKS],
        "title": {"text": "depth (weighted layers)"},
        "unifiedhovertitle": {"text": "depth %{x}"},
    }


def _ratio_axis(label: str, values: Span) -> dict[str, object]:
    return decade_axis(f"{label} first unit / last unit", values)

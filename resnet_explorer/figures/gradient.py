"""One metric along the network, unit by unit, all lanes in one figure on a log axis.

A line is the mean over seeds, its band the range; letters stand at the end where lanes part most.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from resnet_explorer.figures.lines import hover_line, lane_curve, letters, traces
from resnet_explorer.figures.log_axis import decade_axis, span
from resnet_explorer.figures.plotly_json import Numbers, PlainFigure, Trace
from resnet_explorer.figures.theme import LIGHT, Palette, template
from resnet_explorer.gradients.profile import GradientProfile

HEIGHT = 440
# the type for rooms above, which do not name plotly
Figure = go.Figure


@dataclass(frozen=True)
class Curve:
    """A lane's flow: its slot and name, the shape of each stage in words, and a prediction if there is one."""

    slot: int
    name: str
    flow: GradientProfile
    shapes: tuple[str, ...] = ()
    theory: tuple[float, ...] = ()


def figure(curves: Sequence[Curve], fraction: bool = False, look: Palette = LIGHT) -> go.Figure:
    """What `draw` gives, as Plotly's figure for Python."""
    return go.Figure(draw(curves, fraction, look))


def draw(curves: Sequence[Curve], fraction: bool = False, look: Palette = LIGHT) -> PlainFigure:
    """Draw the flow of each lane; the x axis counts units, or the fraction of them that was passed."""
    if not curves:
        return {"data": [], "layout": {"template": template(look), "height": HEIGHT}}
    metric = curves[0].flow.metric
    lanes = [
        lane_curve(
            curve.slot, curve.name, _places(curve, fraction), [(r.mean, r.low, r.high) for r in curve.flow.readings]
        )
        for curve in curves
    ]
    predicted = [np.array(curve.theory) for curve in curves]
    values = span([*(column for lane in lanes for column in (lane.mean, lane.low, lane.high)), *predicted])
    data = [trace for lane in lanes for trace in traces(lane, look)]
    data += [_theory(curve, lane.x, look) for lane, curve in zip(lanes, curves, strict=True) if curve.theory]
    data += letters(lanes, values, look, first=metric.backward)
    layout = {
        "template": template(look),
        "height": HEIGHT,
        # zoom is kept while this stays
        "uirevision": f"{metric.name} {fraction}",
        "xaxis": _across(curves, fraction, look),
        "yaxis": decade_axis(metric.label, values),
        **_stages(curves, fraction, look),
    }
    return {"data": data, "layout": layout}


def _places(curve: Curve, fraction: bool) -> Numbers:
    count = len(curve.flow.places)
    first = 0 if curve.flow.metric.boundary else 1
    units = np.arange(first, first + count, dtype=np.float32)
    return units / max(units[-1], 1) if fraction else units


def _theory(curve: Curve, x: Numbers, look: Palette) -> Trace:
    return {
        "type": "scatter",
        "x": x,
        "y": np.array(curve.theory, dtype=np.float32),
        "meta": curve.slot,
        "mode": "lines",
        "line": {"color": look.ink, "width": 1},
        "hoverinfo": "skip",
    }


def _across(curves: Sequence[Curve], fraction: bool, look: Palette) -> dict[str, object]:
    last = max(float(_places(curve, fraction)[-1]) for curve in curves)
    zero = "0: what enters the first" if curves[0].flow.metric.boundary else "1: nearest the input"
    return {
        **hover_line(look),
        "title": {"text": "fraction of the units passed" if fraction else f"unit ({zero})"},
        "range": [-0.03 * last, 1.03 * last],
        "unifiedhovertitle": {"text": "%{x:.2f} of the units" if fraction else "unit %{x}"},
    }


def _stages(curves: Sequence[Curve], fraction: bool, look: Palette) -> dict[str, list[dict[str, Any]]]:
    """Hairlines between the stages, where all lanes have theirs at the same places."""
    found = {tuple(_edges(curve, fraction)) for curve in curves}
    edges = found.pop() if len(found) == 1 else ()
    shapes = {curve.shapes for curve in curves}
    words = shapes.pop() if len(shapes) == 1 else ()
    texts = [f"stage {n} · {words[n - 1]}" if words else f"stage {n}" for n in range(1, len(edges) + 1)]
    ends = {"y0": 0, "y1": 1, "yref": "y domain", "layer": "below", "line": {"color": look.hair, "width": 1}}
    place = {"y": 1, "yref": "y domain", "showarrow": False, "xanchor": "left", "yanchor": "bottom", "xshift": 4}
    font = {"color": look.faint, "size": 13}
    return {
        "shapes": [{"type": "line", "x0": edge, "x1": edge, **ends} for edge in edges[1:]],
        "annotations": [{"x": edge, "text": text, "font": font, **place} for edge, text in zip(edges, texts)],
    }


def _edges(curve: Curve, fraction: bool) -> list[float]:
    """Where each stage begins: half a unit before the first value of its own."""
    x = _places(curve, fraction)
    half = float(x[1] - x[0]) / 2 if len(x) > 1 else 0.0
    return [round(float(x[first]) - (half if first else 0), 3) for first, _ in curve.flow.stages()]

"""One metric along the network, unit by unit, all lanes in one figure on a log axis.

A line is the mean over seeds, its band the range; letters stand at the end where lanes differ most.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from resnet_explorer.figures.lines import hover_line, lane_curve, letters, traces
from resnet_explorer.figures.log_axis import decade_axis, span
from resnet_explorer.figures.plotly_json import Numbers, PlainFigure, Trace
from resnet_explorer.figures.theme import LIGHT, Palette, template
from resnet_explorer.gradients.profile import GradientProfile
from resnet_explorer.networks.request import LETTERS

HEIGHT = 440


@dataclass(frozen=True)
class Curve:
    """A lane's flow: its slot and name, each stage's shape as text, and the predicted values if there are any."""

    slot: int
    name: str
    flow: GradientProfile
    shapes: tuple[str, ...] = ()
    theory: tuple[float, ...] = ()


def draw(curves: Sequence[Curve], fraction: bool = False, palette: Palette = LIGHT) -> PlainFigure:
    """Draw the flow of each lane; the x axis counts units, or the fraction of them that was passed."""
    if not curves:
        return {"data": [], "layout": {"template": template(palette), "height": HEIGHT}}
    metric = curves[0].flow.metric
    lanes = [
        lane_curve(
            curve.slot, curve.name, _x_values(curve, fraction), [(r.mean, r.low, r.high) for r in curve.flow.readings]
        )
        for curve in curves
    ]
    predicted = [np.array(curve.theory) for curve in curves]
    values = span([*(column for lane in lanes for column in (lane.mean, lane.low, lane.high)), *predicted])
    data = [trace for lane in lanes for trace in traces(lane, palette)]
    foreseen = [(curve, lane.x) for curve, lane in zip(curves, lanes, strict=True) if curve.theory]
    for number, (curve, x) in enumerate(foreseen):
        data += _theory_traces(curve, x, (number + 0.5) / len(foreseen), palette)
    data += letters(lanes, values, palette, first=metric.backward)
    layout = {
        "template": template(palette),
        "height": HEIGHT,
        # plotly.js keeps the zoom while this stays the same
        "uirevision": f"{metric.name} {fraction}",
        "xaxis": _x_axis(curves, fraction, palette),
        "yaxis": decade_axis(metric.label, values),
        **_stage_marks(curves, fraction, palette),
    }
    return {"data": data, "layout": layout}


def _x_values(curve: Curve, fraction: bool) -> Numbers:
    """The number of each unit, or the fraction of the units passed there."""
    count = len(curve.flow.places)
    first = 0 if curve.flow.metric.boundary else 1
    units = np.arange(first, first + count, dtype=np.float32)
    return units / max(units[-1], 1) if fraction else units


def _theory_traces(curve: Curve, x: Numbers, share: float, palette: Palette) -> list[Trace]:
    """The thin line, and after a share of its length what it is."""
    shared = {"type": "scatter", "meta": curve.slot, "hoverinfo": "skip"}
    y, at = np.array(curve.theory, dtype=np.float32), int(share * len(x))
    words = {
        "mode": "text",
        "x": x[at : at + 1],
        "y": y[at : at + 1],
        "text": [f"theory {LETTERS[curve.slot]}"],
        "textposition": "top left",
        "textfont": {"color": palette.faint, "size": 13},
    }
    thin = {"mode": "lines", "x": x, "y": y, "line": {"color": palette.ink, "width": 1}}
    return [{**shared, **thin}, {**shared, **words}]


def _x_axis(curves: Sequence[Curve], fraction: bool, palette: Palette) -> dict[str, object]:
    last = max(float(_x_values(curve, fraction)[-1]) for curve in curves)
    zero = "0: what enters the first" if curves[0].flow.metric.boundary else "1: nearest the input"
    return {
        **hover_line(palette),
        "title": {"text": "fraction of the units passed" if fraction else f"unit ({zero})"},
        "range": [-0.03 * last, 1.03 * last],
        "unifiedhovertitle": {"text": "%{x:.2f} of the units" if fraction else "unit %{x}"},
    }


def _stage_marks(curves: Sequence[Curve], fraction: bool, palette: Palette) -> dict[str, list[dict[str, Any]]]:
    """Hairlines between the stages and their names, if the stages of all lanes begin at the same units."""
    start_rows = {tuple(_stage_starts(curve, fraction)) for curve in curves}
    starts = start_rows.pop() if len(start_rows) == 1 else ()
    shapes = {curve.shapes for curve in curves}
    labels = shapes.pop() if len(shapes) == 1 else ()
    texts = [f"stage {n} · {labels[n - 1]}" if labels else f"stage {n}" for n in range(1, len(starts) + 1)]
    line_style = {"y0": 0, "y1": 1, "yref": "y domain", "layer": "below", "line": {"color": palette.hair, "width": 1}}
    text_style = {"y": 1, "yref": "y domain", "showarrow": False, "xanchor": "left", "yanchor": "bottom", "xshift": 4}
    font = {"color": palette.faint, "size": 13}
    return {
        "shapes": [{"type": "line", "x0": start, "x1": start, **line_style} for start in starts[1:]],
        "annotations": [{"x": start, "text": text, "font": font, **text_style} for start, text in zip(starts, texts)],
    }


def _stage_starts(curve: Curve, fraction: bool) -> list[float]:
    """Where each stage begins on the x axis: half a unit before its first value."""
    x = _x_values(curve, fraction)
    half = float(x[1] - x[0]) / 2 if len(x) > 1 else 0.0
    return [round(float(x[first]) - (half if first else 0), 3) for first, _ in curve.flow.stages()]

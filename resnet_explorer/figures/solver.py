"""The error of four solvers against the length of a step: a panel each, a linear field and all branches."""

from collections.abc import Mapping, Sequence
from math import log10
from typing import Any

import numpy as np

from resnet_explorer.figures.lines import LaneCurve, lane_curve, letters
from resnet_explorer.figures.log_axis import Span, decade_axis, span
from resnet_explorer.figures.plotly_json import PlainFigure, Trace
from resnet_explorer.figures.theme import LIGHT, Palette, line, template
from resnet_explorer.networks.request import LETTERS

HEIGHT = 640
NAMES = {"euler": "Euler", "midpoint": "midpoint", "rk3": "RK3", "rk4": "RK4"}
ACROSS, UP = ([0.0, 0.46], [0.54, 1.0]), ([0.57, 1.0], [0.0, 0.43])
# the part of an axis that letters take
ROOM = 0.12
# the least error that is drawn: below is rounding
LEAST = 1e-15
LaneValues = tuple[int, str, Mapping[str, Any]]


def draw(lanes: Sequence[LaneValues], settings: Mapping[str, Any], palette: Palette = LIGHT) -> PlainFigure:
    """All panels have the same axes, so that a steeper line is a higher order."""
    known = [lane for lane in lanes if lane[2].get("error")]
    curves = {scheme: [_curve(lane, scheme) for lane in known if lane[2]["branch_error"][scheme]] for scheme in NAMES}
    linear = [values["error"][scheme] for *_, values in known[:1] for scheme in NAMES]
    columns = [np.array([error or np.nan for error in errors]) for errors in linear]
    errors = [*columns, *(curve.mean for each in curves.values() for curve in each)]
    ends = [trace["y"] for each in curves.values() for trace in _letters(each, span(errors), palette)]
    reach = span([*errors, *ends])
    data: list[Trace] = []
    layout: dict[str, Any] = {
        "template": template(palette),
        "height": HEIGHT,
        "uirevision": "solver",
        "hovermode": "closest",
        "annotations": [],
    }
    for number, scheme in enumerate(NAMES):
        data += _panel(number, scheme, known, curves[scheme], reach, palette)
        layout |= _axes(number, known, reach)
        layout["annotations"].append(_title(number, scheme, known, palette))
    return {"data": data, "layout": layout}


def _panel(
    number: int,
    scheme: str,
    lanes: Sequence[LaneValues],
    curves: Sequence[LaneCurve],
    reach: Span,
    palette: Palette,
) -> list[Trace]:
    end = _end(number)
    traces = [_linear(values, scheme, palette) for *_, values in lanes[:1]]
    traces += [_trace(curve, scheme, palette) for curve in curves]
    traces += _letters(curves, reach, palette)
    return [{**trace, "xaxis": f"x{end}", "yaxis": f"y{end}"} for trace in traces]


def _letters(curves: Sequence[LaneCurve], reach: Span, palette: Palette) -> list[Trace]:
    """Two panels above one another leave each half the height."""
    return letters(curves, Span(reach.low, reach.low + 2 * reach.decades), palette)


def _linear(values: Mapping[str, Any], scheme: str, palette: Palette) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": f"linear field, {NAMES[scheme]}",
        "x": [1 / count for count in values["steps"]],
        "y": [error if error and error > LEAST else None for error in values["error"][scheme]],
        "line": {"color": palette.ink, "width": 1},
        "hovertemplate": "linear field: %{y:.3~g} at step %{x:.3~g}<extra></extra>",
    }


def _curve(lane: LaneValues, scheme: str) -> LaneCurve:
    """The smallest step first; what is no number or rounding is a gap."""
    slot, name, values = lane
    errors = [error if error and error > LEAST else np.nan for error in values["branch_error"][scheme]]
    lengths = np.array([values["time"] / count for count in values["steps"][: len(errors)]])
    return lane_curve(slot, name, lengths[::-1], [(error, error, error) for error in errors[::-1]])


def _trace(curve: LaneCurve, scheme: str, palette: Palette) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": f"{LETTERS[curve.slot]} {curve.name}, {NAMES[scheme]}",
        "meta": curve.slot,
        "x": curve.x,
        "y": curve.mean.astype(np.float64),
        "line": line(palette, curve.slot),
        "marker": {"color": palette.lanes[curve.slot], "size": 5},
        "hovertemplate": f"{LETTERS[curve.slot]}: %{{y:.3~g}} at step %{{x:.3~g}}<extra></extra>",
    }


def _axes(number: int, lanes: Sequence[LaneValues], reach: Span) -> dict[str, Any]:
    end = _end(number)
    left, lower = number % 2 == 0, number >= 2
    across = {
        "type": "log",
        "domain": ACROSS[number % 2],
        "anchor": f"y{end}",
        "title": {"text": "length of a step" if lower else ""},
        **_ticks(lanes),
    }
    up = {
        **decade_axis("error; thin: a linear field" if left else "", reach),
        "domain": UP[number // 2],
        "anchor": f"x{end}",
    }
    return {f"xaxis{end}": across, f"yaxis{end}": {**up, "showticklabels": left}}


def _ticks(lanes: Sequence[LaneValues]) -> dict[str, object]:
    """Every second length, as a fraction of the time, and room for letters on the right."""
    every = sorted({count for *_, values in lanes for count in values["steps"]} or {1})
    counts, time = every[::2], lanes[0][2]["time"] if lanes else 1.0
    values = [time / count for count in counts]
    texts = [f"1/{count}" if time == 1 and count > 1 else f"{value:.3g}" for count, value in zip(counts, values)]
    right, left = log10(max(time, 1.0)), log10(min(time, 1.0) / every[-1])
    room = ROOM * max(right - left, 1.0)
    return {"tickvals": values, "ticktext": texts, "range": [left - room / 3, right + room]}


def _title(number: int, scheme: str, lanes: Sequence[LaneValues], palette: Palette) -> dict[str, object]:
    slopes = [values["slopes"][scheme] for *_, values in lanes[:1]]
    slope = f", linear {slopes[0]:.2f}" if slopes and slopes[0] else ""
    place = {"xref": "paper", "x": ACROSS[number % 2][0], "yref": "paper", "y": UP[number // 2][1]}
    return {
        "text": f"<b>{NAMES[scheme]}</b>{slope}",
        "showarrow": False,
        "xanchor": "left",
        "yanchor": "bottom",
        "font": {"color": palette.ink, "size": 13},
        **place,
    }


def _end(number: int) -> str:
    return "" if number == 0 else str(number + 1)

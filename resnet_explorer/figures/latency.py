"""The times of the lanes, one row a lane, and beside them how many multiply-adds a second that makes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from resnet_explorer.figures.log_axis import Span, decade_axis, span
from resnet_explorer.figures.plotly_json import PlainFigure, Trace
from resnet_explorer.figures.theme import LIGHT, Palette, template
from resnet_explorer.networks.request import LETTERS

LaneValues = tuple[int, str, Mapping[str, Any]]
ROW, AROUND = 44, 112
# what the two pictures take of the width
TIMES, RATES = (0.0, 0.64), (0.72, 1.0)
# a row's two marks stand above and below its middle
APART = 0.16
PASSES = {
    "": ("forward", "circle", -APART),
    "training_": ("training", "circle-open", APART),
}


def draw(lanes: Sequence[LaneValues], settings: Mapping[str, Any], palette: Palette = LIGHT) -> PlainFigure:
    """Milliseconds of a batch with the middle half of the rounds, and billions of multiply-adds a second."""
    timed = [lane for lane in lanes if "milliseconds" in lane[2]]
    waiting = [lane for lane in lanes if "milliseconds" not in lane[2]]
    rows = {slot: row for row, (slot, _, _) in enumerate(lanes)}
    data = [_times(lane, rows[lane[0]], kind, palette) for lane in timed for kind in PASSES]
    data += [_rate(lane, rows[lane[0]], palette) for lane in timed]
    times = [float(lane[2][f"{kind}milliseconds{bound}"]) for lane in timed for kind in PASSES for bound in BOUNDS]
    across = span([np.array(times)])
    data += [_planned(lane, rows[lane[0]], across, palette) for lane in waiting]
    batch = lanes[0][2]["batch"] if lanes else settings["batch"]
    layout = {
        "template": template(palette),
        "height": AROUND + ROW * max(len(lanes), 2),
        "hovermode": "closest",
        "uirevision": "latency",
        "margin": {"l": 40, "r": 24, "t": 24, "b": 56},
        "xaxis": {
            **decade_axis("ms: ● forward, ○ training", across),
            "domain": list(TIMES),
            "showgrid": True,
            "gridcolor": palette.hair,
        },
        "xaxis2": {
            "title": {"text": "10⁹ MACs/s"},
            "domain": list(RATES),
            "rangemode": "tozero",
            "anchor": "y",
            "nticks": 4,
        },
        "yaxis": _rows_axis(lanes),
        "annotations": [_note(f"a batch of {batch} images", palette)],
    }
    return {"data": data, "layout": layout}


BOUNDS = ("", "_low", "_high")


def _rows_axis(lanes: Sequence[LaneValues]) -> dict[str, object]:
    return {
        "range": [max(len(lanes), 2) - 0.5, -0.5],
        "tickvals": list(range(len(lanes))),
        "ticktext": [f"<b>{LETTERS[slot]}</b>" for slot, _, _ in lanes],
        "fixedrange": True,
        "showgrid": False,
    }


def _note(text: str, palette: Palette) -> dict[str, object]:
    place = {"xref": "x domain", "x": 0, "xanchor": "left", "yref": "y domain", "y": 1, "yanchor": "bottom"}
    return {"text": text, "showarrow": False, "font": {"color": palette.faint, "size": 13}, **place}


def _planned(lane: LaneValues, row: int, across: Span, palette: Palette) -> Trace:
    """What the plan says stands in the row until a time is there."""
    slot, name, values = lane
    return {
        "type": "scatter",
        "mode": "text",
        "name": f"{LETTERS[slot]} {name}",
        "meta": slot,
        "x": [10**across.low],
        "y": [row],
        "text": [f"  {values['macs'] / 1e6:.3g} · 10⁶ multiply-adds, {values['layers']} layers in sequence"],
        "textposition": "middle right",
        "textfont": {"color": palette.faint, "size": 12},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _times(lane: LaneValues, row: int, kind: str, palette: Palette) -> Trace:
    slot, name, values = lane
    label, symbol, offset = PASSES[kind]
    middle, low, high = (values[f"{kind}milliseconds{bound}"] for bound in BOUNDS)
    colour = palette.lanes[slot]
    words = f"{LETTERS[slot]} {label}: {middle:.3g} ms, middle half {low:.3g} to {high:.3g}"
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": f"{LETTERS[slot]} {name}",
        "meta": slot,
        "x": [middle],
        "y": [row + offset],
        "text": [f"{middle:.3g}"],
        "textposition": "top center",
        "textfont": {"color": palette.faint, "size": 12},
        "cliponaxis": False,
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [high - middle],
            "arrayminus": [middle - low],
            "thickness": 1.5,
            "width": 3,
            "color": colour,
        },
        "marker": {"symbol": symbol, "size": 9, "color": colour, "line": {"color": colour, "width": 2}},
        "hovertemplate": f"{words}<extra></extra>",
    }


def _rate(lane: LaneValues, row: int, palette: Palette) -> Trace:
    """A bar from nothing: if FLOPs were speed, all would be as long."""
    slot, name, values = lane
    rate = values["gmacs_per_second"]
    return {
        "type": "bar",
        "orientation": "h",
        "name": f"{LETTERS[slot]} {name}",
        "meta": slot,
        "x": [rate],
        "y": [row],
        "width": [0.5],
        "xaxis": "x2",
        "marker": {"color": palette.lanes[slot]},
        "hovertemplate": f"{LETTERS[slot]}: {rate:.3g} billion multiply-adds a second<extra></extra>",
    }

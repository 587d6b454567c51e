"""How well stacks learn the identity: errors while they learn, at the greatest depth, and at the end against depth."""

from collections.abc import Mapping, Sequence
from math import log10
from typing import Any

import numpy as np

from resnet_explorer.figures.lines import hover_line, letter_beside
from resnet_explorer.figures.log_axis import Span, decade_axis, span, spread_labels
from resnet_explorer.figures.plotly_json import PlainFigure, Trace
from resnet_explorer.figures.theme import LIGHT, Palette, line, template
from resnet_explorer.networks.request import LETTERS

HEIGHT = 640
# a plain stack is drawn thin and with open marks
WIDTHS = {"plain": 1.2, "residual": 2.2}
SYMBOLS = {"plain": "circle-open", "residual": "circle"}
# the part of the lower panel that a letter takes
LETTER = 0.08
# the least error that is drawn
LEAST = 1e-8
UPPER, LOWER = [0.58, 1.0], [0.0, 0.38]
LaneValues = tuple[int, str, Mapping[str, Any]]


def draw(lanes: Sequence[LaneValues], settings: Mapping[str, Any], palette: Palette = LIGHT) -> PlainFigure:
    """Residual stacks thick, plain ones thin; a dotted line where a ReLU lets no weights go lower."""
    known = [lane for lane in lanes if lane[2].get("steps")]
    data = [trace for lane in known for kind in WIDTHS for trace in _traces(lane, kind, palette)]
    deepest = max((lane[2]["units"][-1] for lane in known), default=0)
    floors = {round(lane[2]["floor"], 3) for lane in known if lane[2]["floor"]}
    curves, ends = (_span([trace["y"] for trace in data[first::2]]) for first in (0, 1))
    letters = _letters(known, ends, palette)
    ends = _span([trace["y"] for trace in (*data[1::2], *letters)])
    notes = ["residual thick, plain thin", f"dotted: least error after a ReLU, {max(floors):.2f}" if floors else ""]
    layout = {
        "template": template(palette),
        "height": HEIGHT,
        "uirevision": "identity",
        "hovermode": "closest",
        "xaxis": {**hover_line(palette), "title": {"text": "training step"}, "rangemode": "tozero", "anchor": "y"},
        "yaxis": {**decade_axis(f"error while learning, {deepest} units", curves), "domain": UPPER},
        "xaxis2": {"title": {"text": "units in the stack"}, "type": "log", **_ticks(known), "anchor": "y2"},
        "yaxis2": {**decade_axis("newest error", ends), "domain": LOWER},
        "shapes": [_floor(height, panel, palette) for height in sorted(floors) for panel in ("", "2")],
        "annotations": [_note(text, panel, palette) for text, panel in zip(notes, ("", "2"), strict=True)],
    }
    return {"data": [*data, *letters], "layout": layout}


def _traces(lane: LaneValues, kind: str, palette: Palette) -> list[Trace]:
    """The error of the deepest stack against steps, and the newest one against units."""
    slot, name, values = lane
    shared = {
        "type": "scatter",
        "name": f"{LETTERS[slot]} {name}, {kind}",
        "meta": slot,
        "line": {**line(palette, slot), "width": WIDTHS[kind]},
        "hovertemplate": f"{LETTERS[slot]} {kind}: %{{y:.3~g}} at %{{x}}<extra></extra>",
    }
    learning = {"mode": "lines", "x": list(values["steps"]), "y": _shown(values["error"][kind][-1])}
    depth = {
        "mode": "lines+markers",
        "x": list(values["units"]),
        "y": _shown(values["final_error"][kind]),
        "xaxis": "x2",
        "yaxis": "y2",
        "marker": {"color": palette.lanes[slot], "size": 8, "symbol": SYMBOLS[kind]},
    }
    return [{**shared, **learning}, {**shared, **depth}]


def _letters(lanes: Sequence[LaneValues], ends: Span, palette: Palette) -> list[Trace]:
    """Each lane's letter beside the newest error of its deepest residual stack."""
    errors = {slot: _shown(values["final_error"]["residual"])[-1] for slot, _, values in lanes}
    shown = [(slot, values["units"][-1], error) for slot, _, values in lanes if (error := errors[slot])]
    heights = spread_labels([log10(error) for *_, error in shown], LETTER * ends.decades)
    return [
        letter_beside(slot, units, 10**height, palette, "2")
        for (slot, units, _), height in zip(shown, heights, strict=True)
    ]


def _span(curves: Sequence[Sequence[float | None]]) -> Span:
    return span([np.array([value for curve in curves for value in curve if value is not None] or [1.0])])


def _shown(errors: Sequence[float | None]) -> list[float | None]:
    """The errors as a log axis can show them: what diverged is a gap."""
    return [None if error is None else max(error, LEAST) for error in errors]


def _ticks(lanes: Sequence[LaneValues]) -> dict[str, object]:
    counts = sorted({count for *_, values in lanes for count in values["units"]})
    return {"tickvals": counts, "ticktext": [str(count) for count in counts]}


def _floor(height: float, panel: str, palette: Palette) -> dict[str, object]:
    place = {"xref": f"x{panel} domain", "x0": 0, "x1": 1, "yref": f"y{panel}", "y0": height, "y1": height}
    return {"type": "line", "layer": "below", "line": {"color": palette.faint, "width": 1, "dash": "dot"}, **place}


def _note(text: str, panel: str, palette: Palette) -> dict[str, object]:
    place = {"xref": f"x{panel} domain", "x": 0, "xanchor": "left", "yref": f"y{panel} domain", "y": 1}
    return {
        "text": text,
        "showarrow": False,
        "yanchor": "bottom",
        "font": {"color": palette.faint, "size": 13},
        **place,
    }

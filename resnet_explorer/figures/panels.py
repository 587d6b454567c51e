"""Two panels, one above the other, with a line a lane in each and the lane's letter at its end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log10
from typing import Any

import numpy as np

from resnet_explorer.figures.lines import hover_line, letter_beside
from resnet_explorer.figures.log_axis import decade_axis, span, spread_labels
from resnet_explorer.figures.plotly_json import PlainFigure, Trace
from resnet_explorer.figures.theme import LIGHT, Palette, line, template
from resnet_explorer.networks.request import LETTERS

HEIGHT = 640
UPPER, LOWER = [0.58, 1.0], [0.0, 0.40]
# the part of a panel that a letter takes
LETTER = 0.08
# a tenth of a panel's values, kept free above and below
MARGIN = 0.1
Numbers = Sequence[float | None]
LaneValues = tuple[int, str, Mapping[str, Any]]


@dataclass(frozen=True)
class Panel:
    """What a panel shows of each lane: a line over x. `log`: powers of ten, and what is not positive is a gap."""

    across: str
    title: str
    lines: Sequence[tuple[int, str, Sequence[float], Numbers]]
    log: bool = False
    percent: bool = False
    note: str = ""
    zero: float | None = None


def draw(upper: Panel, lower: Panel, name: str, palette: Palette = LIGHT) -> PlainFigure:
    """Both panels; partial values draw as far as they go."""
    places = (("", UPPER), ("2", LOWER))
    layout: dict[str, Any] = {
        "template": template(palette),
        "height": HEIGHT,
        "uirevision": name,
        "shapes": [],
        "annotations": [],
    }
    data: list[Trace] = []
    for panel, (number, domain) in zip((upper, lower), places, strict=True):
        shown = [(slot, name, list(x), _shown(y, panel.log)) for slot, name, x, y in panel.lines]
        axis = _axis(panel, [value for *_, y in shown for value in y if value is not None])
        layout[f"xaxis{number}"] = {**hover_line(palette), "title": {"text": panel.across}, "anchor": f"y{number}"}
        layout[f"yaxis{number}"] = {**axis, "domain": domain}
        data += [_trace(each, number, panel, palette) for each in shown]
        data += _letters(shown, number, panel.log, axis["range"], palette)
        if panel.zero is not None:
            layout["shapes"].append(_rule(panel.zero, number, palette))
        if panel.note:
            layout["annotations"].append(_note(panel.note, number, palette))
    return {"data": data, "layout": layout}


def _shown(y: Numbers, log: bool) -> list[float | None]:
    return [None if value is None or not np.isfinite(value) or (log and value <= 0) else value for value in y]


def _axis(panel: Panel, values: Sequence[float]) -> dict[str, Any]:
    if panel.log:
        return decade_axis(panel.title, span([np.array(values or [1.0])]))
    low, high = min([0.0, *values]), max([0.0, *values]) or 1.0
    margin = MARGIN * (high - low)
    axis: dict[str, Any] = {"title": {"text": panel.title}, "range": [low - margin, high + margin]}
    return axis | ({"tickformat": ".0%"} if panel.percent else {})


def _trace(
    lane: tuple[int, str, list[float], list[float | None]], number: str, panel: Panel, palette: Palette
) -> Trace:
    slot, name, x, y = lane
    form = ".1%" if panel.percent else ".3~g"
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": f"{LETTERS[slot]} {name}",
        "meta": slot,
        "x": x,
        "y": y,
        "xaxis": f"x{number}",
        "yaxis": f"y{number}",
        "line": line(palette, slot),
        "marker": {"color": palette.lanes[slot], "size": 4},
        "hovertemplate": f"%{{y:{form}}}",
    }


def _letters(
    lanes: Sequence[tuple[int, str, list[float], list[float | None]]],
    number: str,
    log: bool,
    reach: Sequence[float],
    palette: Palette,
) -> list[Trace]:
    """Each lane's letter right of the last point of its line, moved up or down where two would overlap."""
    ends = []
    for slot, _, x, y in lanes:
        known = [(place, value) for place, value in zip(x, y) if value is not None]
        if known:
            ends.append((slot, known[-1][0], log10(known[-1][1]) if log else known[-1][1]))
    heights = spread_labels([height for *_, height in ends], LETTER * (reach[1] - reach[0]))
    return [
        letter_beside(slot, x, 10**height if log else height, palette, number)
        for (slot, x, _), height in zip(ends, heights, strict=True)
    ]


def _rule(y: float, number: str, palette: Palette) -> dict[str, object]:
    place = {"xref": f"x{number} domain", "x0": 0, "x1": 1, "yref": f"y{number}", "y0": y, "y1": y}
    return {"type": "line", "layer": "below", "line": {"color": palette.faint, "width": 1}, **place}


def _note(text: str, number: str, palette: Palette) -> dict[str, object]:
    place = {"xref": f"x{number} domain", "x": 0, "xanchor": "left", "yref": f"y{number} domain", "y": 1}
    return {
        "text": text,
        "showarrow": False,
        "yanchor": "bottom",
        "font": {"color": palette.faint, "size": 13},
        **place,
    }

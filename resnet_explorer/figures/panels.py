"""Two panels, one above the other, with a line a lane in each and the lane's letter at its end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log10
from typing import Any, Literal

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
# the part of the x axis on either side of the lines, and that between peaks whose letters stand side by side
ROOM, NEAR = 0.06, 0.1
# a tenth of a panel's values, kept free above and below
MARGIN = 0.1
Numbers = Sequence[float | None]
LaneValues = tuple[int, str, Mapping[str, Any]]


@dataclass(frozen=True)
class Panel:
    """What a panel shows of each lane: a line over x. `log`: powers of ten, and what is not positive is a gap.

    A lane's letter stands right of its line's last point, left of its first one, or above its highest.
    """

    across: str
    title: str
    lines: Sequence[tuple[int, str, Sequence[float], Numbers]]
    log: bool = False
    percent: bool = False
    note: str = ""
    zero: float | None = None
    letters: Literal["last", "first", "peak"] = "last"


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
        across = {"title": {"text": panel.across}, "anchor": f"y{number}", **_reach(shown)}
        layout[f"xaxis{number}"] = {**hover_line(palette), **across}
        layout[f"yaxis{number}"] = {**axis, "domain": domain}
        data += [_trace(each, number, panel, palette) for each in shown]
        letters = _letters(shown, number, panel, axis["range"], palette)
        layout[f"yaxis{number}"]["range"] = _with_letters(axis["range"], letters, panel.log)
        data += letters
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
    panel: Panel,
    reach: Sequence[float],
    palette: Palette,
) -> list[Trace]:
    """Each lane's letter at its line, moved up or down where two would overlap."""
    points = []
    for slot, _, x, y in lanes:
        known = [(place, log10(value) if panel.log else value) for place, value in zip(x, y) if value is not None]
        if known:
            points.append((slot, *_place(known, panel.letters)))
    gap = LETTER * (reach[1] - reach[0])
    spread = _stacked(points, gap) if panel.letters == "peak" else spread_labels([high for *_, high in points], gap)
    side = {"last": "right", "first": "left", "peak": "above"}[panel.letters]
    return [
        letter_beside(slot, x, 10**height if panel.log else height, palette, number, side=side)
        for (slot, x, _), height in zip(points, spread, strict=True)
    ]


def _with_letters(reach: Sequence[float], letters: Sequence[Trace], log: bool) -> list[float]:
    """The range of an axis, wider where a letter would stand outside."""
    heights = [log10(letter["y"][0]) if log else letter["y"][0] for letter in letters]
    half = LETTER / 2 * (reach[1] - reach[0])
    above = half if log or not letters or "top" not in letters[0]["textposition"] else 2 * half
    return [min([reach[0], *(each - half for each in heights)]), max([reach[1], *(each + above for each in heights)])]


def _place(known: Sequence[tuple[float, float]], letters: str) -> tuple[float, float]:
    """The point of a line where its letter stands."""
    if letters == "peak":
        return max(known, key=lambda point: point[1])
    return known[0] if letters == "first" else known[-1]


def _stacked(points: Sequence[tuple[int, float, float]], gap: float) -> list[float]:
    """The heights of letters above their peaks and all others that are near, in the order of the peaks."""
    near = NEAR * (max((x for _, x, _ in points), default=0.0) or 1.0)
    placed: dict[int, float] = {}
    for index in sorted(range(len(points)), key=lambda each: points[each][2]):
        beside = [other for other, (_, x, _) in enumerate(points) if abs(points[index][1] - x) <= near]
        below = [placed[other] + gap for other in beside if other in placed]
        placed[index] = max([*(points[other][2] for other in beside), *below])
    return [placed[index] for index in range(len(points))]


def _reach(lanes: Sequence[tuple[int, str, list[float], list[float | None]]]) -> dict[str, Any]:
    """From the first to the last place of all, with room for letters on both sides."""
    places = [place for *_, x, _ in lanes for place in x] or [0.0, 1.0]
    room = ROOM * ((max(places) - min(places)) or 1.0)
    return {"range": [min(places) - room, max(places) + room]}


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

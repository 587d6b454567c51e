"""The loss around each lane's weights on one scale: lines, maps with contours, or surfaces."""

from collections.abc import Mapping, Sequence
from math import ceil, log10
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resnet_explorer.figures.lines import LaneCurve, hover_line, lane_curve, letters, traces
from resnet_explorer.figures.log_axis import Span, decade_axis, span
from resnet_explorer.figures.plotly_json import PlainFigure, Trace
from resnet_explorer.figures.theme import LIGHT, Palette, heat_scale, template
from resnet_explorer.networks.request import LETTERS

LINE_HEIGHT, ROW_HEIGHT = 420, 320
# the least loss that a log scale shows
LEAST = 1e-8
# losses are drawn up to so many times that of the weights, or of guessing: far out they overflow
MOST = 10
# lines of equal loss from the lowest to the highest of all lanes
CONTOURS = 14
LETTERS_ROOM = 0.12
# of the width, between two maps; of the height
GAP, ROW_GAP = 0.05, 0.08
ALONG = "distance along a direction"
LaneValues = tuple[int, str, Mapping[str, Any]]
Grid = NDArray[np.float64]


def draw(lanes: Sequence[LaneValues], settings: Mapping[str, Any], palette: Palette = LIGHT) -> PlainFigure:
    """What is known of all lanes, on one scale of losses; points that are not known yet are bridged."""
    known = [lane for lane in lanes if any(loss is not None for row in lane[2].get("loss", ()) for loss in row)]
    if str(settings.get("dimensions", "2")) == "1":
        return _draw_lines(known, palette)
    surface = str(settings.get("surface", False)).lower() in ("true", "on", "yes")
    return _draw_planes(known, surface, palette)


def _most(lanes: Sequence[LaneValues]) -> float:
    """The loss that stands for all above it."""
    return MOST * max([LEAST, *(float(max(values["centre"] or 0, values["guessing"])) for *_, values in lanes)])


def _draw_lines(lanes: Sequence[LaneValues], palette: Palette) -> PlainFigure:
    most = _most(lanes)
    curves = [_curve(*lane, most) for lane in lanes]
    values = span([column for curve in curves for column in (curve.low, curve.high)])
    # room for letters where several lanes end at the most that is drawn
    values = Span(values.low, values.high + LETTERS_ROOM * values.decades)
    data = [{**trace, "connectgaps": True} for curve in curves for trace in traces(curve, palette)]
    layout = {
        "template": template(palette),
        "height": LINE_HEIGHT,
        "uirevision": "landscape 1",
        "xaxis": {**hover_line(palette), "title": {"text": ALONG}},
        "yaxis": decade_axis("loss, held-out images", values),
    }
    return {"data": [*data, *letters(curves, values, palette)], "layout": layout}


def _curve(slot: int, name: str, values: Mapping[str, Any], most: float) -> LaneCurve:
    """The mean over the lines at each distance where any is known, and the range; what is more is drawn as `most`."""
    columns = [[loss for loss in column if loss is not None] for column in zip(*values["loss"], strict=True)]
    rows = [(float(np.mean(c)), min(c), max(c)) if c else (np.nan, np.nan, np.nan) for c in columns]
    table = [(min(mean, most), min(low, most), min(high, most)) for mean, low, high in rows]
    return lane_curve(slot, name, np.array(values["axis"], dtype=np.float32), table)


def _logs(rows: Sequence[Sequence[float | None]]) -> Grid:
    """Decimal logarithms, with NaN where nothing is known."""
    grid = np.array([[np.nan if loss is None else loss for loss in row] for row in rows], dtype=np.float64)
    return np.log10(np.maximum(grid, LEAST))


def _draw_planes(lanes: Sequence[LaneValues], surface: bool, palette: Palette) -> PlainFigure:
    grids = [_logs(values["loss"]) for *_, values in lanes]
    low, high = _limits(grids, _most(lanes))
    more = any(bool((grid > high).any()) for grid in grids)
    columns = min(2, max(1, len(lanes)))
    rows = max(1, ceil(len(lanes) / columns))
    layout: dict[str, Any] = {
        "template": template(palette),
        "height": ROW_HEIGHT * rows + 40,
        "uirevision": f"landscape 2 {surface}",
        "hovermode": "closest",
        "coloraxis": {"cmin": low, "cmax": high, "colorscale": _colours(), "colorbar": _bar(low, high, more, palette)},
        "annotations": [],
    }
    data = []
    for number, (lane, grid) in enumerate(zip(lanes, grids, strict=True)):
        place = _cell(number, columns, rows)
        data.append((_surface if surface else _map)(lane, grid, number, (low, high)))
        if not surface and lane[2].get("trajectory"):
            data.append(_path(lane, number))
        layout |= _scene(number, place, (low, high), palette) if surface else _axes(number, place, palette)
        layout["annotations"].append(_title(lane, place, palette))
    return {"data": data, "layout": layout}


def _limits(grids: Sequence[Grid], most: float) -> tuple[float, float]:
    """The lowest and the highest of all lanes that are drawn, at least a twentieth of a decade apart."""
    numbers = np.concatenate([grid[np.isfinite(grid)] for grid in grids]) if grids else np.array([0.0, 1.0])
    low, high = float(numbers.min()), min(float(numbers.max()), log10(most))
    missing = max(0.0, 0.05 - (high - low)) / 2
    return low - missing, high + missing


def _cell(number: int, columns: int, rows: int) -> tuple[list[float], list[float]]:
    """The part of the width and of the height that a lane has; the first is above, on the left."""
    column, row = number % columns, number // columns
    width, height = (1 - GAP * (columns - 1)) / columns, (1 - ROW_GAP * (rows - 1)) / rows
    left, top = column * (width + GAP), 1 - row * (height + ROW_GAP)
    return [left, left + width], [max(0.0, top - height), top]


def _map(lane: LaneValues, grid: Grid, number: int, limits: tuple[float, float]) -> Trace:
    end = "" if number == 0 else str(number + 1)
    size = (limits[1] - limits[0]) / CONTOURS
    return {
        **_shared(lane, grid, limits[1]),
        "type": "contour",
        "xaxis": f"x{end}",
        "yaxis": f"y{end}",
        "connectgaps": True,
        "autocontour": False,
        "contours": {"start": limits[0], "end": limits[1], "size": size, "coloring": "heatmap"},
        "line": {"width": 0.6, "color": "rgba(255, 255, 255, 0.6)"},
    }


def _path(lane: LaneValues, number: int) -> Trace:
    """Where training went, to the weights in the middle; a hollow mark where it began."""
    slot, _, values = lane
    path, end = values["trajectory"], "" if number == 0 else str(number + 1)
    return {
        "type": "scatter",
        "xaxis": f"x{end}",
        "yaxis": f"y{end}",
        "x": [*path["x"], 0],
        "y": [*path["y"], 0],
        "customdata": [*(f"step {step:,}" for step in path["steps"]), "the weights"],
        "meta": slot,
        "mode": "lines+markers",
        "line": {"color": "#ffffff", "width": 2},
        "marker": {"color": "#ffffff", "size": 8, "symbol": ["circle-open", *["circle"] * len(path["steps"])]},
        "hovertemplate": f"{LETTERS[slot]}: %{{customdata}}<extra></extra>",
    }


def _surface(lane: LaneValues, grid: Grid, number: int, limits: tuple[float, float]) -> Trace:
    """The same as a surface."""
    scene = "scene" if number == 0 else f"scene{number + 1}"
    return {**_shared(lane, grid, limits[1]), "type": "surface", "scene": scene, "connectgaps": True}


def _shared(lane: LaneValues, grid: Grid, most: float) -> Trace:
    slot, name, values = lane
    axis = np.array(values["axis"], dtype=np.float32)
    return {
        "x": axis,
        "y": axis,
        "z": np.minimum(grid, most).astype(np.float32),
        "customdata": (10**grid).astype(np.float32),
        "coloraxis": "coloraxis",
        "name": f"{LETTERS[slot]} {name}",
        "meta": slot,
        "hovertemplate": f"{LETTERS[slot]}: %{{customdata:.3~g}} at %{{x:.2~f}}, %{{y:.2~f}}<extra></extra>",
    }


def _axes(number: int, place: tuple[list[float], list[float]], palette: Palette) -> dict[str, Any]:
    end = "" if number == 0 else str(number + 1)
    small = {"showgrid": False, "nticks": 5, "tickfont": {"size": 12, "color": palette.faint}}
    return {
        f"xaxis{end}": {**small, "domain": place[0], "anchor": f"y{end}"},
        # all have the same axis: its numbers stand on the left
        f"yaxis{end}": {**small, "domain": place[1], "anchor": f"x{end}", "showticklabels": place[0][0] == 0},
    }


def _scene(
    number: int, place: tuple[list[float], list[float]], limits: tuple[float, float], palette: Palette
) -> dict[str, Any]:
    axis = {
        "color": palette.faint,
        "gridcolor": palette.hair,
        "title": {"text": ""},
        "tickfont": {"size": 10},
        "nticks": 5,
    }
    values, texts = _ticks(*limits)
    height = {**axis, "range": [limits[0], limits[1] + 0.02], "tickvals": values, "ticktext": texts}
    scene = {"domain": {"x": place[0], "y": place[1]}, "xaxis": axis, "yaxis": axis, "zaxis": height}
    return {"scene" if number == 0 else f"scene{number + 1}": {**scene, "aspectmode": "cube"}}


def _title(lane: LaneValues, place: tuple[list[float], list[float]], palette: Palette) -> dict[str, object]:
    slot, _, values = lane
    sharpness = values.get("sharpness")
    text = f"<b>{LETTERS[slot]}</b>" + ("" if sharpness is None else f"  curvature {_short(sharpness)}")
    corner = {"xref": "paper", "x": place[0][0], "xanchor": "left", "yref": "paper", "y": place[1][1]}
    font = {"color": palette.ink, "size": 13}
    return {"text": text, "showarrow": False, "yanchor": "bottom", "font": font, **corner}


def _short(number: float) -> str:
    """A few digits of a number: 8.5, 152, 12,854, 3.8e+06."""
    size = abs(number)
    return f"{number:,.0f}" if 10 <= size < 1e5 else f"{number:.2g}"


def _colours() -> list[list[object]]:
    colours = heat_scale()
    return [[shade / (len(colours) - 1), colour] for shade, colour in enumerate(colours)]


def _bar(low: float, high: float, more: bool, palette: Palette) -> dict[str, Any]:
    """The scale of colours; a + stands where its end is the colour of all higher losses, too."""
    values, texts = _ticks(low, high)
    texts[-1] += "+" * more
    font = {"color": palette.faint, "size": 12}
    style = {"thickness": 10, "outlinewidth": 0, "xpad": 4, "tickfont": font}
    return {"tickvals": values, "ticktext": texts, "title": {"text": "loss", "side": "top", "font": font}, **style}


def _ticks(low: float, high: float) -> tuple[list[float], list[str]]:
    """Five losses from the lowest to the highest that is drawn, in equal steps of their logarithm."""
    values = [low + (high - low) * step / 4 for step in range(5)]
    return values, [f"{10**value:.2g}" for value in values]

"""One image through the units: maps of trunk, branch and sum, lanes under each other, on one scale of colours."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resnet_explorer.figures.plotly_json import PlainFigure, Trace
from resnet_explorer.figures.theme import LIGHT, Palette, heat_scale, template
from resnet_explorer.networks.request import LETTERS

ROWS = ("trunk", "branch", "sum")
# units of a lane that are drawn side by side, at most
MOST_UNITS = 9
# pixels of the page: of a map, above each lane, above all, below all
TILE, HEAD, TOP, BOTTOM = 56, 56, 40, 40
BAR = 220
# the scale spans so many decades at most
DECADES = 3.0
# the part of all numbers that is below the scale
LOW = 0.02
# between maps, as parts of one
GAP = 0.06
LaneValues = tuple[int, str, Mapping[str, Any]]
Grid = NDArray[np.floating[Any]]


def draw(lanes: Sequence[LaneValues], settings: Mapping[str, Any], palette: Palette = LIGHT) -> PlainFigure:
    """Each lane's maps so far; a plain unit has no trunk."""
    known = [lane for lane in lanes if lane[2].get("sum")]
    stage = int(settings.get("stage", 0))
    units = [choose_units(values["stage"], stage) for *_, values in known]
    columns = max((len(each) for each in units), default=1)
    height = TOP + BOTTOM + len(known or [0]) * (HEAD + len(ROWS) * TILE)
    low, high = _limits(known, units)
    layout: dict[str, Any] = {
        "template": template(palette),
        "height": height,
        "uirevision": "features",
        "hovermode": "closest",
        "margin": {"l": 64, "r": 16, "t": TOP, "b": BOTTOM},
        "coloraxis": {
            "cmin": low,
            "cmax": high,
            "colorscale": [[shade / 63, colour] for shade, colour in enumerate(heat_scale(64))],
            "colorbar": _bar(low, high, int(settings.get("channel", 0)), palette),
        },
        "annotations": [],
        "images": [],
    }
    data: list[Trace] = []
    for number, (lane, chosen) in enumerate(zip(known, units, strict=True)):
        end = "" if number == 0 else str(number + 1)
        domain = _domain(number, height)
        data += [trace | {"xaxis": f"x{end}", "yaxis": f"y{end}"} for trace in _maps(lane, chosen)]
        layout |= _axes(end, domain, chosen, columns, palette)
        layout["annotations"].append(_title(lane, domain[1], palette))
        layout["images"].append(_picture(lane[2]["picture"], end))
    return {"data": data, "layout": layout}


def choose_units(stages: Sequence[int], stage: int) -> list[int]:
    """The places of the units that are drawn: those of a stage, or of all; of many some, as evenly as can be."""
    places = [place for place, of in enumerate(stages) if stage in (0, of)]
    if len(places) <= MOST_UNITS:
        return places
    return [places[round(number * (len(places) - 1) / (MOST_UNITS - 1))] for number in range(MOST_UNITS)]


def _limits(lanes: Sequence[LaneValues], units: Sequence[Sequence[int]]) -> tuple[float, float]:
    """The powers of ten of the scale: what is less than nearly all the rest has the colour of its lower end."""
    maps = [
        np.ravel(values[row][place])
        for (*_, values), places in zip(lanes, units, strict=True)
        for place in places
        for row in ROWS
        if values[row][place] is not None
    ]
    numbers = np.concatenate(maps) / 100 if maps else np.array([-1.0, 1.0])
    high = float(numbers.max())
    low = max(float(np.quantile(numbers, LOW)), high - DECADES)
    return (low, high) if high - low > 0.1 else (high - 0.1, high)


def _maps(lane: LaneValues, units: Sequence[int]) -> list[Trace]:
    """A trace a map, each in a tile of its own: column 0 is the image."""
    slot, name, values = lane
    traces = []
    for column, place in enumerate(units, start=1):
        for row, way in enumerate(ROWS):
            if values[way][place] is not None:
                grid: Grid = np.array(values[way][place], dtype=np.float32) / np.float32(100)
                place_of = {"column": column, "row": row}
                traces.append(_tile(grid, **place_of) | {"name": f"{LETTERS[slot]} {name}", "meta": slot})
                traces[-1]["hovertemplate"] = f"{LETTERS[slot]}, unit {place + 1}, {way}: 10^%{{z:.2f}}<extra></extra>"
    return traces


def _tile(grid: Grid, column: int, row: int) -> Trace:
    height, width = grid.shape
    inner = 1 - GAP
    return {
        "type": "heatmap",
        "z": grid,
        "x0": column - inner / 2 + inner / width / 2,
        "dx": inner / width,
        # the first row of an image is above
        "y0": row - inner / 2 + inner / height / 2,
        "dy": inner / height,
        "coloraxis": "coloraxis",
    }


def _domain(number: int, height: int) -> tuple[float, float]:
    """The part of the plot's height that a lane's maps have, from below."""
    room = height - TOP - BOTTOM
    top = number * (HEAD + len(ROWS) * TILE) + HEAD
    return max(0.0, 1 - (top + len(ROWS) * TILE) / room), 1 - top / room


def _axes(
    end: str, domain: tuple[float, float], units: Sequence[int], columns: int, palette: Palette
) -> dict[str, Any]:
    plain = {"showgrid": False, "zeroline": False, "fixedrange": True, "tickfont": {"size": 12, "color": palette.faint}}
    across = {
        "range": [-0.5, columns + 0.5],
        "anchor": f"y{end}",
        "side": "bottom",
        "tickvals": list(range(len(units) + 1)),
        "ticktext": ["unit", *(f"{place + 1}" for place in units)],
        "constrain": "domain",
        "constraintoward": "left",
    }
    up = {
        # downwards: the trunk above, the sum below
        "range": [len(ROWS) - 0.5, -0.5],
        "domain": list(domain),
        "anchor": f"x{end}",
        "tickvals": list(range(len(ROWS))),
        "ticktext": list(ROWS),
        "scaleanchor": f"x{end}",
        "constrain": "domain",
        "constraintoward": "top",
    }
    return {f"xaxis{end}": {**plain, **across}, f"yaxis{end}": {**plain, **up}}


def _picture(uri: str, end: str) -> dict[str, Any]:
    """The image itself, left of the first trunk."""
    size = 1 - GAP
    place = {"xref": f"x{end}", "yref": f"y{end}", "x": -size / 2, "y": -size / 2, "sizex": size, "sizey": size}
    return {"source": uri, "xanchor": "left", "yanchor": "top", "sizing": "stretch", **place}


def _title(lane: LaneValues, top: float, palette: Palette) -> dict[str, Any]:
    slot, _, values = lane
    answer = f" says {values['predicted']}, {values['probability']:.0%}" if values["predicted"] is not None else ""
    truth = f"; it is {values['label']}" if answer and values["label"] not in (None, values["predicted"]) else ""
    return {
        "text": f"<b>{LETTERS[slot]}</b>{answer}{truth}",
        "showarrow": False,
        "xref": "paper",
        "x": 0,
        "xanchor": "left",
        "yref": "paper",
        "y": top,
        "yanchor": "bottom",
        "font": {"color": palette.ink, "size": 13},
    }


def _bar(low: float, high: float, channel: int, palette: Palette) -> dict[str, Any]:
    """The scale of colours: sizes in equal steps of their logarithm."""
    values = [low + (high - low) * step / 4 for step in range(5)]
    font = {"color": palette.faint, "size": 12}
    what = "size in one channel" if channel else "mean size over channels"
    return {
        "tickvals": values,
        "ticktext": [f"≤ {10**low:.2g}", *(f"{10**value:.2g}" for value in values[1:])],
        "title": {"text": what, "side": "top", "font": font},
        "thickness": 10,
        "outlinewidth": 0,
        "xpad": 0,
        "ypad": 0,
        "tickfont": font,
        "orientation": "h",
        "lenmode": "pixels",
        "len": BAR,
        "x": 0,
        "xanchor": "left",
        "y": 1,
        "yanchor": "bottom",
    }

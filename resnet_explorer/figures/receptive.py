"""How far one place of each stage's output sees: the effective field of each lane beside what is possible."""

from collections.abc import Mapping, Sequence
from math import log10
from typing import Any

import numpy as np

from resnet_explorer.figures.lines import hover_line, letter_beside
from resnet_explorer.figures.log_axis import decade_axis, span, spread_labels
from resnet_explorer.figures.plotly_json import PlainFigure, Trace
from resnet_explorer.figures.theme import LIGHT, Palette, line, template
from resnet_explorer.networks.request import LETTERS

HEIGHT = 420
# the part of the axis that a letter takes
LETTER = 0.05
LaneValues = tuple[int, str, Mapping[str, Any]]


def draw(lanes: Sequence[LaneValues], settings: Mapping[str, Any], palette: Palette = LIGHT) -> PlainFigure:
    """Effective fields with full marks, theoretical ones thin with open marks, and a line at the image's side."""
    known = [lane for lane in lanes if lane[2].get("effective")]
    sizes = [size for *_, values in known for size in (*values["effective"], *values["theoretical"]) if size > 0]
    reach = span([np.array(sizes or [1.0, 10.0])])
    gap = LETTER * reach.decades
    letters = _letters(known, gap, palette)
    lowest = min([reach.low, *(log10(letter["y"][0]) - gap / 2 for letter in letters)])
    data = [trace for lane in known for trace in _traces(lane, palette)]
    stages = max((len(values["effective"]) for *_, values in known), default=1)
    layout = {
        "template": template(palette),
        "height": HEIGHT,
        "uirevision": "receptive",
        "xaxis": {
            **hover_line(palette),
            "title": {"text": "end of stage"},
            "tickvals": list(range(1, stages + 1)),
            "range": [0.75, stages + 0.2],
        },
        "yaxis": {**decade_axis("pixels a side", reach), "range": [lowest, reach.high]},
        "shapes": [_image_line(side, palette) for side in sorted({values["side"] for *_, values in known})],
        "annotations": [_note("filled: effective; open, thin: by kernels and strides; dotted: the image", palette)],
    }
    return {"data": [*data, *letters], "layout": layout}


def _traces(lane: LaneValues, palette: Palette) -> list[Trace]:
    slot, name, values = lane
    shared = {"type": "scatter", "mode": "lines+markers", "meta": slot, "x": _stages(values)}
    label = f"{LETTERS[slot]} {name}"
    colour, thick = palette.lanes[slot], line(palette, slot)
    return [
        {
            **shared,
            "y": list(values["theoretical"]),
            "name": f"{label}, theoretical",
            "line": {**thick, "width": 1},
            "marker": {"color": colour, "size": 8, "symbol": "circle-open"},
            "hovertemplate": "%{y:,} by kernels and strides",
        },
        {
            **shared,
            "y": [size if size > 0 else None for size in values["effective"]],
            "name": f"{label}, effective",
            "line": thick,
            "marker": {"color": colour, "size": 8},
            "hovertemplate": "%{y:.1f} effective",
        },
    ]


def _stages(values: Mapping[str, Any]) -> list[int]:
    return list(range(1, len(values["effective"]) + 1))


def _letters(lanes: Sequence[LaneValues], gap: float, palette: Palette) -> list[Trace]:
    """Each lane's letter left of the effective field of its first stage, where they differ most."""
    shown = [(slot, values["effective"][0]) for slot, _, values in lanes if values["effective"][0] > 0]
    heights = spread_labels([log10(size) for *_, size in shown], gap)
    return [
        letter_beside(slot, 1, 10**height, palette, size=15, side="left")
        for (slot, _), height in zip(shown, heights, strict=True)
    ]


def _image_line(side: int, palette: Palette) -> dict[str, object]:
    place = {"xref": "x domain", "x0": 0, "x1": 1, "y0": side, "y1": side}
    return {"type": "line", "layer": "below", "line": {"color": palette.faint, "width": 1, "dash": "dot"}, **place}


def _note(text: str, palette: Palette) -> dict[str, object]:
    place = {"xref": "x domain", "x": 0, "xanchor": "left", "yref": "y domain", "y": 1, "yanchor": "bottom"}
    return {"text": text, "showarrow": False, "font": {"color": palette.faint, "size": 13}, **place}

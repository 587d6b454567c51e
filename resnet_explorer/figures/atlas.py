"""The atlas as a map: a dot for each ordering at two measures, coloured by a third; those with a name are named."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from resnet_explorer.figures.plotly_json import PlainFigure, Trace
from resnet_explorer.figures.theme import LIGHT, Palette, heat_scale, template

HEIGHT = 520
SHADES = 16
# colours where few values lie far out are those of the middle: shares of the values below and above the scale
OUTER = 0.02
HOVER = "%{text}<br>%{x:.4g}, %{y:.4g}<extra></extra>"


@dataclass(frozen=True)
class Place:
    """An ordering on the map: its number in the atlas, its sentence, its name if it has one, and its measures."""

    number: int
    sentence: str
    name: str
    x: float
    y: float
    colour: float | None


@dataclass(frozen=True)
class Axes:
    """What is drawn against what: the label of each axis, and of the colour, empty where there is none."""

    x: str
    y: str
    colour: str = ""


def draw(places: Sequence[Place], axes: Axes, chosen: int = -1, palette: Palette = LIGHT) -> PlainFigure:
    """Draw the places; the chosen one has a ring, and named ones stand above the others with their names."""
    named = [place for place in places if place.name]
    others = [place for place in places if not place.name]
    ringed = [place for place in places if place.number == chosen]
    data = [_dots(others, 8, palette, axes), _dots(named, 12, palette, axes, names=True)]
    data += [_ring(place, palette) for place in ringed]
    layout = {
        "template": template(palette),
        "height": HEIGHT,
        "hovermode": "closest",
        "uirevision": f"{axes.x} {axes.y}",
        "margin": {"l": 64, "r": 32, "t": 72, "b": 48},
        "xaxis": {"title": {"text": axes.x}},
        "yaxis": {"title": {"text": axes.y}},
        "coloraxis": _scale(places, axes.colour, palette),
    }
    return {"data": data, "layout": layout}


def _dots(places: Sequence[Place], size: int, palette: Palette, axes: Axes, names: bool = False) -> Trace:
    colours = [place.colour for place in places]
    shade: dict[str, Any] = {"color": colours, "coloraxis": "coloraxis"} if axes.colour else {"color": palette.faint}
    return {
        "type": "scatter",
        "mode": "markers+text" if names else "markers",
        "x": [place.x for place in places],
        "y": [place.y for place in places],
        "text": [f"{place.name}<br>{place.sentence}" if place.name else place.sentence for place in places],
        "customdata": [place.number for place in places],
        "hovertemplate": HOVER,
        "marker": {**shade, "size": size, "line": {"color": palette.ink, "width": 1.5 if names else 0.5}},
        **(_labels(places, palette) if names else {}),
    }


def _labels(places: Sequence[Place], palette: Palette) -> Trace:
    """Names beside their dots; the sentence stays under the mouse."""
    return {
        "texttemplate": [place.name for place in places],
        "textposition": "top center",
        "textfont": {"color": palette.ink, "size": 13},
        "cliponaxis": False,
    }


def _ring(place: Place, palette: Palette) -> Trace:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [place.x],
        "y": [place.y],
        "hoverinfo": "skip",
        "marker": {"symbol": "circle-open", "size": 20, "color": palette.warn, "line": {"width": 2}},
    }


def _scale(places: Sequence[Place], label: str, palette: Palette) -> dict[str, Any]:
    """The colours from the low values to the high ones, without the outermost."""
    values = sorted(place.colour for place in places if place.colour is not None)
    if not values or not label:
        return {"showscale": False}
    last = len(values) - 1
    low, high = values[round(OUTER * last)], values[round((1 - OUTER) * last)]
    colours = heat_scale(SHADES)
    return {
        "cmin": low,
        "cmax": high if high > low else low + 1,
        "colorscale": [[shade / (SHADES - 1), colour] for shade, colour in enumerate(colours)],
        "colorbar": {
            "title": {"text": label, "side": "top", "font": {"size": 13}},
            "orientation": "h",
            "x": 1,
            "xanchor": "right",
            "y": 1.02,
            "yanchor": "bottom",
            "len": 0.5,
            "thickness": 8,
            "outlinewidth": 0,
            "tickfont": {"size": 13, "color": palette.faint},
            "nticks": 5,
        },
    }

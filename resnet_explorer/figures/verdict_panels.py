"""A part of a claim in two panels: each seed's numbers by lane, and the statistic with its interval and the rule."""

from collections.abc import Sequence
from math import log10
from typing import Any

from resnet_explorer.figures.plotly_json import PlainFigure, Trace
from resnet_explorer.figures.theme import LIGHT, Palette, template
from resnet_explorer.figures.verdict import DECADES, Values, bounds_of, by_decades, finite, is_finite

HEIGHT = 360
LEFT, RIGHT = [0.0, 0.54], [0.74, 1.0]
# where the seeds stand in the right panel, and beside them the interval
SEEDS, INTERVAL = (-0.3, 0.15), 0.4
# seeds of one panel are told apart by their place too
JITTER = 0.08


def draw(part: Values, form: Values, palette: Palette = LIGHT) -> PlainFigure:
    """Dots of one seed are joined; in the right panel the claim holds on the side of the ground."""
    values = finite(part["statistics"])
    numbers = [number for row in part["numbers"] for number in finite(row)]
    decades = by_decades(values, form, part["interval"])
    lanes = len(form["lanes"])
    letters = [lane["letter"] for lane in form["lanes"]]
    judged = _axis([*values, *_ends(part), *bounds_of(form)], decades)
    layout: dict[str, Any] = {
        "template": template(palette),
        "height": HEIGHT,
        "uirevision": f"{part['name']} {part['hash']}",
        "hovermode": "closest",
        "margin": {"l": 64, "r": 16, "t": 40, "b": 32},
        "xaxis": {
            "domain": LEFT,
            "anchor": "y",
            "range": [-0.5, lanes - 0.5],
            "tickvals": list(range(lanes)),
            "ticktext": [f"<b>{letter}</b>" for letter in letters],
            "fixedrange": True,
        },
        "yaxis": {"anchor": "x", **_axis(numbers, _spans_decades(numbers))},
        "xaxis2": {"domain": RIGHT, "anchor": "y2", "range": [-0.5, 0.6], "tickvals": [], "fixedrange": True},
        "yaxis2": {"anchor": "x2", "showgrid": False, **judged},
        "shapes": _rule(form, judged["range"], decades, palette),
        "annotations": [_note("each lane", 0, palette), _note(form["statistic"], RIGHT[0], palette)],
    }
    seeds = [*_joined(part, palette), *_lane_dots(part, form, palette)]
    return {"data": [*seeds, *_statistics(part, decades, palette), *_interval(part, palette)], "layout": layout}


def _axis(values: Sequence[float], log: bool) -> dict[str, Any]:
    """An axis over the values; zero has no place on one of powers of ten, so it stands at its lower end."""
    if log:
        logs = [log10(value) for value in values if value > 0]
        return {"type": "log", "range": [min(logs) - 1.2, max(logs) + 0.4], "exponentformat": "power", "nticks": 6}
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    margin = 0.1 * (high - low) or 0.5 * abs(high) or 0.5
    return {"range": [low - margin, high + margin], "nticks": 6}


def _spans_decades(numbers: Sequence[float]) -> bool:
    return bool(numbers) and min(numbers) > 0 and max(numbers) / min(numbers) > 10**DECADES


def _ends(part: Values) -> list[float]:
    interval = part["interval"]
    return finite([interval["low"], interval["high"]]) if interval else []


def _joined(part: Values, palette: Palette) -> list[Trace]:
    """A fine line through the lanes for each seed."""
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [lane + _aside(seed) for lane in range(len(row))],
            "y": [number if is_finite(number) else None for number in row],
            "line": {"color": palette.faint, "width": 0.7},
            "hoverinfo": "skip",
        }
        for seed, row in enumerate(part["numbers"])
        if len(row) > 1
    ]


def _lane_dots(part: Values, form: Values, palette: Palette) -> list[Trace]:
    """The seeds of each lane, in its colour."""
    traces: list[Trace] = []
    for slot, lane in enumerate(form["lanes"]):
        known = [(seed, row[slot]) for seed, row in enumerate(part["numbers"]) if is_finite(row[slot])]
        colour = palette.lanes[slot % len(palette.lanes)]
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": f"{lane['letter']} {lane['network']}",
                "meta": slot,
                "x": [slot + _aside(seed) for seed, _ in known],
                "y": [number for _, number in known],
                "text": [str(part["seeds"][seed]) for seed, _ in known],
                "marker": {"color": colour, "size": 8, "symbol": slot},
                "hovertemplate": f"{lane['letter']}, seed %{{text}}: %{{y:.4~g}}<extra></extra>",
            }
        )
    return traces


def _statistics(part: Values, log: bool, palette: Palette) -> list[Trace]:
    """The statistic of each seed, from left to right."""
    known = [(place, value) for place, value in enumerate(part["statistics"]) if is_finite(value)]
    if not known:
        return []
    values = [value for _, value in known]
    floor = 10 ** (min([log10(value) for value in values if value > 0] or [-17.0]) - 1)
    step = (SEEDS[1] - SEEDS[0]) / max(1, len(known) - 1)
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "name": "statistic",
            "x": [SEEDS[0] + step * place for place in range(len(known))],
            "y": [max(value, floor) if log else value for value in values],
            "xaxis": "x2",
            "yaxis": "y2",
            "text": [str(part["seeds"][place]) for place, _ in known],
            "customdata": values,
            "marker": {"color": palette.faint, "size": 7},
            "hovertemplate": "seed %{text}: %{customdata:.4~g}<extra></extra>",
        }
    ]


def _interval(part: Values, palette: Palette) -> list[Trace]:
    interval = part["interval"]
    if not interval:
        return []
    low, mean, high = (float(interval[name]) for name in ("low", "mean", "high"))
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "name": "interval",
            "x": [INTERVAL],
            "y": [mean],
            "xaxis": "x2",
            "yaxis": "y2",
            "error_y": {
                "type": "data",
                "symmetric": False,
                "array": [high - mean],
                "arrayminus": [mean - low],
                "color": palette.ink,
                "thickness": 1.5,
                "width": 5,
            },
            "marker": {"color": palette.ink, "size": 9},
            "hovertemplate": f"mean {mean:.4g}, interval {low:.4g} to {high:.4g}<extra></extra>",
        }
    ]


def _rule(form: Values, reach: Sequence[float], log: bool, palette: Palette) -> list[dict[str, object]]:
    """Ground where the claim holds, and a dashed line at each bound; zero as a thin line."""
    low, high = (10**end for end in reach) if log else reach
    shapes: list[dict[str, object]] = []
    across = {"xref": "x2 domain", "x0": 0, "x1": 1, "layer": "below"}
    if not log:
        shapes.append({**across, **_level(0.0), "line": {"color": palette.faint, "width": 0.7}})
    for bound in bounds_of(form):
        shapes.append({**across, **_level(bound), "line": {"color": palette.ink, "width": 1.2, "dash": "4px,3px"}})
    if bounds_of(form):
        least, most = (
            (low if form["least"] is None else form["least"]),
            (high if form["most"] is None else form["most"]),
        )
        ground = {"type": "rect", "yref": "y2", "y0": least, "y1": most, "line": {"width": 0}}
        shapes.append({**across, **ground, "fillcolor": palette.hair, "opacity": 0.45})
    return shapes


def _level(y: float) -> dict[str, object]:
    return {"type": "line", "yref": "y2", "y0": y, "y1": y}


def _aside(seed: int) -> float:
    """A little to the side, another one for each of neighbouring seeds."""
    return JITTER * (seed % 3 - 1)


def _note(text: str, x: float, palette: Palette) -> dict[str, object]:
    place = {"xref": "paper", "x": x, "xanchor": "left", "yref": "paper", "y": 1, "yanchor": "bottom", "yshift": 8}
    return {"text": text, "showarrow": False, "font": {"color": palette.faint, "size": 13}, **place}

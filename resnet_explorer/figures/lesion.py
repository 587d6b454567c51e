"""What cuts and other orders leave of a network: unit by unit, by the number of cuts, and by Kendall's tau."""

from collections.abc import Mapping, Sequence
from math import inf, log10
from statistics import mean
from typing import Any

from resnet_explorer.figures.lines import letter_beside
from resnet_explorer.figures.log_axis import spread_labels
from resnet_explorer.figures.plotly_json import PlainFigure, Trace
from resnet_explorer.figures.theme import LIGHT, Palette, line, template
from resnet_explorer.networks.request import LETTERS

HEIGHT = 860
BAND = 0.15
PANELS = ([0.74, 1.0], [0.37, 0.62], [0.0, 0.25])
# the part of a panel that a letter takes
LETTER = 0.1
# how high an axis of shares reaches
TOP = 1.03
TITLES = ("unit that is cut alone", "units cut at random", "Kendall's τ of the order (1: as trained)")
LaneValues = tuple[int, str, Mapping[str, Any]]
Curve = tuple[list[float], list[float], list[float], list[float]]


def draw(lanes: Sequence[LaneValues], settings: Mapping[str, Any], palette: Palette = LIGHT) -> PlainFigure:
    """Three panels: each unit alone, squares where a shortcut is left; several, the band over trials; orders."""
    loss = settings.get("measure") == "loss"
    known = [lane for lane in lanes if lane[2].get("baseline") is not None]
    data = [trace for lane in known for trace in _lane_traces(lane, loss, palette)]
    data += _letters(known, loss, palette)
    title = "cross entropy" if loss else "accuracy"
    chances = {lane[2]["chance"] for lane in known}
    layout: dict[str, Any] = {
        "template": template(palette),
        "height": HEIGHT,
        "uirevision": f"lesion {title}",
        "hovermode": "closest",
        "shapes": [_level(lane, panel, loss, palette) for lane in known for panel in ("", "2", "3")],
        "annotations": [_note("fine line: the whole network", palette)] if known else [],
    }
    if not loss:
        layout["shapes"] += [_chance(chance, panel, palette) for chance in sorted(chances) for panel in ("", "2", "3")]
    for panel, domain, label in zip(("", "2", "3"), PANELS, TITLES, strict=True):
        layout[f"xaxis{panel}"] = {"title": {"text": label}, "anchor": f"y{panel}"}
        layout[f"yaxis{panel}"] = {"title": {"text": title}, "domain": domain, **_range(loss)}
    layout["xaxis3"]["autorange"] = "reversed"
    return {"data": data, "layout": layout}


def _range(loss: bool) -> dict[str, object]:
    return {"type": "log", "dtick": "D2"} if loss else {"range": [0, TOP], "tickformat": ".0%"}


def _lane_traces(lane: LaneValues, loss: bool, palette: Palette) -> list[Trace]:
    slot, name, values = lane
    key = "_loss" if loss else ""
    alone, several = values[f"deleted{key}"], _several(values, key)
    shown = [_shown(one, loss) for one in alone]
    cut = [unit for unit, one in enumerate(alone) if one is not None]
    shapes = ["square-open" if unit in values["changes_shape"] else "circle" for unit in cut]
    unit_trace = {
        **_base(slot, name, "", palette),
        "mode": "lines+markers",
        "x": [unit + 1 for unit in cut],
        "y": [shown[unit] for unit in cut],
        "marker": {"color": palette.lanes[slot], "size": 6, "symbol": shapes},
        "hovertemplate": _hover(slot, "without unit %{x}", loss),
    }
    x, low, middle, high = several
    several_trace = {
        **_base(slot, name, "2", palette),
        "mode": "lines+markers",
        "x": x,
        "y": middle,
        "marker": {"color": palette.lanes[slot], "size": 6},
        "hovertemplate": _hover(slot, "mean with %{x} cut", loss),
    }
    orders = values["orders"]
    order_trace = {
        **_base(slot, name, "3", palette),
        "mode": "markers",
        "x": [order["tau"] for order in orders],
        "y": [_shown(order["loss" if loss else "accuracy"], loss) for order in orders],
        "marker": {"color": palette.lanes[slot], "size": 7, "symbol": slot},
        "hovertemplate": _hover(slot, "τ %{x:.2f}", loss),
    }
    return [_band(slot, x, low, high, palette), unit_trace, several_trace, order_trace]


def _hover(slot: int, where: str, loss: bool) -> str:
    return f"{LETTERS[slot]} {where}: %{{y:{'.3~g' if loss else '.1%'}}}<extra></extra>"


def _base(slot: int, name: str, panel: str, palette: Palette) -> Trace:
    axes = {"xaxis": f"x{panel}", "yaxis": f"y{panel}"}
    label = f"{LETTERS[slot]} {name}"
    return {"type": "scatter", "name": label, "meta": slot, "line": line(palette, slot), **axes}


def _several(values: Mapping[str, Any], key: str) -> Curve:
    """Numbers of cuts from 0 on, and the lowest, mean and highest over the trials so far."""
    loss = bool(key)
    start = _shown(values[f"baseline{key}"], loss) or 0.0
    curve: Curve = ([0.0], [start], [start], [start])
    for count, row in zip(values["counts"], values[f"several{key}"], strict=True):
        numbers = [number for each in row if (number := _shown(each, loss)) is not None]
        if numbers:
            point = (float(count), min(numbers), mean(numbers), max(numbers))
            for column, one in zip(curve, point, strict=True):
                column.append(one)
    return curve


def _band(slot: int, x: list[float], low: list[float], high: list[float], palette: Palette) -> dict[str, object]:
    return {
        "type": "scatter",
        "x": [*x, *x[::-1]],
        "y": [*low, *high[::-1]],
        "xaxis": "x2",
        "yaxis": "y2",
        "meta": slot,
        "mode": "lines",
        "line": {"width": 0},
        "fill": "toself",
        "fillcolor": palette.lanes[slot],
        "opacity": BAND,
        "hoverinfo": "skip",
    }


def _shown(number: float | None, loss: bool) -> float | None:
    """A loss as a log axis can show it."""
    return max(number, 1e-6) if loss and number is not None else number


def _letters(lanes: Sequence[LaneValues], loss: bool, palette: Palette) -> list[Trace]:
    """Each lane's letter beside its last unit."""
    ends = []
    for slot, _, values in lanes:
        column = values["deleted_loss" if loss else "deleted"]
        known = [(unit + 1, one) for unit, one in enumerate(column) if one is not None]
        if known:
            height = _shown(known[-1][1], loss) or 0.0
            ends.append((slot, known[-1][0], log10(height) if loss else height))
    heights = spread_labels([height for *_, height in ends], LETTER, inf if loss else TOP)
    return [
        letter_beside(slot, unit, 10**height if loss else height, palette)
        for (slot, unit, _), height in zip(ends, heights, strict=True)
    ]


def _level(lane: LaneValues, panel: str, loss: bool, palette: Palette) -> dict[str, object]:
    slot, _, values = lane
    height = _shown(values["baseline_loss" if loss else "baseline"], loss)
    return _across(height, panel, {"color": palette.lanes[slot], "width": 0.7})


def _chance(chance: float, panel: str, palette: Palette) -> dict[str, object]:
    return _across(chance, panel, {"color": palette.faint, "width": 1, "dash": "dot"})


def _across(height: float | None, panel: str, style: Mapping[str, object]) -> dict[str, object]:
    place = {"xref": f"x{panel} domain", "x0": 0, "x1": 1, "yref": f"y{panel}", "y0": height, "y1": height}
    return {"type": "line", "layer": "below", "line": dict(style), **place}


def _note(text: str, palette: Palette) -> dict[str, object]:
    place = {"xref": "x domain", "x": 0, "xanchor": "left", "yref": "y domain", "y": 1, "yanchor": "bottom"}
    # above the letters at the curves' ends
    note = f"{text}; dotted: chance; open square: its shortcut stays"
    return {"text": note, "showarrow": False, "yshift": 8, "font": {"color": palette.faint, "size": 13}, **place}

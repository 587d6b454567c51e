"""Signal and gradient unit by unit, one panel a curve; theory dotted beside what it is for."""

from collections.abc import Mapping, Sequence
from math import log10
from typing import Any

import numpy as np

from resnet_explorer.figures.lines import letter_beside
from resnet_explorer.figures.log_axis import decade_axis, span, spread_labels
from resnet_explorer.figures.plotly_json import PlainFigure, Trace
from resnet_explorer.figures.theme import LIGHT, Palette, line, template
from resnet_explorer.networks.request import LETTERS

PANEL, GAP = 200, 70
# the parts of a panel that a letter takes, and that are free above and below lines on an axis that is not logarithmic
LETTER, MARGIN = 0.09, 0.05
# name, title, whether it starts before the first unit, what is counted along
PANELS = (
    ("moment", "E x²", 0, "unit"),
    ("variance", "variance inside a channel", 0, "unit"),
    ("share", "branch over trunk (deviations)", 1, "unit"),
    ("gradient", "|gradient|", 0, "unit"),
    ("correlation", "cosine of two inputs' gradients", 0, "unit"),
    ("responses", "response of 3x3 layers", 1, "layer, in order"),
    ("sorted_responses", "response of 3x3 layers", 1, "layer, largest response first"),
)
LINEAR = ("correlation",)
# name in a remedy, title
REMEDY_PANELS = (("moment", "E x² after the last unit"), ("loss", "loss after the steps"))
WAYS = {
    "nothing": "no BN",
    "BN": "BN",
    "torch": "no BN, torch init",
    "fixup": "no BN, Fixup",
    "clipping": "no BN, clip",
}
LaneValues = tuple[int, str, Mapping[str, Any]]


def draw(lanes: Sequence[LaneValues], settings: Mapping[str, Any], palette: Palette = LIGHT) -> PlainFigure:
    """Panels one below the other: seven along the network, and what remedies do where they are tried."""
    known = [lane for lane in lanes if lane[2].get("moment")]
    tried = settings.get("steps") and not (known and all(lane[2]["trained"] for lane in known))
    rows = [*PANELS, *((name, title, 0, "remedy") for name, title in REMEDY_PANELS if tried)]
    height = len(rows) * (PANEL + GAP)
    layout: dict[str, Any] = {
        "template": template(palette),
        "height": height,
        "uirevision": "signal",
        "hovermode": "closest",
        "annotations": [_note(palette)] if any(any(lane[2]["theory"].values()) for lane in known) else [],
    }
    data: list[Trace] = []
    for number, (name, title, start, along) in enumerate(rows):
        panel = str(number + 1) if number else ""
        remedies = along == "remedy"
        traces = [
            trace
            for lane in known
            for trace in (
                [_remedies(lane, name, panel, palette)] if remedies else _traces(lane, name, start, panel, palette)
            )
        ]
        top = 1 - number / len(rows)
        domain = [top - PANEL / height, top]
        layout[f"xaxis{panel}"] = {"title": {"text": along}, "anchor": f"y{panel}"}
        if remedies:
            layout[f"xaxis{panel}"] |= {"type": "category", "categoryarray": list(WAYS.values())}
        axis = _axis(name, title, traces)
        data += [*traces, *_letters(traces, panel, axis, palette)]
        layout[f"yaxis{panel}"] = {**axis, "domain": [max(0.0, domain[0]), domain[1]]}
    return {"data": data, "layout": layout}


def _axis(name: str, title: str, traces: Sequence[Trace]) -> dict[str, Any]:
    numbers = [value for trace in traces for value in trace["y"] if value is not None]
    if name in LINEAR:
        low, high = min([0.0, *numbers]), max([0.1, *numbers])
        return {"title": {"text": title}, "range": [low - MARGIN * (high - low), high + MARGIN * (high - low)]}
    return decade_axis(title, span([np.array(numbers or [1.0])]))


def _letters(traces: Sequence[Trace], panel: str, axis: dict[str, Any], palette: Palette) -> list[Trace]:
    """Each lane's letter right of the last point of its line, moved up or down where two would overlap."""
    log, (low, high) = axis.get("type") == "log", axis["range"]
    ends = []
    for trace in traces:
        points = [(x, y) for x, y in zip(trace["x"], trace["y"], strict=True) if y is not None]
        if points and trace["mode"] == "lines" and "theory" not in trace["name"]:
            x, y = points[-1]
            ends.append((trace["meta"], x, log10(y) if log else y))
    gap = LETTER * (high - low)
    spread = spread_labels([height for *_, height in ends], gap, high - gap / 2)
    axis["range"] = [min([low, *(each - gap / 2 for each in spread)]), high]
    return [
        letter_beside(slot, x, 10**height if log else height, palette, panel)
        for (slot, x, _), height in zip(ends, spread, strict=True)
    ]


def _traces(lane: LaneValues, name: str, start: int, panel: str, palette: Palette) -> list[Trace]:
    """A lane's curve, and theory's."""
    slot, label, values = lane
    curve = [_shown(one, name) for one in values[name]]
    places = [start + place for place in range(len(curve))]
    shared: Trace = {"type": "scatter", "meta": slot, "xaxis": f"x{panel}", "yaxis": f"y{panel}"}
    traces = [
        {
            **shared,
            "name": f"{LETTERS[slot]} {label}",
            "mode": "lines",
            "x": places,
            "y": curve,
            "line": line(palette, slot),
            "hovertemplate": f"{LETTERS[slot]}: %{{y:.3~g}} at %{{x}}<extra></extra>",
        }
    ]
    theory = values["theory"].get(name)
    if theory:
        dotted = {"color": palette.lanes[slot], "dash": "dot", "width": 1}
        hover = f"{LETTERS[slot]} theory: %{{y:.3~g}}<extra></extra>"
        curve_of_theory = {"mode": "lines", "x": places, "y": theory, "line": dotted, "hovertemplate": hover}
        traces.append({**shared, "name": f"{LETTERS[slot]} theory", **curve_of_theory})
    return traces


def _remedies(lane: LaneValues, name: str, panel: str, palette: Palette) -> Trace:
    """What each remedy leads to; a gap where that is no finite number."""
    slot, label, values = lane
    tried = values.get("remedies") or {}
    ends = {way: known[name][-1] if name == "loss" else known[name] for way, known in tried.items()}
    return {
        "type": "scatter",
        "meta": slot,
        "name": f"{LETTERS[slot]} {label}",
        "mode": "lines+markers",
        "xaxis": f"x{panel}",
        "yaxis": f"y{panel}",
        "x": [WAYS[way] for way in ends],
        "y": [_shown(end, name) for end in ends.values()],
        "line": line(palette, slot),
        "marker": {"color": palette.lanes[slot], "size": 8},
        "hovertemplate": f"{LETTERS[slot]}, %{{x}}: %{{y:.3~g}}<extra></extra>",
    }


def _shown(number: float | None, name: str) -> float | None:
    """The number as its axis can show it: none at or below zero on a log axis."""
    return None if number is None or (name not in LINEAR and number <= 0) else number


def _note(palette: Palette) -> dict[str, object]:
    place = {"xref": "x domain", "x": 0, "xanchor": "left", "yref": "y domain", "y": 1, "yanchor": "bottom"}
    font = {"color": palette.faint, "size": 13}
    return {"text": "dotted: theory, wide networks and noise", "showarrow": False, "font": font, **place}

"""Signal and gradient unit by unit, one panel a curve; theory dotted beside what it is for."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from resnet_explorer.figures.log_axis import decade_axis, span
from resnet_explorer.figures.plotly_json import PlainFigure, Trace
from resnet_explorer.figures.theme import LIGHT, Palette, line, template
from resnet_explorer.networks.request import LETTERS

PANEL, GAP = 200, 70
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
    rows = [*PANELS, *((name, title, 0, "remedy") for name, title in REMEDY_PANELS if settings.get("steps"))]
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
        layout[f"yaxis{panel}"] = {**_axis(name, title, traces), "domain": [max(0.0, domain[0]), domain[1]]}
        data += traces
    return {"data": data, "layout": layout}


def _axis(name: str, title: str, traces: Sequence[Trace]) -> dict[str, object]:
    if name in LINEAR:
        return {"title": {"text": title}}
    numbers = [value for trace in traces for value in trace["y"] if value is not None]
    return decade_axis(title, span([np.array(numbers or [1.0])]))


def _traces(lane: LaneValues, name: str, start: int, panel: str, palette: Palette) -> list[Trace]:
    """A lane's curve with its letter at the end, and theory's."""
    slot, label, values = lane
    curve = [_shown(one, name) for one in values[name]]
    places = [start + place for place in range(len(curve))]
    shared: Trace = {"type": "scatter", "meta": slot, "xaxis": f"x{panel}", "yaxis": f"y{panel}"}
    last = max((place for place, one in enumerate(curve) if one is not None), default=-1)
    traces = [
        {
            **shared,
            "name": f"{LETTERS[slot]} {label}",
            "mode": "lines+text",
            "x": places,
            "y": curve,
            "line": line(palette, slot),
            "text": [f" <b>{LETTERS[slot]}</b>" if place == last else "" for place in range(len(curve))],
            "textposition": "middle right",
            "textfont": {"color": palette.ink, "size": 13},
            "cliponaxis": False,
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

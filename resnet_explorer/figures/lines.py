"""What the line figures share: a lane's line, the band of its seeds, its letter, and the line under the mouse."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from resnet_explorer.figures.log_axis import Span, spread_labels
from resnet_explorer.figures.plotly_json import Numbers, Trace
from resnet_explorer.figures.theme import Palette, line
from resnet_explorer.networks.request import LETTERS

BAND = 0.15
# the part of the axis that a letter takes
LETTER = 0.042
# how a letter stands at its point
BESIDE = {
    "right": ("  <b>{}</b>", "middle right"),
    "left": ("<b>{}</b> ", "middle left"),
    "above": ("<b>{}</b>", "top center"),
}
HOVER = "%{y:.3~g} (%{customdata[0]:.3~g} to %{customdata[1]:.3~g})<extra></extra>"


@dataclass(frozen=True)
class LaneCurve:
    """A lane as numbers; what a log axis cannot show is NaN, a gap in the line."""

    slot: int
    name: str
    x: Numbers
    mean: Numbers
    low: Numbers
    high: Numbers


def lane_curve(slot: int, name: str, x: Numbers, table: Sequence[tuple[float, float, float]]) -> LaneCurve:
    """A lane from rows of mean, lowest and highest."""
    values = np.array(table, dtype=np.float64).reshape(-1, 3)
    values[~np.isfinite(values) | (values <= 0)] = np.nan
    return LaneCurve(slot, name, x.astype(np.float32), *values.T)


def traces(lane: LaneCurve, palette: Palette, mode: str = "lines") -> list[Trace]:
    """The band over seeds, and the mean over them, which has the hover text."""
    mean = {
        "type": "scatter",
        "x": lane.x,
        "y": lane.mean.astype(np.float32),
        "name": f"{LETTERS[lane.slot]} {lane.name}",
        "meta": lane.slot,
        "mode": mode,
        "line": line(palette, lane.slot),
        "marker": {"color": palette.lanes[lane.slot], "size": 5},
        "customdata": np.stack([lane.low, lane.high], axis=1).astype(np.float32),
        "hovertemplate": f"{LETTERS[lane.slot]} {HOVER}",
    }
    return [_band_trace(lane, palette), mean]


def _band_trace(lane: LaneCurve, palette: Palette) -> Trace:
    """The range over seeds as one closed outline: the lowest values forward, the highest back."""
    finite = ~np.isnan(lane.low) & ~np.isnan(lane.high)
    forward, backward = lane.x[finite], lane.x[finite][::-1]
    return {
        "type": "scatter",
        "x": np.concatenate([forward, backward]),
        "y": np.concatenate([lane.low[finite], lane.high[finite][::-1]]).astype(np.float32),
        "meta": lane.slot,
        "mode": "lines",
        "line": {"width": 0},
        "fill": "toself",
        "fillcolor": palette.lanes[lane.slot],
        "opacity": BAND,
        "hoverinfo": "skip",
    }


def letters(lanes: Sequence[LaneCurve], values: Span, palette: Palette, first: bool = False) -> list[Trace]:
    """Each lane's letter beside the end of its line, moved up or down where two would overlap."""
    ends: list[tuple[LaneCurve, float, float]] = []
    for lane in lanes:
        finite = np.flatnonzero(~np.isnan(lane.mean))
        if len(finite):
            index = finite[0] if first else finite[-1]
            ends.append((lane, float(lane.x[index]), float(np.log10(lane.mean[index]))))
    heights = spread_labels([height for *_, height in ends], LETTER * values.decades)
    return [_letter_trace(lane, x, height, first, palette) for (lane, x, _), height in zip(ends, heights, strict=True)]


def _letter_trace(lane: LaneCurve, x: float, height: float, first: bool, palette: Palette) -> Trace:
    letter = f"<b>{LETTERS[lane.slot]}</b>"
    return {
        "type": "scatter",
        "x": np.array([x], dtype=np.float32),
        "y": np.array([10**height], dtype=np.float32),
        "meta": lane.slot,
        "mode": "text",
        "text": [f"{letter} " if first else f" {letter}"],
        "textposition": "middle left" if first else "middle right",
        "textfont": {"color": palette.ink, "size": 15},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def letter_beside(
    slot: int, x: float, y: float, palette: Palette, number: str = "", size: int = 13, side: str = "right"
) -> Trace:
    """A lane's letter right of a point of the axes with a number, or left of it, or above it."""
    text, position = BESIDE[side]
    return {
        "type": "scatter",
        "mode": "text",
        "meta": slot,
        "x": [x],
        "y": [y],
        "xaxis": f"x{number}",
        "yaxis": f"y{number}",
        "text": [text.format(LETTERS[slot])],
        "textposition": position,
        "textfont": {"color": palette.ink, "size": size},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def hover_line(palette: Palette) -> dict[str, object]:
    """The axis settings for one vertical line under the mouse."""
    return {
        "showspikes": True,
        "spikemode": "across",
        "spikesnap": "data",
        "spikethickness": 1,
        "spikedash": "solid",
        "spikecolor": palette.faint,
    }

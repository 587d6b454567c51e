"""Named numbers with their intervals, one below the other: a dot, a line from end to end, and a rule at zero."""

from collections.abc import Sequence
from typing import NamedTuple

from resnet_explorer.figures.plotly_json import PlainFigure
from resnet_explorer.figures.theme import LIGHT, Palette, template

ROW, FRAME = 44, 72
HOVER = "%{text}<extra></extra>"


class NamedInterval(NamedTuple):
    """What is called what, its mean, and the ends of its interval."""

    name: str
    low: float
    mean: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out zero."""
        return not self.low <= 0 <= self.high


def height(rows: Sequence[NamedInterval]) -> int:
    """The height of the figure in pixels."""
    return FRAME + ROW * max(1, len(rows))


def draw(rows: Sequence[NamedInterval], axis: str, palette: Palette = LIGHT) -> PlainFigure:
    """Draw the rows in their order; those whose interval holds zero are open."""
    trace = {
        "type": "scatter",
        "mode": "markers",
        "x": [row.mean for row in rows],
        "y": [row.name for row in rows],
        "text": [f"{row.name}: {row.mean:+.3f} [{row.low:+.3f}, {row.high:+.3f}]" for row in rows],
        "hovertemplate": HOVER,
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [row.high - row.mean for row in rows],
            "arrayminus": [row.mean - row.low for row in rows],
            "thickness": 1.5,
            "width": 4,
            "color": palette.ink,
        },
        "marker": {
            "symbol": ["circle" if row.is_clear else "circle-open" for row in rows],
            "size": 9,
            "color": palette.ink,
            "line": {"color": palette.ink, "width": 1.5},
        },
    }
    layout = {
        "template": template(palette),
        "height": height(rows),
        "hovermode": "closest",
        "uirevision": axis,
        "margin": {"l": 8, "r": 24, "t": 16, "b": 48},
        "xaxis": {"title": {"text": axis}, "zeroline": True, "zerolinecolor": palette.faint, "nticks": 6},
        "yaxis": {"autorange": "reversed", "showgrid": False, "showticklabels": False},
        "annotations": [_name(row, palette) for row in rows],
    }
    return {"data": [trace], "layout": layout}


def _name(row: NamedInterval, palette: Palette) -> dict[str, object]:
    """What a row is called, above it: beside it a phone would have no place."""
    place = {"xref": "paper", "x": 0, "xanchor": "left", "yref": "y", "y": row.name, "yshift": 15, "showarrow": False}
    return {**place, "text": row.name, "font": {"size": 13, "color": palette.faint}}

"""The colours and dashes of the six lanes, ink and paper, the scale of heat maps, and the template of all figures.

A lane's letter and dash go wherever its colour goes. Colours come from a search and are held apart by
`tests/figures/test_theme.py`; `ui/theme.py` gives the same values as properties, and `PAGE` names those, so
that one figure serves light and dark without asking the server again.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from plotly.colors import sample_colorscale, sequential

DASHES = ("solid", "6px,3px", "2px,2px", "8px,3px,2px,3px", "12px,4px", "1px,3px")
SANS = "var(--sans)"
SHADES = 64
POWERS = {"exponentformat": "power", "showexponent": "all"}


@dataclass(frozen=True)
class Palette:
    """Paper, ink, hairlines, the warning tone, and a colour for each lane."""

    paper: str
    ink: str
    hair: str
    faint: str
    warn: str
    lanes: tuple[str, ...]
    font: str = "system-ui, -apple-system, 'Segoe UI', 'Source Sans 3', Ubuntu, sans-serif"


LIGHT = Palette(
    paper="#fbfbf9",
    ink="#1b1b19",
    hair="#dddbd4",
    faint="#65645f",
    warn="#b3123c",
    lanes=("#2438b0", "#d1541f", "#3a97e0", "#c06a94", "#5b090d", "#401f4e"),
)
DARK = Palette(
    paper="#141516",
    ink="#e8e6e1",
    hair="#313336",
    faint="#9f9d97",
    warn="#ff7d93",
    lanes=("#7f92ff", "#ff8552", "#63daff", "#a07489", "#f9c703", "#dcf5c3"),
)
PAGE = Palette(
    paper="var(--paper)",
    ink="var(--ink)",
    hair="var(--hair)",
    faint="var(--faint)",
    warn="var(--warn)",
    lanes=tuple(f"var(--lane-{slot})" for slot in range(6)),
    font=SANS,
)


@cache
def template(palette: Palette) -> dict[str, Any]:
    """What all figures share: type, margins, and a grid on one axis only."""
    axis = {
        "showgrid": False,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "automargin": False,
        "title": {"font": {"size": 13}, "standoff": 8},
        "tickfont": {"size": 13, "color": palette.faint},
    }
    return {
        "layout": {
            "paper_bgcolor": palette.paper,
            "plot_bgcolor": palette.paper,
            "font": {"family": palette.font, "size": 13, "color": palette.ink},
            "margin": {"l": 64, "r": 32, "t": 32, "b": 48},
            "showlegend": False,
            "hovermode": "x unified",
            "hoverlabel": {
                "bgcolor": palette.paper,
                "bordercolor": palette.hair,
                "font": {"size": 13, "color": palette.ink},
            },
            "xaxis": {**axis, "showspikes": False},
            "yaxis": {**axis, "showgrid": True, "gridcolor": palette.hair, "gridwidth": 1},
        }
    }


def line(palette: Palette, slot: int) -> dict[str, object]:
    """The line of a lane: its colour and its dash."""
    return {"color": palette.lanes[slot], "dash": DASHES[slot], "width": 2}


def heat_scale(shades: int = SHADES) -> list[str]:
    """The colours of a heat map from the lowest to the highest value, as `rgb(r, g, b)`.

    Cividis, dark to light: even steps for every eye, colour-blind ones too (Nuñez et al. 2018).
    """
    return [
        str(colour)
        for colour in sample_colorscale(sequential.Cividis, [shade / (shades - 1) for shade in range(shades)])
    ]

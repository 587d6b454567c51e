"""The parts of the gradient by the number of branches they passed, and how much of it passed none, along the units."""

from collections.abc import Mapping, Sequence
from typing import Any

from resnet_explorer.figures.panels import LaneValues, Panel
from resnet_explorer.figures.panels import draw as draw_panels
from resnet_explorer.figures.plotly_json import PlainFigure
from resnet_explorer.figures.theme import LIGHT, Palette


def draw(lanes: Sequence[LaneValues], settings: Mapping[str, Any], palette: Palette = LIGHT) -> PlainFigure:
    """Shares by branches passed above; below, the norm of what passed no branch over that of all, by unit."""
    known = [lane for lane in lanes if lane[2].get("terms")]
    shares, direct = (
        [(slot, name, list(range(len(values[key]))), values[key]) for slot, name, values in known]
        for key in ("term_share", "direct")
    )
    upper = Panel("branches passed", "share of dL/dx_0", shares, percent=True, zero=0.0)
    note = "1 at the last unit's output, from where the gradient travels to the left"
    lower = Panel("behind unit", "|past all branches| over |dL/dx|", direct, log=True, note=note)
    return draw_panels(upper, lower, "gradient-paths", palette)

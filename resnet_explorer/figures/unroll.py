"""What each unit's branch writes onto the trunk: its size, and its share of the output of its stage."""

from collections.abc import Mapping, Sequence
from typing import Any

from resnet_explorer.figures.panels import LaneValues, Panel
from resnet_explorer.figures.panels import draw as draw_panels
from resnet_explorer.figures.plotly_json import PlainFigure
from resnet_explorer.figures.theme import LIGHT, Palette


def draw(lanes: Sequence[LaneValues], settings: Mapping[str, Any], palette: Palette = LIGHT) -> PlainFigure:
    """Norms above, shares below, unit by unit."""
    known = [lane for lane in lanes if lane[2].get("terms")]
    sizes, shares = (
        [(slot, name, list(range(1, len(values[key]) + 1)), values[key]) for slot, name, values in known]
        for key in ("terms", "share")
    )
    upper = Panel("unit", "|F| over |x_L| of its stage", sizes, log=True)
    note = "the shares of a stage and of its x_l sum to 100 % where the unrolled sum is exact"
    lower = Panel("unit", "share of x_L", shares, percent=True, note=note, zero=0.0)
    return draw_panels(upper, lower, "unroll", palette)

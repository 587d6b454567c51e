"""What one path of each length carries, and what all of that length carry together."""

from collections.abc import Mapping, Sequence
from typing import Any

from resnet_explorer.figures.panels import LaneValues, Panel
from resnet_explorer.figures.panels import draw as draw_panels
from resnet_explorer.figures.plotly_json import PlainFigure
from resnet_explorer.figures.theme import LIGHT, Palette


def draw(lanes: Sequence[LaneValues], settings: Mapping[str, Any], palette: Palette = LIGHT) -> PlainFigure:
    """Mean norms by length above, their products with the number of paths below.

    Where other lanes have paths of many lengths, one that has a single path is left out below: it carries all.
    """
    known = [lane for lane in lanes if lane[2].get("lengths")]
    norms, carried = (
        [(slot, name, values["lengths"], values[key]) for slot, name, values in known]
        for key in ("gradient", "carried")
    )
    upper = Panel("branches on the path", "mean |dL/dx_0| of a path", norms, log=True)
    note = "number of paths times mean norm, as a share of the sum over all lengths"
    many = [line for line in carried if len(line[2]) > 1] or carried
    lower = Panel(
        "branches on the path", "carried by all paths of a length", many, percent=True, note=note, letters="peak"
    )
    return draw_panels(upper, lower, "paths", palette)

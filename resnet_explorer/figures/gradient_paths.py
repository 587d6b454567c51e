"""The parts of the gradient by the number of branches they passed, and how much of it passed none, along the units."""

from collections.abc import Mapping, Sequence
from typing import Any

from resnet_explorer.figures.panels import LaneValues, Panel
from resnet_explorer.figures.panels import draw as draw_panels
from resnet_explorer.figures.plotly_json import PlainFigure
from resnet_explorer.figures.theme import LIGHT, Palette
from resnet_explorer.networks.request import LETTERS


def draw(lanes: Sequence[LaneValues], settings: Mapping[str, Any], palette: Palette = LIGHT) -> PlainFigure:
    """Shares by branches passed above; below, the norm of what passed no branch over that of all, by unit.

    Where other lanes have a shortcut, one that has none is a note above: all its gradient is at one point.
    """
    known = [lane for lane in lanes if lane[2].get("terms")]
    shares, direct = (
        [(slot, name, list(range(len(values[key]))), values[key]) for slot, name, values in known]
        for key in ("term_share", "direct")
    )
    plain = [lane for lane in known if not lane[2]["shortcuts"]]
    spread = [line for line in shares if line[0] not in {slot for slot, *_ in plain}]
    letters = ", ".join(LETTERS[slot] for slot, *_ in plain)
    branches = " or ".join(map(str, sorted({len(values["branches"]) for *_, values in plain})))
    above = f"{letters}, no shortcut: 100 % pass all {branches}" if plain and spread else ""
    upper = Panel(
        "branches passed", "share of dL/dx_0", spread or shares, percent=True, note=above, zero=0.0, letters="peak"
    )
    note = "1 at the last unit's output, from where the gradient travels to the left"
    lower = Panel("behind unit", "|past all branches| over |dL/dx|", direct, log=True, note=note, letters="first")
    return draw_panels(upper, lower, "gradient-paths", palette)

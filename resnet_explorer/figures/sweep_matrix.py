"""A sweep as a heat map: a cell for each pair of what it varies, its mean written in it, empty where nothing is yet."""

from collections.abc import Sequence
from typing import NamedTuple

from resnet_explorer.figures.plotly_json import PlainFigure
from resnet_explorer.figures.theme import LIGHT, Palette, heat_scale, template

ROW, FRAME = 40, 136
SHADES = 16
LABEL = 7.4


class Square(NamedTuple):
    """A cell: where it is, the number that colours it (None while there is none), and what stands in and under it."""

    row: str
    column: str
    value: float | None
    text: str
    words: str


def height(rows: Sequence[str]) -> int:
    """The height of the figure in pixels."""
    return FRAME + ROW * max(1, len(rows))


def draw(
    rows: Sequence[str], columns: Sequence[str], squares: Sequence[Square], measure: str, palette: Palette = LIGHT
) -> PlainFigure:
    """Draw the rows downwards in their order; colours reach from the lowest to the highest value."""
    by_place = {(square.row, square.column): square for square in squares}
    grid = [[by_place.get((row, column)) for column in columns] for row in rows]
    known = [square.value for square in squares if square.value is not None]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    heat = {
        "type": "heatmap",
        "x": list(columns),
        "y": list(rows),
        "z": [[square.value if square else None for square in line] for line in grid],
        # a category that reads as a number would place an annotation elsewhere; ink that is read is Plotly's choice
        "text": [[square.text if square else "" for square in line] for line in grid],
        "texttemplate": "%{text}",
        "customdata": [[square.words if square else "" for square in line] for line in grid],
        "hovertemplate": "%{customdata}<extra></extra>",
        "hoverongaps": False,
        "xgap": 2,
        "ygap": 2,
        "zmin": low,
        "zmax": high if high > low else low + 1e-9,
        "colorscale": [[shade / (SHADES - 1), colour] for shade, colour in enumerate(heat_scale(SHADES))],
        "colorbar": {"title": {"text": measure, "side": "right"}, "thickness": 8, "outlinewidth": 0, "nticks": 4},
    }
    layout = {
        "template": template(palette),
        "height": height(rows),
        "hovermode": "closest",
        "uirevision": measure,
        "margin": {"l": 24 + round(LABEL * max((len(row) for row in rows), default=8)), "r": 96, "t": 24, "b": 72},
        "xaxis": {"type": "category", "side": "bottom", "showgrid": False},
        "yaxis": {"type": "category", "autorange": "reversed", "showgrid": False},
    }
    return {"data": [heat], "layout": layout}

"""Empty figures for the training curves: axes and style, into which the page draws points as they come.

A loss can differ by decades between lanes and while it falls, a gradient norm too: their axes are logarithmic.
"""

from resnet_explorer.figures.lines import hover_line
from resnet_explorer.figures.plotly_json import PlainFigure
from resnet_explorer.figures.theme import LIGHT, POWERS, Palette, line, template

HEIGHT = 440
CURVES = {
    "loss": "loss, training batch",
    "accuracy": "accuracy, training batch",
    "test": "accuracy, held-out images",
    "rate": "learning rate",
    "gradient": "norm of all gradients",
}
DECADES = ("loss", "gradient")
SHARES = ("accuracy", "test")
ACROSS = {"steps": "step", "seconds": "seconds of training"}


def frame(curve: str, palette: Palette = LIGHT) -> PlainFigure:
    """An empty figure with the axes of one curve."""
    y: dict[str, object] = {"title": {"text": CURVES[curve]}, "range": [0, 1]}
    if curve in DECADES:
        y |= {"type": "log", "range": [-1, 1], **POWERS}
    if curve in SHARES:
        y |= {"tickformat": ".0%"}
    layout = {
        "template": template(palette),
        "height": HEIGHT,
        "xaxis": {**hover_line(palette), "title": {"text": ACROSS["steps"]}, "range": [0, 1], "rangemode": "tozero"},
        "yaxis": y,
    }
    return {"data": [], "layout": layout}


def lines(palette: Palette = LIGHT) -> list[dict[str, object]]:
    """The six lanes' lines, and the line of a run that belongs to none of them."""
    return [
        *(line(palette, slot) for slot in range(len(palette.lanes))),
        {"color": palette.ink, "dash": "solid", "width": 1.5},
    ]

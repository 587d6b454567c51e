"""Empty figures for the training curves: axes and style, into which the page draws points as they come.

A loss can differ by decades between lanes and while it falls, a gradient norm too: their axes are logarithmic.
"""

from collections.abc import Mapping
from typing import Any

from resnet_explorer.figures.lines import BAND, hover_line
from resnet_explorer.figures.plotly_json import PlainFigure, Trace
from resnet_explorer.figures.theme import LIGHT, POWERS, Palette, line, template

HEIGHT = 440
ACCURACY = "accuracy"
TITLES = {
    "loss": "Loss",
    "accuracy": "Training accuracy",
    "test": "Test accuracy",
    "rate": "Learning rate",
    "gradient": "Gradient norm",
}
CURVES = {
    "loss": "loss, training batch",
    "accuracy": "accuracy, training batch",
    "test": "accuracy, held-out images",
    "rate": "learning rate",
    "gradient": "norm of all gradients",
}
# the column of a step that is drawn; what was measured on held-out images has columns of its own
COLUMNS = {"loss": "loss", "accuracy": "accuracy", "test": "", "rate": "lr", "gradient": "gradient"}
NOISY = ("loss", "accuracy", "gradient")
DECADES = ("loss", "gradient")
SHARES = ("accuracy", "test")
HOVERS = {"loss": ".4~g", "accuracy": ".1%", "test": ".1%", "rate": ".3~g", "gradient": ".3~g"}
ACROSS = {"steps": "step", "seconds": "seconds of training"}
PLACES = {"steps": "step %{x:,.0f}", "seconds": "%{x:.2f} s"}


def named(texts: Mapping[str, str], measure: str) -> dict[str, str]:
    """Titles or axes of curves where the share right is called so: accuracy, or PCK@0.1."""
    return {curve: text.replace(ACCURACY, measure) if curve in SHARES else text for curve, text in texts.items()}


def frame(curve: str, palette: Palette = LIGHT, across: str = "steps", measure: str = ACCURACY) -> PlainFigure:
    """An empty figure with the axes of one curve; zooming in on steps or seconds is for all curves."""
    y: dict[str, object] = {"title": {"text": named(CURVES, measure)[curve]}, "range": [0, 1]}
    if curve in DECADES:
        y |= {"type": "log", "range": [-1, 1], **POWERS}
    if curve in SHARES:
        y |= {"tickformat": ".0%"}
    x = {"title": {"text": ACROSS[across]}, "range": [0, 1], "rangemode": "tozero", "uirevision": across}
    layout = {
        "template": template(palette),
        "height": HEIGHT,
        "uirevision": f"{curve} {across}",
        "xaxis": {**hover_line(palette), **x, "unifiedhovertitle": {"text": PLACES[across]}},
        "yaxis": y,
    }
    return {"data": [], "layout": layout}


def drawing(curve: str, across: str, palette: Palette = LIGHT, measure: str = ACCURACY) -> dict[str, Any]:
    """What the page needs to draw a curve: which column over which, axes, and traces without their numbers."""
    return {
        "curve": curve,
        "title": named(TITLES, measure)[curve],
        "across": "step" if across == "steps" else "seconds",
        "column": COLUMNS[curve],
        "noisy": curve in NOISY,
        "log": curve in DECADES,
        "share": curve in SHARES,
        "layout": frame(curve, palette, across, measure)["layout"],
        "traces": traces(curve, palette),
    }


def traces(curve: str, palette: Palette = LIGHT) -> dict[str, Trace]:
    """The parts of a line: the mean, what it has besides where there are several seeds, band, seeds, and its letter."""
    silent = {"type": "scatter", "hoverinfo": "skip"}
    value = f"%{{y:{HOVERS[curve]}}}"
    low, high = (f"%{{customdata[{place}]:{HOVERS[curve]}}}" for place in (0, 1))
    mode = "lines+markers" if curve == "test" else "lines"
    font = {"color": palette.ink, "size": 15}
    return {
        "mean": {"type": "scatter", "mode": mode, "hovertemplate": value},
        "several": {"hovertemplate": f"{value} ({low} to {high})"},
        "band": {**silent, "mode": "lines", "line": {"width": 0}, "fill": "toself", "opacity": BAND},
        "seeds": {**silent, "mode": "lines", "opacity": 0.45},
        "letter": {**silent, "mode": "text", "textposition": "middle right", "textfont": font, "cliponaxis": False},
    }


def lines(palette: Palette = LIGHT) -> list[dict[str, object]]:
    """The six lanes' lines, and the line of a run that belongs to none of them."""
    return [
        *(line(palette, slot) for slot in range(len(palette.lanes))),
        {"color": palette.ink, "dash": "solid", "width": 1.5},
    ]

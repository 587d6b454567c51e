"""Plotly's own figure of a plain one, for Python; slow to import and to make, so the page does without it."""

import plotly.graph_objects as go

from resnet_explorer.figures.plotly_json import PlainFigure

# the type for rooms above, which do not name plotly
Figure = go.Figure


def to_plotly(figure: PlainFigure) -> go.Figure:
    """The same figure, each property checked by Plotly."""
    return go.Figure(figure)

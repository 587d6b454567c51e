"""Figures as plain values, and their JSON for the page, with arrays as bytes in base64.

Plotly's own figure checks each property as it is set, which takes several times as long as all the rest, so the page
is sent the plain values; `plotly_figure` makes Plotly's figure of them.
"""

import json
from base64 import b64encode
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.floating[Any]]
Trace = dict[str, Any]
# its traces under `data`, its axes and notes under `layout`
PlainFigure = dict[str, Any]


def to_json(figure: PlainFigure) -> str:
    """The JSON that plotly.js draws; a number outside an array must be finite."""
    return json.dumps(figure, default=_encode_array, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _encode_array(column: Numbers) -> dict[str, str] | list[float]:
    """An array as plotly.js reads it: its type (f4: float32), its bytes, and its shape where it has rows."""
    if not column.size:
        return []
    little = column.astype(column.dtype.newbyteorder("<"))
    encoded = {"dtype": column.dtype.str[1:], "bdata": b64encode(little.tobytes()).decode()}
    return encoded if column.ndim == 1 else {**encoded, "shape": ", ".join(map(str, column.shape))}

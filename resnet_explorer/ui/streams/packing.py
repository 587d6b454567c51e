"""A run's whole curves as JSON for the page: columns of 32-bit floats in base64, a third of the size of digits.

NaN and infinity are floats like any other there; a matrix has a row for each step that was measured.
"""

import json
import sys
from array import array
from base64 import b64encode
from itertools import chain
from typing import Any

from resnet_explorer.runs.curves import Curves

# more than a heat map has columns of pixels
MAX_MEASURES = 300


def pack_curves(curves: Curves) -> str:
    """The columns as one JSON text."""
    steps = {name: _pack_floats(column) for name, column in curves["steps"].items()}
    thinned = _thin_measures(curves["measures"])
    measures = {name: _pack_floats([*chain.from_iterable(rows)]) for name, rows in thinned.items() if name != "step"}
    packed: dict[str, Any] = {**curves, "steps": steps, "measures": {**measures, "step": _pack_floats(thinned["step"])}}
    return json.dumps(packed, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _pack_floats(values: list[Any]) -> str:
    try:
        column = array("f", values)
    except TypeError:
        # NaN and infinity are texts in an answer
        column = array("f", map(float, values))
    if sys.byteorder == "big":
        column.byteswap()
    return b64encode(column).decode()


def _thin_measures(measures: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """At most MAX_MEASURES steps, evenly, with the last."""
    count = len(measures["step"])
    stride = max(1, -(-count // MAX_MEASURES))
    return {name: values[(count - 1) % stride :: stride] for name, values in measures.items()}

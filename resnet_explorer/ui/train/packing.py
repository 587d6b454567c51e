"""A run's curves as a page is sent them at first: columns of 32-bit floats in base64, a third of the bytes of digits.

NaN and infinity are floats like any other there; a matrix has a row for each step that was measured.
"""

import json
import sys
from array import array
from base64 import b64encode
from itertools import chain
from typing import Any

from resnet_explorer.runs.curves import Curves

# of a long run: more than a heat map has columns of pixels
FLOWS = 300


def pack_curves(found: Curves) -> str:
    """The columns as one JSON text."""
    steps = {name: _floats(column) for name, column in found["steps"].items()}
    flows = _thinned(found["measures"])
    measures = {name: _floats([*chain.from_iterable(rows)]) for name, rows in flows.items() if name != "step"}
    told: dict[str, Any] = {**found, "steps": steps, "measures": {**measures, "step": _floats(flows["step"])}}
    return json.dumps(told, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _floats(values: list[Any]) -> str:
    try:
        column = array("f", values)
    except TypeError:
        # NaN and infinity are texts in an answer
        column = array("f", map(float, values))
    if sys.byteorder == "big":
        column.byteswap()
    return b64encode(column).decode()


def _thinned(measures: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """As many columns as a heat map has, evenly, and the last."""
    count = len(measures["step"])
    stride = max(1, -(-count // FLOWS))
    return {name: values[(count - 1) % stride :: stride] for name, values in measures.items()}

"""Events as JSON: one line for each record of a run's journal.

JSON has no NaN and no infinity; a loss may have both, so they are written as the texts "NaN",
"Infinity" and "-Infinity", which Python's float() and JavaScript's Number() read back.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from functools import cache
from math import isfinite, isnan
from typing import Any, get_type_hints

from resnet_explorer.errors import JournalError
from resnet_explorer.runs.events import KINDS, Record

# that the index can hold
LARGEST = 2**63 - 1
NOT_FINITE = ("NaN", "Infinity", "-Infinity")


def format_record(record: Record) -> str:
    """One line of JSON, without the line's end."""
    head = {"seq": record.seq, "time": record.time, "attempt": record.attempt, "kind": record.kind}
    return json.dumps(head | to_json(asdict(record.event)), allow_nan=False, separators=(",", ":"), ensure_ascii=False)


def parse_record(line: str) -> Record:
    """The record of a line that `format_record` wrote; raises JournalError for any other text.

    Fields of a later version are left out.
    """
    try:
        values = json.loads(line)
        event_type = KINDS[values["kind"]]
        hints = _field_types(values["kind"])
        event = event_type(**{name: _convert(values[name], hints[name]) for name in hints if name in values})
        seq, moment, attempt = (_convert(values[name], int) for name in ("seq", "time", "attempt"))
        return Record(seq, moment, attempt, event)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise JournalError(f"this is no line of a journal: {line[:60]!r} ({type(error).__name__})") from None


def to_json(value: Any) -> Any:
    """A value of plain types as JSON can hold it: tuples as lists, floats that are not finite as texts."""
    if isinstance(value, float):
        return value if isfinite(value) else "NaN" if isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, dict):
        return {name: to_json(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    return value


def from_json(value: Any) -> Any:
    """What `to_json` made of a value, with its floats that are not finite; lists stay lists."""
    if isinstance(value, str):
        return float(value) if value in NOT_FINITE else value
    if isinstance(value, dict):
        return {name: from_json(item) for name, item in value.items()}
    return [from_json(item) for item in value] if isinstance(value, list) else value


@cache
def _field_types(kind: str) -> dict[str, Any]:
    hints = get_type_hints(KINDS[kind])
    return {field.name: hints[field.name] for field in fields(KINDS[kind])}


def _convert(value: Any, hint: Any) -> Any:
    """A JSON value as a field of this type; raises TypeError or ValueError where it is none."""
    if hint is float:
        return float(value)
    if hint == Mapping[str, Any]:
        return from_json(dict(value))
    if hint == tuple[float, ...]:
        return tuple(map(float, value))
    if hint == tuple[str, ...]:
        return tuple(map(str, value))
    if hint in (int, str) and not isinstance(value, hint):
        raise TypeError(hint)
    if hint is int and not -LARGEST <= value <= LARGEST:
        raise ValueError(hint)
    return value

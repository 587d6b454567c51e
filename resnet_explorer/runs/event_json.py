"""Events as JSON: one line for each record of a run's journal.

JSON has no NaN and no infinity; a loss may have both, so they are written as the texts "NaN",
"Infinity" and "-Infinity", which Python's float() and JavaScript's Number() read back.
"""

import json
from dataclasses import asdict, fields
from functools import cache
from math import isfinite, isnan
from typing import Any, get_type_hints

from resnet_explorer.errors import JournalError
from resnet_explorer.runs.events import KINDS, Record


def format_record(record: Record) -> str:
    """One line of JSON, without the line's end."""
    told = {"seq": record.seq, "time": record.time, "attempt": record.attempt, "kind": record.kind}
    return json.dumps(told | to_json(asdict(record.event)), allow_nan=False, separators=(",", ":"), ensure_ascii=False)


def parse_record(line: str) -> Record:
    """Read what `format_record` wrote; fields of a later version are left out."""
    try:
        told = json.loads(line)
        kind = KINDS[told["kind"]]
        hints = _hints(told["kind"])
        event = kind(**{name: _typed(told[name], hints[name]) for name in hints if name in told})
        return Record(int(told["seq"]), int(told["time"]), int(told["attempt"]), event)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise JournalError(f"this is no line of a journal: {line[:60]!r} ({type(error).__name__})") from None


def to_json(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, float):
        return value if isfinite(value) else "NaN" if isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, dict):
        return {name: to_json(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(one) for one in value]
    return value


@cache
def _hints(kind: str) -> dict[str, Any]:
    hints = get_type_hints(KINDS[kind])
    return {one.name: hints[one.name] for one in fields(KINDS[kind])}


def _typed(value: Any, hint: Any) -> Any:
    if hint is float:
        return float(value)
    if hint == tuple[float, ...]:
        return tuple(map(float, value))
    if hint == tuple[str, ...]:
        return tuple(map(str, value))
    if hint in (int, str) and not isinstance(value, hint):
        raise TypeError(hint)
    return value

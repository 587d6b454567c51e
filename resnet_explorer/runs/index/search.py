"""What runs are searched and sorted by, as one statement over the index: thousands are found in milliseconds."""

from collections.abc import Sequence
from typing import Any, NamedTuple

# a run's texts in the index, all in one
TEXT = " || ' ' || ".join(
    (
        "run",
        *(
            f"coalesce(json_extract({place}'), '')"
            for place in (
                "job, '$.what.analysis",
                "job, '$.what.line",
                "job, '$.what.data",
                "job, '$.what.recipe",
                "job, '$.what.settings",
                "job, '$.group",
                "progress, '$.reason",
            )
        ),
    )
)
KIND = "json_extract(job, '$.kind')"
LINE = "coalesce(json_extract(job, '$.what.line'), '')"
NUMBERS = "json_extract(progress, '$.test_accuracy'), json_extract(progress, '$.seconds')"
LIVE = "state IN ('queued', 'preparing', 'running')"


class RunKey(NamedTuple):
    """What a run is sorted by; numbers that it does not have yet are None."""

    run: str
    created: int
    line: str
    accuracy: float | None = None
    seconds: float | None = None


def statement(state: str, words: Sequence[str], kind: str = "") -> tuple[str, list[Any]]:
    """A statement for the keys of all runs of a kind in a state (or live) that hold every word, and its values."""
    conditions = [f"{KIND} = ?"] if kind else []
    conditions += [LIVE if state == "live" else "state = ?"] if state else []
    conditions += [f"instr(lower({TEXT}), ?) > 0"] * len(words)
    values = [
        *([kind] if kind else []),
        *([state] if state and state != "live" else []),
        *(word.lower() for word in words),
    ]
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT run, created, {LINE}, {NUMBERS} FROM runs {where}", values


def key(row: tuple[Any, ...]) -> RunKey:
    """The key of a row; the index writes a number that is not finite as a text."""
    run, created, line, *numbers = row
    return RunKey(run, created, line, *(None if number is None else float(number) for number in numbers))

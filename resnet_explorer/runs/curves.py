"""A run's records as columns: one curve, whatever was interrupted and resumed on the way."""

from collections.abc import Sequence
from math import isfinite
from typing import Any, TypedDict

from resnet_explorer.runs.event_json import to_json
from resnet_explorer.runs.events import Evaluated, Event, Measured, Record, Started, Stepped, merge_attempts, state_of

STEPS = ("step", "seconds", "loss", "accuracy", "lr", "rate", "gradient")
EVALUATIONS = ("step", "seconds", "loss", "accuracy", "images")
MEASURES = ("step", "moments", "responses", "gradients")
Column = list[Any]


class Curves(TypedDict):
    """What a run has measured, column by column; `cursor` is the number of the newest event told.

    `cut` is the step after which what was told before is told anew, because the run went on from a checkpoint.
    """

    run: str
    state: str
    cursor: int
    cut: int | None
    steps: dict[str, Column]
    evaluations: dict[str, Column]
    measures: dict[str, Column]
    weights: list[str]


def curves(run: str, records: Sequence[Record], since: int = 0, points: int = 0, weights: bool = False) -> Curves:
    """What was measured after event number `since`; `points` above 0 leaves out steps evenly, never the last."""
    news = [record for record in records if record.seq > since]
    starts = [record for record in news if isinstance(record.event, Started)]
    # most runs are never interrupted
    once = not news or news[0].attempt == news[-1].attempt
    kept = [record.event for record in (news if once else merge_attempts(news))]
    steps = [event for event in kept if isinstance(event, Stepped)]
    return Curves(
        run=run,
        state=state_of(records),
        cursor=records[-1].seq if records else since,
        cut=_cut(starts, since),
        steps=_columns(thin(steps, points), (*STEPS, "weights") if weights else STEPS),
        evaluations=_columns([event for event in kept if isinstance(event, Evaluated)], EVALUATIONS),
        measures=_columns([event for event in kept if isinstance(event, Measured)], MEASURES),
        weights=weight_names(records) if weights else [],
    )


def thin(steps: list[Stepped], points: int) -> list[Stepped]:
    """At most about so many, evenly, with the last."""
    if not points or len(steps) <= points:
        return steps
    stride = -(-len(steps) // points)
    last = len(steps) - 1
    return [step for at, step in enumerate(steps) if at % stride == last % stride]


def weight_names(records: Sequence[Record]) -> list[str]:
    """The weights whose gradients the run measures."""
    starts = [record.event for record in records if isinstance(record.event, Started)]
    return list(starts[-1].weights) if starts else []


def _cut(starts: Sequence[Record], since: int) -> int | None:
    """Only what was told before can be told anew."""
    steps = [record.event.step for record in starts if isinstance(record.event, Started)]
    return min(steps) if since and steps else None


def _columns(events: Sequence[Event], names: Sequence[str]) -> dict[str, list[Any]]:
    return {name: _plain([getattr(event, name) for event in events]) for name in names}


def _plain(values: list[Any]) -> list[Any]:
    """Looked at one by one only where some are no numbers, or not finite."""
    numbers = all(isinstance(value, float | int) for value in values)
    return values if numbers and all(map(isfinite, values)) else list(to_json(values))

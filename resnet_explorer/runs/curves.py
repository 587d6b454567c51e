"""A run's records as columns: one curve, even where the run was interrupted and resumed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from math import isfinite
from operator import attrgetter
from typing import Any, TypedDict

from resnet_explorer.runs.event_json import to_json
from resnet_explorer.runs.events import Evaluated, Event, Measured, Record, Started, Stepped, merge_attempts, state_of

STEPS = ("step", "seconds", "loss", "accuracy", "lr", "rate", "gradient")
EVALUATIONS = ("step", "seconds", "loss", "accuracy", "images")
MEASURES = ("step", "moments", "responses", "gradients")
Column = list[Any]


class Curves(TypedDict):
    """What a run has measured, column by column; `cursor` is the number of its newest event.

    A reader who has earlier columns drops what they hold after step `cut`, as the run went on from a checkpoint.
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
    news = [record for record in records if record.seq > since] if since else records
    # most runs are never interrupted
    once = not news or news[0].attempt == news[-1].attempt
    events = _by_type(news if once else merge_attempts(news))
    return Curves(
        run=run,
        state=state_of(records),
        cursor=records[-1].seq if records else since,
        cut=_cut(news) if since else None,
        steps=_columns(thin(events[Stepped], points), (*STEPS, "weights") if weights else STEPS),
        evaluations=_columns(events[Evaluated], EVALUATIONS),
        measures=_columns(events[Measured], MEASURES),
        weights=weight_names(records) if weights else [],
    )


def thin(steps: list[Event], points: int) -> list[Event]:
    """At most about `points` of the steps, evenly spaced, with the last; all of them for 0."""
    if not points or len(steps) <= points:
        return steps
    stride = -(-len(steps) // points)
    return steps[(len(steps) - 1) % stride :: stride]


def weight_names(records: Sequence[Record]) -> list[str]:
    """The weights whose gradients the run measures."""
    starts = [record.event for record in records if isinstance(record.event, Started)]
    return list(starts[-1].weights) if starts else []


def _by_type(records: Iterable[Record]) -> dict[type[Event], list[Event]]:
    """The events of each type, in order: a long run is walked once."""
    groups: dict[type[Event], list[Event]] = defaultdict(list)
    for record in records:
        event = record.event
        groups[type(event)].append(event)
    return groups


def _cut(news: Sequence[Record]) -> int | None:
    """The first step that a resumed attempt overwrites, or None."""
    return min((record.event.step for record in news if isinstance(record.event, Started)), default=None)


def _columns(events: Sequence[Event], names: Sequence[str]) -> dict[str, Column]:
    return {name: _column(list(map(attrgetter(name), events))) for name in names}


def _column(values: Column) -> Column:
    """The values as JSON can hold them; converted one by one only where some are no numbers, or not finite."""
    with suppress(TypeError):
        # one that is NaN or infinite makes the sum so, at a third of the time of asking each
        if isfinite(sum(values)):
            return values
    return list(to_json(values))

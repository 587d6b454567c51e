"""What a run of an analysis knows so far, followed event by event."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from resnet_explorer.runs.events import Computed, Concluded, Record, Started
from resnet_explorer.runs.progress import Progress, after


@dataclass(frozen=True)
class Results:
    """Values by lane, the findings, in words what each lane looks at, and where the run stands.

    What an earlier attempt knew stays until the next one knows something.
    """

    values: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    sentences: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    progress: Progress = field(default_factory=Progress)
    attempt: int = 0


def follow(known: Results, records: Iterable[Record]) -> Results:
    """What is known after more records."""
    for record in records:
        known = _after(replace(known, progress=after(known.progress, record)), record)
    return known


def _after(known: Results, record: Record) -> Results:
    match record.event:
        case Started(subjects=subjects):
            return replace(known, subjects=subjects)
        case Computed(lane=lane, values=values):
            earlier = known.values if record.attempt == known.attempt else {}
            return replace(known, values={**earlier, lane: values}, attempt=record.attempt)
        case Concluded(sentences):
            return replace(known, sentences=sentences)
        case _:
            return known

"""What a run of an analysis or a study knows so far, followed event by event."""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from resnet_explorer.runs.events import Computed, Concluded, Record, Started
from resnet_explorer.runs.progress import Progress, after
from resnet_explorer.runs.run_folder import RunFolder

# runs whose journals are kept read
KEPT = 128


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
    versions: Mapping[str, str] = field(default_factory=dict)


def follow(known: Results, records: Iterable[Record]) -> Results:
    """What is known after more records."""
    for record in records:
        known = _after(replace(known, progress=after(known.progress, record)), record)
    return known


def _after(known: Results, record: Record) -> Results:
    match record.event:
        case Started(subjects=subjects, versions=versions):
            return replace(known, subjects=subjects, versions=versions)
        case Computed(lane=lane, values=values):
            earlier = known.values if record.attempt == known.attempt else {}
            return replace(known, values={**earlier, lane: values}, attempt=record.attempt)
        case Concluded(sentences):
            return replace(known, sentences=sentences)
        case _:
            return known


class ResultsCache:
    """What the journals of runs say, of which only what was appended since the last look is read."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[int, int, Results]] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, folder: RunFolder) -> Results:
        """What a run knows now."""
        with self._lock:
            inode = folder.events.stat().st_ino
            kept, offset, known = self._known.pop(folder.run, (0, 0, Results()))
            if kept != inode or folder.events.stat().st_size < offset:
                offset, known = 0, Results()
            records, offset = folder.records(offset)
            known = follow(known, records)
            self._known[folder.run] = inode, offset, known
            if len(self._known) > KEPT:
                self._known.popitem(last=False)
            return known

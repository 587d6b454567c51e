"""Runs that were recorded earlier and come with the program: each a packed file, read when it is needed.

The first line tells when, where and from what a run was recorded, the second is its job, the others its
events, as in a journal. A file is named by the run's id, as a folder is.
"""

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from resnet_explorer import PACKAGE_DIR
from resnet_explorer.errors import JournalError
from resnet_explorer.runs.event_json import format_record, parse_record
from resnet_explorer.runs.events import Measured, Record, Started, Stepped
from resnet_explorer.runs.run_folder import ID, Job

BUNDLED_DIR = PACKAGE_DIR / "assets" / "recorded"
ENDING = ".jsonl.gz"
# letters of an id that may stand for it
SHORTEST_ID = 3
# the fields of `Stepped` that are rounded
ROUNDED = ("seconds", "loss", "accuracy", "lr", "rate", "gradient")


@dataclass(frozen=True)
class Provenance:
    """Where a recorded run comes from; `note` says what a reader should know of its data."""

    date: str
    hardware: str
    commit: str
    note: str = ""

    def __str__(self) -> str:
        parts = (f"recorded {self.date}", self.hardware, f"commit {self.commit[:10]}" if self.commit else "", self.note)
        return ", ".join(part for part in parts if part)


class BundledRun:
    """A recorded run, read like a run's folder; it never changes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.run = path.name.removesuffix(ENDING)

    def whole(self) -> bool:
        """Whether the file can be read; list_bundled leaves a damaged one out."""
        try:
            _read_file(self.path)
        except JournalError:
            return False
        return True

    def provenance(self) -> Provenance:
        return _read_file(self.path)[0]

    def job(self) -> Job:
        return _read_file(self.path)[1]

    def records(self, offset: int = 0) -> tuple[list[Record], int]:
        """The records after the first `offset` ones, and how many there are in all."""
        records = _read_file(self.path)[2]
        return list(records[offset:]), len(records)


def list_bundled(folder: Path = BUNDLED_DIR) -> Iterator[BundledRun]:
    """The recorded runs that can be read, in the order of their jobs."""
    runs = [BundledRun(path) for path in folder.glob(f"*{ENDING}")]
    whole = [run for run in runs if ID.fullmatch(run.run) and run.whole()]
    yield from sorted(whole, key=lambda run: (run.job().created, run.run))


def find_bundled(run: str, folder: Path = BUNDLED_DIR) -> BundledRun | None:
    """The recorded run with an id, or the only one whose id begins so; None if there is none, or more."""
    matches = [bundled for bundled in list_bundled(folder) if len(run) >= SHORTEST_ID and bundled.run.startswith(run)]
    return matches[0] if len(matches) == 1 else None


def record(folder: Path, label: Provenance, job: Job, records: Sequence[Record]) -> BundledRun:
    """Pack a run into a file; without the norms of single weights, and with as many digits as a picture shows."""
    lines = [json.dumps(asdict(label), sort_keys=True), json.dumps(asdict(job), sort_keys=True)]
    lines += [format_record(_reduce(record)) for record in records]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{job.run}{ENDING}"
    # without a time, so that the same run gives the same bytes
    path.write_bytes(gzip.compress("\n".join(lines).encode() + b"\n", 9, mtime=0))
    return BundledRun(path)


def _reduce(record: Record) -> Record:
    event = record.event
    if isinstance(event, Stepped):
        digits: dict[str, Any] = {name: _round_4(getattr(event, name)) for name in ROUNDED}
        event = replace(event, weights=(), **digits)
    if isinstance(event, Measured):
        parts = (event.moments, event.responses, event.gradients)
        event = Measured(event.step, *(tuple(map(_round_4, part)) for part in parts))
    if isinstance(event, Started):
        event = replace(event, weights=())
    return record._replace(event=event)


def _round_4(value: float) -> float:
    return float(f"{value:.4g}")


# one picture shows some tens of runs
@lru_cache(256)
def _read_file(path: Path) -> tuple[Provenance, Job, tuple[Record, ...]]:
    try:
        # a text may hold what `splitlines` takes for the end of a line, such as U+2028
        label, job, *lines = gzip.decompress(path.read_bytes()).decode().rstrip("\n").split("\n")
        return Provenance(**json.loads(label)), Job(**json.loads(job)), tuple(map(parse_record, lines))
    except (OSError, EOFError, ValueError, TypeError) as error:
        raise JournalError(f"the recorded run {path.name[:6]} cannot be read ({type(error).__name__})") from None

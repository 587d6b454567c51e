"""Runs that were recorded earlier and come with the program: each a packed file, read when somebody looks at it.

The first line tells when, where and from what a run was recorded, the second is its job, the others its
events, as in a journal. Files are told apart by the run's id, as folders are.
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
LEAST = 3
STEPPED = ("seconds", "loss", "accuracy", "lr", "rate", "gradient")


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
    """A recorded run, read like a run's folder; nobody works on it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.run = path.name.removesuffix(ENDING)

    def whole(self) -> bool:
        """Whether the file can be read: a damaged one must not take the list of all runs with it."""
        try:
            _read(self.path)
        except JournalError:
            return False
        return True

    def provenance(self) -> Provenance:
        return _read(self.path)[0]

    def job(self) -> Job:
        return _read(self.path)[1]

    def records(self, offset: int = 0) -> tuple[list[Record], int]:
        """All events; the offset is how many of them are known."""
        found = _read(self.path)[2]
        return list(found[offset:]), len(found)


def list_bundled(folder: Path = BUNDLED_DIR) -> Iterator[BundledRun]:
    """The recorded runs that can be read, in the order of their jobs."""
    found = [BundledRun(path) for path in folder.glob(f"*{ENDING}")]
    whole = [one for one in found if ID.fullmatch(one.run) and one.whole()]
    yield from sorted(whole, key=lambda one: (one.job().created, one.run))


def find_bundled(run: str, folder: Path = BUNDLED_DIR) -> BundledRun | None:
    """The recorded run with an id, or with the only id that begins so."""
    found = [one for one in list_bundled(folder) if len(run) >= LEAST and one.run.startswith(run)]
    return found[0] if len(found) == 1 else None


def record(folder: Path, label: Provenance, job: Job, records: Sequence[Record]) -> BundledRun:
    """Pack a run; the norms of single weights are left out, and numbers keep the digits that a picture shows."""
    lines = [json.dumps(asdict(label), sort_keys=True), json.dumps(asdict(job), sort_keys=True)]
    lines += [format_record(_lean(record)) for record in records]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{job.run}{ENDING}"
    # no name and no time of its own: the same run gives the same bytes
    path.write_bytes(gzip.compress("\n".join(lines).encode() + b"\n", 9, mtime=0))
    return BundledRun(path)


def _lean(record: Record) -> Record:
    told = record.event
    if isinstance(told, Stepped):
        digits: dict[str, Any] = {name: _short(getattr(told, name)) for name in STEPPED}
        told = replace(told, weights=(), **digits)
    if isinstance(told, Measured):
        parts = (told.moments, told.responses, told.gradients)
        told = Measured(told.step, *(tuple(map(_short, part)) for part in parts))
    if isinstance(told, Started):
        told = replace(told, weights=())
    return record._replace(event=told)


def _short(value: float) -> float:
    return float(f"{value:.4g}")


# one picture shows some tens of runs
@lru_cache(128)
def _read(path: Path) -> tuple[Provenance, Job, tuple[Record, ...]]:
    try:
        # a text may hold what `splitlines` takes for the end of a line, such as U+2028
        label, job, *lines = gzip.decompress(path.read_bytes()).decode().rstrip("\n").split("\n")
        return Provenance(**json.loads(label)), Job(**json.loads(job)), tuple(map(parse_record, lines))
    except (OSError, EOFError, ValueError, TypeError) as error:
        raise JournalError(f"the recorded run {path.name[:6]} cannot be read ({type(error).__name__})") from None

"""A run's folder, and the files in it, which are all there is to know about the run.

runs/ID/job.json        what to do; never changes
runs/ID/events.jsonl    what happened; only appended to, by one process at a time, which holds its lock
runs/ID/wanted          run or stop
runs/ID/...             checkpoints

The lock is the kernel's, which releases it when a process dies in whatever way; so a run is being worked on
exactly as long as its lock is held.
"""

import fcntl
import json
import os
import re
import secrets
import shutil
import time
from base64 import b32encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any

from resnet_explorer.errors import JournalError, RunError
from resnet_explorer.runs.event_json import format_record, parse_record
from resnet_explorer.runs.events import STATES, Event, Paused, Queued, Record, state_of

ID = re.compile(r"[a-z2-7]{26}")
# the kinds of job: a training, an analysis, a study, which asks for both, a sweep, a probe of an atlas, a tournament
TRAIN, ANALYSE, JUDGE, SWEEP, PROBE, TOURNAMENT = KINDS = "train", "analyse", "judge", "sweep", "probe", "tournament"
# those that compute nothing themselves and wait for other runs, beside the slots
BESIDE = (JUDGE, SWEEP, TOURNAMENT)
# letters of an id that a list shows
SHORT = 6
# lanes side by side: a slot is the place of one
SLOTS = 6
# tries to get a lock, two milliseconds apart
LOCK_TRIES = 50
# bytes that are read first from the end of a file to find the newest state
BLOCK = 1 << 16


@dataclass(frozen=True)
class Job:
    """What a run is to do: `kind` names the verb, `what` holds its arguments as JSON values."""

    run: str
    kind: str
    what: Mapping[str, Any]
    owner: str = ""
    group: str = ""
    slot: int = 0
    created: int = field(default_factory=lambda: milliseconds())


def milliseconds() -> int:
    """Wall time, for display and order only: durations are measured with a clock that cannot jump."""
    return time.time_ns() // 1_000_000


def hashed_id(text: str) -> str:
    """The id of a run that answers one question, which is the same whenever it is asked."""
    return _as_id(sha256(text.encode()).digest()[:16])


def new_id() -> str:
    """128 random bits in 26 letters and digits: unguessable, and safe as a file's name."""
    return _as_id(secrets.token_bytes(16))


def _as_id(number: bytes) -> str:
    return b32encode(number).decode().lower().rstrip("=")


class RunFolder:
    """One run's folder: reads its job and events, reads and writes its command; `writer` appends events."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.run = path.name

    @classmethod
    def create(cls, home: Path, job: Job) -> "RunFolder":
        """Put a queued run into the home, unless somebody was quicker; its folder appears whole, or not at all."""
        runs = home / "runs"
        draft = cls(runs / f".{job.run}.{secrets.token_hex(4)}")
        try:
            runs.mkdir(parents=True, exist_ok=True)
            draft.path.mkdir(mode=0o700)
            _write_atomically(draft.path / "job.json", json.dumps(asdict(job), sort_keys=True))
            with draft.writer() as events:
                events.append(Queued())
            os.rename(draft.path, runs / job.run)
        except (OSError, JournalError) as error:
            shutil.rmtree(draft.path, ignore_errors=True)
            if not (runs / job.run).is_dir():
                why = error.strerror if isinstance(error, OSError) else error
                raise JournalError(f"no run can be kept: {why}") from None
        return cls(runs / job.run)

    @property
    def events(self) -> Path:
        return self.path / "events.jsonl"

    @property
    def size(self) -> int:
        """Bytes of what happened, 0 where the run is gone."""
        try:
            return self.events.stat().st_size
        except OSError:
            return 0

    def job(self) -> Job:
        """What the run is to do; raises JournalError if the file is missing or damaged."""
        try:
            return Job(**json.loads((self.path / "job.json").read_text()))
        except (OSError, ValueError, TypeError, RecursionError) as error:
            raise JournalError(f"run {self.run[:SHORT]} has no job that can be read ({type(error).__name__})") from None

    def read_command(self) -> str:
        """What the run should do: `run`, or `stop`."""
        try:
            return (self.path / "wanted").read_text().strip() or "run"
        except OSError:
            return "run"

    def write_command(self, command: str) -> None:
        """Set what the run should do, `run` or `stop`; its worker reads it between two steps."""
        _write_atomically(self.path / "wanted", command)

    def records(self, offset: int = 0) -> tuple[list[Record], int]:
        """The records of the whole lines from an offset on, and the offset after them; torn lines are left out."""
        pairs, end = self.lines(offset)
        return [record for record, _ in pairs], end

    def lines(self, offset: int = 0, most: int = -1) -> tuple[list[tuple[Record, str]], int]:
        """As `records`, each with its line; with `most`, about so many bytes, but at least one line."""
        try:
            with self.events.open("rb") as file:
                file.seek(offset)
                text = file.read(most)
                if len(text) == most:
                    text += file.readline()
        except FileNotFoundError:
            return [], offset
        whole = text[: text.rfind(b"\n") + 1]
        pairs = []
        # a text may hold what `splitlines` takes for the end of a line, such as U+2028
        for line in whole.decode("utf-8", "replace").split("\n"):
            try:
                pairs.append((parse_record(line), line))
            except JournalError:
                continue  # torn by a crash, and closed by the next writer
        return pairs, offset + len(whole)

    def writer(self) -> "EventWriter":
        """The writer that appends events; raises JournalError if another process has one."""
        return EventWriter(self)

    def is_locked(self) -> bool:
        """Whether a process works on the run."""
        try:
            with self.events.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                return False
        except BlockingIOError:
            return True
        except FileNotFoundError:
            return False


class EventWriter:
    """Appends events, in one process at a time; one write a record, so that a crash tears at most the last."""

    def __init__(self, folder: RunFolder) -> None:
        self.file = os.open(folder.events, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if not self._lock():
            os.close(self.file)
            raise JournalError(f"another process works on run {folder.run[:SHORT]}")
        try:
            self._repair_tail()
            newest = newest_records(folder)
        except OSError:  # the disk is full, or the run was removed meanwhile
            os.close(self.file)
            raise
        self.seq, self.attempt = (newest[-1].seq, newest[-1].attempt) if newest else (0, 0)
        self.state = state_of(newest)

    def _lock(self) -> bool:
        # `is_locked` in another process holds the lock for a moment, too
        for _ in range(LOCK_TRIES):
            try:
                fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            except BlockingIOError:
                time.sleep(0.002)
        return False

    def append(self, event: Event) -> Record:
        """Append one event, whole or not at all; `Queued` and `Paused` begin a new attempt."""
        record = Record(self.seq + 1, milliseconds(), self.attempt + isinstance(event, Queued | Paused), event)
        line = (format_record(record) + "\n").encode("utf-8", "replace")
        size = os.fstat(self.file).st_size
        try:
            while line:
                line = line[os.write(self.file, line) :]
        except OSError:
            # the disk is full: the next event must not be joined to half a line
            os.ftruncate(self.file, size)
            raise
        self.seq, self.attempt, self.state = record.seq, record.attempt, STATES.get(record.kind, self.state)
        return record

    def sync(self) -> None:
        """Wait until all that was appended is on the disk."""
        os.fsync(self.file)

    def _repair_tail(self) -> None:
        """End a line that a crash tore, so that the next event has a line of its own."""
        size = os.fstat(self.file).st_size
        if size and os.pread(self.file, 1, size - 1) != b"\n":
            os.write(self.file, b"\n")

    def close(self) -> None:
        os.close(self.file)

    def __enter__(self) -> "EventWriter":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


@contextmanager
def refuse_unwritable(folder: RunFolder) -> Iterator[None]:
    """Raise a JournalError where a run cannot be changed: a disk that is full or read-only, a folder that is gone."""
    try:
        yield
    except OSError as error:
        raise JournalError(f"run {folder.run[:SHORT]} cannot be changed: {error.strerror}") from None


def resolve_home(named: str = "") -> Path:
    """The folder where runs are kept: the named one, or one in the user's home folder."""
    return Path(named or "~/.resnet-explorer").expanduser()


def require_training(job: Job) -> Job:
    """The job, if it trains a network; raises RunError if not."""
    if job.kind != TRAIN:
        what = {ANALYSE: "an analysis", JUDGE: "a study"}.get(job.kind, f"a {job.kind}")
        raise RunError(f"run {job.run[:SHORT]} is {what}, which trains nothing itself")
    return job


def run_folders(home: Path) -> Iterator[RunFolder]:
    """All runs of a home, in no order."""
    try:
        with os.scandir(home / "runs") as entries:
            yield from [RunFolder(Path(entry.path)) for entry in entries if ID.fullmatch(entry.name)]
    except FileNotFoundError:
        return


def find_run(home: Path, run: str) -> RunFolder:
    """The run with an id, or the only one whose id begins so; raises RunError if there is none, or more."""
    if ID.fullmatch(run) and (home / "runs" / run).is_dir():
        return RunFolder(home / "runs" / run)
    if not re.fullmatch(r"[a-z2-7]{3,26}", run):
        raise RunError(f"a run is named by the first letters of its id, such as k3w7ab, not {run[:40]!r}")
    folders = [folder for folder in run_folders(home) if folder.run.startswith(run)]
    if len(folders) == 1:
        return folders[0]
    raise RunError(f"{len(folders)} runs begin with {run}; give more letters" if folders else f"there is no run {run}")


def newest_records(folder: RunFolder) -> list[Record]:
    """The newest records, back to one that sets the state at least; the whole file may be long."""
    size = folder.events.stat().st_size
    block = BLOCK
    while True:
        # the first line from an offset inside a line is torn, and left out
        records, _ = folder.records(max(0, size - block))
        if block >= size or any(record.kind in STATES for record in records):
            return records
        block *= 4


def _write_atomically(path: Path, text: str) -> None:
    """Write a small file, so that a reader sees it whole or not at all, even after a crash."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with draft.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)

"""The index over the files of all runs, which lists and streams read; with `schema` the only sqlite3.

Ids of events only ever grow, also where an index is made anew, so that a reader's cursor never misses what
comes later; it may be told again what it knows, by run and seq.

One process writes, by one connection that also makes every checkpoint: SQLite before 3.51.3 can lose a
commit where two connections do. Readers make one short statement each, and so hold nothing up.
"""

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple
from zlib import crc32

from resnet_explorer.errors import JournalError
from resnet_explorer.runs.index.schema import SUMMED, readable, sound, summed
from resnet_explorer.runs.progress import Progress, after
from resnet_explorer.runs.run_folder import Job, RunFolder

# bytes of one run's file in one transaction
CHUNK = 4 << 20
# and those that tell that a file is the same as before
MARK = 1000
# what a file says that was damaged while it was open; opened anew, it is found out
UNSOUND = (sqlite3.Error, ValueError, TypeError)


class IndexedRun(NamedTuple):
    """A run in the index: its number, what it is to do, where it stands, and the id of its newest event."""

    number: int
    job: Job
    progress: Progress
    last: int


class IndexedEvent(NamedTuple):
    """An event in the index, as the journal's own line."""

    id: int
    run: str
    line: str


class Store:
    """The index, to read from any thread; with `writing` also to write, which one process does from one thread."""

    def __init__(self, path: Path, writing: bool = False) -> None:
        self.path = path
        self.writing = writing
        self._turn = threading.Lock()
        self._open: sqlite3.Connection | None = sound(path) if writing else None
        self._file = 0

    def ingest(self, *folders: RunFolder) -> int:
        """Take in what was appended to runs; events, offset and progress are committed together."""
        with self._transaction() as connection:
            return sum(_try_ingest(connection, folder) for folder in folders)

    def forget(self, runs: Iterable[str]) -> None:
        """Leave out runs whose folders are gone."""
        with self._transaction() as connection:
            connection.executemany("DELETE FROM runs WHERE run = ?", [(run,) for run in runs])

    def offsets(self) -> dict[str, int]:
        """How many bytes of each run's file are taken in."""
        return dict(self._read("SELECT run, offset FROM runs"))

    def rows(self, limit: int = 1000) -> list[IndexedRun]:
        """Runs, newest first."""
        return self._rows("ORDER BY created DESC, number DESC LIMIT ?", limit)

    def live(self) -> list[IndexedRun]:
        """Runs that have not ended, oldest first."""
        return self._rows("WHERE state IN ('queued', 'preparing', 'running') ORDER BY created, number")

    def row(self, run: str) -> IndexedRun | None:
        """One run, by its whole id."""
        return next(iter(self._rows("WHERE run = ?", run)), None)

    def events(self, after: int, runs: Sequence[str], limit: int = 5000) -> list[IndexedEvent]:
        """Events of these runs with an id above `after`, in order."""
        wanted = "SELECT number FROM runs WHERE run IN (SELECT value FROM json_each(?))"
        # by run first: where a reader begins at 0, a walk by id would read the whole index
        found = self._read(
            "SELECT id, (SELECT run FROM runs WHERE number = events.run), line FROM events INDEXED BY events_of_run "
            f"WHERE run IN ({wanted}) AND id > ? ORDER BY id LIMIT ?",
            *(json.dumps(list(runs)), after, limit),
        )
        return [IndexedEvent(*one) for one in found]

    def last(self) -> int:
        """The id of the newest event there ever was."""
        return next((int(one[0]) for one in self._read("SELECT seq FROM sqlite_sequence WHERE name = 'events'")), 0)

    def close(self) -> None:
        with self._turn:
            if self._open:
                self._open.close()
            self._open = None

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        assert self.writing
        assert self._open
        with self._turn:
            try:
                self._open.execute("BEGIN IMMEDIATE")
                yield self._open
                self._open.execute("COMMIT")
            except UNSOUND as error:
                raise JournalError(f"the index {self.path} cannot be written: {error}") from None
            finally:
                if self._open.in_transaction:
                    self._open.execute("ROLLBACK")

    def _rows(self, which: str, *values: Any) -> list[IndexedRun]:
        found = self._read(f"SELECT number, job, progress, last FROM runs {which}", *values)
        try:
            return list(map(_row, found))
        except UNSOUND as error:
            raise JournalError(f"the index {self.path} cannot be read: {error}") from None

    def _read(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._turn:
            try:
                connection = self._open if self.writing else self._reader()
                return connection.execute(statement, values).fetchall() if connection else []
            except sqlite3.Error as error:
                raise JournalError(f"the index {self.path} cannot be read: {error}") from None

    def _reader(self) -> sqlite3.Connection | None:
        """The connection to the file that has the name now: one that was set aside is left."""
        try:
            file = self.path.stat().st_ino
        except FileNotFoundError:
            file = 0
        if self._open and file != self._file:
            self._open.close()
            self._open = None
        if file and not self._open:
            self._open, self._file = readable(self.path), file
        return self._open


def _try_ingest(connection: sqlite3.Connection, folder: RunFolder) -> int:
    try:
        return _ingest(connection, folder)
    except (JournalError, OSError):
        return 0  # somebody removes the folder just now, or it is none of ours


def _ingest(connection: sqlite3.Connection, folder: RunFolder) -> int:
    """One run's news, inside a transaction."""
    known = "SELECT number, job, created, offset, seq, progress, mark, lines_sum FROM runs WHERE run = ?"
    found = connection.execute(known, (folder.run,)).fetchone() or _new(connection, folder)
    number, job, created, offset, seq, progress, mark, lines_sum = found
    lines, end = folder.lines(offset, CHUNK)
    if _tail_checksum(folder, offset) != mark:
        # a machine that lost power may have lost the end of a file, and the run gone on from there
        connection.execute("DELETE FROM runs WHERE number = ?", (number,))
        return _ingest(connection, folder)
    now = Progress.from_json(json.loads(progress))
    rows = []
    for record, line in lines:
        if record.seq > seq:
            seq, now, lines_sum = record.seq, after(now, record), crc32(line.encode(), lines_sum)
            rows.append((number, seq, line))
    connection.executemany("INSERT INTO events(run, seq, line) VALUES(?, ?, ?)", rows)
    newest = "SELECT coalesce(max(id), 0) FROM events WHERE run = ?"
    last = connection.execute(newest, (number,)).fetchone()[0]
    row = (
        folder.run,
        created,
        now.state,
        job,
        json.dumps(now.to_json()),
        end,
        seq,
        last,
        _tail_checksum(folder, end),
        lines_sum,
    )
    connection.execute(
        f"UPDATE runs SET ({SUMMED}, row_sum) = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE number = ?",
        (*row, summed(row), number),
    )
    return len(rows)


def _new(connection: sqlite3.Connection, folder: RunFolder) -> tuple[Any, ...]:
    job = folder.job()
    row = (json.dumps(asdict(job)), job.created, 0, 0, "{}", 0, 0)
    found = connection.execute(
        "INSERT INTO runs(run, state, last, row_sum, job, created, offset, seq, progress, mark, lines_sum) "
        "VALUES(?, 'queued', 0, 0, ?, ?, ?, ?, ?, ?, ?)",
        (folder.run, *row),
    )
    return (found.lastrowid, *row)


def _tail_checksum(folder: RunFolder, offset: int) -> int:
    """A checksum of what stands in a run's file just before an offset."""
    with folder.events.open("rb") as file:
        file.seek(max(0, offset - MARK))
        return crc32(file.read(min(offset, MARK)))


def _row(found: tuple[Any, ...]) -> IndexedRun:
    number, job, progress, last = found
    return IndexedRun(number, Job(**json.loads(job)), Progress.from_json(json.loads(progress)), last)

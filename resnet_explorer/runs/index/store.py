"""The index of all runs in a home, from which lists and streams are read; with `schema` the only sqlite3.

Ids of events only ever grow, also where an index is made anew, so that a reader's cursor never misses a later
event; a reader may get an event twice, and knows it by run and seq.

One process writes, by one connection that also makes every checkpoint: SQLite before 3.51.3 can lose a
commit where two connections do. Readers make one short statement each, and so block nothing.
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
from resnet_explorer.runs.index import search
from resnet_explorer.runs.index.schema import SUMMED, open_to_read, open_to_write, row_checksum
from resnet_explorer.runs.index.search import RunKey
from resnet_explorer.runs.progress import Progress, after
from resnet_explorer.runs.run_folder import Job, RunFolder

# bytes of one run's file in one transaction
CHUNK = 4 << 20
# bytes before an offset whose checksum tells that a file is the same as before
TAIL = 1000
# what a file raises that was damaged while it was open; it is checked when it is opened again
DAMAGED = (sqlite3.Error, ValueError, TypeError)


class IndexedRun(NamedTuple):
    """A run in the index: its number there, its job, where it stands, and the id of its newest event."""

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
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = open_to_write(path) if writing else None
        self._inode = path.stat().st_ino if writing else 0

    @property
    def is_gone(self) -> bool:
        """Whether the file that is written has been removed or replaced meanwhile."""
        try:
            return self.path.stat().st_ino != self._inode
        except FileNotFoundError:
            return True

    def ingest(self, *folders: RunFolder) -> int:
        """Add what was appended to runs, in one transaction with offset and progress; the number of new events."""
        with self._transaction() as connection:
            return sum(_try_ingest(connection, folder) for folder in folders)

    def forget(self, runs: Iterable[str]) -> None:
        """Remove runs whose folders are gone."""
        with self._transaction() as connection:
            connection.executemany("DELETE FROM runs WHERE run = ?", [(run,) for run in runs])

    def offsets(self) -> dict[str, int]:
        """How many bytes of each run's file are in the index."""
        return dict(self._read("SELECT run, offset FROM runs"))

    def rows(self, limit: int = 1000, kind: str = "") -> list[IndexedRun]:
        """Runs, of a kind if one is named, newest first."""
        condition, values = _of_kind(kind)
        return self._rows(f"{condition} ORDER BY created DESC, number DESC LIMIT ?", *values, limit)

    def live(self) -> list[IndexedRun]:
        """Runs that have not ended, oldest first."""
        return self._rows("WHERE state IN ('queued', 'preparing', 'running') ORDER BY created, number")

    def find(self, state: str = "", words: Sequence[str] = (), kind: str = "") -> list[RunKey]:
        """The keys of runs in a state, or live, whose texts hold every word; of a kind if one is named."""
        statement, values = search.statement(state, words, kind)
        return list(map(search.key, self._read(statement, *values)))

    def some(self, runs: Sequence[str]) -> list[IndexedRun]:
        """These runs, by their whole ids, in this order; those that are gone are left out."""
        rows = self._rows("WHERE run IN (SELECT value FROM json_each(?))", json.dumps(list(runs)))
        by_id = {row.job.run: row for row in rows}
        return [by_id[run] for run in runs if run in by_id]

    def states(self, kind: str = "") -> dict[str, int]:
        """How many runs are in each state, of a kind if one is named."""
        condition, values = _of_kind(kind)
        return dict(self._read(f"SELECT state, count(*) FROM runs {condition} GROUP BY state", *values))

    def row(self, run: str) -> IndexedRun | None:
        """One run, by its whole id."""
        return next(iter(self._rows("WHERE run = ?", run)), None)

    def events(self, after: int, runs: Sequence[str], limit: int = 5000) -> list[IndexedEvent]:
        """Events of these runs with an id above `after`, in order."""
        numbers = "SELECT number FROM runs WHERE run IN (SELECT value FROM json_each(?))"
        # by run first: where a reader begins at 0, a walk by id would read the whole index
        rows = self._read(
            "SELECT id, (SELECT run FROM runs WHERE number = events.run), line FROM events INDEXED BY events_of_run "
            f"WHERE run IN ({numbers}) AND id > ? ORDER BY id LIMIT ?",
            *(json.dumps(list(runs)), after, limit),
        )
        return [IndexedEvent(*row) for row in rows]

    def last(self) -> int:
        """The highest id that an event ever had; 0 without an index."""
        rows = self._read("SELECT seq FROM sqlite_sequence WHERE name = 'events'")
        return int(rows[0][0]) if rows else 0

    def close(self) -> None:
        with self._lock:
            if self._connection:
                self._connection.close()
            self._connection = None

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        assert self.writing
        assert self._connection
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
                self._connection.execute("COMMIT")
            except DAMAGED as error:
                raise JournalError(f"the index {self.path} cannot be written: {error}") from None
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def _rows(self, condition: str, *values: Any) -> list[IndexedRun]:
        rows = self._read(f"SELECT number, job, progress, last FROM runs {condition}", *values)
        try:
            return list(map(_indexed_run, rows))
        except DAMAGED as error:
            raise JournalError(f"the index {self.path} cannot be read: {error}") from None

    def _read(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._lock:
            try:
                connection = self._connection if self.writing else self._reader()
                return connection.execute(statement, values).fetchall() if connection else []
            except sqlite3.Error as error:
                raise JournalError(f"the index {self.path} cannot be read: {error}") from None

    def _reader(self) -> sqlite3.Connection | None:
        """A connection to the file that has the name now, or None; one to a file that was replaced is closed."""
        try:
            inode = self.path.stat().st_ino
        except FileNotFoundError:
            inode = 0
        if self._connection and inode != self._inode:
            self._connection.close()
            self._connection = None
        if inode and not self._connection:
            self._connection, self._inode = open_to_read(self.path), inode
        return self._connection


def _of_kind(kind: str) -> tuple[str, tuple[str, ...]]:
    """The condition for the runs of a kind, and its values; all runs where none is named."""
    return (f"WHERE {search.KIND} = ?", (kind,)) if kind else ("", ())


def _try_ingest(connection: sqlite3.Connection, folder: RunFolder) -> int:
    try:
        return _ingest(connection, folder)
    except (JournalError, OSError):
        return 0  # the folder is being removed, or holds no run


def _ingest(connection: sqlite3.Connection, folder: RunFolder) -> int:
    """Add what was appended to one run's file, inside a transaction; the number of new events."""
    select = "SELECT number, job, created, offset, seq, progress, mark, lines_sum FROM runs WHERE run = ?"
    row = connection.execute(select, (folder.run,)).fetchone() or _insert_run(connection, folder)
    number, job, created, offset, seq, progress, mark, lines_sum = row
    lines, end = folder.lines(offset, CHUNK)
    if _tail_checksum(folder, offset) != mark:
        # a machine that lost power may have lost the end of a file, and the run gone on from there
        connection.execute("DELETE FROM runs WHERE number = ?", (number,))
        return _ingest(connection, folder)
    now = Progress.from_json(json.loads(progress))
    new_events = []
    for record, line in lines:
        if record.seq > seq:
            seq, now, lines_sum = record.seq, after(now, record), crc32(line.encode(), lines_sum)
            new_events.append((number, seq, line))
    connection.executemany("INSERT INTO events(run, seq, line) VALUES(?, ?, ?)", new_events)
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
        (*row, row_checksum(row), number),
    )
    return len(new_events)


def _insert_run(connection: sqlite3.Connection, folder: RunFolder) -> tuple[Any, ...]:
    """A row for a run that is not in the index, with nothing of its file; the columns that `_ingest` selects."""
    job = folder.job()
    row = (json.dumps(asdict(job)), job.created, 0, 0, "{}", 0, 0)
    cursor = connection.execute(
        "INSERT INTO runs(run, state, last, row_sum, job, created, offset, seq, progress, mark, lines_sum) "
        "VALUES(?, 'queued', 0, 0, ?, ?, ?, ?, ?, ?, ?)",
        (folder.run, *row),
    )
    return (cursor.lastrowid, *row)


def _tail_checksum(folder: RunFolder, offset: int) -> int:
    """A checksum of the bytes just before an offset in a run's file."""
    with folder.events.open("rb") as file:
        file.seek(max(0, offset - TAIL))
        return crc32(file.read(min(offset, TAIL)))


def _indexed_run(row: tuple[Any, ...]) -> IndexedRun:
    number, job, progress, last = row
    return IndexedRun(number, Job(**json.loads(job)), Progress.from_json(json.loads(progress)), last)

"""The index's file: its tables as ordered migrations, how it is opened, and when it is replaced.

An index that is damaged, or no index at all, is renamed to index.corrupt-UTC and made anew from the files of
the runs, so no backups of it are kept.
"""

import os
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote
from zlib import crc32

from resnet_explorer.errors import JournalError
from resnet_explorer.runs.run_folder import milliseconds

# SQLite from here on cannot lose a commit where two connections write; we write by one alone
SOUND_SQLITE = (3, 51, 3)
APPLICATION = 0x52455831
# each is applied once, in this order; one that was released is never changed
MIGRATIONS = (
    """
    CREATE TABLE runs(
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        run TEXT NOT NULL UNIQUE,
        created INTEGER NOT NULL,
        state TEXT NOT NULL,
        job TEXT NOT NULL,
        progress TEXT NOT NULL,
        offset INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        last INTEGER NOT NULL,
        mark INTEGER NOT NULL,
        lines_sum INTEGER NOT NULL,
        row_sum INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX runs_of_state ON runs(state);
    CREATE INDEX runs_by_age ON runs(created);
    CREATE TABLE events(
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        run INTEGER NOT NULL REFERENCES runs(number) ON DELETE CASCADE,
        seq INTEGER NOT NULL,
        line TEXT NOT NULL,
        UNIQUE(run, seq)
    ) STRICT;
    CREATE INDEX events_of_run ON events(run);
    """,
)
# settings of every connection
CAREFUL = "PRAGMA mmap_size=0; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA foreign_keys=ON;"
DURABLE = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=1000;"
DURABLE += "PRAGMA journal_size_limit=67108864;"
# seconds to wait for a lock
TIMEOUT = 2.0
# errors that say nothing about the file itself; with any other it is replaced
TRANSIENT = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PERM,
}
# the columns of a run that its checksum `row_sum` is over
SUMMED = "run, created, state, job, progress, offset, seq, last, mark, lines_sum"


def open_to_read(path: Path) -> sqlite3.Connection | None:
    """A connection that cannot write; None where the first migration is not done yet."""
    # where nothing can be written beside it, SQLite only opens a file that it may believe never to change
    unchanging = not os.access(path.parent, os.W_OK) and not path.with_name(f"{path.name}-wal").exists()
    connection = _connect(f"file:{quote(str(path))}?mode=ro{'&immutable=1' if unchanging else ''}")
    connection.executescript(f"{CAREFUL} PRAGMA query_only=ON;")
    if connection.execute("PRAGMA user_version").fetchone()[0]:
        return connection
    connection.close()
    return None


def open_to_write(path: Path) -> sqlite3.Connection:
    """The connection that writes; a damaged index, and any other file, is renamed first. Raises JournalError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for _ in range(2):
        connection = None
        try:
            connection = _connect(f"file:{quote(str(path))}?mode=rwc")
            if _is_sound(connection):
                return _migrate(connection)
            connection.close()
        except sqlite3.Error as error:
            if connection:
                connection.close()
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in TRANSIENT:
                break
        _set_aside(path)
    raise JournalError(f"the index {path} cannot be opened")


def _connect(address: str) -> sqlite3.Connection:
    return sqlite3.connect(address, uri=True, timeout=TIMEOUT, isolation_level=None, check_same_thread=False)


def _is_sound(connection: sqlite3.Connection) -> bool:
    """Whether a file is empty, or an undamaged index of a version that this program knows."""
    version, application, tables = (
        connection.execute(query).fetchone()[0]
        for query in ("PRAGMA user_version", "PRAGMA application_id", "SELECT count(*) FROM sqlite_schema")
    )
    if not tables:
        return True
    if application != APPLICATION or not 1 <= version <= len(MIGRATIONS):
        return False
    return connection.execute("PRAGMA integrity_check(1)").fetchall() == [("ok",)] and _checksums_fit(connection)


def _checksums_fit(connection: sqlite3.Connection) -> bool:
    """Whether every text is as it was written: SQLite's own check looks at the structure alone."""
    lines = "SELECT line FROM events WHERE run = ? ORDER BY seq"
    for number, lines_sum, row_sum, *row in connection.execute(
        f"SELECT number, lines_sum, row_sum, {SUMMED} FROM runs"
    ):
        checksum = 0
        for (line,) in connection.execute(lines, (number,)):
            checksum = crc32(line.encode(), checksum)
        if checksum != lines_sum or row_checksum(row) != row_sum:
            return False
    return True


def row_checksum(row: Iterable[object]) -> int:
    """The checksum of a run's columns in SUMMED."""
    return crc32(repr(tuple(row)).encode())


def _migrate(connection: sqlite3.Connection) -> sqlite3.Connection:
    """The same connection, after the migrations that were missing."""
    connection.executescript(f"{CAREFUL} {DURABLE}")
    done = connection.execute("PRAGMA user_version").fetchone()[0]
    for number, statements in enumerate(MIGRATIONS[done:], done + 1):
        # ids of events begin at the present time in microseconds: above those of any index that was here before
        first = f"INSERT INTO sqlite_sequence VALUES('events', {1000 * milliseconds()});" if number == 1 else ""
        signed = f"PRAGMA application_id={APPLICATION}; PRAGMA user_version={number};"
        connection.executescript(f"BEGIN IMMEDIATE; {statements} {first} {signed} COMMIT;")
    return connection


def _set_aside(path: Path) -> None:
    # the index before its log: a reader then sees no index rather than one without its log
    utc = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    for ending in ("", "-wal", "-shm"):
        file = path.with_name(path.name + ending)
        if file.exists():
            os.rename(file, path.with_name(f"{path.stem}.corrupt-{utc}{ending}"))


def old_sqlite() -> str:
    """A sentence where SQLite is one that can lose commits of two writers; of ours there is one."""
    if sqlite3.sqlite_version_info >= SOUND_SQLITE:
        return ""
    wanted = ".".join(map(str, SOUND_SQLITE))
    return f"SQLite {sqlite3.sqlite_version} is older than {wanted}; let nothing else write to index.sqlite3"

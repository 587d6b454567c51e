"""The index: it agrees with the files, whatever happens to it, and is made anew where it cannot be trusted."""

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from math import isnan
from pathlib import Path

import pytest

from resnet_explorer.errors import JournalError
from resnet_explorer.runs.events import Event, Queued, Started, Stepped, Stopped
from resnet_explorer.runs.index.schema import CAREFUL, MIGRATIONS
from resnet_explorer.runs.index.store import CHUNK, Store
from resnet_explorer.runs.run_folder import RunFolder, run_folders
from tests.fixtures.cases import many
from tests.fixtures.runs import queued_run

# SQLite's own header, the root of the tables, and anywhere
PLACES = [16, 18, 24, 40, 60, 96, 100, *random.Random(4).sample(range(100, 60_000), many(23))]


def step(number: int, loss: float = 1.0) -> Stepped:
    return Stepped(number, number * 0.1, loss, 0.5, 0.1, 10.0, 1.0, (1.0, 2.0, 3.0))


def steps(folder: RunFolder, first: int, last: int, loss: float = 1.0) -> None:
    with folder.writer() as writer:
        for number in range(first, last + 1):
            writer.append(step(number, loss))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    with Store(home / "index.sqlite3", writing=True) as writing:
        yield writing


def agrees(store: Store, home: Path) -> bool:
    """Whether the index tells every run's file, line for line, and where it stands."""
    for folder in run_folders(home):
        lines = [one.line for one in store.events(0, [folder.run], limit=100_000)]
        if lines != [line for _, line in folder.lines()[0]]:
            return False
    return len(store.rows(10_000)) == len(list(run_folders(home)))


def test_a_file_is_taken_in_once(home: Path, store: Store) -> None:
    folder = queued_run(home)
    steps(folder, 1, 5)
    assert [store.ingest(folder), store.ingest(folder)] == [6, 0]
    steps(folder, 6, 7)
    assert store.ingest(folder) == 2
    assert agrees(store, home)


def test_a_line_that_is_not_whole_yet_waits(home: Path, store: Store) -> None:
    folder = queued_run(home)
    with folder.events.open("ab") as file:
        file.write(b'{"seq":2')
    assert store.ingest(folder) == 1
    steps(folder, 1, 1)
    assert store.ingest(folder) == 1
    assert agrees(store, home)


def test_a_long_file_is_taken_in_by_pieces(home: Path, store: Store) -> None:
    folder = queued_run(home)
    steps(folder, 1, 100)
    lines = folder.events.read_bytes().splitlines(keepends=True)
    more = [lines[-1].replace(b'"seq":101,', b'"seq":%d,' % seq) for seq in range(102, 30_000)]
    with folder.events.open("ab") as file:
        file.writelines(more)
    assert folder.events.stat().st_size > CHUNK
    pieces = [store.ingest(folder) for _ in range(3)]
    assert pieces[0] < 29_999 == sum(pieces)
    assert agrees(store, home)


def test_a_list_shows_the_newest_first_and_where_each_stands(home: Path, store: Store) -> None:
    made = [queued_run(home, owner=f"owner {number}") for number in range(3)]
    steps(made[0], 1, 4)
    store.ingest(*made)
    rows = store.rows()
    assert [row.job.run for row in rows] == [folder.run for folder in reversed(made)]
    assert (rows[2].progress.step, rows[2].job.owner, rows[1].progress.step) == (4, "owner 0", 0)
    assert store.row(made[0].run) == rows[2]
    assert store.row("nobody") is None


def test_live_runs_are_those_that_have_not_ended(home: Path, store: Store) -> None:
    made = [queued_run(home) for _ in range(3)]
    last: tuple[Event, ...] = (Started(0, 5), Stopped(1, 0.1), Queued())
    for folder, event in zip(made, last, strict=True):
        with folder.writer() as writer:
            writer.append(event)
    store.ingest(*made)
    assert [row.job.run for row in store.live()] == [made[0].run, made[2].run]


@pytest.mark.parametrize("loss", [float("nan"), float("inf"), -float("inf")])
def test_what_is_not_finite_survives_as_itself(home: Path, store: Store, loss: float) -> None:
    folder = queued_run(home)
    with folder.writer() as writer:
        writer.append(step(1, loss))
    store.ingest(folder)
    row = store.row(folder.run)
    assert row is not None
    assert repr(row.progress.loss) == repr(loss)
    assert ('"loss":"NaN"' in store.events(0, [folder.run])[-1].line) == isnan(loss)


def test_a_reader_that_follows_the_ids_misses_nothing(home: Path, store: Store) -> None:
    made = [queued_run(home) for _ in range(3)]
    read, cursor = [], 0
    with Store(home / "index.sqlite3") as reader:
        for first in range(1, 40, 4):
            for folder in made:
                steps(folder, first, first + 3)
                store.ingest(folder)
            events = reader.events(cursor, [folder.run for folder in made], limit=7)
            read += events
            cursor = events[-1].id
        read += reader.events(cursor, [folder.run for folder in made])
        assert read[-1].id == reader.last()
    assert read == store.events(0, [folder.run for folder in made])
    assert len(read) == 3 * 41


def test_readers_see_no_index_as_an_empty_one(home: Path) -> None:
    with Store(home / "index.sqlite3") as reader:
        assert (reader.rows(), reader.last(), reader.events(0, ["a"])) == ([], 0, [])
        folder = queued_run(home)
        with Store(home / "index.sqlite3", writing=True) as store:
            store.ingest(folder)
        assert [row.job.run for row in reader.rows()] == [folder.run]


def test_a_reader_cannot_write(home: Path, store: Store) -> None:
    with Store(home / "index.sqlite3") as reader, pytest.raises(JournalError, match="readonly"):
        reader._read("DELETE FROM runs")


def test_a_run_that_is_gone_is_left_out(home: Path, store: Store) -> None:
    kept, gone = queued_run(home), queued_run(home)
    store.ingest(kept, gone)
    store.forget([gone.run])
    assert [row.job.run for row in store.rows()] == [kept.run]
    assert store.events(0, [gone.run]) == []


def test_a_folder_that_vanishes_holds_no_other_up(home: Path, store: Store) -> None:
    kept, gone = queued_run(home), queued_run(home)
    shutil.rmtree(gone.path)
    assert store.ingest(gone, kept) == 1


def test_a_file_that_lost_its_end_is_read_anew(home: Path, store: Store) -> None:
    folder = queued_run(home)
    steps(folder, 1, 9)
    store.ingest(folder)
    cursor = store.last()
    lines = folder.events.read_bytes().splitlines(keepends=True)
    folder.events.write_bytes(b"".join(lines[:5]))
    steps(folder, 5, 12, loss=2.0)
    store.ingest(folder)
    assert agrees(store, home)
    assert len(store.events(cursor, [folder.run])) == len(lines[:5]) + 8


def test_an_index_is_made_with_what_was_promised(home: Path, store: Store) -> None:
    promised = {"journal_mode": "wal", "synchronous": 2, "mmap_size": 0, "foreign_keys": 1, "cell_size_check": 1}
    promised |= {"trusted_schema": 0, "wal_autocheckpoint": 1000, "user_version": len(MIGRATIONS)}
    rows_by_name = {name: store._read(f"PRAGMA {name}") for name in promised}
    assert {name: rows[0][0] if rows else 0 for name, rows in rows_by_name.items()} == promised


def test_a_locked_index_is_refused_and_taken_up_again(
    home: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = queued_run(home)
    store._read("PRAGMA busy_timeout = 50")
    with closing(sqlite3.connect(home / "index.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalError, match="locked"):
            store.ingest(folder)
        with Store(home / "index.sqlite3") as reader:
            assert reader.rows() == []
        other.execute("ROLLBACK")
    assert store.ingest(folder) == 1


def filled(home: Path) -> bytes:
    """A home with an index, closed; what is in the index's file."""
    made = [queued_run(home) for _ in range(4)]
    for folder in made:
        steps(folder, 1, 60)
    with Store(home / "index.sqlite3", writing=True) as store:
        store.ingest(*made)
    return (home / "index.sqlite3").read_bytes()


@pytest.mark.parametrize("place", PLACES)
def test_a_damaged_index_is_never_believed(home: Path, place: int) -> None:
    sound = filled(home)
    damaged = bytearray(sound)
    damaged[place : place + 64] = random.Random(place).randbytes(64)
    (home / "index.sqlite3").write_bytes(damaged[: len(sound)])
    with Store(home / "index.sqlite3", writing=True) as store:
        store.ingest(*run_folders(home))
        assert agrees(store, home)


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\x00", bytes(8192)])
def test_a_file_that_is_no_index_is_set_aside_and_kept(home: Path, content: bytes) -> None:
    (home / "index.sqlite3").write_bytes(content)
    folder = queued_run(home)
    with Store(home / "index.sqlite3", writing=True) as store:
        assert store.ingest(folder) == 1
    aside = [path.read_bytes() for path in home.glob("index.corrupt-*")]
    assert aside in ([], [content])
    assert bool(aside) or not content.strip(b"\x00")


@pytest.mark.parametrize("pragma", ["application_id=7", "user_version=999"])
def test_an_index_of_another_program_or_a_later_version_is_set_aside(home: Path, pragma: str) -> None:
    filled(home)
    with closing(sqlite3.connect(home / "index.sqlite3")) as other:
        other.execute(f"PRAGMA {pragma}")
    with Store(home / "index.sqlite3", writing=True) as store:
        assert store.rows() == []
    assert list(home.glob("index.corrupt-*"))


def test_an_index_made_anew_has_higher_ids_for_the_readers_that_wait(home: Path) -> None:
    filled(home)
    with Store(home / "index.sqlite3") as reader:
        before = reader.last()
        (home / "index.sqlite3").write_bytes(b"damage")
        with Store(home / "index.sqlite3", writing=True) as store:
            store.ingest(*run_folders(home))
            assert len(reader.events(before, [folder.run for folder in run_folders(home)])) == 4 * 61


@pytest.mark.parametrize("seed", range(many(20)))
def test_a_torn_log_leaves_a_consistent_index_that_catches_up(tmp_path: Path, seed: int) -> None:
    home, power = random.Random(seed), tmp_path / "after"
    made = [queued_run(tmp_path) for _ in range(2)]
    with Store(tmp_path / "index.sqlite3", writing=True) as store:
        for first in range(1, 60, 6):
            for folder in made:
                steps(folder, first, first + 5)
            store.ingest(*made)
        # what a machine that loses power leaves: the log cut, zeroed or garbled somewhere
        shutil.copytree(tmp_path, power, ignore=shutil.ignore_patterns("after", "*-shm"))
    log = power / "index.sqlite3-wal"
    content = bytearray(log.read_bytes())
    cut = home.randrange(len(content))
    tail = home.choice([b"", bytes(len(content) - cut), home.randbytes(len(content) - cut)])
    log.write_bytes(content[:cut] + tail)
    with Store(power / "index.sqlite3", writing=True) as store:
        store.ingest(*run_folders(power))
        assert agrees(store, power)


def test_reading_from_the_start_walks_no_other_run(home: Path, store: Store) -> None:
    plan = store._read("EXPLAIN QUERY PLAN SELECT id FROM events INDEXED BY events_of_run WHERE run = 1 AND id > 5")
    assert "events_of_run (run=? AND rowid>?)" in plan[0][3]
    assert "mmap_size=0" in CAREFUL

"""Killed at random: workers, their owner, both. Nothing said is lost, nothing is told twice, no state is wrong.

The ordinary suite kills fifty times; KILLS=1000 in the environment kills more (`make reliability`).
"""

import os
import random
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from resnet_explorer.runs.events import ENDED, RESUMABLE, Record
from resnet_explorer.runs.index.store import Store
from resnet_explorer.runs.run_folder import RunFolder, run_folders
from tests.fixtures.cases import Count
from tests.fixtures.owner_process import Owner, alive
from tests.fixtures.runs import queued_run, queued_training, reaches, resume, state, steps, until

KILLS = int(os.environ.get("KILLS", "50"))
# kills in one home
TOGETHER = 10
FAULTS = ("worker", "owner", "both")
RUNS = 3


class Reader:
    """Somebody who follows the index by the ids of events, as a browser does, whoever dies behind it."""

    def __init__(self, home: Path) -> None:
        self.index = Store(home / "index.sqlite3")
        self.events: list[tuple[str, str]] = []
        self.cursor = 0

    def read(self, runs: list[RunFolder]) -> None:
        for one in self.index.events(self.cursor, [folder.run for folder in runs]):
            assert one.id > self.cursor
            self.cursor = one.id
            self.events.append((one.run, one.line))


class World:
    """A home with three runs at work, an owner who can be killed, and a reader."""

    def __init__(self, home: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.home = home
        self.owner = Owner(home)
        self.runs = [self.new() for _ in range(RUNS)]
        self.reader = Reader(home)
        self.slowest = 0.0

    def new(self) -> RunFolder:
        return queued_run(self.home, steps=100_000, pause=0.003)

    def wait(self) -> None:
        """Until all runs are at work, and have said a little more, or a good deal."""
        until(lambda: all(state(folder) == "running" for folder in self.runs))
        more = self.chance.randrange(0, 60)
        enough = sum(map(length, self.runs)) + more
        until(lambda: sum(map(length, self.runs)) >= enough)
        self.reader.read(self.runs)

    def strike(self, fault: str) -> None:
        before = {folder.run: content(folder) for folder in self.runs}
        victim = self.chance.choice(self.runs)
        if fault != "owner":
            os.kill(self.owner.workers()[victim.run], signal.SIGKILL)
        since = time.monotonic()
        if fault != "worker":
            self.owner.kill()
            self.owner.start()
        for folder in self.runs:
            assert content(folder).startswith(before[folder.run])
        self.recover(victim if fault == "worker" else None)
        self.slowest = max(self.slowest, time.monotonic() - since)

    def recover(self, victim: RunFolder | None) -> None:
        """Every run that was at work is told to be interrupted, and goes on when it is asked to."""
        for folder in [victim] if victim else self.runs:
            until(lambda folder=folder: state(folder) in ("interrupted", "queued"))  # type: ignore[misc]
        for folder in self.runs:
            if state(folder) in RESUMABLE:
                resume(folder)

    def end(self) -> None:
        for folder in self.runs:
            until(lambda folder=folder: state(folder) == "running")  # type: ignore[misc]
            folder.write_command("stop")
            until(lambda folder=folder: state(folder) == "stopped")  # type: ignore[misc]
        self.owner.end()


def content(folder: RunFolder) -> bytes:
    """All whole lines of a run."""
    text = folder.events.read_bytes()
    return text[: text.rfind(b"\n") + 1]


def length(folder: RunFolder) -> int:
    return folder.events.stat().st_size // 100


@pytest.fixture(params=range(KILLS // TOGETHER))
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, request.param)
    yield made
    if made.owner.process.poll() is None:
        made.owner.kill()
    made.reader.index.close()


def test_kills_lose_nothing_double_nothing_and_leave_no_orphan(world: World, count: Count) -> None:
    for _ in range(TOGETHER):
        world.wait()
        with count():
            world.strike(world.chance.choice(FAULTS))
    world.end()
    world.reader.read(world.runs)
    for folder in world.runs:
        assert_nothing_lost(folder)
    assert_index_is_whole(world.home)
    assert_reader_missed_nothing(world)
    assert not any(map(alive, world.owner.seen))
    assert world.slowest < 5


def assert_nothing_lost(folder: RunFolder) -> None:
    """Numbers without a gap, every step that was acknowledged, a curve without a gap, and an end."""
    records = folder.records()[0]
    assert [record.seq for record in records] == list(range(1, len(records) + 1))
    acknowledged = list(map(int, (folder.path / "acknowledged").read_text().split()))
    assert set(acknowledged) <= {getattr(record.event, "step", 0) for record in records}
    assert steps(folder) == list(range(1, steps(folder)[-1] + 1))
    assert attempts(records) == list(range(1, records[-1].attempt + 1))
    assert state(folder) in ENDED


def attempts(records: list[Record]) -> list[int]:
    return sorted({record.attempt for record in records})


def assert_index_is_whole(home: Path) -> None:
    with closing(sqlite3.connect(home / "index.sqlite3")) as index:
        assert index.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    with Store(home / "index.sqlite3") as index:
        for folder in run_folders(home):
            lines = [one.line for one in index.events(0, [folder.run], 1_000_000)]
            assert lines == [line for _, line in folder.lines()[0]]
            row = index.row(folder.run)
            assert row is not None
            assert row.progress.state == state(folder)


def assert_reader_missed_nothing(world: World) -> None:
    for folder in world.runs:
        lines = [line for run, line in world.reader.events if run == folder.run]
        assert lines == [line for _, line in folder.lines()[0]]


def test_a_real_run_survives_kills_without_a_gap_in_its_curve(tmp_path: Path) -> None:
    owner = Owner(tmp_path, "train")
    folder = queued_training(tmp_path, steps=60, save=10)
    for fault, step in (("worker", 5), ("owner", 25)):
        reaches(folder, step, 60)
        if fault == "worker":
            os.kill(owner.workers()[folder.run], signal.SIGKILL)
        else:
            owner.kill()
            owner.start()
        until(lambda: state(folder) == "interrupted", 60)
        resume(folder)
    until(lambda: state(folder) == "finished", 60)
    owner.end()
    assert steps(folder) == list(range(1, 61))
    assert_index_is_whole(tmp_path)

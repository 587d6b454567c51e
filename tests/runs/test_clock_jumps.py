"""A clock that jumps by up to a day at every look: order, states and durations are those of a steady one."""

import random
import time
from pathlib import Path

import pytest

from resnet_explorer.runs.index.store import Store
from tests.fixtures.cases import Count, many
from tests.fixtures.runs import queued_run, resume, state, steps, supervised, until

A_DAY = 86_400 * 10**9


@pytest.fixture
def jumping(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wall time that jumps ahead or back whenever it is asked for."""
    chance, steady = random.Random(5), time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: steady() + chance.randint(-A_DAY, A_DAY))
    monkeypatch.setattr(time, "time", lambda: time.time_ns() / 1e9)


@pytest.mark.usefixtures("jumping")
def test_runs_end_in_order_whatever_the_clock_says(tmp_path: Path, count: Count) -> None:
    with supervised(tmp_path), Store(tmp_path / "index.sqlite3") as index:
        for _ in range(many(5)):
            with count():
                folder = queued_run(tmp_path, steps=200, pause=0.001)
                until(lambda folder=folder: len(steps(folder)) > 3)  # type: ignore[misc]
                folder.write_command("stop")
                until(lambda folder=folder: state(folder) == "stopped")  # type: ignore[misc]
                resume(folder)
                until(lambda folder=folder: state(folder) == "finished")  # type: ignore[misc]
                assert steps(folder) == list(range(1, 201))
                until(lambda run=folder.run: (row := index.row(run)) and row.progress.state == "finished")  # type: ignore[misc]
                events = index.events(0, [folder.run], 10_000)
                assert [event.line for event in events] == [line for _, line in folder.lines()[0]]
                row = index.row(folder.run)
                assert row is not None
                assert row.progress.seconds == pytest.approx(20)

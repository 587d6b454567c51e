"""Room is made of what can be made again, the longest unused first, and of nothing that may go on."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from resnet_explorer.executors import housekeeping
from resnet_explorer.executors.housekeeping import A_DAY, AN_HOUR, PAUSE, ROOM, Housekeeper
from resnet_explorer.runs.events import Event, Failed, Finished, Started, Stopped
from resnet_explorer.runs.run_folder import TRAIN, Job, RunFolder, new_id


def pack(home: Path, name: str, unused: float) -> Path:
    folder = home / "packs" / name
    folder.mkdir(parents=True)
    (folder / "train.npy").write_bytes(b"0" * 100)
    os.utime(folder, (time.time() - unused,) * 2)
    return folder


def run(home: Path, *events: Event, ago: float = 2 * A_DAY, monkeypatch_time: Callable[[float], None]) -> Path:
    monkeypatch_time(ago)
    folder = RunFolder.create(home, Job(new_id(), TRAIN, {}))
    with folder.writer() as writer:
        for event in events:
            writer.append(event)
    weights = folder.path / "checkpoints"
    weights.mkdir()
    (weights / "10.pt").write_bytes(b"0" * 100)
    return weights


class Disk:
    """Room that grows by a third of what is needed with each removal."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.before = self._folders()

    def __call__(self, home: Path) -> int:
        return (self.before - self._folders()) * ROOM // 3

    def _folders(self) -> int:
        return len(list(self.home.glob("packs/*"))) + len(list(self.home.glob("runs/*/checkpoints")))


def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    def turn_back(ago: float) -> None:
        from resnet_explorer.runs import run_folder

        monkeypatch.setattr(run_folder, "milliseconds", lambda: int(1000 * (time.time() - ago)))

    return turn_back


def test_packs_go_before_weights_and_the_longest_unused_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    turn_back = clock(monkeypatch)
    new, old, older = pack(tmp_path, "new", 0), pack(tmp_path, "old", 2 * AN_HOUR), pack(tmp_path, "older", 9 * AN_HOUR)
    finished = run(tmp_path, Started(0, 10), Finished(10, 1.0), ago=3 * A_DAY, monkeypatch_time=turn_back)
    failed = run(tmp_path, Started(0, 10), Failed("no", "error"), ago=2 * A_DAY, monkeypatch_time=turn_back)
    removed = Housekeeper(tmp_path, Disk(tmp_path)).look()
    assert removed == [older, old, finished]
    assert new.exists()
    assert failed.exists()


def test_what_may_go_on_or_is_young_is_kept_on_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    turn_back = clock(monkeypatch)
    stopped = run(tmp_path, Started(0, 10), Stopped(5, 1.0), monkeypatch_time=turn_back)
    live = run(tmp_path, Started(0, 10), monkeypatch_time=turn_back)
    waiting = run(tmp_path, monkeypatch_time=turn_back)
    young = run(tmp_path, Started(0, 10), Finished(10, 1.0), ago=60, monkeypatch_time=turn_back)
    assert Housekeeper(tmp_path, lambda home: 0).look() == []
    assert all(weights.exists() for weights in (stopped, live, waiting, young))


def test_a_disk_with_room_is_left_alone_and_looked_at_every_so_often(tmp_path: Path) -> None:
    pack(tmp_path, "old", 2 * AN_HOUR)
    free = [ROOM]
    keeper = Housekeeper(tmp_path, lambda home: free[0])
    assert keeper.look(now=1.0) == []
    free[0] = 0
    assert keeper.look(now=2.0) == []
    assert [path.name for path in keeper.look(now=2.0 + PAUSE)] == ["old"]


def test_a_home_without_anything_is_no_trouble(tmp_path: Path) -> None:
    assert Housekeeper(tmp_path / "missing").look() == []
    assert housekeeping._free_bytes(tmp_path) > 0

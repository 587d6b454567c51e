"""A run's folder here and its copy on a node: what is carried there, what comes back, and what a loss leaves."""

import io
import os
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from resnet_explorer.errors import JournalError
from resnet_explorer.executors.mirror import LOST, MOST_LOST, Mirror, home_id
from resnet_explorer.executors.spool import News, Order, Spool, Stamp
from resnet_explorer.runs.events import Interrupted, Noted, Paused, Prepared, Saved, Started
from resnet_explorer.runs.run_folder import RunFolder
from tests.fixtures.runs import KINDS, kinds, queued_run, resume, state, steps, until

LINE = b'{"seq":2,"time":1,"attempt":1,"kind":"started","step":0,"steps":5}\n'


class Node:
    """A node's folder, and the attempts that are worked on there."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def spool(self, mirror: Mirror, attempt: int = 1, seconds: float = 60) -> Spool:
        folder = mirror.folder
        name = f"home-{folder.run}-{attempt}"
        how = (KINDS, "cpu", 1, seconds, str(self.root), ("cifar10",))
        return Spool(Order(name, folder.run, attempt, *how), mirror.cargo())


@pytest.fixture
def node(tmp_path: Path) -> Node:
    return Node(tmp_path / "node")


def follow(mirror: Mirror, spool: Spool, command: str = "run", request: str = "") -> News:
    """Look until the attempt has ended; the last news."""
    known: dict[str, Stamp] = {}

    def look() -> News | None:
        news = spool.look(mirror.offset, known, command, request)
        mirror.take(news)
        known.update({name: stamp for name, (stamp, _) in news.files.items()})
        return None if news.code is None else news

    return until(look)  # type: ignore[return-value]


def follow_to(mirror: Mirror, spool: Spool, step: int) -> None:
    """Look until a step has come home."""

    def look() -> bool:
        mirror.take(spool.look(mirror.offset, {}, "run", ""))
        return step in steps(mirror.folder)

    until(look)


def files(cargo: bytes) -> set[str]:
    with tarfile.open(fileobj=io.BytesIO(cargo)) as tar:
        return set(tar.getnames())


def news(files: Mapping[str, tuple[Stamp, bytes]], *checkpoints: str, lines: bytes = b"") -> News:
    return News(lines, files, checkpoints, None)


def test_a_run_at_home_becomes_what_it_is_on_the_node(tmp_path: Path, node: Node) -> None:
    folder = queued_run(tmp_path, steps=25)
    mirror = Mirror(folder)
    spool = node.spool(mirror)
    assert follow(mirror, spool).code == 0
    assert folder.events.read_bytes() == spool.folder.events.read_bytes()
    assert steps(folder) == list(range(1, 26))
    names = [sorted(path.name for path in each.path.glob("*/*.pt")) for each in (folder, spool.folder)]
    assert names[0] == names[1] == ["0000010.pt", "0000020.pt"]


def test_nobody_else_writes_while_a_run_is_mirrored(tmp_path: Path) -> None:
    folder = queued_run(tmp_path)
    mirror = Mirror(folder)
    with pytest.raises(JournalError):
        folder.writer()
    mirror.close()
    assert not folder.is_locked()


def test_a_line_that_a_crash_tore_comes_again_whole(tmp_path: Path) -> None:
    folder = queued_run(tmp_path)
    whole = folder.events.read_bytes()
    with folder.events.open("ab") as file:
        file.write(LINE[:20])
    mirror = Mirror(folder)
    assert folder.events.read_bytes() == whole
    mirror.take(news({}, lines=LINE))
    assert folder.events.read_bytes() == whole + LINE


def test_a_stop_reaches_the_node_and_what_it_saves_comes_home(tmp_path: Path, node: Node) -> None:
    folder = queued_run(tmp_path, steps=100_000, pause=0.01)
    mirror = Mirror(folder)
    spool = node.spool(mirror)
    follow_to(mirror, spool, 1)
    follow(mirror, spool, command="stop")
    assert kinds(folder)[-2:] == ["saved", "stopped"]
    assert (folder.path / "checkpoints" / f"{steps(folder)[-1]:07d}.pt").exists()


def test_a_new_attempt_goes_on_from_what_came_home(tmp_path: Path, node: Node) -> None:
    folder = queued_run(tmp_path, steps=40, pause=0.01)
    mirror = Mirror(folder)
    spool = node.spool(mirror)
    follow_to(mirror, spool, 11)
    follow(mirror, spool, request="cancel")
    mirror.close()
    resume(folder)
    spool.clear()
    assert not spool.home.exists()
    again = Mirror(folder)
    follow(again, Node(tmp_path / "other").spool(again, attempt=2))
    assert steps(folder) == list(range(1, 41))
    assert [record.event.step > 0 for record in folder.records()[0] if isinstance(record.event, Started)] == [
        False,
        True,
    ]


def test_a_run_that_takes_too_long_is_interrupted_on_its_node(tmp_path: Path, node: Node) -> None:
    folder = queued_run(tmp_path, steps=100_000, pause=0.01)
    mirror = Mirror(folder)
    follow(mirror, node.spool(mirror, seconds=0.1))
    last = folder.records()[0][-1].event
    assert isinstance(last, Interrupted)
    assert last.code == "wall_time"


def test_checkpoints_that_the_node_dropped_are_dropped_here(tmp_path: Path) -> None:
    folder = queued_run(tmp_path)
    mirror = Mirror(folder)
    one, two = "checkpoints/000000001.pt", "checkpoints/000000002.pt"
    mirror.take(news({one: ((1, 1), b"a")}, one))
    mirror.take(news({two: ((1, 2), b"b")}, two))
    assert [path.read_bytes() for path in folder.path.glob("checkpoints/*")] == [b"b"]


def test_an_analysis_takes_the_checkpoints_of_its_runs_along_and_no_more(tmp_path: Path) -> None:
    trained, other = queued_run(tmp_path), queued_run(tmp_path)
    for folder in (trained, other):
        (folder.path / "checkpoints").mkdir()
        (folder.path / "checkpoints" / "000000010.pt").write_bytes(b"weights")
    lanes = [{"run": trained.run}, {"run": ""}, {"run": "../../etc"}]
    asks = queued_run(tmp_path, "analyse", request={"lanes": lanes})
    own = {f"runs/{asks.run}/{name}" for name in ("job.json", "events.jsonl")}
    theirs = {f"runs/{trained.run}/{name}" for name in ("job.json", "checkpoints/000000010.pt")}
    assert files(Mirror(asks).cargo()) == own | theirs


def test_images_are_the_nodes_and_stay_there(tmp_path: Path, node: Node) -> None:
    mirror = Mirror(queued_run(tmp_path))
    spool = node.spool(mirror)
    (spool.home / "packs" / "prepared").mkdir()
    follow(mirror, spool)
    spool.clear()
    assert (node.root / "packs" / "prepared").is_dir()
    assert (node.root / "downloads" / "cifar10").is_dir()


def test_a_lost_attempt_is_followed_by_the_next_in_the_same_journal(tmp_path: Path) -> None:
    folder = queued_run(tmp_path)
    mirror = Mirror(folder)
    mirror.take(news({}, lines=LINE))
    mirror.requeue("its node is gone")
    records = folder.records()[0]
    assert [record.event for record in records[2:]] == [Noted(f"{LOST}, its node is gone"), Paused(0, 0.0)]
    assert [record.seq for record in records] == [1, 2, 3, 4]
    assert (state(folder), records[-1].attempt) == ("queued", 2)


@pytest.mark.parametrize("saved", [False, True])
def test_a_run_that_gets_nowhere_is_given_up(tmp_path: Path, saved: bool) -> None:
    folder = queued_run(tmp_path)
    for _ in range(MOST_LOST + 1):
        with folder.writer() as writer:
            writer.append(Prepared("numbers"))
            if saved:
                writer.append(Saved(1, "checkpoints/1.pt"))
        mirror = Mirror(folder)
        mirror.requeue("it is gone")
        mirror.close()
    assert state(folder) == ("queued" if saved else "interrupted")


def test_a_disk_that_is_full_leaves_whole_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = queued_run(tmp_path)
    mirror, whole, write = Mirror(folder), folder.events.read_bytes(), os.write

    def full(file: int, text: bytes) -> int:
        if len(text) < 20:
            raise OSError(28, "No space left on device")
        return write(file, text[: len(text) - 10])

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space"):
        mirror.take(news({}, lines=LINE))
    monkeypatch.setattr(os, "write", write)
    assert folder.events.read_bytes() == whole
    mirror.take(news({}, lines=LINE))
    assert folder.events.read_bytes() == whole + LINE


def test_a_home_keeps_its_name_and_another_has_another(tmp_path: Path) -> None:
    homes = [tmp_path / name for name in ("one", "two")]
    assert len({home_id(home) for home in (*homes, *homes)}) == 2


def test_a_run_that_is_gone_cannot_be_mirrored(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Mirror(RunFolder(tmp_path / "runs" / "gone"))

"""A copy that is half written, or means no good, is never put into the home; the one before it is."""

import json
import os
import tarfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from resnet_explorer.errors import RunError
from resnet_explorer.runs import snapshot_file
from resnet_explorer.runs.archives import ArchiveLimits
from resnet_explorer.runs.event_json import format_record
from resnet_explorer.runs.events import Queued, Record
from resnet_explorer.runs.run_folder import Job, RunFolder, new_id
from tests.fixtures.runs import state
from tests.fixtures.snapshots import AT_WORK, FINISHED, Place, contents, happen, save, special, write_copy

RUN = new_id()
QUEUED = {
    "job.json": json.dumps(asdict(Job(RUN, "count", {}))).encode(),
    "events.jsonl": format_record(Record(1, 1, 1, Queued())).encode() + b"\n",
}


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def flip(path: Path) -> None:
    """One bit in the weights."""
    content = bytearray(path.read_bytes())
    content[content.index(b"newer")] ^= 1
    path.write_bytes(content)


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [cut, flip, empty])
def test_of_a_damaged_copy_the_one_before_is_used(place: Place, damage: Callable[[Path], None]) -> None:
    folder = place.run(*AT_WORK, checkpoint=b"weights")
    place.process.look()
    happen(folder, *FINISHED[len(AT_WORK) :])
    save(folder, 20, b"newer weights")
    place.process.look()
    damage(place.copies(folder)[0])
    place.wipe()
    assert state(place.restored(folder)) == "interrupted"
    assert contents(place.restored(folder))["checkpoints/0000010.pt"] == b"weights"


def test_the_copy_that_was_whole_outlives_the_damaged_one(place: Place) -> None:
    folder = place.run(*AT_WORK)
    place.process.look()
    whole = place.copies(folder)[0]
    happen(folder, *FINISHED[len(AT_WORK) :])
    place.process.look()
    damaged = place.copies(folder)[0]
    cut(damaged)
    place.wipe()
    place.process.look()
    assert len(place.copies(folder)) == 2
    assert place.copies(folder)[1] == whole
    assert place.copies(folder)[0].name > damaged.name


def test_a_run_whose_copies_are_all_damaged_is_left_out_and_its_copies_are_left_alone(place: Place) -> None:
    folder, other = place.run(*FINISHED), place.run(*FINISHED)
    place.process.look()
    cut(place.copies(folder)[0])
    place.wipe()
    place.process.look()
    assert [path.name for path in (place.home / "runs").iterdir()] == [other.run]
    assert len(place.copies(folder)) == 1


def test_a_rename_that_leaves_half_a_file_is_noticed_and_the_copy_is_made_again(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = place.run(*FINISHED, checkpoint=b"weights")

    def break_off(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes()[:1000])

    with monkeypatch.context() as unsafe:
        unsafe.setattr(os, "rename", break_off)
        place.process.look(now=1000.0)
        assert place.process.problems == ["copies of runs fail (1): Input/output error"]
    place.process.look(now=2000.0)
    assert place.process.problems == []
    place.wipe()
    assert state(place.restored(folder)) == "finished"


def test_a_copy_that_lost_its_end_unnoticed_is_made_again_by_the_next_process(place: Place) -> None:
    folder = place.run(*FINISHED)
    place.process.look()
    cut(place.copies(folder)[0])
    place.new_process().look()
    place.wipe()
    assert state(place.restored(folder)) == "finished"


LINK = "wanted in copy.tar is a link or a device; only files are read"
HOSTILE: dict[str, tuple[str, dict[str, bytes], *tuple[tarfile.TarInfo, ...]]] = {
    "a link": (LINK, QUEUED, special("wanted", tarfile.SYMTYPE, "/etc/passwd")),
    "a hard link": (LINK, QUEUED, special("wanted", tarfile.LNKTYPE, "job.json")),
    "a device": (LINK, QUEUED, special("wanted", tarfile.CHRTYPE)),
    "a pipe": (LINK, QUEUED, special("wanted", tarfile.FIFOTYPE)),
    "a name that leads out": (
        "copy.tar holds the name '../../cookie-key', which leads outside",
        QUEUED | {"../../cookie-key": b"mine"},
    ),
    "a name from the root": (
        "copy.tar holds the name '/root/cookie-key', which leads outside",
        QUEUED | {"/root/cookie-key": b"mine"},
    ),
    "one name twice": (
        "copy.tar holds job.json twice",
        QUEUED | {"./job.json": b"{}"},
    ),
    "a file that is too large": (
        "wanted in copy.tar is larger than 0 MB",
        QUEUED,
        special("wanted", tarfile.REGTYPE, size=100_001),
    ),
    "too much in all": (
        "it is damaged, or was not written to its end",
        QUEUED | {f"checkpoints/{name}.pt": bytes(90_000) for name in range(5)},
    ),
    "too many files": (
        "copy.tar holds more than 16 files",
        QUEUED | {f"checkpoints/{name}.pt": b"" for name in range(40)},
    ),
    "another run": (
        "it holds another run",
        QUEUED | {"job.json": json.dumps(asdict(Job(new_id(), "count", {}))).encode()},
    ),
    "a job that is nested": (
        f"run {RUN[:6]} has no job that can be read (RecursionError)",
        QUEUED | {"job.json": b"[" * 90_000},
    ),
    "a job that is none": (
        f"run {RUN[:6]} has no job that can be read (TypeError)",
        QUEUED | {"job.json": b'{"run": 1}'},
    ),
    "no job": (
        f"run {RUN[:6]} has no job that can be read (FileNotFoundError)",
        {"events.jsonl": QUEUED["events.jsonl"]},
    ),
    "no events": (
        "it holds no events",
        {"job.json": QUEUED["job.json"]},
    ),
    "events that are none": (
        "it holds no events",
        QUEUED | {"events.jsonl": b"[" * 90_000 + b"\nx\n{}\n"},
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_copy_that_means_no_good_is_refused(
    place: Place, case: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(snapshot_file, "LIMITS", ArchiveLimits(files=16, one=100_000, total=400_000))
    reason, files, *others = HOSTILE[case]
    place.process.look()
    write_copy(place.folder, RUN, files, *others)
    good = place.run(*FINISHED)
    place.process.look()
    before = {path for path in place.home.parent.rglob("*") if place.home not in path.parents}
    place.wipe()
    assert [path.name for path in (place.home / "runs").iterdir()] == [good.run]
    assert {path for path in place.home.parent.rglob("*") if place.home not in path.parents} == before
    assert [record.getMessage() for record in caplog.records] == [f"a copy of {RUN[:6]} is left out: {reason}"]
    with pytest.raises(RunError):
        place.restored(RunFolder(place.home / "runs" / RUN))


def test_a_copy_that_means_well_is_restored_without_what_is_no_part_of_a_run(place: Place) -> None:
    write_copy(place.folder, RUN, QUEUED | {"extra.py": b"x", "checkpoints/a.pkl": b"x", ".hidden": b"x"})
    place.home.mkdir(exist_ok=True)
    place.wipe()
    assert contents(RunFolder(place.home / "runs" / RUN)).keys() == QUEUED.keys()

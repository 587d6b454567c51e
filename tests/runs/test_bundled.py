"""Recorded runs: packed, read back, told apart from the visitor's own."""

from math import inf, isnan, nan
from pathlib import Path

import pytest

from resnet_explorer.errors import JournalError
from resnet_explorer.runs.bundled import BUNDLED_DIR, BundledRun, Provenance, list_bundled, record
from resnet_explorer.runs.events import Event, Finished, Measured, Noted, Queued, Record, Started, Stepped
from resnet_explorer.runs.experiment import prepare
from resnet_explorer.runs.run_folder import Job, new_id

LABEL = Provenance("2026-11-21", "a machine", "0123456789abcdef", "JPEG")
STEP = Stepped(1, 0.123456789, nan, 0.5, 0.1, 1234.5678, inf, (1.0, 2.0))
EVENTS: list[Event] = [
    Queued(),
    Started(0, 1, weights=("a", "b"), versions={"torch": "2"}),
    STEP,
    Measured(1, (1.23456,), (), (nan,)),
    Finished(1, 0.2),
]


def job(created: int = 5) -> Job:
    what = {"line": "cifar-basic-20", "data": "shapes", "recipe": "short", "settings": {}}
    experiment = prepare("cifar-basic-20", "shapes", "short", 0).changes()
    return Job(new_id(), "train", {**what, "experiment": experiment}, created=created)


@pytest.fixture
def packed(tmp_path: Path) -> BundledRun:
    return record(tmp_path, LABEL, job(), [Record(at + 1, at, 1, event) for at, event in enumerate(EVENTS)])


def test_a_recorded_run_is_read_like_a_folder(packed: BundledRun) -> None:
    records, end = packed.records()
    assert [one.kind for one in records] == ["queued", "started", "stepped", "measured", "finished"]
    assert packed.records(end) == ([], end)
    assert packed.job().run == packed.run


def test_what_is_not_finite_is_recorded_as_itself(packed: BundledRun) -> None:
    step = packed.records()[0][2].event
    assert isinstance(step, Stepped)
    assert isnan(step.loss)
    assert step.gradient == inf


def test_a_recording_keeps_four_digits_and_no_single_weights(packed: BundledRun) -> None:
    step = packed.records()[0][2].event
    assert isinstance(step, Stepped)
    assert (step.rate, step.weights) == (1235.0, ())


def test_a_label_says_when_where_and_from_what(packed: BundledRun) -> None:
    assert str(packed.provenance()) == "recorded 2026-11-21, a machine, commit 0123456789, JPEG"


def test_the_same_run_gives_the_same_bytes(packed: BundledRun) -> None:
    before = packed.path.read_bytes()
    record(packed.path.parent, packed.provenance(), packed.job(), packed.records()[0])
    assert packed.path.read_bytes() == before


def test_a_shelf_is_in_the_order_of_its_jobs(tmp_path: Path) -> None:
    made = [record(tmp_path, LABEL, job(created), []) for created in (3, 1, 2)]
    assert [one.run for one in list_bundled(tmp_path)] == [made[at].run for at in (1, 2, 0)]


def test_a_text_with_a_line_separator_is_read_as_one(tmp_path: Path) -> None:
    noted = Record(1, 1, 1, Noted("one\u2028and\x85another"))
    assert record(tmp_path, LABEL, job(), [noted]).records()[0] == [noted]


def test_a_damaged_recording_does_not_hide_the_others(packed: BundledRun) -> None:
    folder = packed.path.parent
    (folder / f"{new_id()}.jsonl.gz").write_bytes(b"x")
    assert [one.run for one in list_bundled(folder)] == [packed.run]


@pytest.mark.parametrize("damage", [lambda whole: whole[:40], lambda whole: b"", lambda whole: b"x" * 100])
def test_a_damaged_recording_is_refused_in_words(packed: BundledRun, damage: object) -> None:
    packed.path.write_bytes(damage(packed.path.read_bytes()))  # type: ignore[operator]
    with pytest.raises(JournalError, match="cannot be read"):
        BundledRun(packed.path.rename(packed.path.with_name(f"{new_id()}.jsonl.gz"))).job()


def test_what_comes_with_the_program_can_be_read_and_is_small() -> None:
    bundled = list(list_bundled())
    assert all(one.records()[0][-1].kind == "finished" and one.provenance().date for one in bundled)
    assert sum(path.stat().st_size for path in BUNDLED_DIR.glob("*")) < 5_000_000

"""What is packed of a run that trained on a GPU: its ends and a step here and there, and what all its steps came to."""

import math
from pathlib import Path

import pytest

from benchmarks import gpu_record
from benchmarks.gpu_record import CHANCE, ENDS, KEPT, Recording, RunSet, sets, summarise, thinned
from resnet_explorer.api.runs import Runs
from resnet_explorer.executors.local import Local
from resnet_explorer.executors.supervisor import Supervisor
from resnet_explorer.runs.bundled import list_bundled
from resnet_explorer.runs.events import Evaluated, Event, Finished, Record, Stepped

LAST = 400


def stepped(step: int, loss: float) -> Stepped:
    return Stepped(step, step / 10, loss, 0.5, 0.1, 100.0, 1.0)


def records(*losses: float) -> list[Record]:
    steps: list[Event] = [stepped(step, loss) for step, loss in enumerate(losses, start=1)]
    events = [*steps, Evaluated(len(losses), 1.0, 1.0, 0.75, 100), Finished(len(losses), 1.0)]
    return [Record(seq, 0, 1, event) for seq, event in enumerate(events)]


def test_ends_are_kept_whole_and_each_fortieth_step_between() -> None:
    kept = [one.event.step for one in thinned(records(*[1.0] * LAST)) if isinstance(one.event, Stepped)]
    assert kept == sorted({*range(1, ENDS + 1), *range(KEPT, LAST + 1, KEPT), *range(LAST - ENDS + 1, LAST + 1)})
    assert len(thinned(records(*[1.0] * LAST))) == len(kept) + 2


def test_a_loss_that_broke_counts_as_chance() -> None:
    row = summarise(records(*[1.0] * 50, *[math.nan] * 25, *[9.0] * 25))
    assert row["last_loss"] == pytest.approx(CHANCE)
    assert row["mean_loss"] == pytest.approx((1 + CHANCE) / 2)
    assert row["test_error"] == 25
    assert summarise([]) == {}


def test_networks_come_before_runs_and_verdict_seeds_begin_at_100() -> None:
    kinds = [one.networks for one in sets()]
    assert kinds == sorted(kinds, reverse=True)
    assert min(seed for one in sets() if not one.networks for seed in one.seeds) == 100


def test_what_ended_is_packed_with_its_seeds_in_one_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpu_record, "PAUSE", 0.1)
    small = {"steps": "4", "warmup": "1", "size": "8", "width": "1/4", "batch": "8", "subset": "64", "test": "64"}
    recording = Recording(Runs(tmp_path), tmp_path / "out", "abc", "a note")
    (tmp_path / "out").mkdir()
    with Supervisor(tmp_path, Local(slots=1, device="cpu")):
        for seed in (100, 101):
            recording.launch(RunSet(["cifar-basic-8:plain"], "shapes", "short", [seed], small))
        gpu_record.wait(recording, 60)
    packed = list(list_bundled(tmp_path / "out" / "recorded"))
    assert len(packed) == len(recording.rows) == 2
    assert len({run.job().group for run in packed}) == 1
    assert {run.provenance().commit for run in packed} == {"abc"}
    assert {row["seed"] for row in recording.rows} == {100, 101}

"""Training as events: what a run says, that it says the same twice, and how it ends and goes on."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from math import inf, isfinite
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from resnet_explorer.errors import BudgetError, RunError
from resnet_explorer.runs.events import Evaluated, Event, Failed, Finished, Measured, Noted, Saved, Started, Stepped
from resnet_explorer.runs.recipes import INITS, SCHEDULES
from resnet_explorer.training.loop import train
from tests.fixtures.tiny_run import NOISY, OPTIMISERS_HERE, curve, experiment, only, ran

HARD = {"ema": "0.9", "clip": "1", "decay": "weights", "smoothing": "0.1"}


@contextmanager
def every_layer_raises(error: Exception) -> Iterator[None]:
    def hook(module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        raise error

    handle = torch.nn.modules.module.register_module_forward_pre_hook(hook)
    try:
        yield
    finally:
        handle.remove()


def test_a_run_says_that_it_starts_each_step_and_that_it_finished(tmp_path: Path) -> None:
    events = ran(experiment(), tmp_path)
    assert [event.step for event in only(Stepped, events)] == [1, 2, 3, 4, 5, 6]
    assert isinstance(events[-1], Finished)
    assert [event.step for event in only(Started, events)] == [0]


def test_what_stands_at_the_start_is_what_the_machine_and_the_images_are(tmp_path: Path) -> None:
    (started,) = only(Started, ran(experiment(), tmp_path))
    assert (started.device, started.precision, started.engine) == ("cpu", "fp32", "eager")
    assert (started.train, started.test, started.data, started.steps) == (64, 32, "shapes", 6)
    assert started.versions["torch"] == torch.__version__


def test_every_unit_is_measured_as_often_as_asked(tmp_path: Path) -> None:
    measured = only(Measured, ran(experiment(), tmp_path))
    assert [event.step for event in measured] == [2, 4, 6]
    assert {(len(event.moments), len(event.responses), len(event.gradients)) for event in measured} == {(4, 3, 4)}


def test_measuring_changes_nothing_in_the_curve(tmp_path: Path) -> None:
    often, never = (ran(experiment(NOISY, measure=every), tmp_path / every) for every in ("1", "0"))
    assert curve(often) == curve(never)


def test_evaluations_and_checkpoints_come_as_often_as_asked_and_at_the_end(tmp_path: Path) -> None:
    events = ran(experiment(evaluate="4", save="5"), tmp_path)
    assert [event.step for event in only(Evaluated, events)] == [4, 6]
    assert [event.step for event in only(Saved, events)] == [5, 6]
    assert all((tmp_path / event.file).is_file() for event in only(Saved, events))


def test_an_evaluation_counts_every_image_that_was_held_out(tmp_path: Path) -> None:
    (evaluated,) = only(Evaluated, ran(experiment(), tmp_path))
    assert evaluated.images == 32
    assert evaluated.accuracy * 32 == pytest.approx(round(evaluated.accuracy * 32))


def test_a_run_learns_the_few_images_it_is_given(tmp_path: Path) -> None:
    steps = only(Stepped, ran(experiment(subset="16", steps="60", augment="none", measure="0"), tmp_path))
    assert steps[-1].loss < steps[0].loss / 4
    assert steps[-1].accuracy == 1


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_the_same_experiment_gives_the_same_curve_bit_for_bit(tmp_path: Path, precision: str) -> None:
    one, two = (ran(experiment(NOISY, precision=precision), tmp_path / name) for name in "ab")
    assert curve(one) == curve(two)
    assert only(Measured, one) == only(Measured, two)


def test_another_seed_gives_another_curve(tmp_path: Path) -> None:
    one, two = (ran(experiment(seed=seed), tmp_path / seed) for seed in "01")
    assert curve(one)[0].loss != curve(two)[0].loss


def test_dropout_differs_from_step_to_step(tmp_path: Path) -> None:
    # one batch, which does not change, and weights that do not
    still = experiment(NOISY, lr="0", subset="16", augment="none", warmup="0")
    losses = sorted(event.loss for event in only(Stepped, ran(still, tmp_path)))
    assert min(b - a for a, b in pairwise(losses)) > 1e-5


@pytest.mark.parametrize("optimiser", OPTIMISERS_HERE)
def test_a_resumed_run_has_the_curve_of_one_that_was_not_stopped(tmp_path: Path, optimiser: str) -> None:
    wanted = experiment(NOISY, optimiser=optimiser, lr="0.01", evaluate="2", **HARD)
    whole = ran(wanted, tmp_path / "whole")
    parts = ran(wanted, tmp_path / "parts", until=3) + ran(wanted, tmp_path / "parts")
    assert curve(parts) == curve(whole)
    assert [event.loss for event in only(Evaluated, parts)] == [event.loss for event in only(Evaluated, whole)]
    assert [event.step for event in only(Started, parts)] == [0, 3]


def test_a_run_closed_between_a_step_and_its_evaluation_is_evaluated_when_it_goes_on(tmp_path: Path) -> None:
    wanted = experiment(evaluate="3")
    events = ran(wanted, tmp_path, until=3) + ran(wanted, tmp_path)
    assert [event.step for event in only(Evaluated, events)] == [3, 6]


def test_seconds_go_on_where_they_were(tmp_path: Path) -> None:
    wanted = experiment()
    before = only(Stepped, ran(wanted, tmp_path, until=3))[-1].seconds
    assert only(Stepped, ran(wanted, tmp_path))[0].seconds > before > 0


def test_closing_leaves_a_checkpoint_of_the_step_that_was_done(tmp_path: Path) -> None:
    ran(experiment(), tmp_path, until=4)
    assert [path.name for path in (tmp_path / "checkpoints").iterdir()] == ["000000004.pt"]


def test_closing_before_the_first_step_leaves_nothing(tmp_path: Path) -> None:
    events = train(experiment(), tmp_path, tmp_path, device="cpu")
    while not isinstance(next(events), Started):
        pass
    events.close()
    # the images drawn are kept for the next run; of this one there is nothing
    assert [path.name for path in tmp_path.iterdir()] == ["packs"]


def test_a_finished_run_that_is_pulled_again_says_only_that(tmp_path: Path) -> None:
    wanted = experiment()
    last = ran(wanted, tmp_path)[-1]
    again = ran(wanted, tmp_path)
    assert again[-1] == last
    assert not any(isinstance(event, Stepped | Evaluated) for event in again)


def test_a_corrupt_checkpoint_is_noted_and_the_one_before_is_used(tmp_path: Path) -> None:
    wanted = experiment(save="2")
    whole = ran(wanted, tmp_path, until=5)
    (tmp_path / "checkpoints" / "000000005.pt").write_bytes(b"torn")
    events = ran(wanted, tmp_path)
    assert "000000005.pt" in only(Noted, events)[0].text
    assert only(Started, events)[0].step == 4
    assert curve(events)[0] == curve(whole)[4]


def test_a_folder_of_another_experiment_is_refused(tmp_path: Path) -> None:
    ran(experiment(), tmp_path)
    with pytest.raises(RunError, match="is of experiment"):
        ran(experiment(seed="1"), tmp_path)


def test_a_loss_out_of_bounds_ends_the_run_after_its_step_was_told(tmp_path: Path) -> None:
    events = ran(experiment("cifar-basic-8:conv relu conv +", lr="1000", warmup="0", steps="50"), tmp_path)
    *_, step, failed = (event for event in events if not isinstance(event, Measured))
    assert isinstance(step, Stepped)
    assert not isfinite(step.loss)
    assert isinstance(failed, Failed)
    what = "NaN" if step.loss != step.loss else "infinite"
    assert (failed.reason, failed.code) == (f"loss became {what} at step {step.step}", "nonfinite")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (torch.OutOfMemoryError("CUDA out of memory"), "oom_gpu"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 10 bytes"), "oom"),
        (MemoryError(), "oom"),
    ],
)
def test_too_little_memory_ends_a_run_with_a_hint(tmp_path: Path, error: Exception, code: str) -> None:
    with every_layer_raises(error):
        failed = ran(experiment(), tmp_path)[-1]
    assert isinstance(failed, Failed)
    assert failed.code == code
    assert "batch 16; a smaller batch" in failed.reason


def test_another_error_is_not_taken_for_a_lack_of_memory(tmp_path: Path) -> None:
    with every_layer_raises(RuntimeError("shapes differ")), pytest.raises(RuntimeError, match="shapes differ"):
        ran(experiment(), tmp_path)


def test_a_run_that_cannot_fit_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    huge = experiment("cifar-basic-1202", width="16", size="64", batch="4096")
    with pytest.raises(BudgetError, match="training needs"):
        next(train(huge, tmp_path, tmp_path, device="cpu"))


def test_whoever_pulls_finds_torch_as_it_was(tmp_path: Path) -> None:
    before = torch.get_rng_state(), torch.get_num_threads()
    for _ in train(experiment(NOISY), tmp_path, tmp_path, device="cpu", threads=2):
        assert torch.equal(torch.get_rng_state(), before[0])
        assert torch.get_num_threads() == before[1]


def test_random_numbers_drawn_between_two_events_change_nothing(tmp_path: Path) -> None:
    whole = ran(experiment(NOISY), tmp_path / "whole")
    events: list[Event] = []
    for event in train(experiment(NOISY), tmp_path / "disturbed", tmp_path, device="cpu"):
        torch.manual_seed(len(events))
        events.append(event)
    assert curve(events) == curve(whole)


@pytest.mark.parametrize("setting", [f"init={name}" for name in INITS] + [f"schedule={name}" for name in SCHEDULES])
def test_every_init_and_schedule_trains(tmp_path: Path, setting: str) -> None:
    name, value = setting.split("=")
    settings = {"milestones": "2/4", name: value}
    assert isinstance(ran(experiment(**settings), tmp_path)[-1], Finished)


def test_skipinit_starts_every_branch_at_zero(tmp_path: Path) -> None:
    wanted = experiment(init="skipinit", measure="1", lr="0")
    assert only(Measured, ran(wanted, tmp_path))[0].responses == (0, 0, 0)


def test_epochs_count_instead_of_steps(tmp_path: Path) -> None:
    assert only(Finished, ran(experiment(epochs="1.5"), tmp_path))[0].step == 6
    assert only(Finished, ran(experiment(epochs="2"), tmp_path / "b"))[0].step == 8


def test_what_this_machine_cannot_do_is_noted(tmp_path: Path) -> None:
    events = ran(experiment(precision="tf32", engine="graph"), tmp_path)
    assert [note.text.partition(" ")[0] for note in only(Noted, events)] == ["tf32", "engine=graph"]
    assert [(event.precision, event.engine) for event in only(Started, events)] == [("fp32", "eager")]


def test_a_device_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="a device is auto, cpu, cuda"):
        train(experiment(), tmp_path, tmp_path, device="toaster")
    with pytest.raises(RunError, match="no cuda:99"):
        train(experiment(), tmp_path, tmp_path, device="cuda:99")


@pytest.mark.parametrize("read_every", [2, 3, 10])
def test_numbers_read_together_are_told_as_those_read_one_by_one(read_every: int, tmp_path: Path) -> None:
    wanted = experiment(steps="11", evaluate="4", measure="3")
    one_by_one = ran(wanted, tmp_path / "one")
    together = ran(wanted, tmp_path / "more", read_every=read_every)
    assert curve(together) == curve(one_by_one)
    assert [type(event) for event in together] == [type(event) for event in one_by_one]
    seconds = [event.seconds for event in only(Stepped, together)]
    assert seconds == sorted(set(seconds))


@pytest.mark.parametrize("until", [1, 2, 5, 7])
def test_what_was_read_but_not_told_is_told_when_a_run_goes_on(until: int, tmp_path: Path) -> None:
    wanted = experiment(steps="11")
    whole = curve(ran(wanted, tmp_path / "whole"))
    first, second = ran(wanted, tmp_path, until, read_every=4), ran(wanted, tmp_path, read_every=4)
    assert only(Started, second)[0].step == until
    assert curve(first) + curve(second) == whole


def test_a_loss_out_of_bounds_ends_the_run_at_its_step_though_others_were_read_with_it(tmp_path: Path) -> None:
    wanted = experiment("cifar-basic-8:conv relu conv", lr="1e3", steps="300", momentum="0")
    one_by_one = ran(wanted, tmp_path / "one")
    together = ran(wanted, tmp_path / "more", read_every=10)
    assert only(Failed, together) == only(Failed, one_by_one)
    assert curve(together)[:-1] == curve(one_by_one)[:-1]
    assert not only(Stepped, together)[-1].loss < inf

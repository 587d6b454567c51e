"""Learning rates step by step, against torch's own schedulers where there is one."""

from collections.abc import Callable

import pytest
import torch
from torch.optim import SGD
from torch.optim import lr_scheduler as theirs
from torch.optim.lr_scheduler import LRScheduler

from resnet_explorer.runs.recipes import SCHEDULES, Recipe
from resnet_explorer.training.schedule import DECAYS, rate, total

STEPS = 50


def ours(recipe: Recipe, steps: int = STEPS) -> list[float]:
    return [rate(recipe, step, steps) for step in range(1, steps + 1)]


def torchs(make: Callable[[SGD], LRScheduler], steps: int = STEPS) -> list[float]:
    sgd = SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    scheduler, rates = make(sgd), []
    for _ in range(steps):
        rates.append(sgd.param_groups[0]["lr"])
        sgd.step()
        scheduler.step()
    return rates


def one_cycle(sgd: SGD) -> LRScheduler:
    # the rate of one step more than there are is 0
    return theirs.OneCycleLR(
        sgd, 0.1, total_steps=STEPS + 1, pct_start=10 / (STEPS + 1), anneal_strategy="linear", div_factor=10,
        final_div_factor=1e12, cycle_momentum=False,
    )  # fmt: skip


def test_every_schedule_has_its_function() -> None:
    assert DECAYS.keys() == SCHEDULES.keys()


@pytest.mark.parametrize(
    ("recipe", "theirs"),
    [
        (Recipe(schedule="constant"), lambda sgd: theirs.ConstantLR(sgd, factor=1)),
        (Recipe(schedule="linear"), lambda sgd: theirs.LinearLR(sgd, 1, 1e-12, total_iters=STEPS)),
        (Recipe(schedule="cosine"), lambda sgd: theirs.CosineAnnealingLR(sgd, STEPS)),
        (
            Recipe(schedule="steps", milestones=(20, 30), factor=0.2),
            lambda sgd: theirs.MultiStepLR(sgd, [20, 30], gamma=0.2),
        ),
        (Recipe(schedule="constant", warmup=10), lambda sgd: theirs.LinearLR(sgd, 0.1, 1, total_iters=9)),
        (Recipe(schedule="one-cycle", warmup=10), one_cycle),
    ],
    ids=lambda given: given.schedule if isinstance(given, Recipe) else "",
)
def test_a_schedule_agrees_with_torchs(recipe: Recipe, theirs: Callable[[SGD], LRScheduler]) -> None:
    assert ours(recipe) == pytest.approx(torchs(theirs), abs=1e-9)


def test_a_held_warm_up_stays_at_its_rate_and_then_leaps() -> None:
    rates = ours(Recipe(schedule="steps", milestones=(20,), warmup=5, warmup_lr=0.01))
    assert set(rates[:5]) == {0.01}
    assert rates[5:21:15] == pytest.approx([0.1, 0.01])


@pytest.mark.parametrize("schedule", ["linear", "cosine", "one-cycle"])
def test_the_last_step_is_the_smallest_and_still_a_step(schedule: str) -> None:
    rates = ours(Recipe(schedule=schedule, warmup=5))
    assert 0 < rates[-1] < rates[-2] < 0.1
    assert max(rates) == rates[4] == 0.1


def test_a_warm_up_longer_than_the_run_rises_to_its_end() -> None:
    assert ours(Recipe(warmup=100), steps=4) == pytest.approx([0.025, 0.05, 0.075, 0.1])


@pytest.mark.parametrize(("epochs", "images", "steps"), [(0, 1000, 300), (2, 1000, 14), (1.5, 1000, 11), (0.01, 50, 1)])
def test_epochs_count_whole_batches(epochs: float, images: int, steps: int) -> None:
    assert total(Recipe(epochs=epochs, batch=128), images) == steps

"""The learning rate as a function of the step alone, so that a resumed run goes on where it was.

Steps count from 1. The warm-up ends at step `warmup`, which has the full rate; a falling schedule would
reach 0 one step after the last.
"""

from collections.abc import Callable
from math import ceil, cos, pi

from resnet_explorer.runs.recipes import Recipe

Schedule = Callable[[Recipe, int, int], float]


def rate(recipe: Recipe, step: int, steps: int) -> float:
    """The learning rate of a step, from 1 to `steps`."""
    warmup = min(recipe.warmup, steps)
    if step <= warmup and recipe.warmup_lr:
        return recipe.warmup_lr
    if step < warmup:
        return recipe.lr * step / warmup
    return recipe.lr * DECAYS[recipe.schedule](recipe, step, steps)


def total(recipe: Recipe, images: int) -> int:
    """How many steps a recipe takes over so many images; an epoch leaves out what does not fill a batch."""
    if not recipe.epochs:
        return recipe.steps
    return max(1, ceil(recipe.epochs * max(1, images // recipe.batch)))


def _constant(recipe: Recipe, step: int, steps: int) -> float:
    return 1.0


def _linear(recipe: Recipe, step: int, steps: int) -> float:
    return 1 - _done(recipe, step, steps)


def _steps(recipe: Recipe, step: int, steps: int) -> float:
    """Milestones count steps that are done: after 32,000 of them, step 32,001 has the lower rate."""
    return recipe.factor ** sum(step > milestone for milestone in recipe.milestones)


def _cosine(recipe: Recipe, step: int, steps: int) -> float:
    return (1 + cos(pi * _done(recipe, step, steps))) / 2


def _done(recipe: Recipe, step: int, steps: int) -> float:
    """How far a step is from the one with the full rate (0) to where the rate would be 0 (1)."""
    first = max(1, min(recipe.warmup, steps))
    return (step - first) / (steps + 1 - first)


# one-cycle is the same line down; that it rises first is what its warm-up says
DECAYS: dict[str, Schedule] = {
    "constant": _constant,
    "linear": _linear,
    "steps": _steps,
    "cosine": _cosine,
    "one-cycle": _linear,
}

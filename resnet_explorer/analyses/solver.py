"""Euler, midpoint, RK3 and RK4 as solvers: error against step on a linear field and along a unit's own branch.

A unit's branch is taken as the field of x' = F(x), from what held-out images are at its fork: the unit itself takes one
step of length 1. Double precision. And four Euler units against one RK4 unit of the same branches.
"""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

import torch
from torch import Tensor, nn

from resnet_explorer.analyses.integration import (
    TABLEAUS,
    UnitField,
    fit_slope,
    growth,
    integrate,
    linear_errors,
    relative_error,
)
from resnet_explorer.analyses.request import Part
from resnet_explorer.analyses.settings import SolverSettings
from resnet_explorer.analyses.solver_findings import EVALUATIONS
from resnet_explorer.analyses.solver_units import compare
from resnet_explorer.analyses.subject import Subject
from resnet_explorer.errors import AnalysisError
from resnet_explorer.networks.memory import largest_activation

# the solution that errors are measured against has RK4 steps so many times smaller than the smallest
FINER = 4
# multiply-adds between two places where it can be stopped
PIECE = 100_000_000
# images are fewer where the largest tensor of a pass would have more elements
ELEMENTS = 2**21
# errors below are those of rounding
ROUNDING = 1e-13


def measure(subjects: Sequence[Subject], settings: SolverSettings) -> Iterator[Part]:
    """The linear field and the units at once; then ever smaller steps along each lane's branch, all lanes in turn."""
    steps = [2**halving for halving in range(settings.halvings + 1)]
    lanes = [_Lane(subject, settings, steps) for subject in subjects]
    shared = _linear_values(steps, settings.seed)
    finest = steps[-1]
    # scheme, and steps
    solutions = [("rk4", FINER * finest), ("rk4", FINER * finest // 2)]
    solutions += [(scheme, count) for count in steps for scheme in TABLEAUS]
    with_field = [number for number, lane in enumerate(lanes) if lane.field is not None]
    of = len(lanes) + len(with_field) * sum(EVALUATIONS[scheme] * count for scheme, count in solutions)
    done = 0
    for number, lane in enumerate(lanes):
        lane.compare()
        done += 1
        yield Part(number, done, of, {**shared, **lane.values()})
    for scheme, count in solutions:
        for number in with_field:
            for evaluations in lanes[number].solve(scheme, count):
                done += evaluations
                yield Part(number, done, of, {**shared, **lanes[number].values()})


class _Lane:
    """A lane's unit, its branch as a field, and the errors so far."""

    def __init__(self, subject: Subject, settings: SolverSettings, steps: Sequence[int]) -> None:
        self.subject, self.time, self.steps = subject, settings.time, steps
        most = max(1, ELEMENTS // largest_activation(subject.plan))
        self.images = min(settings.images, most, len(subject.x))
        self.place = choose_unit(subject, settings.unit)
        self.errors: dict[str, list[float | None]] = {scheme: [] for scheme in TABLEAUS}
        self.floor: float | None = None
        self.kinks: float | None = None
        self.four: dict[str, Any] | None = None
        self.field: UnitField | None = None
        if self.place is not None:
            unit = deepcopy(subject.units[self.place]).double()
            self.field = UnitField(unit)
            self.start = unit.pre(enter(subject, self.place, self.images).double())
            self.ends: list[Tensor] = []
            lowered = list(subject.plan.units())[self.place].unit
            macs = sum(layer.macs for layer in lowered.branches[0])
            self.pause = max(1, PIECE // max(1, macs * self.images))

    @torch.no_grad()
    def compare(self) -> None:
        if self.place is not None:
            self.four = compare(self.subject, self.place, lambda place: enter(self.subject, place, self.images))

    @torch.no_grad()
    def solve(self, scheme: str, count: int) -> Iterator[int]:
        """Integrate; gives the evaluations since the last time, now and then, and at the end."""
        assert self.field is not None
        spent, end = 0, self.start
        for x in integrate(scheme, self.field, self.start, self.time, count):
            end = x
            spent += EVALUATIONS[scheme]
            if spent > self.pause:
                # the last is counted at the end
                yield spent - 1
                spent = 1
        self._keep(scheme, end)
        yield spent

    def _keep(self, scheme: str, x: Tensor) -> None:
        """The first two solutions are the fine one, and one that says how exact it is."""
        assert self.field is not None
        if len(self.ends) < 2:
            self.ends.append(x)
            if len(self.ends) == 2:
                self.floor = relative_error(self.ends[1], self.ends[0])
                self.kinks = changed_signs(self.field, self.start, self.ends[0])
        else:
            self.errors[scheme].append(relative_error(x, self.ends[0]))

    def values(self) -> dict[str, Any]:
        floor = max(10 * (self.floor or 0), ROUNDING)
        place = self.place
        return {
            "unit": None if place is None else place + 1,
            "time": self.time,
            "merge": str(self.subject.experiment.network.unit.merge or ""),
            "branch_error": {scheme: list(errors) for scheme, errors in self.errors.items()},
            "branch_slopes": {scheme: fit_slope(self.steps, errors, floor) for scheme, errors in self.errors.items()},
            "floor": self.floor,
            "kinks": self.kinks,
            "four": self.four,
            "images": self.images,
        }


def choose_unit(subject: Subject, number: int) -> int | None:
    """The place of a unit that keeps the shape: by its number from 1, or for 0 the middle one; None if there is none.

    Raises AnalysisError for one that does not, or that there is not.
    """
    keeping = [place for place, at in enumerate(subject.plan.units()) if at.unit.x.dims == at.unit.y.dims]
    if not number:
        return keeping[len(keeping) // 2] if keeping else None
    if number > len(subject.units):
        raise AnalysisError(f"{subject.letter} has {len(subject.units)} units; there is no unit {number}")
    if number - 1 not in keeping:
        raise AnalysisError(f"unit {number} of {subject.letter} changes the shape, so its branch is no field")
    return number - 1


@torch.no_grad()
def enter(subject: Subject, place: int, images: int) -> Tensor:
    """What the first images are where they enter a unit."""
    x: Tensor = subject.net.stem(subject.x[:images])
    for unit in subject.units[:place]:
        x = unit(x)
    return x


@torch.no_grad()
def changed_signs(field: nn.Module, start: Tensor, end: Tensor) -> float | None:
    """The share of what enters the field's ReLUs that has another sign at the end; None where there is no ReLU."""
    signs: list[Tensor] = []
    hooks = [
        module.register_forward_pre_hook(lambda _, inputs: signs.append(inputs[0] > 0))
        for module in field.modules()
        if isinstance(module, nn.ReLU)
    ]
    for x in (start, end):
        field(x)
    for hook in hooks:
        hook.remove()
    before, after = signs[: len(signs) // 2], signs[len(signs) // 2 :]
    total = sum(each.numel() for each in before)
    changed = sum(int((a != b).sum()) for a, b in zip(before, after, strict=True))
    return round(changed / total, 6) if total else None


def _linear_values(steps: Sequence[int], seed: int) -> dict[str, Any]:
    errors = linear_errors(steps, seed)
    return {
        "steps": list(steps),
        "error": errors,
        "slopes": {scheme: fit_slope(steps, each, ROUNDING) for scheme, each in errors.items()},
        "growth": {scheme: round(value, 9) for scheme, value in growth().items()},
    }

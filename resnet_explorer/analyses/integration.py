"""Solvers of x' = F(x): the merge steps that networks are built with, taken many times with a small step."""

from collections.abc import Iterator, Mapping, Sequence
from math import isfinite, log2

import torch
from torch import Generator, Tensor, nn

from resnet_explorer.analyses.solver_findings import EVALUATIONS
from resnet_explorer.language.merges import RK2, RK3, RK4, Tableau
from resnet_explorer.models.units import Add, Residual, RungeKutta, Through

TABLEAUS: Mapping[str, Tableau | None] = {
    "euler": None,
    "midpoint": RK2["midpoint"],
    "rk3": RK3["kutta"],
    "rk4": RK4,
}
# the linear field has so many dimensions; its largest stretch is 1
DIMENSIONS = 6
# slopes are fitted to so many of the smallest steps
FITTED = 3


class Slope(nn.Module):
    """What a stage of a step gives: the field times the length of the step."""

    def __init__(self, field: nn.Module, length: float) -> None:
        super().__init__()
        self.field = field
        self.length = length

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.length * self.field(x)
        return y


class UnitField(nn.Module):
    """What a unit adds to what its fork gets; of a Runge-Kutta step its first branch, of a plain unit the branch."""

    def __init__(self, unit: Residual) -> None:
        super().__init__()
        self.branch = first_branch(unit)
        self.skip = unit.skip
        self.merge = unit.merge
        self.alone = isinstance(unit.merge, Through | RungeKutta) or (
            isinstance(unit.merge, Add) and not len(unit.skip)
        )

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.branch(x) if self.alone else self.merge(self.branch, self.skip, x) - x
        return y


class LinearField(nn.Module):
    """F(x) = A x."""

    def __init__(self, matrix: Tensor) -> None:
        super().__init__()
        self.matrix = matrix

    def forward(self, x: Tensor) -> Tensor:
        return x @ self.matrix.T


def first_branch(unit: Residual) -> nn.Module:
    """The branch of a unit, or the first of several."""
    return branches_of(unit)[0]


def branches_of(unit: Residual) -> list[nn.Module]:
    """The branches of a unit: one for each stage of a Runge-Kutta step that has weights of its own."""
    return list(unit.branch) if isinstance(unit.branch, nn.ModuleList) else [unit.branch]


def build_merge(scheme: str) -> nn.Module:
    """The merge step of a scheme."""
    tableau = TABLEAUS[scheme]
    return Add() if tableau is None else RungeKutta(*tableau)


def integrate(scheme: str, field: nn.Module, x: Tensor, time: float, steps: int) -> Iterator[Tensor]:
    """The state after each of so many equal steps over a time."""
    merge, skip, slope = build_merge(scheme), nn.Identity(), Slope(field, time / steps)
    branch = slope if scheme == "euler" else nn.ModuleList([slope])
    for _ in range(steps):
        x = merge(branch, skip, x)
        yield x


def end_of(scheme: str, field: nn.Module, x: Tensor, time: float, steps: int) -> Tensor:
    """The state at the end."""
    *_, x = integrate(scheme, field, x, time, steps)
    return x


def relative_error(x: Tensor, exact: Tensor) -> float | None:
    """How far a state is from another, over the norm of that; None where it is no number."""
    error = float((x - exact).norm() / exact.norm().clamp(min=1e-300))
    return float(f"{error:.6g}") if isfinite(error) else None


def linear_field(seed: int) -> tuple[LinearField, Tensor]:
    """A field F(x) = A x, and a state to begin from; in double precision."""
    generator = Generator().manual_seed(seed)
    matrix = torch.randn(DIMENSIONS, DIMENSIONS, generator=generator, dtype=torch.float64)
    start = torch.randn(1, DIMENSIONS, generator=generator, dtype=torch.float64)
    return LinearField(matrix / torch.linalg.matrix_norm(matrix, 2)), start


@torch.no_grad()
def linear_errors(steps: Sequence[int], seed: int) -> dict[str, list[float | None]]:
    """By scheme, the error after time 1 on a linear field, against the exponential of its matrix."""
    field, start = linear_field(seed)
    exact = start @ torch.linalg.matrix_exp(field.matrix).T
    return {
        scheme: [relative_error(end_of(scheme, field, start, 1.0, count), exact) for count in steps]
        for scheme in TABLEAUS
    }


@torch.no_grad()
def growth(evaluations: int = 4) -> dict[str, float]:
    """By scheme, what x' = x makes of 1 in time 1 with so many evaluations; schemes that they do not fit are left out.

    Exact is e.
    """
    one = torch.ones(1, dtype=torch.float64)
    fitting = [scheme for scheme, count in EVALUATIONS.items() if evaluations % count == 0]
    return {
        scheme: float(end_of(scheme, nn.Identity(), one, 1.0, evaluations // EVALUATIONS[scheme])) for scheme in fitting
    }


def fit_slope(steps: Sequence[int], errors: Sequence[float | None], floor: float) -> float | None:
    """How many times the error halves when the step does, over the smallest steps; None where too little is known.

    Errors that are no larger than `floor` are left out.
    """
    known = [(log2(count), log2(error)) for count, error in zip(steps, errors) if error and error > floor][-FITTED:]
    if len(known) < 2:
        return None
    x, y = (sum(column) / len(known) for column in zip(*known))
    slope: float = -sum((a - x) * (b - y) for a, b in known) / sum((a - x) ** 2 for a, _ in known)
    return round(slope, 3)

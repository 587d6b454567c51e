"""What a pass leaves behind in a network's units, as norms that are taken on the spot.

The hooks are there for one pass and gone after it, so a step that is not watched pays nothing; a norm stays
on the device until all of them are read together.
"""

from collections.abc import Sequence
from math import sqrt
from types import TracebackType
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from resnet_explorer.nets.modules import Residual
from resnet_explorer.nets.probe import first_branch


class Sizes(NamedTuple):
    """How many numbers the tensors of a pass have, which turns norms into means of squares."""

    trunk: tuple[int, ...]
    branches: tuple[int, ...]


class Watch:
    """Hooks on the units for the time of one pass, forward and backward.

    The trunk is the tensor between two units, x_0 (what enters the first) included; of a Runge-Kutta step's
    branches, the first stage is looked at.
    """

    def __init__(self, net: nn.Module) -> None:
        self.units = [unit for unit in net.modules() if isinstance(unit, Residual)]
        self._handles: list[RemovableHandle] = []

    def __enter__(self) -> "Watch":
        self._trunk: list[Tensor] = []
        self._sizes: list[int] = []
        self._branches: list[tuple[Tensor, Tensor]] = []
        self._branch_sizes: list[int] = []
        self._gradients: dict[int, Tensor] = {}
        self._handles.append(self.units[0].register_forward_pre_hook(self._enters))
        for unit in self.units:
            self._handles.append(unit.register_forward_hook(self._leaves))
            self._handles.append(first_branch(unit).register_forward_hook(self._responds))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for handle in self._handles:
            handle.remove()
        self._handles.clear()

    @property
    def sizes(self) -> Sizes:
        return Sizes(tuple(self._sizes), tuple(self._branch_sizes))

    def numbers(self) -> list[Tensor]:
        """Norms of the trunk, norms and means of the branches, norms of the trunk's gradients."""
        gradients = [self._gradients[place] for place in range(len(self._trunk))]
        norms, means = zip(*self._branches, strict=True)
        return [*self._trunk, *norms, *means, *gradients]

    def _enters(self, unit: nn.Module, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...] | None:
        # without a stem x_0 is the image, which has no gradient of itself
        x = inputs[0] if inputs[0].requires_grad else inputs[0].detach().requires_grad_()
        self._note(x)
        return None if x is inputs[0] else (x,)

    def _leaves(self, unit: nn.Module, inputs: tuple[Tensor, ...], y: Tensor) -> None:
        self._note(y)

    def _responds(self, branch: nn.Module, inputs: tuple[Tensor, ...], y: Tensor) -> None:
        y = y.detach()
        self._branches.append((_norm(y), y.mean(dtype=torch.float32)))
        self._branch_sizes.append(y.numel())

    def _note(self, x: Tensor) -> None:
        place = len(self._trunk)

        def back(gradient: Tensor) -> None:
            self._gradients[place] = _norm(gradient)

        self._trunk.append(_norm(x.detach()))
        self._sizes.append(x.numel())
        x.register_hook(back)  # type: ignore[no-untyped-call]


class Flow(NamedTuple):
    """What `Measured` says, a number a unit."""

    moments: tuple[float, ...]
    responses: tuple[float, ...]
    gradients: tuple[float, ...]


def flow(numbers: Sequence[float], sizes: Sizes) -> Flow:
    """The numbers of a watch, once they are read, as second moments, standard deviations and norms."""
    trunk, branches = map(len, sizes)
    parts = iter(numbers)
    norms = [next(parts) for _ in range(trunk)]
    squares = [next(parts) ** 2 / size for size in sizes.branches]
    means = [next(parts) for _ in range(branches)]
    deviations = [sqrt(max(square - mean**2, 0)) for square, mean in zip(squares, means, strict=True)]
    moments = [norm**2 / size for norm, size in zip(norms, sizes.trunk, strict=True)]
    return Flow(tuple(map(short, moments)), tuple(map(short, deviations)), tuple(map(short, parts)))


def short(value: float) -> float:
    """Five significant digits: a picture shows no more, and a journal keeps many."""
    return float(f"{value:.5g}")


def _norm(x: Tensor) -> Tensor:
    norm: Tensor = torch.linalg.vector_norm(x, dtype=torch.float32)
    return norm

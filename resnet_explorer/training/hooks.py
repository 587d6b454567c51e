"""Statistics of a network's units in one pass, as sums of squares that are computed during the pass.

The hooks are removed after the pass, so a step that is not measured costs nothing more; a sum stays on the
device until all of them are read together.
"""

from collections.abc import Sequence
from math import sqrt
from types import TracebackType
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from resnet_explorer.models.probe import first_branch
from resnet_explorer.models.units import Residual
from resnet_explorer.training.parallel.process_group import ALONE, ProcessGroup


class TensorSizes(NamedTuple):
    """How many numbers each tensor of a pass has; a sum divided by it is a mean."""

    trunk: tuple[int, ...]
    branches: tuple[int, ...]


class ActivationHooks:
    """Hooks on the units for the time of one pass, forward and backward.

    The trunk is the tensor between two units, x_0 (what enters the first) included; of a Runge-Kutta step,
    the branch is its first stage.
    """

    def __init__(self, net: nn.Module, group: ProcessGroup = ALONE) -> None:
        self.group = group
        self.units = [unit for unit in net.modules() if isinstance(unit, Residual)]
        self._handles: list[RemovableHandle] = []
        self._buffer = torch.empty(0)

    def __enter__(self) -> "ActivationHooks":
        self._trunk: list[Tensor] = []
        self._sizes: list[int] = []
        self._branches: list[tuple[Tensor, Tensor]] = []
        self._branch_sizes: list[int] = []
        self._gradients: dict[int, Tensor] = {}
        self._handles.append(self.units[0].register_forward_pre_hook(self._record_input))
        for unit in self.units:
            self._handles.append(unit.register_forward_hook(self._record_output))
            self._handles.append(first_branch(unit).register_forward_hook(self._record_branch))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for handle in self._handles:
            handle.remove()
        self._handles.clear()

    @property
    def sizes(self) -> TensorSizes:
        return TensorSizes(
            *(tuple(self.group.size * size for size in one) for one in (self._sizes, self._branch_sizes))
        )

    def numbers(self) -> list[Tensor]:
        """Sums of squares of the trunk and of the branches, sums of the branches, of squares of the gradients."""
        gradients = [self._gradients[index] for index in range(len(self._trunk))]
        squares, sums = zip(*self._branches, strict=True)
        size = self.group.size
        if size == 1:
            return [*self._trunk, *squares, *sums, *gradients]
        # the loss is a mean: that of a part of the batch has gradients so many times as large
        numbers = [*self._trunk, *squares, *sums, *(gradient / size**2 for gradient in gradients)]
        return list(self.group.sum(torch.stack(numbers)))

    def _record_input(self, unit: nn.Module, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...] | None:
        # without a stem x_0 is the image, which has no gradient of itself
        x = inputs[0] if inputs[0].requires_grad else inputs[0].detach().requires_grad_()
        self._record(x)
        return None if x is inputs[0] else (x,)

    def _record_output(self, unit: nn.Module, inputs: tuple[Tensor, ...], y: Tensor) -> None:
        self._record(y)

    def _record_branch(self, branch: nn.Module, inputs: tuple[Tensor, ...], y: Tensor) -> None:
        y = self._flatten(y.detach())
        self._branches.append((_sum_of_squares(y), y.sum(dtype=torch.float32)))
        self._branch_sizes.append(y.numel())

    def _record(self, x: Tensor) -> None:
        index = len(self._trunk)

        def record_gradient(gradient: Tensor) -> None:
            self._gradients[index] = _sum_of_squares(self._flatten(gradient))

        self._trunk.append(_sum_of_squares(self._flatten(x.detach())))
        self._sizes.append(x.numel())
        x.register_hook(record_gradient)  # type: ignore[no-untyped-call]

    def _flatten(self, x: Tensor) -> Tensor:
        """A tensor's numbers in one dimension; on a CPU as fp32, in memory that is used again: new memory is slow."""
        channels_last = x.dim() == 4 and x.is_contiguous(memory_format=torch.channels_last)
        x = (x.permute(0, 2, 3, 1) if channels_last else x).reshape(-1)
        if x.dtype == torch.float32 or x.is_cuda:
            return x
        if self._buffer.numel() < x.numel():
            self._buffer = torch.empty(x.numel())
        return self._buffer[: x.numel()].copy_(x)


class UnitStatistics(NamedTuple):
    """The fields of `Measured`: a number a unit."""

    moments: tuple[float, ...]
    responses: tuple[float, ...]
    gradients: tuple[float, ...]


def unit_statistics(numbers: Sequence[float], sizes: TensorSizes) -> UnitStatistics:
    """Second moments, standard deviations and norms, from the numbers of `ActivationHooks` once they are read."""
    parts = iter(numbers)
    moments = [next(parts) / size for size in sizes.trunk]
    squares = [next(parts) / size for size in sizes.branches]
    means = [next(parts) / size for size in sizes.branches]
    deviations = [sqrt(max(square - mean**2, 0)) for square, mean in zip(squares, means, strict=True)]
    return UnitStatistics(
        tuple(map(round_5, moments)), tuple(map(round_5, deviations)), tuple(round_5(sqrt(part)) for part in parts)
    )


def round_5(value: float) -> float:
    """A number at five significant digits: a picture shows no more, and a journal holds many."""
    return float(f"{value:.5g}")


def _sum_of_squares(x: Tensor) -> Tensor:
    if x.is_cuda:
        norm: Tensor = torch.linalg.vector_norm(x, dtype=torch.float32)
        return norm.square()
    # a third faster than the norm
    return torch.dot(x, x)

"""Whether a stage's output is its input plus the sum of its branches, and what each contributes (He et al. 2016).

The trunk is followed unit by unit in double precision. In each stage x_l is what the first shortcut brings, so that a
unit where the shape changes has a branch in the sum as well.
"""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from math import acos, degrees, sqrt

import torch
from torch import Tensor

from resnet_explorer.analyses.request import Part
from resnet_explorer.analyses.settings import UnrollSettings
from resnet_explorer.analyses.subject import Subject
from resnet_explorer.analyses.ways import split
from resnet_explorer.describe.identity_path import identity_path, verdict
from resnet_explorer.models.units import Residual
from resnet_explorer.networks.memory import largest_activation

# images in one pass, fewer where the largest tensor of a pass would have more elements
CHUNK, ELEMENTS = 8, 2**22


def measure(subjects: Sequence[Subject], settings: UnrollSettings) -> Iterator[Part]:
    """Each lane's terms over the images so far, a few images of each lane in turn."""
    lanes = [_Lane(subject, settings.images) for subject in subjects]
    of, done = sum(len(lane.chunks) for lane in lanes), 0
    for turn in range(max((len(lane.chunks) for lane in lanes), default=0)):
        for number, lane in enumerate(lanes):
            if turn < len(lane.chunks):
                lane.add(lane.chunks[turn])
                done += 1
                yield Part(number, done, of, lane.values())


class _Stage:
    """Sums over images for one stage: energies and inner products of the branches, the trunk and the output."""

    def __init__(self, units: Sequence[Residual]) -> None:
        self.units = units
        count = len(units)
        self.branch, self.trunk, self.on_trunk, self.on_output = (
            torch.zeros(count, dtype=torch.float64) for _ in range(4)
        )
        self.output = self.base = self.base_on_output = self.largest = self.off = 0.0

    def add(self, x: Tensor) -> Tensor:
        """Send a chunk through; the output."""
        base: Tensor | None = None
        branches = []
        for number, unit in enumerate(self.units):
            fork = unit.pre(x)
            straight, branch = split(unit, fork)
            trunk = torch.zeros_like(branch) if straight is None else straight
            if number == 0:
                base = trunk if straight is not None or x.shape != branch.shape else x
            branches.append(branch)
            self.branch[number] += _dot(branch, branch)
            self.trunk[number] += _dot(trunk, trunk)
            self.on_trunk[number] += _dot(branch, trunk)
            x = unit.post(branch if straight is None else straight + branch)
        assert base is not None
        self._finish(base, branches, x)
        return x

    def _finish(self, base: Tensor, branches: Sequence[Tensor], y: Tensor) -> None:
        for number, branch in enumerate(branches):
            self.on_output[number] += _dot(branch, y)
        # summed in another order than the trunk itself
        unrolled = base + torch.stack(list(branches)).sum(0)
        self.base += _dot(base, base)
        self.base_on_output += _dot(base, y)
        self.output += _dot(y, y)
        self.largest = max(self.largest, float(y.abs().max()))
        self.off = max(self.off, float((unrolled - y).abs().max()))


class _Lane:
    """A network in double precision, and its sums."""

    def __init__(self, subject: Subject, images: int) -> None:
        self.subject = subject
        self.net = deepcopy(subject.net).double()
        self.stages = [_Stage(list(stage)) for stage in self.net.stages]  # type: ignore[call-overload]
        size = max(1, min(CHUNK, ELEMENTS // largest_activation(subject.plan)))
        self.images = min(images, len(subject.x))
        self.chunks = list(torch.split(subject.x[: self.images], size))
        self.seen = 0

    @torch.no_grad()
    def add(self, x: Tensor) -> None:
        self.seen += len(x)
        x = self.net.stem(x.double())
        for stage in self.stages:
            x = stage.add(x)

    def values(self) -> dict[str, object]:
        path = identity_path(self.subject.plan)
        errors = [_ratio(stage.off, stage.largest) for stage in self.stages]
        return {
            "error": max(errors),
            "errors": errors,
            "promised": path.exact,
            "verdict": verdict(path),
            "stage": [number for number, stage in enumerate(self.stages, start=1) for _ in stage.units],
            "terms": [sqrt(_ratio(e, stage.output)) for stage in self.stages for e in stage.branch.tolist()],
            "angle": [each for stage in self.stages for each in _angles(stage)],
            "share": [_ratio(dot, stage.output) for stage in self.stages for dot in stage.on_output.tolist()],
            "direct": [_ratio(stage.base_on_output, stage.output) for stage in self.stages],
            "images": self.seen,
        }


def _angles(stage: _Stage) -> list[float | None]:
    sums = zip(stage.on_trunk.tolist(), stage.branch.tolist(), stage.trunk.tolist(), strict=True)
    return [degrees(acos(max(-1.0, min(1.0, dot / sqrt(b * t))))) if b * t > 0 else None for dot, b, t in sums]


def _dot(a: Tensor, b: Tensor) -> float:
    return float((a * b).sum())


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0

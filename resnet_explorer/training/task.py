"""What a network learns: the class of an image, or places in it; each says what its loss is and what is right."""

from abc import ABC, abstractmethod
from math import pi

import torch
import torch.nn.functional as F
from torch import Tensor

from resnet_explorer.runs.datasets import POINTS
from resnet_explorer.runs.experiment import Experiment
from resnet_explorer.runs.measures import PCK_SHARE

# the standard deviation of a Gaussian, as a share of the map's side, but never less than one of its places
SIGMA = 1 / 16


class Task(ABC):
    """Loss and share right of outputs; on their device, and without waiting for it."""

    @abstractmethod
    def loss(self, output: Tensor, target: Tensor, smoothing: float = 0.0) -> Tensor:
        """The mean over the images."""

    @abstractmethod
    def sum_of_losses(self, output: Tensor, target: Tensor) -> Tensor:
        """The sum over the images, without smoothing."""

    @abstractmethod
    def right(self, output: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        """How many answers are right, of how many."""

    def share_right(self, output: Tensor, target: Tensor) -> Tensor:
        """The share of answers that are right; 0 where there is nothing to answer."""
        right, of = self.right(output.detach(), target)
        return right / of.clamp(min=1)


class Classify(Task):
    """Cross entropy; the largest output names the class."""

    def loss(self, output: Tensor, target: Tensor, smoothing: float = 0.0) -> Tensor:
        return F.cross_entropy(output, target, label_smoothing=smoothing)

    def sum_of_losses(self, output: Tensor, target: Tensor) -> Tensor:
        return F.cross_entropy(output, target, reduction="sum")

    def right(self, output: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        right = (output.argmax(1) == target).sum().float()
        return right, torch.full_like(right, len(target))


class FindPoints(Task):
    """Squared error of heat maps, over the sum of a Gaussian; a point is found within a share of the side (PCK).

    Targets are x and y of each point as shares of the image's side; NaN for one that is not there. Where there is one
    map more than points, the first is that of the background.
    """

    def loss(self, output: Tensor, target: Tensor, smoothing: float = 0.0) -> Tensor:
        maps = target_maps(target, output.shape[2], output.shape[3])
        if output.shape[1] > target.shape[1]:
            maps = torch.cat([1 - maps.amax(1, keepdim=True), maps], 1)
        width, height = (spread(side) for side in (output.shape[3], output.shape[2]))
        return (output - maps).square().sum((2, 3)).mean() / (2 * pi * width * height)

    def sum_of_losses(self, output: Tensor, target: Tensor) -> Tensor:
        return self.loss(output, target) * len(target)

    def right(self, output: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        there = ~target.isnan().any(2)
        near = (find_points(point_maps(output, target)) - target).norm(dim=2) <= PCK_SHARE
        return (near & there).sum().float(), there.sum().float()


def task_of(experiment: Experiment) -> Task:
    """The task of an experiment's data."""
    return FindPoints() if experiment.data.task == POINTS else Classify()


def spread(side: int) -> float:
    """The standard deviation of a Gaussian on a map, in places."""
    return max(side * SIGMA, 1.0)


def target_maps(points: Tensor, height: int, width: int) -> Tensor:
    """A Gaussian of height 1 around each point, one map each; an empty map for a point that is not there."""
    across, down = (
        ((torch.arange(side, device=points.device) + 0.5 - points[:, :, at, None] * side) / spread(side)).square()
        for at, side in ((0, width), (1, height))
    )
    return torch.nan_to_num(torch.exp(-(across[:, :, None, :] + down[:, :, :, None]) / 2))


def point_maps(output: Tensor, target: Tensor) -> Tensor:
    """The maps of the points, without that of the background."""
    return output[:, output.shape[1] - target.shape[1] :]


def find_points(maps: Tensor) -> Tensor:
    """The place of each map's largest value, a quarter of a place toward its larger neighbour (Newell 2016).

    At an edge, where there is one neighbour alone, it stays in the middle of the place.
    """
    height, width = maps.shape[2:]
    best = maps.flatten(2).argmax(2)
    x, y = best % width, best // width
    beyond = "reflect" if min(height, width) > 1 else "replicate"
    around, row = F.pad(maps, (1, 1, 1, 1), mode=beyond).flatten(2), width + 2
    middle = (y + 1) * row + x + 1
    shifts = [
        0.25 * (around.gather(2, (middle + step)[:, :, None]) - around.gather(2, (middle - step)[:, :, None])).sign()
        for step in (1, row)
    ]
    return torch.stack([(x + 0.5 + shifts[0][:, :, 0]) / width, (y + 0.5 + shifts[1][:, :, 0]) / height], 2)

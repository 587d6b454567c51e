"""A network with units cut or in another order: many such schedules in one pass that shares what they have in common.

A schedule says for each place which unit stands there, or CUT. Schedules that agree up to a place share the work up
to there; from where they part on, they are one larger batch, so that a unit is called once for all that want it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from resnet_explorer.analyses.subject import Subject
from resnet_explorer.errors import AnalysisError
from resnet_explorer.models.blocks import Decoder
from resnet_explorer.models.units import Blend, Network, Residual, Through

CUT = -1
Schedule = tuple[int, ...]
# multiply-adds that an answer within half a second has time for on one slow core, and images at most
QUICK, MOST_QUICK, LEAST_QUICK = 1_200_000_000, 500, 10


@dataclass(frozen=True)
class Cuttable:
    """A network's units, and which of them keep the shape: those can be left out, and exchanged within a stage."""

    net: Network
    units: list[Residual]
    stages: tuple[int, ...]
    keeps_shape: tuple[bool, ...]

    @property
    def whole(self) -> Schedule:
        """The schedule of the network as it is."""
        return tuple(range(len(self.units)))

    def can_cut(self, unit: int) -> bool:
        """Whether something is left in the unit's place: the trunk as it is, or the shortcut to the new shape."""
        return self.keeps_shape[unit] or not isinstance(self.units[unit].merge, Through)

    def without(self, cut: Sequence[int]) -> Schedule:
        """The schedule with these units cut; raises AnalysisError where there is none or it cannot be cut."""
        for unit in cut:
            if not 0 <= unit < len(self.units):
                raise AnalysisError(f"there is no unit {unit + 1}; the network has {len(self.units)}")
            if not self.can_cut(unit):
                raise AnalysisError(f"unit {unit + 1} changes the shape and has no shortcut, so it cannot be cut")
        return tuple(CUT if unit in cut else unit for unit in self.whole)


class Cut(NamedTuple):
    """What is left after a cut, on so many held-out images; `whole` is the accuracy with all units."""

    accuracy: float
    loss: float
    whole: float
    images: int


def cuttable(subject: Subject) -> Cuttable:
    """The subject as units that can be cut; raises AnalysisError where it does not classify."""
    if any(isinstance(layer, Decoder) for layer in subject.net.head):
        raise AnalysisError(f"{subject.letter} gives heat maps, which have no accuracy")
    positions = list(subject.plan.units())
    keeps = tuple(position.unit.x.dims == position.unit.y.dims for position in positions)
    return Cuttable(subject.net, subject.units, tuple(position.stage for position in positions), keeps)


def cut(subject: Subject, units: Sequence[int]) -> Cut:
    """Accuracy and loss without these units (counted from 0) on as many images as take no half second."""
    lane = cuttable(subject)
    count = max(LEAST_QUICK, min(MOST_QUICK, QUICK // (2 * subject.plan.macs)))
    chosen = mixed(len(subject.x), 0)[:count].to(subject.x.device)
    labels = subject.labels[chosen]
    right, losses = score(lane, [lane.whole, lane.without(units)], subject.x[chosen], labels)
    (whole, after), loss = right, losses[1]
    return Cut(after / len(labels), loss / len(labels), whole / len(labels), len(labels))


def mixed(images: int, seed: int) -> Tensor:
    """The images' places in an order of the seed's, so that the first of them are of all classes."""
    return torch.randperm(images, generator=torch.Generator().manual_seed(seed))


@torch.no_grad()
def score(lane: Cuttable, schedules: Sequence[Schedule], x: Tensor, labels: Tensor) -> tuple[list[int], list[float]]:
    """For each schedule how many images are right, and the sum of their cross entropies."""
    outputs = logits(lane, schedules, x)
    right = (outputs.argmax(2) == labels).sum(1)
    losses = F.cross_entropy(outputs.flatten(0, 1), labels.repeat(len(schedules)), reduction="none")
    return right.tolist(), losses.view(len(schedules), -1).double().sum(1).tolist()


def logits(lane: Cuttable, schedules: Sequence[Schedule], x: Tensor) -> Tensor:
    """The network's output by schedule and image."""
    # by state and image; two schedules are in the same state while they have been the same so far
    states = lane.net.stem(x).unsqueeze(0)
    state_of = [0] * len(schedules)
    for place in range(len(lane.units)):
        wanted = [(schedule[place], state) for schedule, state in zip(schedules, state_of, strict=True)]
        distinct = sorted(set(wanted))
        parts = [
            _apply(lane, place, unit, states, [state for _, state in group])
            for unit, group in groupby(distinct, key=lambda pair: pair[0])
        ]
        states = parts[0] if len(parts) == 1 else torch.cat(parts)
        numbers = {pair: number for number, pair in enumerate(distinct)}
        state_of = [numbers[pair] for pair in wanted]
    outputs: Tensor = lane.net.head(states.flatten(0, 1)).view(len(states), len(x), -1)
    return outputs[state_of]


def _apply(lane: Cuttable, place: int, unit: int, states: Tensor, chosen: list[int]) -> Tensor:
    """A unit, or what is left where one was cut, on some of the states."""
    if len(chosen) < len(states):
        states = states[chosen]
    if unit == CUT and lane.keeps_shape[place]:
        return states
    x = states.flatten(0, 1)
    y: Tensor = shortcut(lane.units[place], x) if unit == CUT else lane.units[unit](x)
    return y.view(len(states), states.shape[1], *y.shape[1:])


def shortcut(unit: Residual, x: Tensor) -> Tensor:
    """What a unit gives when its branch gives nothing."""
    x = unit.pre(x)
    y = unit.skip(x)
    if isinstance(unit.merge, Blend):
        y = (1 - torch.sigmoid(unit.merge.gate(x))) * y
    left: Tensor = unit.post(y)
    return left

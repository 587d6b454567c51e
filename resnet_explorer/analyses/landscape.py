"""The loss around a network's weights, along a line or over a plane, from coarse to fine (Li et al. 2018).

All lanes sharpen together: first 3 by 3 points of each, then 5 by 5 and so on, and nothing is computed twice. A plane
shows two directions of very many, so the sharpest curvature of all is found beside it.
"""

import random
from collections.abc import Iterator, Sequence
from itertools import product
from math import isfinite, log

from torch import Tensor, nn

from resnet_explorer.analyses.curvature import Curvature, draw_vector, power_iteration
from resnet_explorer.analyses.directions import draw_directions, moved_weights, principal_directions
from resnet_explorer.analyses.landscape_findings import FEWEST
from resnet_explorer.analyses.plane import Plane, mean_loss
from resnet_explorer.analyses.request import Part
from resnet_explorer.analyses.settings import LandscapeSettings
from resnet_explorer.analyses.subject import Subject, earlier_weights
from resnet_explorer.networks.memory import largest_activation, saved_elements

# points along a side, coarse to fine
SIDES = (3, 5, 9, 17, 33)
# points of each lane between two power iterations, which take about ten times as long as a point
ITERATE_EVERY = 9
# an eigenvalue that changes by less has converged
TOLERANCE = 0.005
# elements that autograd holds after a pass forward; the gradient of the gradient holds a few times as many
SAVED = 25_000_000
# of the reach, what a path of training takes
SEEN = 0.8
# multiply-adds between two pauses, about half a second
WORK = 10**10
Place = tuple[int, int]


def measure(subjects: Sequence[Subject], settings: LandscapeSettings) -> Iterator[Part]:
    """Each lane's losses so far after each point, and its curvature after each iteration, which come in between."""
    lanes = [Landscape(subject, settings) for subject in subjects]
    places = [
        (side, place)
        for side in SIDES
        if side <= int(settings.finest)
        for place in new_places(side, int(settings.finest), settings)
    ]
    for number, (side, place) in enumerate(places, start=1):
        for lane, landscape in enumerate(lanes):
            for _ in landscape.add_point(side, place):
                yield landscape.part(lane, lanes)
            # a part has the whole grid, so that fine grids are given less often, the lanes of them in turn
            if number == len(places) or (number + lane) % max(1, side * side // 64) == 0:
                yield landscape.part(lane, lanes)
        if number % ITERATE_EVERY == 0:
            yield from _iterate(lanes)
    while not all(landscape.converged for landscape in lanes):
        yield from _iterate(lanes)


def _iterate(lanes: Sequence["Landscape"]) -> Iterator[Part]:
    """A power iteration of each lane that has not converged."""
    for lane, landscape in enumerate(lanes):
        if not landscape.converged:
            for _ in landscape.iterate():
                yield landscape.part(lane, lanes)
            yield landscape.part(lane, lanes)


def new_places(side: int, finest: int, settings: LandscapeSettings) -> list[Place]:
    """The points of a grid that no coarser one has, as places on the finest; the centre first, then in no order.

    A line has places (position, direction), a plane (column, row).
    """
    step = (finest - 1) // (side - 1)
    before = 2 * step
    along = range(0, finest, step)
    if settings.dimensions == "1":
        places = [(x, line) for x in along for line in range(settings.directions)]
        fresh = [(x, line) for x, line in places if side == SIDES[0] or x % before]
    else:
        fresh = [(x, y) for x, y in product(along, along) if side == SIDES[0] or x % before or y % before]
    random.Random(side).shuffle(fresh)
    middle = (finest - 1) // 2
    return sorted(fresh, key=lambda place: place[0] != middle or (settings.dimensions == "2" and place[1] != middle))


class Landscape:
    """What is known of one lane."""

    def __init__(self, subject: Subject, settings: LandscapeSettings) -> None:
        self.settings, self.subject = settings, subject
        self.finest = int(settings.finest)
        self.x, self.labels = subject.x[: settings.images], subject.labels[: settings.images]
        flat = settings.dimensions == "1"
        directions = draw_directions(subject.net, settings.directions if flat else 2, settings.seed)
        self.trajectory: dict[str, object] | None = None
        if settings.plane == "training" and not flat:
            earlier = earlier_weights(subject)
            if len(earlier) >= FEWEST:
                directions, self.trajectory = plane_of_training(subject.net, earlier, settings.reach)
        self.plane = Plane(subject.net, directions, largest_activation(subject.plan))
        self.losses: dict[Place, float] = {}
        self.side = SIDES[0]
        self.curvature: Curvature | None = None
        self.iterations = 0
        vector = draw_vector(subject.net, settings.seed)
        self.pause = max(1, WORK // (self.plane.images * subject.plan.macs))
        images = max(1, SAVED // saved_elements(subject.plan))
        self.power = power_iteration(subject.net, self.x, self.labels, vector, images)
        self.converged = not settings.power

    def add_point(self, side: int, place: Place) -> Iterator[None]:
        """Evaluate a point, with pauses between some images and the next."""
        self.side = side
        first = self.at(place[0])
        if self.settings.dimensions == "1":
            distances = [first if line == place[1] else 0.0 for line in range(self.settings.directions)]
        else:
            distances = [first, self.at(place[1])]
        sums: list[Tensor] = []
        for some in self.plane.sums(distances, self.x, self.labels):
            if sums and len(sums) % self.pause == 0:
                yield
            sums.append(some)
        self.losses[place] = mean_loss(sums, len(self.x))

    def iterate(self) -> Iterator[None]:
        """One power iteration, with pauses in between."""
        for curvature in self.power:
            if curvature is not None:
                self.curvature, self.iterations = curvature, self.iterations + 1
                self.converged = self.iterations == self.settings.power or (
                    self.iterations > 1 and curvature.change < TOLERANCE
                )
                return
            yield

    def at(self, place: int) -> float:
        """The distance from the centre of a place on the finest grid."""
        return self.settings.reach * (2 * place / (self.finest - 1) - 1)

    def part(self, lane: int, lanes: Sequence["Landscape"]) -> Part:
        """What is known, and how much of the work of all lanes is done."""
        flat = self.settings.dimensions == "1"
        points = self.finest * (self.settings.directions if flat else self.finest)
        done = sum(len(one.losses) + (self.settings.power if one.converged else one.iterations) for one in lanes)
        return Part(lane, done, len(lanes) * (points + self.settings.power), self.values())

    def values(self) -> dict[str, object]:
        along = range(0, self.finest, (self.finest - 1) // (self.side - 1))
        flat, middle = self.settings.dimensions == "1", (self.finest - 1) // 2
        rows = range(self.settings.directions) if flat else along
        # all lines cross at the centre
        centres = [self.losses.get((middle, row)) for row in (rows if flat else [middle])]
        centre = next((loss for loss in centres if loss is not None), None)
        return {
            "axis": [self.at(x) for x in along],
            "loss": [[_finite(self.losses.get((x, y)), 5) for x in along] for y in rows],
            "centre": _finite(centre),
            "sharpness": self.curvature and _finite(self.curvature.eigenvalue),
            "sharpness_change": self.curvature and _finite(self.curvature.change),
            "iterations": self.iterations,
            "points": len(self.losses),
            "overflowed": sum(not isfinite(loss) for loss in self.losses.values()),
            "images": len(self.x),
            "guessing": _finite(log(len(self.subject.classes))),
            "trained": self.subject.trained,
            "trajectory": self.trajectory,
        }


def plane_of_training(
    net: nn.Module, earlier: Sequence[tuple[int, dict[str, Tensor]]], reach: float
) -> tuple[list[dict[str, Tensor]], dict[str, object]]:
    """The principal directions of a path to these weights, as long as it takes for all of the path to be seen."""
    weights = moved_weights(net)
    directions, places, shares = principal_directions([state for _, state in earlier], weights)
    units = [max(map(abs, along)) / (SEEN * reach) for along in places]
    trajectory = {
        "steps": [step for step, _ in earlier],
        "x": [_finite(distance / units[0]) for distance in places[0]],
        "y": [_finite(distance / units[1]) for distance in places[1]],
        "explained": [_finite(share) for share in shares],
        "unit": [_finite(unit) for unit in units],
    }
    longer = [
        {name: part * unit for name, part in direction.items()}
        for direction, unit in zip(directions, units, strict=True)
    ]
    return longer, trajectory


def _finite(number: float | None, digits: int = 6) -> float | None:
    """A number of so many digits; None for none, and for one that is infinite or none at all."""
    return float(f"{number:.{digits}g}") if number is not None and isfinite(number) else None

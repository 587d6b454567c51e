"""The ten forms of the `shapes` data set, each a signed distance: below 0 inside, in a frame where it fits radius 1.

Signed distances as in Quilez, "2D distance functions"; exact near the outline, which is all that coverage needs.
"""

from collections.abc import Callable
from functools import reduce
from math import cos, pi, sin, sqrt

import torch
from torch import Tensor

Form = Callable[[Tensor, Tensor], Tensor]


def disc(x: Tensor, y: Tensor) -> Tensor:
    """Everything within a radius."""
    return torch.hypot(x, y) - 0.85


def ring(x: Tensor, y: Tensor) -> Tensor:
    """A disc with a hole."""
    return (torch.hypot(x, y) - 0.72).abs() - 0.24


def square(x: Tensor, y: Tensor) -> Tensor:
    """Sides upright."""
    return _box(x, y, 0.75, 0.75)


def diamond(x: Tensor, y: Tensor) -> Tensor:
    """A square on its corner."""
    return (x.abs() + y.abs() - 1) / sqrt(2)


def triangle(x: Tensor, y: Tensor) -> Tensor:
    """Three equal sides, a tip above."""
    sides = (x * cos(angle) + y * sin(angle) for angle in (pi / 2, pi * 7 / 6, pi * 11 / 6))
    return reduce(torch.maximum, sides) - 0.5


def plus(x: Tensor, y: Tensor) -> Tensor:
    """Two upright bars, crossed."""
    return torch.minimum(_box(x, y, 0.28, 0.95), _box(x, y, 0.95, 0.28))


def cross(x: Tensor, y: Tensor) -> Tensor:
    """A plus, turned by an eighth."""
    return plus((x + y) / sqrt(2), (x - y) / sqrt(2))


def star(x: Tensor, y: Tensor) -> Tensor:
    """Five points, one above."""
    fifth, inner = 2 * pi / 5, 0.42
    angle = torch.remainder(torch.atan2(x, -y) + fifth / 2, fifth) - fifth / 2
    radius = torch.hypot(x, y)
    along, across = radius * angle.cos(), (radius * angle.sin()).abs()
    # from the tip (1, 0) to the notch between two points
    dx, dy = inner * cos(fifth / 2) - 1, inner * sin(fifth / 2)
    return ((1 - along) * -dy - across * dx) / sqrt(dx * dx + dy * dy)


def bars(x: Tensor, y: Tensor) -> Tensor:
    """Three upright stripes."""
    stripes = (torch.remainder(x + 0.9, 0.68) - 0.22).abs() - 0.22
    return torch.maximum(_box(x, y, 0.9, 0.85), stripes)


def crescent(x: Tensor, y: Tensor) -> Tensor:
    """A disc, less a disc beside it."""
    return torch.maximum(torch.hypot(x, y) - 0.9, 0.75 - torch.hypot(x - 0.45, y))


def _box(x: Tensor, y: Tensor, width: float, height: float) -> Tensor:
    return torch.maximum(x.abs() - width, y.abs() - height)


FORMS: dict[str, Form] = {
    form.__name__: form for form in (disc, ring, square, diamond, triangle, plus, cross, star, bars, crescent)
}

"""What a word becomes: shapes, the site a word stands at, and layers.

They are named tuples because a plan makes hundreds of them, and those are the quickest values to make.
"""

from math import prod
from typing import NamedTuple

from resnet_explorer.errors import PlanError


class Shape(NamedTuple):
    """The shape of one image's activations; a flat vector has no height and width."""

    c: int
    h: int = 0
    w: int = 0

    @property
    def flat(self) -> bool:
        return self.h == 0

    @property
    def area(self) -> int:
        return self.h * self.w or 1

    @property
    def size(self) -> int:
        return self.c * (self.h * self.w or 1)

    @property
    def dims(self) -> tuple[int, ...]:
        return self[:1] if self.h == 0 else self[:]

    def __str__(self) -> str:
        if self.flat:
            return str(int(self.c))
        return f"{int(self.c)}×{self.h}²" if self.h == self.w else f"{int(self.c)}×{self.h}×{self.w}"


class LayerContext(NamedTuple):
    """Where a word stands, and what it is asked to reach there."""

    where: str
    c: int
    stride: int = 1
    dilation: int = 1
    first: int = 0
    taps: tuple[Shape, ...] = ()

    def error(self, reason: str) -> PlanError:
        return PlanError(f"{self.where}: {reason}")


class Layer(NamedTuple):
    """One layer as a plain value: built by torch, printed as code, counted in tables.

    `keeps` names the tensors autograd holds for the backward pass: the layer's "in" or "out",
    and for a merge step also its "branch" or "skip"; `extra` counts what it holds besides.
    """

    word: str
    call: str
    args: tuple[object, ...]
    options: tuple[tuple[str, object], ...]
    shape: Shape
    params: int = 0
    norm_params: int = 0
    macs: int = 0
    keeps: tuple[str, ...] = ()
    extra: int = 0
    kernel_extent: int = 1
    stride: int = 1
    is_view: bool = False
    tap_index: int = 0
    shares_weights: bool = False
    parts: tuple["Layer", ...] = ()

    def with_shared_weights(self) -> "Layer":
        """A second pass through the same weights: it costs the same work, and no parameters."""
        return self._replace(params=0, norm_params=0, shares_weights=True)


Chain = tuple[Layer, ...]


class NamedInt(int):
    """An integer that remembers the name it has in exported code."""

    text: str

    def __new__(cls, value: int, text: str) -> "NamedInt":
        self = super().__new__(cls, value)
        self.text = text
        return self

    def __mul__(self, other: int) -> int:
        return self if other == 1 else NamedInt(int(self) * int(other), f"{self.text} * {int(other)}")

    def __repr__(self) -> str:
        return self.text


def with_parts(layer: Layer, extra: int) -> Layer:
    """A layer with an inside: what it costs is the sum of its parts."""
    names = ("params", "norm_params", "macs")
    params, norm, macs = (sum(getattr(part, name) for part in layer.parts) for name in names)
    return layer._replace(params=params, norm_params=norm, macs=macs, extra=extra)


def require_image(x: Shape, site: LayerContext, word: str) -> None:
    """Refuse a word that needs channels, height and width after the input was flattened."""
    if x.flat:
        raise site.error(f"{word} needs an image, but its input is {x.c} numbers in a row")


def require_divisible(groups: int, site: LayerContext, word: str, **sizes: int) -> None:
    """Refuse groups that do not divide the channels, before torch would complain."""
    for name, size in sizes.items():
        if groups < 1 or size % groups:
            raise site.error(f"{word} cannot split {int(size)} {name} channels into {groups} groups")


def require_at_least(value: int, least: int, site: LayerContext, name: str) -> None:
    """Refuse an argument that is too small to mean anything."""
    if value < least:
        raise site.error(f"{name} must be at least {least}, not {value}")


def output_size(size: int, k: int, stride: int, padding: int, dilation: int = 1) -> int:
    """The size along one side after a kernel of k taps."""
    return (size + 2 * padding - dilation * (k - 1) - 1) // stride + 1


def numel(*sizes: int) -> int:
    """How many scalars a tensor of these sizes holds."""
    return prod(int(size) for size in sizes)

"""Shapes, the place where an op stands, and the layers that ops become.

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
    """Where an op stands, and the width and stride that it has to reach there."""

    # "stage 2, unit 1": what errors begin with
    where: str
    # channels of the result, for an op that chooses its width
    c: int
    stride: int = 1
    dilation: int = 1
    # 1 in the first unit of a stage, else 0
    first: int = 0
    # what each stage gives, for a head that reads an early stage
    taps: tuple[Shape, ...] = ()

    def error(self, reason: str) -> PlanError:
        """An error that says where; to be raised."""
        return PlanError(f"{self.where}: {reason}")


class Layer(NamedTuple):
    """One layer as a plain value: built by torch, printed as code, counted in tables."""

    # the op with its arguments, as the sentence writes it
    word: str
    # the class that builds it, its positional arguments, and its keyword arguments
    call: str
    args: tuple[object, ...]
    options: tuple[tuple[str, object], ...]
    # of the result
    shape: Shape
    # learnable scalars, and how many of them batch normalisation has
    params: int = 0
    norm_params: int = 0
    # multiply-adds for one image
    macs: int = 0
    # the tensors that autograd holds for the backward pass: "in" or "out", of a merge step also "branch" or "skip"
    keeps: tuple[str, ...] = ()
    # elements that autograd holds besides
    extra: int = 0
    # pixels of its input, along one side, that one place of its result sees
    kernel_extent: int = 1
    stride: int = 1
    # its result is its input in another shape, and takes no memory
    is_view: bool = False
    # the stage, from 1, whose output it reads beside its input; 0: none
    tap_index: int = 0
    # another layer has the weights, and counts them
    shares_weights: bool = False
    # what a composite is made of; its costs are the sum of theirs
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
    """The layer with the costs of all its parts, and its own count of what autograd holds."""
    names = ("params", "norm_params", "macs")
    params, norm, macs = (sum(getattr(part, name) for part in layer.parts) for name in names)
    return layer._replace(params=params, norm_params=norm, macs=macs, extra=extra)


def require_image(x: Shape, context: LayerContext, word: str) -> None:
    """Refuse an op that needs channels, height and width where the input is flat already."""
    if x.flat:
        raise context.error(f"{word} needs an image, but its input is {x.c} numbers in a row")


def require_divisible(groups: int, context: LayerContext, word: str, **sizes: int) -> None:
    """Refuse groups that do not divide the channels, before torch would complain."""
    for name, size in sizes.items():
        if groups < 1 or size % groups:
            raise context.error(f"{word} cannot split {int(size)} {name} channels into {groups} groups")


def require_at_least(value: int, least: int, context: LayerContext, name: str) -> None:
    """Refuse an argument that is too small to mean anything."""
    if value < least:
        raise context.error(f"{name} must be at least {least}, not {value}")


def output_size(size: int, k: int, stride: int, padding: int, dilation: int = 1) -> int:
    """The size along one side after a kernel of width k."""
    return (size + 2 * padding - dilation * (k - 1) - 1) // stride + 1


def numel(*sizes: int) -> int:
    """How many scalars a tensor of these sizes holds."""
    return prod(int(size) for size in sizes)

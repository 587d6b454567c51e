"""The plan: every layer of a network as plain values, with shapes, parameters and costs, and no torch.

Equal units of a stage are one `UnitRun` with a count, so a plan of any depth is small, and its totals exact.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import attrgetter

from resnet_explorer.errors import PlanError
from resnet_explorer.language.layer import Chain, LayerContext, Shape
from resnet_explorer.language.parser import parse_chain
from resnet_explorer.networks.lowering import (
    LoweredUnit,
    UnitSpec,
    drops_leading_ops,
    leading_activations,
    lower_chain,
    lower_unit,
)
from resnet_explorer.networks.network import Network


@dataclass(frozen=True)
class UnitRun:
    """Equal units in a row."""

    unit: LoweredUnit
    count: int


@dataclass(frozen=True)
class UnitPosition:
    """A unit and its place; stage and index count from 1, the receptive field is that of its output."""

    stage: int
    index: int
    unit: LoweredUnit
    receptive_field: int


@dataclass(frozen=True)
class Plan:
    """A network spelled out in layers."""

    network: Network
    stem: Chain
    stages: tuple[tuple[UnitRun, ...], ...]
    head: Chain

    @property
    def image(self) -> Shape:
        return Shape(self.network.channels, self.network.image, self.network.image)

    @property
    def output(self) -> Shape:
        return self.head[-1].shape if self.head else self.stages[-1][-1].unit.y

    @cached_property
    def params(self) -> int:
        """Every learnable scalar; running statistics are not counted."""
        return self._sum_over_layers("params")

    @cached_property
    def params_without_bn(self) -> int:
        """The learnable scalars without the scales and shifts of batch normalisation."""
        return self.params - self._sum_over_layers("norm_params")

    @cached_property
    def macs(self) -> int:
        """Multiply-adds of convolutions and fully connected layers, for one image."""
        return self._sum_over_layers("macs")

    @cached_property
    def count(self) -> int:
        """How many layers there are."""
        return len(self.stem) + len(self.head) + sum(len(run.unit.layers()) * run.count for run in self.runs())

    @cached_property
    def depth(self) -> int:
        """Weighted layers in sequence, as the papers count depth: convolutions and fully connected layers."""
        units = sum(run.count * sum(map(_count_weighted, run.unit.branches)) for run in self.runs())
        return _count_weighted(self.stem) + units + _count_weighted(self.head)

    @cached_property
    def receptive_field(self) -> int:
        """The pixels of the image, along one side, that one place of the last unit's output sees."""
        field, jump = _extend_field(self.stem, 1, 1)
        for run in self.runs():
            before = field
            field, jump = _extend_field_by_unit(run.unit, field, jump)
            field += (field - before) * (run.count - 1)
        return field

    @cached_property
    def unit_count(self) -> int:
        return sum(run.count for run in self.runs())

    def runs(self) -> Iterator[UnitRun]:
        for stage in self.stages:
            yield from stage

    def units(self) -> Iterator[UnitPosition]:
        """Every unit in order, with its receptive field in pixels of the image."""
        field, jump = _extend_field(self.stem, 1, 1)
        for number, stage in enumerate(self.stages, start=1):
            index = 0
            for run in stage:
                for _ in range(run.count):
                    index += 1
                    field, jump = _extend_field_by_unit(run.unit, field, jump)
                    yield UnitPosition(number, index, run.unit, field)

    def _sum_over_layers(self, name: str) -> int:
        read_cost = attrgetter(name)
        total: int = sum(map(read_cost, (*self.stem, *self.head)))
        for run in self.runs():
            total += run.count * sum(map(read_cost, run.unit.layers()))
        return total


@lru_cache(maxsize=512)
def plan(network: Network) -> Plan:
    """Every layer of a network; a PlanError where its sentences do not fit together."""
    block = network.unit
    stem_ops, head_ops = parse_chain(network.stem), parse_chain(network.head)
    x = Shape(network.channels, network.image, network.image)
    stem = lower_chain(stem_ops, x, LayerContext("stem", network.stem_width), network.stem_width)
    x = stem[-1].shape if stem else x
    bare = drops_leading_ops(network)
    stages: list[tuple[UnitRun, ...]] = []
    taps: list[Shape] = []
    for number in range(len(network.widths)):
        stages.append(_lower_stage(network, number, x, bare and number == 0))
        x = stages[-1][-1].unit.y
        taps.append(x)
    if network.close:
        head_ops = (*leading_activations(block), *head_ops)
    head = lower_chain(head_ops, x, LayerContext("head", network.classes, taps=tuple(taps)), network.classes)
    _check_classes(network, head, x)
    return Plan(network, stem, tuple(stages), head)


def inner_width(network: Network, width: int, where: str) -> int:
    """The width inside a unit: its own width divided by the ratio."""
    inner, rest = divmod(width * network.ratio.denominator, network.ratio.numerator)
    if rest:
        raise PlanError(
            f"{where}: a width of {width} divided by the ratio {network.ratio} is not a whole number of channels"
        )
    return inner


def _lower_stage(network: Network, number: int, x: Shape, bare: bool) -> tuple[UnitRun, ...]:
    width, depth = network.widths[number], network.depths[number]
    grid = network.grid if number == len(network.widths) - 1 else ()
    mid = inner_width(network, width, f"stage {number + 1}")
    runs: list[UnitRun] = []
    index = 0
    while index < depth:
        where = f"stage {number + 1}, unit {index + 1}"
        stride = network.strides[number] if index == 0 else 1
        context = LayerContext(where, width, stride, grid[index] if grid else 1, first=int(index == 0))
        unit = lower_unit(network, UnitSpec(context, x, mid, bare=bare and index == 0, between=index == 0))
        # from the second unit on, all are equal unless each has a dilation of its own
        count = 1 if index == 0 or grid else depth - index
        runs.append(UnitRun(unit, count))
        x, index = unit.y, index + count
        if count > 1 and unit.y != unit.x:
            raise PlanError(f"{where} turns {unit.x} into {unit.y}, so the next unit would not fit")
    return tuple(runs)


def _check_classes(network: Network, head: Chain, x: Shape) -> None:
    widening = [layer for layer in head if layer.call in ("Linear", "Conv2d", "Decoder", "Wasp", "Aspp")]
    if not widening and x.c != network.classes:
        raise PlanError(f"head: gives {int(x.c)} channels for {network.classes} classes; end it with 'gap flatten fc'")


def _count_weighted(layers: Chain) -> int:
    """The layers with weights; a composite counts as one."""
    return sum(layer.call in ("Conv2d", "Linear", "Res2", "Wasp", "Aspp", "Decoder") for layer in layers)


def _extend_field(layers: Chain, field: int, jump: int) -> tuple[int, int]:
    """Receptive field, and pixels of the image from one place to the next, after layers."""
    for layer in layers:
        field += (layer.kernel_extent - 1) * jump
        jump *= layer.stride
    return field, jump


def _extend_field_by_unit(unit: LoweredUnit, field: int, jump: int) -> tuple[int, int]:
    """The same after a unit: the longer of branch and shortcut; the stages of a Runge-Kutta step follow one another."""
    field, jump = _extend_field((*unit.between, *unit.pre), field, jump)
    skip, _ = _extend_field(unit.skip, field, jump)
    for branch in unit.branches:
        field, jump = _extend_field(branch, field, jump)
    return _extend_field(unit.post, max(field, skip), jump)

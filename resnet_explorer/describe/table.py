"""The tables of a plan: a row a layer, or a row a unit."""

from itertools import chain, cycle, repeat
from typing import NamedTuple

from resnet_explorer.language.layer import Chain, Shape
from resnet_explorer.networks.lowering import LoweredUnit
from resnet_explorer.networks.memory import chain_saved_elements, element_size, unit_saved_elements
from resnet_explorer.networks.plan import Plan

Cells = tuple[str, str, tuple[int, ...], int, int, int]


class LayerRow(NamedTuple):
    """One layer; stage and unit are 0 in stem and head, `memory` is the bytes held for the backward pass."""

    stage: int
    unit: int
    part: str
    op: str
    shape: tuple[int, ...]
    params: int
    macs: int
    memory: int


class UnitRow(NamedTuple):
    """One unit; the receptive field is that of its output, in pixels of the image."""

    stage: int
    unit: int
    shape: tuple[int, ...]
    params: int
    macs: int
    memory: int
    receptive_field: int


def layer_rows(plan: Plan, batch: int = 1, precision: str = "fp32") -> list[LayerRow]:
    """Every layer in the order that data takes; parameters and MACs are for one image, memory for the batch."""
    scale = batch * element_size(precision)
    saved, held = chain_saved_elements(plan.stem, plan.image, False)
    rows = _repeat_rows(_cells([("stem", plan.stem)], saved, scale), 0, range(1))
    for number, stage in enumerate(plan.stages, start=1):
        unit = 1
        for run in stage:
            end = unit + run.count
            while unit < end:
                saved, after = unit_saved_elements(run.unit, held)
                # the first of equal units may save more than the others: that depends on the layers before it
                units = range(unit, end if after == held else unit + 1)
                rows += _repeat_rows(_cells(run.unit.parts(), saved, scale), number, units)
                unit, held = units.stop, after
    saved, _ = chain_saved_elements(plan.head, plan.stages[-1][-1].unit.y, held)
    return rows + _repeat_rows(_cells([("head", plan.head)], saved, scale), 0, range(1))


def unit_rows(plan: Plan, batch: int = 1, precision: str = "fp32") -> list[UnitRow]:
    """Every unit with its totals."""
    scale = batch * element_size(precision)
    _, held = chain_saved_elements(plan.stem, plan.image, False)
    totals: dict[tuple[int, bool], tuple[int, int, int, bool]] = {}
    rows = []
    for position in plan.units():
        key = (id(position.unit), held)
        if key not in totals:
            totals[key] = _unit_totals(position.unit, held)
        params, macs, saved, held = totals[key]
        rows.append(
            UnitRow(
                position.stage,
                position.index,
                position.unit.y.dims,
                params,
                macs,
                saved * scale,
                position.receptive_field,
            )
        )
    return rows


def _unit_totals(unit: LoweredUnit, held: bool) -> tuple[int, int, int, bool]:
    saved, after = unit_saved_elements(unit, held)
    layers = unit.layers()
    return sum(layer.params for layer in layers), sum(layer.macs for layer in layers), sum(saved), after


def _cells(parts: list[tuple[str, Chain]], saved: list[int], scale: int) -> list[Cells]:
    """The rows of a chain or a unit without the columns stage and unit."""
    named_layers = [(part, layer) for part, layers in parts for layer in layers]
    return [
        (part, layer.word, layer.shape.dims, layer.params, layer.macs, elements * scale)
        for (part, layer), elements in zip(named_layers, saved, strict=True)
    ]


def _repeat_rows(cells: list[Cells], stage: int, units: range) -> list[LayerRow]:
    """The rows of equal units; a deep network has thousands, so no Python code runs for each."""
    numbers = chain.from_iterable(map(repeat, units, repeat(len(cells))))
    columns = map(cycle, zip(*cells, strict=True))
    return list(map(tuple.__new__, repeat(LayerRow), zip(repeat(stage), numbers, *columns)))


def format_shape(dims: tuple[int, ...]) -> str:
    """A shape such as 16×32²."""
    return str(Shape(*dims))

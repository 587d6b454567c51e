"""The layer table: one row a layer, from the plan."""

from typing import NamedTuple

from resnet_explorer.language.layer import Chain, Shape
from resnet_explorer.networks.lowering import LoweredUnit
from resnet_explorer.networks.memory import chain_saved_elements, element_size, unit_saved_elements
from resnet_explorer.networks.plan import Plan


class LayerRow(NamedTuple):
    """One layer; stage and unit are 0 in stem and head, `memory` is bytes kept for the backward pass."""

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
    stem, held = chain_saved_elements(plan.stem, plan.image, False)
    table = _chain_rows(plan.stem, "stem", stem, scale)
    for number, stage in enumerate(plan.stages, start=1):
        index = 0
        for run in stage:
            left = run.count
            while left:
                kept, after = unit_saved_elements(run.unit, held)
                # what the first of equal units keeps may differ from the others: it depends on what came before
                count = left if after == held else 1
                table += _repeated(_unit_rows(run.unit, kept, scale), number, index + 1, count)
                index, left, held = index + count, left - count, after
    head, _ = chain_saved_elements(plan.head, plan.stages[-1][-1].unit.y, held)
    return table + _chain_rows(plan.head, "head", head, scale)


def unit_rows(plan: Plan, batch: int = 1, precision: str = "fp32") -> list[UnitRow]:
    """Every unit with its totals."""
    scale = batch * element_size(precision)
    _, held = chain_saved_elements(plan.stem, plan.image, False)
    known: dict[tuple[int, bool], tuple[int, int, int, bool]] = {}
    table = []
    for placed in plan.units():
        key = (id(placed.unit), held)
        if key not in known:
            known[key] = _totals(placed.unit, held)
        params, macs, kept, held = known[key]
        table.append(
            UnitRow(placed.stage, placed.index, placed.unit.y.dims, params, macs, kept * scale, placed.receptive_field)
        )
    return table


def _totals(unit: LoweredUnit, held: bool) -> tuple[int, int, int, bool]:
    kept, after = unit_saved_elements(unit, held)
    layers = unit.layers()
    return sum(layer.params for layer in layers), sum(layer.macs for layer in layers), sum(kept), after


def _chain_rows(layers: Chain, part: str, kept: list[int], scale: int) -> list[LayerRow]:
    return [
        LayerRow(0, 0, part, layer.word, layer.shape.dims, layer.params, layer.macs, held * scale)
        for layer, held in zip(layers, kept, strict=True)
    ]


def _unit_rows(unit: LoweredUnit, kept: list[int], scale: int) -> list[tuple[str, str, tuple[int, ...], int, int, int]]:
    named = [(part, layer) for part, layers in unit.parts() for layer in layers]
    return [
        (part, layer.word, layer.shape.dims, layer.params, layer.macs, held * scale)
        for (part, layer), held in zip(named, kept, strict=True)
    ]


def _repeated(
    template: list[tuple[str, str, tuple[int, ...], int, int, int]], stage: int, first: int, count: int
) -> list[LayerRow]:
    make = LayerRow._make
    return [make((stage, unit, *row)) for unit in range(first, first + count) for row in template]


def format_shape(dims: tuple[int, ...]) -> str:
    """A shape as a person reads it: 16×32²."""
    return str(Shape(*dims))

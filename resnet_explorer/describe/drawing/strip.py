"""A whole network as one strip: stem, stages, head; equal units are one entry, so any depth is short."""

from typing import TypedDict

from resnet_explorer.language.layer import Chain, Shape
from resnet_explorer.networks.plan import Plan, UnitRun


class LayerEntry(TypedDict):
    """One layer, and which part of the unit it is in."""

    part: str
    op: str
    shape: str
    params: int


class RunEntry(TypedDict):
    """Equal units in a row, from `first` to `last`."""

    first: int
    last: int
    shape: str
    params: int
    layers: list[LayerEntry]


class Section(TypedDict):
    """Stem, a stage (counted from 1), or head; stem and head have layers, a stage has runs of units."""

    name: str
    stage: int
    count: int
    shape: str
    params: int
    runs: list[RunEntry]
    layers: list[LayerEntry]


def strip(plan: Plan) -> list[Section]:
    """The sections of a network in the order that data takes."""
    x = plan.image
    sections = [_chain_section("stem", plan.stem, x)] if plan.stem else []
    x = plan.stem[-1].shape if plan.stem else x
    for number, stage in enumerate(plan.stages, start=1):
        sections.append(_stage_section(number, stage, x))
        x = stage[-1].unit.y
    return [*sections, _chain_section("head", plan.head, x)] if plan.head else sections


def _chain_section(name: str, layers: Chain, x: Shape) -> Section:
    entries = [_layer_entry(name, layer.word, layer.shape, layer.params) for layer in layers]
    shape = _format_change(x, layers[-1].shape)
    return Section(
        name=name, stage=0, count=len(layers), shape=shape, params=_sum_params(entries), runs=[], layers=entries
    )


def _stage_section(number: int, stage: tuple[UnitRun, ...], x: Shape) -> Section:
    runs, index = [], 0
    for run in stage:
        entries = [
            _layer_entry(part, layer.word or layer.call, layer.shape, layer.params)
            for part, layers in run.unit.parts()
            for layer in layers
        ]
        shape = _format_change(run.unit.x, run.unit.y)
        runs.append(
            RunEntry(first=index + 1, last=index + run.count, shape=shape, params=_sum_params(entries), layers=entries)
        )
        index += run.count
    total = sum((run["last"] - run["first"] + 1) * run["params"] for run in runs)
    shape = _format_change(x, stage[-1].unit.y)
    return Section(name=f"stage {number}", stage=number, count=index, shape=shape, params=total, runs=runs, layers=[])


def _layer_entry(part: str, op: str, shape: Shape, params: int) -> LayerEntry:
    return LayerEntry(part=part, op=op, shape=str(shape), params=params)


def _sum_params(entries: list[LayerEntry]) -> int:
    return sum(entry["params"] for entry in entries)


def _format_change(x: Shape, y: Shape) -> str:
    return str(x) if x == y else f"{x} → {y}"

"""Where everything in the drawing of a whole network stands: a block a unit on the trunk, from left to right.

The width of a block grows with the root of its channels, its height with the root of the pixels along a side; both
scales are the same for all networks of a picture. Equal units in a row are joined only where there is no room.
"""

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

from resnet_explorer.describe.drawing.diagram import unit_marks
from resnet_explorer.language.layer import Chain, Shape
from resnet_explorer.networks.lowering import LoweredUnit
from resnet_explorer.networks.plan import Plan, UnitPosition

# pixels of a block for the root of a channel, and for the root of a pixel of its map
WIDEST, HEIGHT = 2.0, 12.0
THINNEST, GAP, LEAST_GAP = 4.0, 9.0, 4.0
JOINED, STAGE, STAGE_GAP = 56.0, 62.0, 14.0
WEIGHTS = ("Conv2d", "Linear", "Res2", "Wasp", "Aspp", "Decoder")


class Section(NamedTuple):
    """Stem, head, a unit, or equal units from `first` to `last`; stage 0 is the stem, or, at the end, the head.

    `shortcut` is identity, padding, projection, other, or nothing; the ops on the trunk are those of the unit.
    """

    name: str
    stage: int
    first: int
    last: int
    shape: Shape
    shortcut: str = ""
    shortcut_warns: bool = False
    on_trunk: tuple[str, ...] = ()

    @property
    def units(self) -> int:
        return self.last - self.first + 1


class Block(NamedTuple):
    """A section in its place; the trunk runs through the middle of its height."""

    section: Section
    x: float
    width: float
    height: float


class Scale(NamedTuple):
    """Pixels for the root of a channel, and between two blocks."""

    channels: float
    gap: float


def lay_out(plans: Sequence[Plan], width: float) -> list[list[Block]]:
    """The blocks of each network within a width, all to one scale."""
    rows = [_sections(plan) for plan in plans]
    smallest = min(section.shape.c for row in rows for section in row)
    thinnest = min(THINNEST / sqrt(smallest), WIDEST)
    fits = [scale for scale in _scales(thinnest) if all(_extent(row, scale) <= width for row in rows)]
    scale = fits[0] if fits else Scale(thinnest, LEAST_GAP)
    return [_place(_fit(row, scale, width), scale) for row in rows]


def _scales(thinnest: float) -> list[Scale]:
    """From the roomiest to the tightest; blocks get thinner first, gaps after."""
    steps = [WIDEST * (thinnest / WIDEST) ** (i / 12) for i in range(13)]
    return [Scale(step, GAP) for step in steps] + [Scale(thinnest, gap) for gap in (7.0, 5.5, LEAST_GAP)]


def _fit(row: list[Section], scale: Scale, width: float) -> list[Section]:
    """The sections, those of equal units joined as little as the width allows."""
    if _extent(row, scale) <= width:
        return row
    for most in (48, 32, 24, 16, 12, 8, 6, 4, 3):
        joined = _join(row, most)
        if _extent(joined, scale) <= width:
            break
    return joined


def _join(row: list[Section], most: int) -> list[Section]:
    """Of equal units in a row the first ones and the last, and the others between them as one section."""
    groups: list[list[Section]] = []
    for section in row:
        if groups and groups[-1][0]._replace(first=0, last=0) == section._replace(first=0, last=0):
            groups[-1].append(section)
        else:
            groups.append([section])
    result: list[Section] = []
    for group in groups:
        # a joined block is as wide as a few: two more are drawn as they are
        if len(group) <= most + 2:
            result += group
        else:
            middle = group[most - 2 : -1]
            result += [*group[: most - 2], middle[0]._replace(last=middle[-1].last), group[-1]]
    return result


def _place(row: list[Section], scale: Scale) -> list[Block]:
    blocks: list[Block] = []
    x = 0.0
    for stage in _by_stage(row):
        widths = [_block_width(section, scale) for section in stage]
        extent = _stage_extent(widths, scale)
        start = x + (extent - sum(widths) - scale.gap * (len(widths) - 1)) / 2
        for section, width in zip(stage, widths, strict=True):
            blocks.append(
                Block(section, round(start, 2), round(width, 2), round(HEIGHT * sqrt(section.shape.h or 1), 2))
            )
            start += width + scale.gap
        x += extent + STAGE_GAP
    return blocks


def _extent(row: list[Section], scale: Scale) -> float:
    stages = [[_block_width(section, scale) for section in stage] for stage in _by_stage(row)]
    return sum(_stage_extent(widths, scale) + STAGE_GAP for widths in stages) - STAGE_GAP


def _stage_extent(widths: list[float], scale: Scale) -> float:
    """The room that a stage takes: at least that of its label."""
    return max(sum(widths) + scale.gap * len(widths), STAGE)


def _block_width(section: Section, scale: Scale) -> float:
    width = scale.channels * sqrt(section.shape.c)
    return max(width, JOINED) if section.units > 1 else max(width, 2.0)


def _by_stage(row: list[Section]) -> list[list[Section]]:
    stages: list[list[Section]] = []
    for section in row:
        if stages and section.stage and stages[-1][0].stage == section.stage:
            stages[-1].append(section)
        else:
            stages.append([section])
    return stages


def _sections(plan: Plan) -> list[Section]:
    stem = [_chain_section("stem", plan.stem)] if plan.stem else []
    head = [_chain_section("head", plan.head)] if plan.head else []
    drawn: dict[int, Section] = {}
    units = []
    for position in plan.units():
        key = id(position.unit)
        if key not in drawn:
            drawn[key] = _unit_section(plan, position)
        section = drawn[key]
        units.append(section._replace(stage=position.stage, first=position.index, last=position.index))
    return [*stem, *units, *head]


def _chain_section(name: str, layers: Chain) -> Section:
    return Section(name, 0, 0, 0, layers[-1].shape)


def _unit_section(plan: Plan, position: UnitPosition) -> Section:
    unit, marks = position.unit, unit_marks(plan, position)
    parts = [(part, layer.word) for part, layers in unit.parts() for layer in layers]
    if unit.merge is None:
        return Section("", position.stage, position.index, position.index, unit.y)
    on_trunk = tuple(word for part, word in parts if part in marks.parts and word in marks.trunk)
    blended = unit.merge.call == "Blend"
    skips = tuple(layer.word for layer in unit.skip)
    warns = blended or any(part == "skip" and word in on_trunk for part, word in parts if part in marks.parts)
    gate = (unit.merge.word,) if blended else ()
    kind = _shortcut(unit) if skips else "identity"
    return Section("", position.stage, position.index, position.index, unit.y, kind, warns, (*on_trunk, *gate))


def _shortcut(unit: LoweredUnit) -> str:
    calls = {layer.call for layer in unit.skip}
    if calls & set(WEIGHTS):
        return "projection"
    return "padding" if calls == {"PadChannels"} else "other"

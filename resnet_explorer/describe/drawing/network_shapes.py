"""A laid-out network as shapes: blocks, the shortcuts as arcs above them, and labels below the stages."""

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from math import isfinite
from typing import NamedTuple

from resnet_explorer.describe.drawing.colour_scale import ColourScale
from resnet_explorer.describe.drawing.network_layout import GAP, Block, Section
from resnet_explorer.describe.drawing.shapes import Circle, Group, Path, Rect, Shape, Style, Text

ARC_ROOM, ARC_ABOVE, CORNER, LABEL_LINE = 26.0, 8.0, 5.0, 15.0
DASHES = {"identity": "", "padding": "1.5 2.5", "projection": "5 3", "other": "5 2 1.5 2"}
# stem, head, or a unit by its stage and number
Place = tuple[str, int, int]


class Colouring(NamedTuple):
    """What colours stand for, how a number of it is written, and the number of every place of one network."""

    label: str
    write: Callable[[float], str]
    values: Mapping[Place, float]
    scale: ColourScale | None


def row_height(blocks: list[Block]) -> float:
    """The height of a network's blocks with arcs and labels."""
    return ARC_ROOM + max(block.height for block in blocks) + 3 * LABEL_LINE + 4


def draw_row(blocks: list[Block], colouring: Colouring | None, network: int) -> Iterator[Shape]:
    """A network from left to right; its trunk runs at the middle of the highest block."""
    tallest = max(block.height for block in blocks)
    middle = round(ARC_ROOM + tallest / 2, 2)
    yield Path(f"M{blocks[0].x} {middle}H{_number(blocks[-1].x + blocks[-1].width)}", Style("ink", 1))
    first = next(i for i, block in enumerate(blocks) if block.section.stage)
    for i, block in enumerate(blocks):
        start, end = _junctions(blocks, i)
        parts = [*_draw_shortcut(block, start, end, middle), *_draw_block(block, middle, colouring, network)]
        yield Group(
            tuple(parts),
            attributes=_attributes(block.section, network, i == first),
            title=_title(block.section, colouring),
        )
    for _, group in groupby(blocks, key=lambda block: (block.section.name, block.section.stage)):
        yield from _draw_label(list(group), ARC_ROOM + tallest + LABEL_LINE)


def shortcut_style(kind: str, warns: bool) -> Style:
    """The line of a shortcut: its dash says what stands on it, the warning tone that it is on the trunk."""
    return Style("warn" if warns else "lane", 1.6, dash=DASHES[kind])


def _junctions(blocks: list[Block], i: int) -> tuple[float, float]:
    """Where a block's shortcut leaves the trunk and meets it again."""
    block = blocks[i]
    before = block.x - (blocks[i - 1].x + blocks[i - 1].width) if i else GAP
    after = blocks[i + 1].x - block.x - block.width if i + 1 < len(blocks) else GAP
    return round(block.x - min(before, GAP) / 2, 2), round(block.x + block.width + min(after, GAP) / 2, 2)


def _draw_shortcut(block: Block, start: float, end: float, middle: float) -> Iterator[Shape]:
    section = block.section
    if not section.shortcut:
        return
    top = round(middle - block.height / 2 - ARC_ABOVE, 2)
    arc = f"M{start} {middle}V{_number(top + CORNER)}q0 -{CORNER} {CORNER} -{CORNER}"
    arc += f"H{_number(end - CORNER)}q{CORNER} 0 {CORNER} {CORNER}V{middle}"
    yield Path(arc, shortcut_style(section.shortcut, section.shortcut_warns))
    if section.units > 1:
        yield Text(f"×{section.units}", _number(start + end) / 2, top - 4, 12)
    if section.on_trunk and not section.shortcut_warns:
        yield Circle(end, middle, 2.5, Style(fill="warn"))


def _draw_block(block: Block, middle: float, colouring: Colouring | None, network: int) -> Iterator[Shape]:
    section, top = block.section, round(middle - block.height / 2, 2)
    dash = "3 2" if section.units > 1 else ""
    places = _places(section)
    colours = [_colour(colouring, place) for place in places]
    edge = Style("warn" if "warn" in colours else "ink", 1, dash=dash)
    if len(set(colours)) == 1:
        fill = "paper" if colours[0] == "warn" else colours[0]
        yield Rect(block.x, top, block.width, block.height, edge._replace(fill=fill), 1)
        return
    step = block.width / len(places)
    for i, (place, colour) in enumerate(zip(places, colours, strict=True)):
        stripe = section._replace(first=place[2], last=place[2])
        # each overlaps the next a little, so that no seam shows
        box = Rect(block.x + i * step, top, min(step + 0.3, block.width - i * step), block.height, Style(fill=colour))
        yield Group((box,), attributes=_attributes(stripe, network, False), title=_title(stripe, colouring))
    yield Rect(block.x, top, block.width, block.height, edge, 1)


def _draw_label(blocks: list[Block], y: float) -> Iterator[Shape]:
    section = blocks[0].section
    x = _number((blocks[0].x + blocks[-1].x + blocks[-1].width) / 2)
    count = sum(block.section.units for block in blocks)
    lines = [section.name or f"stage {section.stage}", str(blocks[-1].section.shape)]
    if section.stage:
        lines.append(f"{count} units" if count > 1 else "1 unit")
    for i, line in enumerate(lines):
        yield Text(line, x, y + i * LABEL_LINE, 12, "ink" if i == 1 else "faint")


def _places(section: Section) -> list[Place]:
    return [(section.name, section.stage, unit) for unit in range(section.first, section.last + 1)]


def _colour(colouring: Colouring | None, place: Place) -> str:
    """The fill of a place: paper without a number, the warning tone for one that is not finite."""
    if colouring is None or place not in colouring.values:
        return "paper"
    value = colouring.values[place]
    if not isfinite(value) or colouring.scale is None:
        return "warn"
    return colouring.scale.colour(value)


def _title(section: Section, colouring: Colouring | None) -> str:
    name = section.name or f"stage {section.stage}, unit {section.first}"
    if section.units > 1:
        name = f"stage {section.stage}, units {section.first} to {section.last}"
    parts = [f"{name}: {section.shape}"]
    if section.shortcut:
        parts.append(f"shortcut: {section.shortcut}")
    if section.on_trunk:
        parts.append(f"on the trunk: {', '.join(section.on_trunk)}")
    values = (
        []
        if colouring is None
        else [colouring.values[place] for place in _places(section) if place in colouring.values]
    )
    if colouring is not None and values:
        texts = [colouring.write(value) if isfinite(value) else "not a finite number" for value in values]
        ends = texts[0] if len(set(texts)) == 1 else f"{texts[0]} to {texts[-1]}"
        parts.append(f"{colouring.label}: {ends}")
    return ", ".join(parts)


def _attributes(section: Section, network: int, first: bool) -> tuple[tuple[str, str], ...]:
    """What a page needs to react to a press; the Tab key reaches the first unit, a page moves on from there."""
    unit = f"{section.first}" if section.units == 1 else f"{section.first}-{section.last}"
    place = (
        (("data-stage", f"{section.stage}"), ("data-unit", unit)) if section.stage else (("data-part", section.name),)
    )
    focus = (("tabindex", "0" if first else "-1"), ("role", "button")) if section.stage else ()
    return (("class", "unit" if section.stage else "part"), ("data-network", f"{network}"), *place, *focus)


def _number(value: float) -> float:
    return round(value, 2)

"""Whole networks below each other as one picture, to one scale, with a legend."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from resnet_explorer.describe.drawing.colour_scale import ColourScale, cividis
from resnet_explorer.describe.drawing.network_layout import Block, lay_out
from resnet_explorer.describe.drawing.network_shapes import Colouring, draw_row, row_height, shortcut_style
from resnet_explorer.describe.drawing.shapes import Circle, Group, Path, Picture, Rect, Shape, Style, Text, coloured
from resnet_explorer.describe.drawing.sheet import letter_and_sample
from resnet_explorer.networks.plan import Plan

# the width of a letter of a name, and of a smaller text
NAME, LETTER = 7.4, 6.3
MARGIN, HEADING, SPACE, LINE = 16.0, 20.0, 18.0, 20.0
BAR, SHADES, SHADE = 10.0, 60, 4.0
SHORTCUTS = {
    "identity": "identity shortcut",
    "padding": "shortcut that pads with zeros",
    "projection": "shortcut with a projection",
    "other": "other shortcut",
}
SCALES = "Width: channels; height: pixels along a side of the map; both on square-root scales, the same for all."


class DrawnNetwork(NamedTuple):
    """A network to draw: its name, its plan, its lane, and the colours of that."""

    name: str
    plan: Plan
    slot: int
    palette: Mapping[str, str]


def network_picture(
    networks: Sequence[DrawnNetwork], colourings: Sequence[Colouring] = (), width: float = 1120
) -> tuple[Picture, list[list[Block]]]:
    """The picture and the blocks in it; `colourings` has one entry a network, with one scale for all, or none."""
    rows = lay_out([network.plan for network in networks], width - 2 * MARGIN)
    shapes: list[Shape] = []
    named = 48 + NAME * max((len(network.name) for network in networks), default=0) + SPACE
    y = MARGIN
    for i, (network, blocks) in enumerate(zip(networks, rows, strict=True)):
        colouring = colourings[i] if colourings else None
        row = Group(tuple(draw_row(blocks, colouring, i)), 0, HEADING)
        lane = Group((*_heading(network, blocks, named, width - 2 * MARGIN), row), MARGIN, y)
        shapes.append(coloured(lane, network.palette))
        y += HEADING + row_height(blocks) + SPACE
    for line in _legend(rows, colourings[0] if colourings else None):
        shapes.append(coloured(Group(line, MARGIN, y), {**networks[0].palette, "lane": networks[0].palette["ink"]}))
        y += LINE
    names = ", ".join(network.name for network in networks)
    attributes = (("role", "group"), ("aria-label", f"The whole of {names}"))
    return Picture(width, y + MARGIN, tuple(shapes), attributes=attributes), rows


def _heading(network: DrawnNetwork, blocks: list[Block], named: float, width: float) -> Iterator[Shape]:
    """Letter, name and totals, which stand beside the longest name, in sight of a narrow page, if there is room."""
    plan = network.plan
    yield Group(letter_and_sample(network.slot), 0, 12)
    yield Text(network.name, 48, 12, anchor="start")
    totals = f"{plan.depth} layers, {plan.params:,} parameters, {plan.macs:,} MACs"
    bare = not any(block.section.shortcut for block in blocks)
    text = f"no shortcuts, {totals}" if bare else totals
    fits = named + LETTER * len(text) <= width
    x, anchor = (named, "start") if fits else (width, "end")
    yield Text(text, x, 12, 12, "warn" if bare else "faint", anchor)


def _legend(rows: list[list[Block]], colouring: Colouring | None) -> Iterator[tuple[Shape, ...]]:
    """The lines of the legend: the scales, the lines that occur, and the colours."""
    yield (Text(SCALES, 0, 12, 12, "faint", "start"),)
    sections = [block.section for row in rows for block in row]
    entries: list[tuple[Shape, str]] = [
        (Path("M0 -4H24", shortcut_style(kind, False)), text)
        for kind, text in SHORTCUTS.items()
        if any(section.shortcut == kind for section in sections)
    ]
    ops = dict.fromkeys(op for section in sections for op in section.on_trunk)
    if ops:
        entries.append((Circle(12, -4, 2.5, Style(fill="warn")), f"on the trunk: {', '.join(ops)}"))
    if any(section.units > 1 for section in sections):
        entries.append((Rect(0, -10, 24, 12, Style("ink", 1, "paper", "3 2"), 1), "equal units, joined for room"))
    shapes, x = [], 0.0
    for sample, text in entries:
        shapes.append(Group((sample, Text(text, 32, 0, 12, "faint", "start")), x, 14))
        x += 48 + LETTER * len(text)
    if shapes:
        yield tuple(shapes)
    if colouring and colouring.scale:
        yield tuple(_colour_bar(colouring, colouring.scale))
        yield ()


def _colour_bar(colouring: Colouring, scale: ColourScale) -> Iterator[Shape]:
    length = SHADES * SHADE
    for i in range(SHADES):
        yield Rect(i * SHADE, 6, SHADE + 0.3, BAR, Style(fill=cividis((i + 0.5) / SHADES)))
    for tick in scale.ticks():
        x = round(scale.position(tick) * length, 2)
        yield Path(f"M{x} {6 + BAR}v4", Style("ink", 1))
        yield Text(colouring.write(tick), x, 6 + BAR + 15, 12, "ink", _anchor(x, length))
    how = "logarithmic scale" if scale.log else "linear scale"
    yield Text(f"{colouring.label} ({how}, the same for all)", length + 16, 6 + BAR, 12, "faint", "start")


def _anchor(x: float, length: float) -> str:
    return "start" if x < 1 else "end" if x > length - 1 else "middle"

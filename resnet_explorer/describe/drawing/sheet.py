"""Several units side by side as one picture that stands alone, with a legend of the lanes."""

from collections.abc import Mapping, Sequence

from resnet_explorer.describe.drawing.diagram import DrawnUnit
from resnet_explorer.describe.drawing.layout import WIDTH
from resnet_explorer.describe.drawing.shapes import LANE_DASH, Group, Path, Picture, Shape, Style, Text, coloured
from resnet_explorer.networks.request import LETTERS

MARGIN, TOP, GAP = 16, 36, 24
LEGEND_LINE = 20
Palette = Mapping[str, str]


def sheet(
    units: Sequence[DrawnUnit], names: Sequence[str], slots: Sequence[int], palettes: Sequence[Palette]
) -> Picture:
    """All drawings on a transparent ground, each below its letter; the legend names the letters."""
    step = WIDTH + GAP
    shapes: list[Shape] = []
    for i, (unit, slot, palette) in enumerate(zip(units, slots, palettes, strict=True)):
        inner = Group(unit.picture.shapes, 0, TOP, unit.picture.title, unit.picture.description)
        group = Group((*_heading(unit, slot), inner), MARGIN + i * step, 8)
        shapes.append(coloured(group, palette))
    bottom = 8 + TOP + max(unit.picture.height for unit in units) + GAP
    for i, (name, slot, palette) in enumerate(zip(names, slots, palettes, strict=True)):
        shapes.append(coloured(legend_entry(name, slot, MARGIN, bottom + i * LEGEND_LINE), palette))
    width = max(step * len(units) + 8, MARGIN * 2 + 48 + 7 * max(map(len, names)))
    title = "One unit of " + ", ".join(names)
    return Picture(width, bottom + len(names) * LEGEND_LINE, tuple(shapes), title)


def legend_entry(name: str, slot: int, x: float, y: float) -> Group:
    """A lane's letter, a sample of its line, and its name."""
    return Group((*letter_and_sample(slot), Text(name, 48, 0, anchor="start")), x, y)


def letter_and_sample(slot: int) -> tuple[Shape, ...]:
    """A lane's letter and a sample of its line, on one line of text."""
    letter = Text(LETTERS[slot], 0, 0, anchor="start", bold=True)
    return letter, Path("M16 -4H40", Style("lane", 3, dash=LANE_DASH))


def _heading(unit: DrawnUnit, slot: int) -> tuple[Shape, ...]:
    place = Text(f"stage {unit.stage}, unit {unit.unit}", 48, 18, 12, "faint", "start")
    return Group(letter_and_sample(slot), 0, 18), place

"""A laid-out unit as shapes: the trunk, the branch, a box for each layer, and the addition."""

from collections.abc import Iterator
from itertools import zip_longest

from resnet_explorer.describe.drawing.composites import CELL, Cell, Inside
from resnet_explorer.describe.drawing.labels import box_style
from resnet_explorer.describe.drawing.layout import (
    BOX_HEIGHT,
    BOX_WIDTH,
    BRANCH,
    LINE,
    RAIL,
    TRUNK,
    TURN,
    WIDTH,
    Box,
    BranchStage,
    Drawing,
)
from resnet_explorer.describe.drawing.shapes import Circle, Path, Picture, Rect, Shape, Style, Text

HALF, RADIUS, TIP, END = BOX_WIDTH // 2, 10, 6, 20
CORNER = {"weight": 2, "norm": 2, "activation": BOX_HEIGHT // 2, "other": 6}
TRUNK_WIDTH, BRANCH_WIDTH = 4.0, 1.5


def unit_picture(drawing: Drawing, title: str, description: str) -> Picture:
    """One unit as a picture with a title and a description for those who do not see it."""
    shapes = (
        *_draw_trunk(drawing),
        *_draw_branches(drawing),
        *(shape for box in drawing.boxes for shape in _draw_box(box)),
        *_draw_merge(drawing),
    )
    return Picture(WIDTH, drawing.height, shapes, title, description)


def words(text: str, x: float, y: float, size: float = 13, fill: str = "ink", anchor: str = "middle") -> Text:
    """Text that stays readable on a line, by a halo of paper."""
    return Text(text, x, y, size, fill, anchor, halo="paper")


def _draw_trunk(drawing: Drawing) -> Iterator[Shape]:
    yield Path(f"M{TRUNK} {END}V{drawing.height - END}", Style("lane", TRUNK_WIDTH))
    yield _draw_tensor("l", 14)
    end = drawing.height - 6
    yield words("head", TRUNK, end) if drawing.leads == "head" else _draw_tensor(drawing.leads, end)
    if drawing.entry:
        yield words(drawing.entry, BRANCH + 12, drawing.branches[0].leaves + 6, 12, "faint", "start")


def _draw_tensor(index: str, y: int) -> Text:
    return Text("x", TRUNK, y, italic=True, subscript=index)


def _draw_branches(drawing: Drawing) -> Iterator[Shape]:
    for stage, following in zip_longest(drawing.branches, drawing.branches[1:]):
        yield from _draw_branch(stage, following, drawing.merge_y)


def _draw_branch(stage: BranchStage, following: BranchStage | None, merge_y: int) -> Iterator[Shape]:
    """Out of the trunk and down its column; then to the addition, along the rail if another stage follows."""
    end = merge_y if following is None else following.leaves
    yield Circle(TRUNK, stage.leaves, 3, Style(fill="ink"))
    yield _draw_line(f"M{TRUNK} {stage.leaves}H{BRANCH - 8}q8 0 8 8V{end - 8 if following is None else end + 8}")
    if following is None:
        yield _draw_line(f"M{BRANCH} {merge_y - 8}q0 8 -8 8H{TRUNK + RADIUS + TIP}")
        yield _draw_arrow(TRUNK + RADIUS, merge_y)
    elif stage.weight:
        yield _draw_line(f"M{BRANCH} {stage.ends}H{RAIL - 4}q4 0 4 4V{merge_y - 8}q0 8 -8 8H{BRANCH - 8}")
    if stage.sees:
        yield words(stage.sees, BRANCH, stage.leaves + TURN + 8)
    if stage.weight:
        yield words(stage.weight, BRANCH - 8, merge_y - 6 if following is None else stage.ends + 4, anchor="end")


def _draw_merge(drawing: Drawing) -> Iterator[Shape]:
    if drawing.merge is None:
        return
    y, colour = drawing.merge_y, "warn" if drawing.gated else "ink"
    yield Circle(TRUNK, y, RADIUS, Style(colour, 1.5, "paper"))
    yield _draw_line(f"M{TRUNK - 5} {y}H{TRUNK + 5}M{TRUNK} {y - 5}V{y + 5}", colour)
    if drawing.merge.call == "Blend":
        yield words("g·F + (1 − g)·h", TRUNK + 16, y + 18, 13, "ink", "start")
    if drawing.gated:
        yield words("on the trunk", TRUNK + 16, y + 18 + LINE, 13, "warn", "start")


def _draw_box(box: Box) -> Iterator[Shape]:
    heavy = box.warn or box_style(box.layer) == "weight"
    edge = Style("warn" if box.warn else "ink", 2 if heavy else 1, "paper", "3 2" if box.inside else "")
    radius = CORNER[box_style(box.layer)]
    yield Rect(box.x - HALF, box.y, BOX_WIDTH, box.height, edge, radius)
    if box.warn:
        yield Rect(box.x - HALF, box.y, BOX_WIDTH, box.height, Style(fill="warn", fill_opacity=0.14), radius)
    yield Text(box.text, box.x, box.y + 17)
    if box.inside:
        yield from _draw_inside(box.inside, box.x, box.y)
    for i, note in enumerate(box.notes, start=1):
        yield _paper_behind(note, box.x, box.y + box.height + LINE * (i - 1))
        yield words(note, box.x, box.y + box.height + LINE * i - 1, 12, _text_colour(note))
    if box.label:
        yield words(box.label, box.x + HALF + 8, box.y + 17, 13, _text_colour(box.label), "start")


def _paper_behind(note: str, x: int, y: int) -> Rect:
    """Paper behind a note, so that no line runs through its letters."""
    width = 6 * len(note)
    return Rect(x - width // 2, y + 2, width, LINE - 1, Style(fill="paper"))


def _text_colour(text: str) -> str:
    return "warn" if text in ("on the trunk", "no shortcut") else "faint"


def _draw_inside(inside: Inside, x: int, top: int) -> Iterator[Shape]:
    """The cells of a composite between the rail of its input, left, and that of its results, right."""
    left, right, middle = x - 30, x + 31, x + 1
    tops = [top + y for y in inside.tops()]
    ends = tops[-1] + CELL
    inputs = [y for cell, y in zip(inside.cells, tops, strict=True) if cell.reads_input]
    foot = ends + 8 if inside.ending == "×" else max(inputs, default=top) + CELL // 2
    yield _draw_line(f"M{left} {top + 20}V{foot}" + (f"H{middle - 5}" if inside.ending == "×" else ""))
    results = [y for cell, y in zip(inside.cells, tops, strict=True) if cell.gives_result]
    if results:
        yield _draw_line(f"M{right} {results[0] + CELL // 2}V{ends + 8}H{x}")
    for cell, y in zip(inside.cells, tops, strict=True):
        yield from _draw_cell(cell, middle, y, left, right)
    if inside.ending == "×":
        yield _draw_line(f"M{middle} {ends}V{ends + 8}")
    if inside.ending:
        yield words(inside.ending, x, ends + 13, 11)


def _draw_cell(cell: Cell, middle: int, y: int, left: int, right: int) -> Iterator[Shape]:
    if cell.reads_above:
        yield _draw_line(f"M{middle} {y - (16 if cell.sums else 8)}V{y}")
    if cell.sums:
        yield _draw_line(f"M{left} {y - 8}H{middle - 5}")
        yield Circle(middle, y - 8, 5, Style("ink", 1, "paper"))
        yield Path(f"M{middle - 3} {y - 8}h6M{middle} {y - 11}v6", Style("ink"))
    elif cell.reads_input:
        yield _draw_line(f"M{left} {y + CELL // 2}H{middle}")
    if cell.gives_result:
        yield _draw_line(f"M{middle} {y + CELL // 2}H{right}")
    yield Rect(middle - 23, y, 46, CELL, Style("ink", 1, "paper"), 2)
    yield Text(cell.text, middle, y + 12, 10)


def _draw_line(path: str, stroke: str = "ink") -> Path:
    return Path(path, Style(stroke, BRANCH_WIDTH))


def _draw_arrow(x: int, y: int) -> Path:
    return Path(f"M{x} {y}l{TIP} -4v8z", Style(fill="ink"))

"""A laid-out unit as SVG text.

Colours are the page's custom properties, so one drawing serves light and dark; `resolved` puts values
in their place for a file that stands alone.
"""

import re
from collections.abc import Iterator, Mapping
from html import escape
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

INK, PAPER, FAINT, WARN, LANE = (f"var(--{name})" for name in ("ink", "paper", "faint", "warn", "lane"))
HALF, RADIUS, TIP, END = BOX_WIDTH // 2, 10, 6, 20
CORNER = {"weight": 2, "norm": 2, "activation": BOX_HEIGHT // 2, "other": 6}


def svg(drawing: Drawing, title: str, description: str) -> str:
    """One unit as an SVG element with a title and a description for those who do not see it."""
    body = "".join(
        [
            element("title", escape(title)),
            element("desc", escape(description)),
            *_draw_trunk(drawing),
            *_draw_branches(drawing),
            *(part for box in drawing.boxes for part in _draw_box(box)),
            *_draw_merge(drawing),
        ]
    )
    size = {"width": WIDTH, "height": drawing.height, "viewBox": f"0 0 {WIDTH} {drawing.height}"}
    return element("svg", body, xmlns="http://www.w3.org/2000/svg", role="img", **size, **_type_style(13))


def resolved(text: str, palette: Mapping[str, str]) -> str:
    """The same picture with colours and typeface instead of custom properties."""
    return re.sub(r"var\(--([a-z0-9-]+)\)", lambda match: escape(palette[match[1]]), text)


def element(name: str, inner: str = "", /, **attributes: object) -> str:
    """An XML element; `class_` and `stroke_width` are written as XML has them."""
    attributes_text = "".join(
        f' {key.rstrip("_").replace("_", "-") if key != "viewBox" else key}="{escape(str(value))}"'
        for key, value in attributes.items()
    )
    return f"<{name}{attributes_text}>{inner}</{name}>" if inner else f"<{name}{attributes_text}/>"


def words(text: str, x: int, y: int, size: int = 13, fill: str = INK, anchor: str = "middle") -> str:
    """Text that stays readable on a line, by a halo of paper."""
    halo = {"paint_order": "stroke", "stroke": PAPER, "stroke_width": 5, "stroke_linejoin": "round"}
    return element("text", escape(text), x=x, y=y, text_anchor=anchor, font_size=size, fill=fill, **halo)


def _type_style(size: int) -> dict[str, object]:
    return {"font_family": "var(--sans)", "font_size": size, "fill": INK}


def _draw_trunk(drawing: Drawing) -> Iterator[str]:
    yield element("path", d=f"M{TRUNK} {END}V{drawing.height - END}", stroke=LANE, stroke_width=4, fill="none")
    yield _draw_tensor("l", 14)
    end = drawing.height - 6
    yield words("head", TRUNK, end) if drawing.leads == "head" else _draw_tensor(drawing.leads, end)
    if drawing.entry:
        yield words(drawing.entry, BRANCH + 12, drawing.branches[0].leaves + 6, 12, FAINT, "start")


def _draw_tensor(index: str, y: int) -> str:
    below = element("tspan", index, font_size=10, dy=3)
    return element("text", f"x{below}", x=TRUNK, y=y, text_anchor="middle", font_style="italic")


def _draw_branches(drawing: Drawing) -> Iterator[str]:
    for stage, following in zip_longest(drawing.branches, drawing.branches[1:]):
        yield from _draw_branch(stage, following, drawing.merge_y)


def _draw_branch(stage: BranchStage, following: BranchStage | None, merge_y: int) -> Iterator[str]:
    """Out of the trunk and down its column; then to the addition, along the rail if another stage follows."""
    end = merge_y if following is None else following.leaves
    yield element("circle", cx=TRUNK, cy=stage.leaves, r=3, fill=INK)
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


def _draw_merge(drawing: Drawing) -> Iterator[str]:
    if drawing.merge is None:
        return
    y, colour = drawing.merge_y, WARN if drawing.gated else INK
    yield element("circle", cx=TRUNK, cy=y, r=RADIUS, fill=PAPER, stroke=colour, stroke_width=1.5)
    yield _draw_line(f"M{TRUNK - 5} {y}H{TRUNK + 5}M{TRUNK} {y - 5}V{y + 5}", colour)
    if drawing.merge.call == "Blend":
        yield words("g·F + (1 − g)·h", TRUNK + 16, y + 18, 13, INK, "start")
    if drawing.gated:
        yield words("on the trunk", TRUNK + 16, y + 18 + LINE, 13, WARN, "start")


def _draw_box(box: Box) -> Iterator[str]:
    colour = WARN if box.warn else INK
    shape = {"x": box.x - HALF, "y": box.y, "width": BOX_WIDTH, "height": box.height}
    edge: dict[str, object] = {
        "stroke": colour,
        "stroke_width": 2 if box.warn or box_style(box.layer) == "weight" else 1,
    }
    if box.inside:
        edge["stroke_dasharray"] = "3 2"
    yield element("rect", **shape, rx=CORNER[box_style(box.layer)], fill=PAPER, **edge)
    if box.warn:
        yield element("rect", **shape, rx=CORNER[box_style(box.layer)], fill=WARN, fill_opacity=0.14)
    yield element("text", escape(box.text), x=box.x, y=box.y + 17, text_anchor="middle")
    if box.inside:
        yield from _draw_inside(box.inside, box.x, box.y)
    for i, note in enumerate(box.notes, start=1):
        yield _paper_behind(note, box.x, box.y + box.height + LINE * (i - 1))
        yield words(note, box.x, box.y + box.height + LINE * i - 1, 12, _text_colour(note))
    if box.label:
        yield words(box.label, box.x + HALF + 8, box.y + 17, 13, _text_colour(box.label), "start")


def _paper_behind(note: str, x: int, y: int) -> str:
    """Paper behind a note, so that no line runs through its letters."""
    width = 6 * len(note)
    return element("rect", x=x - width // 2, y=y + 2, width=width, height=LINE - 1, fill=PAPER)


def _text_colour(text: str) -> str:
    return WARN if text in ("on the trunk", "no shortcut") else FAINT


def _draw_inside(inside: Inside, x: int, top: int) -> Iterator[str]:
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


def _draw_cell(cell: Cell, middle: int, y: int, left: int, right: int) -> Iterator[str]:
    if cell.reads_above:
        yield _draw_line(f"M{middle} {y - (16 if cell.sums else 8)}V{y}")
    if cell.sums:
        yield _draw_line(f"M{left} {y - 8}H{middle - 5}")
        yield element("circle", cx=middle, cy=y - 8, r=5, fill=PAPER, stroke=INK)
        yield element("path", d=f"M{middle - 3} {y - 8}h6M{middle} {y - 11}v6", stroke=INK)
    elif cell.reads_input:
        yield _draw_line(f"M{left} {y + CELL // 2}H{middle}")
    if cell.gives_result:
        yield _draw_line(f"M{middle} {y + CELL // 2}H{right}")
    yield element("rect", x=middle - 23, y=y, width=46, height=CELL, rx=2, fill=PAPER, stroke=INK)
    yield element("text", escape(cell.text), x=middle, y=y + 12, text_anchor="middle", font_size=10)


def _draw_line(path: str, stroke: str = INK) -> str:
    return element("path", d=path, stroke=stroke, stroke_width=1.5, fill="none")


def _draw_arrow(x: int, y: int) -> str:
    return element("path", d=f"M{x} {y}l{TIP} -4v8z", fill=INK)

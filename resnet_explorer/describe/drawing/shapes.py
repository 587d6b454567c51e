"""What pictures are made of: paths, boxes, circles, words and groups, as values; writers turn them into a format.

A colour is a name of the page's palette, such as `ink`, or a value, such as #1b1b19; nothing draws nothing.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

ROLES = ("ink", "paper", "hair", "faint", "warn", "lane")
# the dash of a lane, which `coloured` puts in place
LANE_DASH = "dash"
PATH_TOKEN = re.compile(r"[MmLlHhVvQqZz]|-?\d+(?:\.\d+)?(?:e[-+]?\d+)?")
# how far the control points of a quarter of a circle lie from its ends, in radii
CIRCLE = 0.5523
NUMBERS = {"M": 2, "L": 2, "H": 1, "V": 1, "Q": 4, "Z": 0}


class Style(NamedTuple):
    """How a line is drawn and an area filled; a dash is 'on off ...' in the unit of the picture."""

    stroke: str = ""
    width: float = 1
    fill: str = ""
    dash: str = ""
    fill_opacity: float = 1
    round_ends: bool = False
    stroke_opacity: float = 1


class Path(NamedTuple):
    """Lines and quadratic curves in the letters of an SVG path: M L H V Q Z, small ones relative."""

    d: str
    style: Style


class Rect(NamedTuple):
    """A box, its corners rounded by a radius."""

    x: float
    y: float
    width: float
    height: float
    style: Style
    radius: float = 0


class Circle(NamedTuple):
    """A circle."""

    x: float
    y: float
    radius: float
    style: Style


class Text(NamedTuple):
    """Words on one line; a halo of a colour keeps them readable on a line, the subscript follows them.

    `turn` is how many degrees they are turned about their place, with the clock.
    """

    text: str
    x: float
    y: float
    size: float = 13
    fill: str = "ink"
    anchor: str = "middle"
    halo: str = ""
    italic: bool = False
    bold: bool = False
    subscript: str = ""
    turn: float = 0


class Group(NamedTuple):
    """Shapes moved together, with a title and a description for those who do not see them, and attributes.

    Of a group with a `clip`, x, y, width and height of a box, only what lies in the box is seen.
    """

    shapes: "tuple[Shape, ...]"
    x: float = 0
    y: float = 0
    title: str = ""
    description: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    clip: tuple[float, float, float, float] | None = None


Shape = Path | Rect | Circle | Text | Group


class Picture(NamedTuple):
    """Shapes on a ground of a size; `attributes` are those of the whole."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    title: str = ""
    description: str = ""
    attributes: tuple[tuple[str, str], ...] = ()


def coloured(shape: Shape, palette: Mapping[str, str]) -> Shape:
    """The shape with the values of a palette in place of the names of colours, and of a lane's dash."""
    if isinstance(shape, Group):
        return shape._replace(shapes=tuple(coloured(inner, palette) for inner in shape.shapes))
    if isinstance(shape, Text):
        halo = palette.get(shape.halo, shape.halo)
        return shape._replace(fill=palette.get(shape.fill, shape.fill), halo=halo)
    style = shape.style
    dash = palette[LANE_DASH] if style.dash == LANE_DASH else style.dash
    stroke, fill = palette.get(style.stroke, style.stroke), palette.get(style.fill, style.fill)
    return shape._replace(style=style._replace(stroke=stroke, fill=fill, dash="" if dash == "none" else dash))


Segment = tuple[str, tuple[float, ...]]


def segments(d: str) -> list[Segment]:
    """A path as M, L, C and Z with absolute numbers: what PDF and TikZ understand."""
    tokens = PATH_TOKEN.findall(d)
    result: list[Segment] = []
    x = y = 0.0
    letter, i = "M", 0
    while i < len(tokens):
        if tokens[i].isalpha():
            letter, i = tokens[i], i + 1
        count = NUMBERS[letter.upper()]
        numbers = [float(token) for token in tokens[i : i + count]]
        i += count
        segment = _absolute(letter, numbers, x, y)
        result.append(segment)
        if segment[1]:
            x, y = segment[1][-2:]
    return result


def _absolute(letter: str, numbers: list[float], x: float, y: float) -> Segment:
    ox, oy = (x, y) if letter.islower() else (0.0, 0.0)
    match letter.upper():
        case "H":
            return "L", (ox + numbers[0], y)
        case "V":
            return "L", (x, oy + numbers[0])
        case "Q":
            cx, cy, ex, ey = ox + numbers[0], oy + numbers[1], ox + numbers[2], oy + numbers[3]
            # a quadratic curve as a cubic one: control points two thirds of the way to its own
            first, second = (
                (x + 2 * (cx - x) / 3, y + 2 * (cy - y) / 3),
                (ex + 2 * (cx - ex) / 3, ey + 2 * (cy - ey) / 3),
            )
            return "C", (*first, *second, ex, ey)
        case "Z":
            return "Z", ()
        case name:
            return name, (ox + numbers[0], oy + numbers[1])


def rect_segments(rect: Rect) -> list[Segment]:
    """A box as a path, its corners as curves."""
    x, y, w, h = rect.x, rect.y, rect.width, rect.height
    r = min(rect.radius, w / 2, h / 2)
    if not r:
        return segments(f"M{x} {y}h{w}v{h}h{-w}Z")
    top, right = f"M{x + r} {y}H{x + w - r}q{r} 0 {r} {r}", f"V{y + h - r}q0 {r} {-r} {r}"
    bottom, left = f"H{x + r}q{-r} 0 {-r} {-r}", f"V{y + r}q0 {-r} {r} {-r}"
    return segments(f"{top}{right}{bottom}{left}Z")


def circle_segments(circle: Circle) -> list[Segment]:
    """A circle as four curves."""
    x, y, r = circle.x, circle.y, circle.radius
    k = r * CIRCLE
    return [
        ("M", (x + r, y)),
        ("C", (x + r, y + k, x + k, y + r, x, y + r)),
        ("C", (x - k, y + r, x - r, y + k, x - r, y)),
        ("C", (x - r, y - k, x - k, y - r, x, y - r)),
        ("C", (x + k, y - r, x + r, y - k, x + r, y)),
        ("Z", ()),
    ]

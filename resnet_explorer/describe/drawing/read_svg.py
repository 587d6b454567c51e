"""Reads the SVG of a figure that a browser drew as a picture, so that it can be written as a PDF or as TikZ.

It knows what plotly.js draws lines, bands, points and words with. All else, and what is too large, is refused, and
nothing is passed on as it came: shapes are made anew of the numbers, colours and words that were understood.
"""

import re
from collections.abc import Iterator, Mapping
from math import cos, isfinite, radians, sin
from xml.etree.ElementTree import Element, ParseError, fromstring

from resnet_explorer.describe.drawing.shapes import Circle, Group, Path, Picture, Rect, Shape, Style, Text
from resnet_explorer.errors import NetworkError

MOST_BYTES = 1_000_000
MOST_PARTS = 20_000
DEEPEST = 40
LARGEST = 10_000
# what a group may be; their order on the page is that of the file
GROUPS = ("svg", "g")
HEIGHT_OF_LINE = 1.3
SUPERSCRIPTS = str.maketrans("0123456789-−+n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁺ⁿ")
# plotly.js draws a round point as two arcs
ROUND = re.compile(r"M([\d.]+),0A[\d.]+,[\d.]+ 0 1,1 0,-[\d.]+A[\d.]+,[\d.]+ 0 0,1 [\d.]+,0Z")
LINES = re.compile(r"[MmLlHhVvQqZz\d\s.,e+-]*")
RGB = re.compile(r"rgba?\((\d+), (\d+), (\d+)(?:, ([\d.]+))?\)")
MOVE = re.compile(r"(translate|rotate)\(([^()]*)\)\s*")
CLIP = re.compile(r"url\(['\"]?[^()'\"#]*#([\w-]+)['\"]?\)")
Box = tuple[float, float, float, float]


def read_svg(text: str, title: str = "") -> Picture:
    """The picture; refused where it is no such figure."""
    if len(text.encode()) > MOST_BYTES:
        raise NetworkError(f"a figure has at most {MOST_BYTES:,} bytes")
    if "<!" in text or "<?" in text:
        raise NetworkError("a figure is SVG without a declaration")
    try:
        root = fromstring(text)
    except ParseError as error:
        raise NetworkError(f"the figure is no SVG: {error}") from None
    if _name(root) != "svg" or sum(1 for _ in root.iter()) > MOST_PARTS:
        raise NetworkError(f"a figure is an svg of at most {MOST_PARTS:,} parts")
    width, height = _side(root, "width"), _side(root, "height")
    shapes = tuple(_shapes(root, _clips(root), 1.0, DEEPEST))
    return Picture(width, height, shapes, title)


def _side(root: Element, name: str) -> float:
    length = _number(root.get(name, ""))
    if not 0 < length <= LARGEST:
        raise NetworkError(f"the {name} of a figure is 1 to {LARGEST:,}, not {length:g}")
    return length


def _clips(root: Element) -> dict[str, Box]:
    """The boxes that parts are cut to, by their names."""
    clips = (part for part in root.iter() if _name(part) == "clipPath")
    return {clip.get("id", ""): _box(clip[0]) for clip in clips if len(clip) == 1}


def _shapes(part: Element, clips: Mapping[str, Box], opacity: float, deeper: int) -> Iterator[Shape]:
    """The shapes in a group, as see-through as the group."""
    if not deeper:
        raise NetworkError(f"a figure has at most {DEEPEST} groups in each other")
    for inner in part:
        name, style = _name(inner), _style(inner)
        seen = opacity * _number(style.get("opacity", "1"))
        match name:
            case "defs":
                continue
            case "g":
                shapes = tuple(_shapes(inner, clips, seen, deeper - 1))
            case "path":
                shapes = tuple(_path(inner.get("d", ""), _paint(style, seen)))
            case "rect":
                shapes = tuple(_drawn(Rect(*_box(inner), _paint(style, seen))))
            case "text":
                yield from _texts(inner, style)
                continue
            case _:
                raise NetworkError(f"a figure has no <{name[:20]}>")
        yield from _placed(inner, shapes, clips)


def _placed(part: Element, shapes: tuple[Shape, ...], clips: Mapping[str, Box]) -> Iterator[Shape]:
    """Shapes where their part stands, cut to its box."""
    x, y, turn = _place(part.get("transform", ""), 0, 0)
    if turn:
        raise NetworkError("only words of a figure are turned")
    named = CLIP.fullmatch(part.get("clip-path", ""))
    clip = clips.get(named[1]) if named else None
    if shapes and (x or y or clip):
        yield Group(shapes, x, y, clip=clip)
    else:
        yield from shapes


def _place(transform: str, x: float, y: float) -> tuple[float, float, float]:
    """Where a point comes to lie, and how far it is turned there."""
    if MOVE.sub("", transform).strip():
        raise NetworkError(f"a part of a figure is moved by translate and rotate, not {transform[:40]!r}")
    turned = 0.0
    for name, text in reversed(MOVE.findall(transform)):
        first, second, third = ([_number(number) for number in re.split(r"[\s,]+", text.strip())] + [0.0, 0.0])[:3]
        if name == "translate":
            x, y = x + first, y + second
            continue
        turned += first
        right, down, angle = x - second, y - third, radians(first)
        x, y = second + right * cos(angle) - down * sin(angle), third + right * sin(angle) + down * cos(angle)
    return x, y, turned


def _path(d: str, style: Style) -> Iterator[Shape]:
    point = ROUND.fullmatch(d)
    if point:
        yield from _drawn(Circle(0, 0, _number(point[1]), style))
    elif not LINES.fullmatch(d):
        raise NetworkError(f"a line of a figure is made of M L H V Q Z, not {d[:40]!r}")
    elif d:
        yield from _drawn(Path(d, style))


def _drawn(shape: Path | Rect | Circle) -> Iterator[Shape]:
    """The shape, if anything of it is seen."""
    if shape.style.stroke or shape.style.fill:
        yield shape


def _texts(part: Element, style: Mapping[str, str]) -> Iterator[Text]:
    """The words of a part: one text, or one for each line."""
    lines = [inner for inner in part if "line" in inner.get("class", "").split()]
    for number, line in enumerate(lines or [part]):
        words, bold = _words(line, style.get("font-weight") in ("bold", "600", "700"))
        if not words.strip():
            continue
        size = _number(style.get("font-size", "13px").removesuffix("px"))
        below = number * HEIGHT_OF_LINE * size
        x, y = _number(part.get("x", "0")), _number(part.get("y", "0")) + below
        x, y, turn = _place(part.get("transform", ""), x, y)
        fill, _ = _colour(style.get("fill", "rgb(0, 0, 0)"))
        anchor = part.get("text-anchor", "start")
        if anchor not in ("start", "middle", "end"):
            raise NetworkError(f"words of a figure begin, are centred or end at their place, not {anchor[:20]!r}")
        yield Text(words, x, y, size, fill or "#000000", anchor, bold=bold, turn=turn)


def _words(part: Element, bold: bool) -> tuple[str, bool]:
    """The words and whether they are bold; what is set small above the line becomes the letters for it."""
    words = [part.text or ""]
    for inner in part:
        if _name(inner) != "tspan":
            raise NetworkError(f"words of a figure have no <{_name(inner)[:20]}>")
        style, text = _style(inner), "".join(inner.itertext())
        bold = bold or style.get("font-weight") == "bold"
        raised = style.get("font-size", "").endswith("%") and inner.get("dy", "").startswith("-")
        words += [text.translate(SUPERSCRIPTS) if raised else text, inner.tail or ""]
    # plotly.js puts spaces without a width around what is raised
    return "".join(words).replace("\u200b", ""), bold


def _paint(style: Mapping[str, str], opacity: float) -> Style:
    """How a line and an area are drawn; what is invisible is not drawn at all."""
    stroke, through = _colour(style.get("stroke", "none"))
    # an area that is not said to be filled is a line with nothing in it
    fill, inside = _colour(style.get("fill", "none"))
    through *= opacity * _number(style.get("stroke-opacity", "1"))
    inside *= opacity * _number(style.get("fill-opacity", "1"))
    width = _number(style.get("stroke-width", "1").removesuffix("px"))
    dash = style.get("stroke-dasharray", "none").replace(",", " ").replace("px", "").split()
    return Style(
        stroke=stroke if through and width else "",
        width=width,
        fill=fill if inside else "",
        dash="" if dash == ["none"] else ",".join(f"{_number(length):g}" for length in dash),
        fill_opacity=inside if fill and inside else 1,
        stroke_opacity=through if stroke and through else 1,
    )


def _colour(text: str) -> tuple[str, float]:
    """A colour as #1b1b19, empty if there is none, and how much of it is seen."""
    if text in ("none", "transparent"):
        return "", 1.0
    if re.fullmatch("#[0-9a-fA-F]{6}", text):
        return text.lower(), 1.0
    rgb = RGB.fullmatch(text)
    if not rgb or max(map(int, rgb.groups()[:3])) > 255:
        raise NetworkError(f"a colour of a figure is rgb(r, g, b), not {text[:40]!r}")
    return "#" + "".join(f"{int(part):02x}" for part in rgb.groups()[:3]), float(rgb[4] or 1)


def _style(part: Element) -> dict[str, str]:
    pairs = (pair.partition(":") for pair in part.get("style", "").split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs if value}


def _box(part: Element) -> Box:
    x, y, width, height = (_number(part.get(name, "0")) for name in ("x", "y", "width", "height"))
    return x, y, width, height


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not isfinite(number) or abs(number) > 1e9:
        raise NetworkError(f"a figure has a number where {text[:20]!r} stands")
    return number


def _name(part: Element) -> str:
    return part.tag.rpartition("}")[2]

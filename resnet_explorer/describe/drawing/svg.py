"""Writes a picture as SVG.

Names of colours become the page's custom properties, so that one picture serves light and dark; values stay.
"""

from collections.abc import Iterator
from html import escape

from resnet_explorer.describe.drawing.shapes import (
    LANE_DASH,
    ROLES,
    Circle,
    Group,
    Path,
    Picture,
    Rect,
    Shape,
    Style,
    Text,
)

PAGE_FONT = "var(--sans)"
STANDALONE_FONT = "Helvetica, Arial, sans-serif"


def svg(picture: Picture, font: str = PAGE_FONT) -> str:
    """The SVG element of a picture, on a transparent ground."""
    width, height = _number(picture.width), _number(picture.height)
    attributes = dict(picture.attributes) or {"role": "img"}
    size = {"width": width, "height": height, "viewBox": f"0 0 {width} {height}"}
    style = {"font-family": font}
    body = "".join((*_names(picture.title, picture.description), *map(_write, picture.shapes)))
    return _element("svg", body, {"xmlns": "http://www.w3.org/2000/svg", **attributes, **size, **style})


def _names(title: str, description: str) -> Iterator[str]:
    if title:
        yield _element("title", escape(title), {})
    if description:
        yield _element("desc", escape(description), {})


def _write(shape: Shape) -> str:
    match shape:
        case Group():
            return _write_group(shape)
        case Text():
            return _write_text(shape)
        case Path(d, style):
            return _element("path", "", {"d": d, **_style(style)})
        case Rect(x, y, width, height, style, radius):
            box = {"x": _number(x), "y": _number(y), "width": _number(width), "height": _number(height)}
            return _element("rect", "", {**box, **({"rx": _number(radius)} if radius else {}), **_style(style)})
        case Circle(x, y, radius, style):
            return _element("circle", "", {"cx": _number(x), "cy": _number(y), "r": _number(radius), **_style(style)})


def _write_group(group: Group) -> str:
    moved = {"transform": f"translate({_number(group.x)} {_number(group.y)})"} if group.x or group.y else {}
    body = "".join((*_names(group.title, group.description), *map(_write, group.shapes)))
    if not group.clip:
        return _element("g", body, {**dict(group.attributes), **moved})
    corner = dict(zip(("x", "y", "width", "height"), map(_number, group.clip), strict=True))
    name = f"clip-{'-'.join(corner.values())}"
    clip = _element("clipPath", _element("rect", "", corner), {"id": name})
    return _element("g", clip + body, {**dict(group.attributes), **moved, "clip-path": f"url(#{name})"})


def _write_text(text: Text) -> str:
    index = _element("tspan", escape(text.subscript), {"font-size": "10", "dy": "3"}) if text.subscript else ""
    attributes = {"x": _number(text.x), "y": _number(text.y), "text-anchor": text.anchor}
    attributes |= {"font-size": _number(text.size), "fill": _paint(text.fill)}
    if text.halo:
        halo = {"paint-order": "stroke", "stroke": _paint(text.halo), "stroke-width": "5", "stroke-linejoin": "round"}
        attributes |= halo
    if text.turn:
        attributes["transform"] = f"rotate({_number(text.turn)} {_number(text.x)} {_number(text.y)})"
    if text.italic:
        attributes["font-style"] = "italic"
    if text.bold:
        attributes["font-weight"] = "600"
    return _element("text", escape(text.text) + index, attributes)


def _style(style: Style) -> dict[str, str]:
    attributes = {"fill": _paint(style.fill) if style.fill else "none"}
    if style.fill_opacity != 1:
        attributes["fill-opacity"] = _number(style.fill_opacity)
    if style.stroke:
        attributes |= {"stroke": _paint(style.stroke), "stroke-width": _number(style.width)}
        if style.dash:
            attributes["stroke-dasharray"] = "var(--dash)" if style.dash == LANE_DASH else style.dash
        if style.stroke_opacity != 1:
            attributes["stroke-opacity"] = _number(style.stroke_opacity)
        if style.round_ends:
            attributes["stroke-linecap"] = "round"
    return attributes


def _paint(colour: str) -> str:
    return f"var(--{colour})" if colour in ROLES else colour


def _element(name: str, inner: str, attributes: dict[str, str]) -> str:
    text = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name}{text}>{inner}</{name}>" if inner else f"<{name}{text}/>"


def _number(value: float) -> str:
    """A number with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")

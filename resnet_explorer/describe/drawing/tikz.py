r"""Writes a picture as TikZ: a document of the class standalone, whose `tikzpicture` can be copied into another."""

import unicodedata
from collections.abc import Iterator

from resnet_explorer.describe.drawing.pdf import POINTS
from resnet_explorer.describe.drawing.shapes import (
    Circle,
    Group,
    Path,
    Picture,
    Rect,
    Segment,
    Shape,
    Style,
    Text,
    segments,
)

ANCHORS = {"start": "base west", "middle": "base", "end": "base east"}
SPECIAL = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    **{letter: f"\\{letter}" for letter in "{}$&#%_"},
    "×": r"$\times$", "→": r"$\to$", "·": r"$\cdot$", "−": "$-$", "σ": r"$\sigma$", "∂": r"$\partial$", "…": r"\dots{}",
    "²": "$^2$", "≥": r"$\ge$", "√": r"$\surd$", "|": r"$|$", "<": "$<$", ">": "$>$", "±": r"$\pm$",
}  # fmt: skip


def tikz(picture: Picture) -> str:
    """The document; colours of the picture are values such as #1b1b19."""
    colours = sorted(set(_colours(picture.shapes)))
    return "\n".join(
        [
            f"% {picture.title}",
            r"\documentclass[tikz,border=2pt]{standalone}",
            r"\begin{document}",
            *(rf"\definecolor{{{_name(colour)}}}{{HTML}}{{{colour[1:].upper()}}}" for colour in colours),
            rf"\begin{{tikzpicture}}[x={POINTS}pt,y=-{POINTS}pt,font=\sffamily]",
            *_draw_all(picture.shapes),
            r"\end{tikzpicture}",
            r"\end{document}",
            "",
        ]
    )


def escaped(text: str) -> str:
    """Text as LaTeX writes it."""
    return "".join(SPECIAL.get(letter) or _plain(letter) for letter in text)


def _plain(letter: str) -> str:
    """A letter as it is, or as LaTeX sets a small number or a fraction."""
    kind = unicodedata.decomposition(letter).partition(" ")[0]
    if kind not in ("<sub>", "<super>", "<fraction>"):
        return letter
    text = unicodedata.normalize("NFKD", letter).replace("−", "-")
    above, _, below = text.partition("⁄")
    return {"<sub>": f"$_{text}$", "<super>": f"$^{text}$", "<fraction>": rf"$\frac{{{above}}}{{{below}}}$"}[kind]


def _colours(shapes: tuple[Shape, ...]) -> Iterator[str]:
    for shape in shapes:
        match shape:
            case Group():
                yield from _colours(shape.shapes)
            case Text():
                yield from filter(None, (shape.fill, shape.halo))
            case _:
                yield from filter(None, (shape.style.stroke, shape.style.fill))


def _draw_all(shapes: tuple[Shape, ...]) -> Iterator[str]:
    for shape in shapes:
        match shape:
            case Group():
                yield rf"\begin{{scope}}[shift={{{_point(shape.x, shape.y)}}}]"
                if shape.clip:
                    x, y, width, height = shape.clip
                    yield rf"\clip {_point(x, y)} rectangle {_point(x + width, y + height)};"
                yield from _draw_all(shape.shapes)
                yield r"\end{scope}"
            case Text():
                yield _draw_text(shape)
            case Path(d, style):
                yield rf"\path[{_options(style)}] {_path(segments(d))};"
            case Rect(x, y, width, height, style, radius):
                corners = f",rounded corners={_points(radius)}" if radius else ""
                ends = f"{_point(x, y)} rectangle {_point(x + width, y + height)}"
                yield rf"\path[{_options(style)}{corners}] {ends};"
            case Circle(x, y, radius, style):
                yield rf"\path[{_options(style)}] {_point(x, y)} circle[radius={_points(radius)}];"


def _draw_text(text: Text) -> str:
    options = [f"anchor={ANCHORS[text.anchor]}", f"text={_name(text.fill)}", "inner sep=0.5pt"]
    if text.halo:
        options.append(f"fill={_name(text.halo)}")
    if text.turn:
        options.append(f"rotate={_number(-text.turn)}")
    size = text.size * POINTS
    shape = (r"\bfseries" if text.bold else "") + (r"\itshape" if text.italic else "")
    options.append(rf"font=\sffamily\fontsize{{{_number(size)}}}{{{_number(1.2 * size)}}}\selectfont{shape}")
    index = f"$_{{{escaped(text.subscript)}}}$" if text.subscript else ""
    return rf"\node[{','.join(options)}] at {_point(text.x, text.y)} {{{escaped(text.text)}{index}}};"


def _options(style: Style) -> str:
    options = []
    if style.stroke:
        options += [f"draw={_name(style.stroke)}", f"line width={_points(style.width)}"]
        lengths = [_points(float(length)) for length in style.dash.replace(",", " ").replace("px", "").split()]
        pairs = zip(("on", "off") * len(lengths), lengths, strict=False)
        options += ["dash pattern=" + " ".join(f"{name} {length}" for name, length in pairs)] if lengths else []
        options += ["line cap=round"] if style.round_ends else []
    if style.fill:
        options.append(f"fill={_name(style.fill)}")
    if style.fill_opacity != 1:
        options.append(f"fill opacity={_number(style.fill_opacity)}")
    if style.stroke_opacity != 1:
        options.append(f"draw opacity={_number(style.stroke_opacity)}")
    return ",".join(options)


def _path(path: list[Segment]) -> str:
    words = []
    for name, numbers in path:
        points = [_point(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
        match name:
            case "M":
                words.append(points[0])
            case "L":
                words.append(f"-- {points[0]}")
            case "C":
                words.append(f".. controls {points[0]} and {points[1]} .. {points[2]}")
            case _:
                words.append("-- cycle")
    return " ".join(words)


def _name(colour: str) -> str:
    return f"c{colour[1:].lower()}"


def _point(x: float, y: float) -> str:
    return f"({_number(x)},{_number(y)})"


def _points(length: float) -> str:
    return f"{_number(length * POINTS)}pt"


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")

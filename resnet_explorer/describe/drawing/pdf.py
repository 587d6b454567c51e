"""Writes a picture as a PDF of one page: vectors, the fonts that every reader has, a transparent ground."""

import zlib
from collections.abc import Iterator
from math import cos, radians, sin

from resnet_explorer.describe.drawing.pdf_text import (
    CHINESE,
    FONTS,
    TextRun,
    chinese_font,
    encode,
    encode_title,
    text_runs,
    text_width,
)
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
    circle_segments,
    rect_segments,
    segments,
)

# points in a pixel
POINTS = 0.75
OPERATORS = {"M": "m", "L": "l", "C": "c", "Z": "h"}


def pdf(picture: Picture) -> bytes:
    """The file; colours of the picture are values such as #1b1b19."""
    width, height = picture.width * POINTS, picture.height * POINTS
    flip = f"{POINTS} 0 0 -{POINTS} 0 {_number(height)} cm"
    styles = [shape.style for shape in _all_shapes(picture.shapes) if not isinstance(shape, Group | Text)]
    states = {
        _state(style): f"/ca {_number(style.fill_opacity)} /CA {_number(style.stroke_opacity)}" for style in styles
    }
    drawn = "\n".join((flip, *_draw_all(picture.shapes)))
    content = zlib.compress(drawn.encode("latin-1"))
    fonts = [*FONTS, *([CHINESE] if f"/{CHINESE} " in drawn else [])]
    graphics = " ".join(f"/{name} << {opacities} >>" for name, opacities in states.items())
    names = " ".join(f"/{name} {number} 0 R" for number, name in enumerate(fonts, start=6))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {_number(width)} {_number(height)}] /Contents 4 0 R"
        f" /Resources << /Font << {names} >> /ExtGState << {graphics} >> >> >>".encode(),
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Title (%s) /Producer (ResNet Explorer) >>" % encode_title(picture.title),
        *(_font(name, base) for name, base in FONTS.items()),
        *(chinese_font(6 + len(FONTS)) if CHINESE in fonts else []),
    ]
    return _file(objects)


def _file(objects: list[bytes]) -> bytes:
    """Numbered objects with the table that says where each begins."""
    parts, offsets = [b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"], []
    for number, body in enumerate(objects, start=1):
        offsets.append(sum(map(len, parts)))
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start, count = sum(map(len, parts)), len(objects) + 1
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, start)
    return b"".join((*parts, b"xref\n0 %d\n0000000000 65535 f \n" % count, table, trailer))


def _font(name: str, base: str) -> bytes:
    encoding = "" if base == "Symbol" else " /Encoding /WinAnsiEncoding"
    return f"<< /Type /Font /Subtype /Type1 /Name /{name} /BaseFont /{base}{encoding} >>".encode()


def _all_shapes(shapes: tuple[Shape, ...]) -> Iterator[Shape]:
    for shape in shapes:
        yield from _all_shapes(shape.shapes) if isinstance(shape, Group) else (shape,)


def _state(style: Style) -> str:
    """The name of how much is seen through an area and through a line."""
    return f"F{round(style.fill_opacity * 1000)}S{round(style.stroke_opacity * 1000)}"


def _draw_all(shapes: tuple[Shape, ...]) -> Iterator[str]:
    for shape in shapes:
        match shape:
            case Group():
                yield f"q 1 0 0 1 {_number(shape.x)} {_number(shape.y)} cm"
                if shape.clip:
                    yield f"{' '.join(map(_number, shape.clip))} re W n"
                yield from _draw_all(shape.shapes)
                yield "Q"
            case Text():
                yield from _draw_text(shape)
            case Path(d, style):
                yield from _draw_path(segments(d), style)
            case Rect():
                yield from _draw_path(rect_segments(shape), shape.style)
            case Circle():
                yield from _draw_path(circle_segments(shape), shape.style)


def _draw_path(path: list[Segment], style: Style) -> Iterator[str]:
    if not (style.stroke or style.fill):
        return
    yield f"q /{_state(style)} gs"
    if style.fill:
        yield f"{_colour(style.fill)} rg"
    if style.stroke:
        dash = " ".join(style.dash.replace(",", " ").replace("px", "").split())
        yield f"{_colour(style.stroke)} RG {_number(style.width)} w [{dash}] 0 d {int(style.round_ends)} J"
    yield " ".join(f"{' '.join(map(_number, numbers))} {OPERATORS[name]}".strip() for name, numbers in path)
    yield {(True, True): "B", (True, False): "S", (False, True): "f"}[bool(style.stroke), bool(style.fill)]
    yield "Q"


def _draw_text(text: Text) -> Iterator[str]:
    runs = text_runs(text)
    x = -text_width(runs) * {"start": 0.0, "middle": 0.5, "end": 1.0}[text.anchor]
    across, down = cos(radians(text.turn)), sin(radians(text.turn))
    turned = " ".join(map(_number, (across, down, -down, across, text.x, text.y)))
    yield f"q {turned} cm"
    if text.halo:
        yield f"q {_colour(text.halo)} RG 5 w 1 j 1 J 1 Tr"
        yield from _show(runs, x)
        yield "Q"
    yield f"{_colour(text.fill)} rg 0 Tr"
    yield from _show(runs, x)
    yield "Q"


def _show(runs: list[TextRun], x: float) -> Iterator[str]:
    """Text upright on a page whose y runs down."""
    yield "BT"
    for run in runs:
        yield f"/{run.font} {_number(run.size)} Tf 1 0 0 -1 {_number(x)} {_number(-run.rise)} Tm"
        yield f"({encode(run.text, run.font).decode('latin-1')}) Tj"
        x += run.width
    yield "ET"


def _colour(text: str) -> str:
    """Red, green and blue from 0 to 1."""
    return " ".join(_number(int(text[i : i + 2], 16) / 255) for i in (1, 3, 5))


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")

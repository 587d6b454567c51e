"""The SVG of a figure becomes a picture of the same lines, points and words; what is no figure is refused."""

import re

import pytest

from resnet_explorer.describe.drawing.formats import written
from resnet_explorer.describe.drawing.pdf import pdf
from resnet_explorer.describe.drawing.read_svg import MOST_BYTES, MOST_PARTS, read_svg
from resnet_explorer.describe.drawing.shapes import Circle, Group, Path, Shape, Style, Text
from resnet_explorer.errors import NetworkError
from tests.fixtures.pdf import page_of, words_of

ROUND = "M4,0A4,4 0 1,1 0,-4A4,4 0 0,1 4,0Z"
LINE = "fill: none; stroke: rgb(36, 56, 176); stroke-opacity: 1; stroke-dasharray: 6px, 3px; stroke-width: 2px;"


def drawn(*parts: str, size: str = 'width="300" height="200"') -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(parts)}</svg>'


FIGURE = drawn(
    '<rect x="0" y="0" width="300" height="200" style="fill: rgb(0, 0, 0); fill-opacity: 0;"/>',
    '<defs><clipPath id="plot"><rect width="200" height="100"/></clipPath></defs>',
    '<g transform="translate(64,32)"><g style="opacity: 0.5;">',
    '<path d="M0,0L10,20L20,10Z" clip-path="url(#plot)" style="fill: rgb(209, 84, 31); fill-opacity: 0.3;"/></g>',
    f'<path d="M1.5,2L30,4.25" clip-path="url(#plot)" style="{LINE}"/>',
    f'<path class="point" transform="translate(30,4.25)" d="{ROUND}" style="stroke: rgb(1, 2, 3); fill: none;"/></g>',
    '<text x="0" y="150" transform="translate(64,0)" text-anchor="middle" style="font-size: 13px;">10\u200b',
    '<tspan style="font-size:70%" dy="-0.6em">−3</tspan><tspan dy="0.42em">\u200b</tspan></text>',
    '<text x="20" y="100" transform="rotate(-90,20,100)" style="fill: rgb(27, 27, 25);">loss (mean)</text>',
    '<text x="9" y="9"> <tspan style="font-weight:bold">A</tspan></text>',
)


def all_shapes(shapes: tuple[Shape, ...]) -> list[Shape]:
    return [leaf for one in shapes for leaf in (all_shapes(one.shapes) if isinstance(one, Group) else [one])]


def test_lines_areas_points_and_words_are_read() -> None:
    area, line, point, power, turned, letter = all_shapes(read_svg(FIGURE).shapes)
    assert area == Path("M0,0L10,20L20,10Z", Style(fill="#d1541f", fill_opacity=0.15))
    assert line == Path("M1.5,2L30,4.25", Style("#2438b0", 2, dash="6,3"))
    assert point == Circle(0, 0, 4, Style("#010203", 1))
    assert power == Text("10⁻³", 64, 150, 13, "#000000", "middle")
    assert turned == Text("loss (mean)", 20, 100, 13, "#1b1b19", "start", turn=-90)
    assert letter == Text(" A", 9, 9, 13, "#000000", "start", bold=True)


def test_a_pdf_of_a_figure_has_its_points_its_words_and_its_cut() -> None:
    page = page_of(pdf(read_svg(FIGURE)))
    assert "1.5 2 m 30 4.25 l" in page
    assert "q 1 0 0 1 64 32 cm" in page
    assert page.count("0 0 200 100 re W n") == 2
    assert "0 -1 1 0 20 100 cm" in page
    assert "loss (mean)" in words_of(pdf(read_svg(FIGURE)))


def test_every_format_shows_the_cut_the_turn_and_the_words() -> None:
    svg, tikz = (written(read_svg(FIGURE), form) for form in ("svg", "tikz"))
    assert re.search(r"<clipPath id=\"(clip-0-0-200-100)\">.*url\(#\1\)", svg)
    assert 'transform="rotate(-90 20 100)"' in svg
    assert r"\clip (0,0) rectangle (200,100);" in tikz
    assert "rotate=90," in tikz
    assert "10$^-$$^3$" in tikz


def test_words_turned_about_another_point_stand_where_that_brings_them() -> None:
    (text,) = read_svg(drawn('<text x="10" y="0" transform="translate(100,50) rotate(90,0,0)">x</text>')).shapes
    assert isinstance(text, Text)
    assert (round(text.x, 6), round(text.y, 6), text.turn) == (100, 60, 90)


def test_lines_of_words_stand_below_each_other() -> None:
    lines = '<tspan class="line">one</tspan><tspan class="line">two</tspan>'
    picture = read_svg(drawn(f'<text x="5" y="20" style="font-size: 10px">{lines}</text>'))
    texts = [text for text in picture.shapes if isinstance(text, Text)]
    assert [(text.text, text.y) for text in texts] == [("one", 20), ("two", 33)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<svg", "is no SVG"),
        ("<html/>", "is an svg"),
        (drawn("<script>alert(1)</script>"), "has no <script>"),
        (drawn('<image href="http://127.0.0.1/x"/>'), "has no <image>"),
        (drawn("<text><a>x</a></text>"), "have no <a>"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]>' + drawn("<text>&a;</text>"), "without a declaration"),
        (drawn(size='width="1e9" height="3"'), "the width of a figure"),
        (drawn(size='width="nan" height="3"'), "a number where 'nan'"),
        (drawn('<path d="M0,0A1,2 0 1,1 3,4" style="stroke: rgb(0, 0, 0)"/>'), "is made of M L H V Q Z"),
        (drawn('<path d="M0,0L1,1" style="stroke: url(#x)"/>'), "is rgb"),
        (drawn('<path d="M0,0L1,1" style="stroke: rgb(0, 0, 999)"/>'), "is rgb"),
        (drawn('<g transform="scale(3)"/>'), "moved by translate and rotate"),
        (drawn('<text text-anchor=") Tj">x</text>'), "begin, are centred or end"),
        (drawn("<g>" * 60 + "</g>" * 60), "groups in each other"),
        (drawn("<g/>" * MOST_PARTS), "at most 20,000 parts"),
        (drawn(" " * MOST_BYTES), "at most 1,000,000 bytes"),
    ],
)
def test_what_is_no_figure_is_refused(text: str, reason: str) -> None:
    with pytest.raises(NetworkError, match=reason):
        read_svg(text)


def test_brackets_and_backslashes_of_words_stay_words() -> None:
    page = page_of(pdf(read_svg(drawn("<text>) Tj ET \\ (</text>"))))
    assert r"(\) Tj ET \\ \() Tj" in page

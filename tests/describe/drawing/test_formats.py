"""One picture in three formats: they show the same, and each is well formed."""

import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from base64 import b64decode
from pathlib import Path as FilePath

import pytest

from resnet_explorer.describe.drawing.diagram import draw
from resnet_explorer.describe.drawing.formats import FORMATS, written
from resnet_explorer.describe.drawing.pdf import pdf
from resnet_explorer.describe.drawing.pdf_text import text_runs, text_width
from resnet_explorer.describe.drawing.shapes import Picture, Rect, Style, Text, coloured, rect_segments, segments
from resnet_explorer.describe.drawing.sheet import sheet
from resnet_explorer.describe.drawing.tikz import escaped, tikz
from resnet_explorer.errors import NetworkError
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.request import parse_request
from tests.fixtures.pdf import page_of, words_of

PALETTE = {
    "ink": "#1b1b19", "paper": "#ffffff", "hair": "#dddbd4", "faint": "#65645f", "warn": "#b3123c",
    "lane": "#2438b0", "dash": "6px,3px",
}  # fmt: skip
NAMES = [
    "cifar-basic-56",
    "cifar-basic-56:plain",
    "res2net-50-26w-4s",
    "horesnet-rk4-26",
    "cifar-basic-20:relu | conv bn relu conv se blend bn;skip=gate",
]


def picture(which: str = "transition") -> Picture:
    plans = [(name, plan(parse_request(name).network)) for name in NAMES]
    return sheet(draw(plans, which), NAMES, range(len(NAMES)), [PALETTE] * len(NAMES))


def svg_texts(text: str) -> list[str]:
    return ["".join(node.itertext()) for node in ElementTree.fromstring(text).iter() if node.tag.endswith("text")]


def test_svg_stands_alone_on_a_transparent_ground_with_all_names() -> None:
    text = written(picture(), "svg")
    assert "var(" not in text
    assert "100%" not in text
    assert set(NAMES) <= set(svg_texts(text))
    assert text.count("<desc>") == len(NAMES)


def test_every_offset_of_the_pdf_is_where_its_object_begins() -> None:
    content = pdf(picture())
    start = int(content.rsplit(b"startxref\n", 1)[1].split()[0])
    assert content[start : start + 5] == b"xref\n"
    offsets = [int(row[:10]) for row in content[start:].split(b"\n")[3:] if row.endswith(b" n ")]
    assert [content[offset:].split(b" ", 1)[0] for offset in offsets] == [b"%d" % n for n in range(1, len(offsets) + 1)]
    assert b"/Size %d " % (len(offsets) + 1) in content
    assert content.endswith(b"%%EOF\n")


def test_a_pdf_saves_and_restores_in_pairs_and_paints_every_path() -> None:
    lines = page_of(pdf(picture())).splitlines()
    opened = [line for line in lines if line == "q" or line.startswith("q ")]
    assert len(opened) == lines.count("Q")
    assert sum(" m" in line and " Tm" not in line for line in lines) == sum(line in ("B", "S", "f") for line in lines)


def test_a_pdf_shows_the_words_of_the_svg() -> None:
    pieces = words_of(pdf(picture()))
    words = {word for text in svg_texts(written(picture(), "svg")) for word in re.findall(r"[A-Za-z0-9×:-]+", text)}
    assert {word for word in words if word not in pieces} == set()


def test_tikz_closes_what_it_opens_and_has_the_words_of_the_svg() -> None:
    text = tikz(picture())
    assert re.findall(r"\\begin\{(\w+)\}", text)[:2] == ["document", "tikzpicture"]
    assert text.count(r"\begin{") == text.count(r"\end{")
    plain = re.sub(r"\\[{}]", "", text)
    assert plain.count("{") == plain.count("}")
    assert all(line.endswith(";") for line in text.splitlines() if line.startswith((r"\path", r"\node")))
    assert all(escaped(name) in text for name in NAMES)


@pytest.mark.skipif(not shutil.which("kpsewhich"), reason="LaTeX is not installed")
def test_tikz_is_compiled_where_there_is_latex(tmp_path: FilePath) -> None:
    preamble = r"\documentclass{article}\usepackage{tikz}\usepackage[paperwidth=50cm,paperheight=60cm]{geometry}"
    text = re.sub(r"\\documentclass.*", lambda _: preamble, tikz(picture()))
    (tmp_path / "units.tex").write_text(text)
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "units.tex"]
    if not subprocess.run(["kpsewhich", "tikz.sty"], capture_output=True).stdout:
        pytest.skip("TikZ is not installed")
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True)
    assert ended.returncode == 0, ended.stdout[-2000:]


def test_a_pdf_in_an_answer_is_base64() -> None:
    assert b64decode(FORMATS["pdf"](picture())) == pdf(picture())


def test_another_format_is_refused() -> None:
    with pytest.raises(NetworkError, match="format is svg, tikz, pdf, not 'gif'"):
        written(picture(), "gif")


def test_relative_steps_of_a_path_end_where_absolute_ones_do() -> None:
    assert segments("M1 2h3v4l-3 -4Z") == segments("M1 2H4V6L1 2Z")
    (_, curve) = segments("M0 0q3 0 3 3")
    assert curve == ("C", (2.0, 0.0, 3.0, 1.0, 3.0, 3.0))


@pytest.mark.parametrize("radius", [0.0, 2.0, 50.0])
def test_a_box_as_a_path_has_its_corners(radius: float) -> None:
    points = [numbers[-2:] for _, numbers in rect_segments(Rect(1, 2, 30, 20, Style("ink"), radius)) if numbers]
    assert (min(x for x, _ in points), max(x for x, _ in points)) == (1, 31)
    assert (min(y for _, y in points), max(y for _, y in points)) == (2, 22)


def test_a_palette_reaches_every_colour_and_the_dash() -> None:
    text, box = Text("x", 0, 0, halo="paper"), Rect(0, 0, 1, 1, Style("lane", fill="paper", dash="dash"))
    assert coloured(text, PALETTE) == text._replace(fill="#1b1b19", halo="#ffffff")
    assert coloured(box, PALETTE) == box._replace(style=Style("#2438b0", fill="#ffffff", dash="6px,3px"))


def test_letters_that_a_font_lacks_come_from_another_or_are_set_small() -> None:
    runs = text_runs(Text("16×32² → k₁ ☃字", 0, 0))
    assert [(run.text, run.font) for run in runs] == [
        ("16×32² ", "F1"), ("→", "F4"), (" k", "F1"), ("1", "F1"), (" ?", "F1"), ("字", "F5")
    ]  # fmt: skip
    assert runs[3].size < 13
    assert runs[3].rise < 0


def test_a_pdf_names_a_font_for_chinese_where_there_is_any() -> None:
    words = "单元(1:最靠近输入)、(\\"
    content = pdf(Picture(200, 40, (Text(words, 100, 20, 10, "#000000"),), "梯度流"))
    shown = re.findall(r"/F(\d) 10 Tf 1 0 0 -1 (\S+) 0 Tm\n\((.*)\) Tj", page_of(content))
    assert [font for font, _, _ in shown] == ["5", "1", "5", "1", "5", "1"]
    octal = (re.sub(r"\\(\d{3})", lambda code: chr(int(code[1], 8)), text) for font, _, text in shown if font == "5")
    assert "".join(text.encode("latin-1").decode("utf-16-be") for text in octal) == re.sub(r"[(1:)\\]", "", words)
    # a Chinese letter is as wide as the size, and what follows stands behind it
    starts = [float(x) for _, x, _ in shown]
    assert starts[1] - starts[0] == pytest.approx(20)
    assert b"/F5 10 0 R" in content
    assert b"\n10 0 obj\n<< /Type /Font /Subtype /Type0 /Name /F5" in content
    assert b"/Encoding /UniGB-UCS2-H /DescendantFonts [11 0 R]" in content
    assert b"/Title (\\376\\377" in content
    assert b"/F5" not in pdf(picture())


def test_words_are_as_wide_as_helvetica_is() -> None:
    assert text_width(text_runs(Text("relu", 0, 0, 1000))) == 333 + 556 + 222 + 556

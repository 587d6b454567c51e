"""Words in the fonts that every PDF reader has: which font has a letter, and how wide it is.

Chinese stands in a font of Adobe's collection GB1 that is named and not brought along: a reader takes one that it has.
"""

import unicodedata
from typing import NamedTuple

from resnet_explorer.describe.drawing.shapes import Text

FONTS = {"F1": "Helvetica", "F2": "Helvetica-Bold", "F3": "Helvetica-Oblique", "F4": "Symbol"}
SYMBOL, CHINESE = "F4", "F5"
SONG = "STSong-Light"
# letters that only the font Symbol has: their code there, and their width in thousandths of the size
SYMBOLS = {"→": (0xAE, 987), "−": (0x2D, 549), "σ": (0x73, 603), "∂": (0xB6, 494), "≥": (0xB3, 549), "√": (0xD6, 549)}
# Helvetica's widths from the space to the tilde, in thousandths of the size
WIDTHS = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
)  # fmt: skip
OTHER_WIDTHS = {"×": 584, "²": 333, "·": 278, "…": 1000, "½": 834, "¼": 834, "¾": 834, "±": 584, "°": 400}
CHINESE_WIDTH = 1000
INDEX = 0.7
# letters that are set smaller: how far above the line, in sizes
RISES = {"<sub>": -1 / 6, "<super>": 1 / 3, "<fraction>": 0}


class TextRun(NamedTuple):
    """Letters of one font and size; `rise` is how far above the line they stand."""

    text: str
    font: str
    size: float
    rise: float = 0

    @property
    def width(self) -> float:
        return sum(map(_letter_width, self.text)) * self.size / 1000


def text_runs(text: Text) -> list[TextRun]:
    """Words as runs; letters below the line are smaller, and what no font has is a question mark."""
    font = "F2" if text.bold else "F3" if text.italic else "F1"
    runs: list[TextRun] = []
    for letter in text.text:
        run = _run_of(letter, font, text.size)
        if runs and runs[-1][1:] == run[1:]:
            run = run._replace(text=runs.pop().text + run.text)
        runs.append(run)
    if text.subscript:
        runs.append(TextRun(text.subscript, font, text.size * INDEX, -text.size / 4))
    return runs


def text_width(runs: list[TextRun]) -> float:
    """How wide runs are together."""
    return sum(run.width for run in runs)


def encode(text: str, font: str) -> bytes:
    """The bytes of a text in a font, as they stand between the brackets of a PDF string."""
    if font == SYMBOL:
        return b"".join(b"\\%03o" % SYMBOLS[letter][0] for letter in text)
    if font == CHINESE:
        return b"".join(b"\\%03o" % byte for byte in text.encode("utf-16-be"))
    raw = text.encode("cp1252", "replace")
    return raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def encode_title(text: str) -> bytes:
    """The bytes of a text in any letters that a reader shows outside the page, between the brackets of a PDF string."""
    return encode(text, "F1") if all(map(_is_western, text)) else encode("\ufeff" + text, CHINESE)


def chinese_font(number: int) -> list[bytes]:
    """The three objects of the font for Chinese, of which the first has this number."""
    system = "<< /Registry (Adobe) /Ordering (GB1) /Supplement 4 >>"
    return [
        f"<< /Type /Font /Subtype /Type0 /Name /{CHINESE} /BaseFont /{SONG} /Encoding /UniGB-UCS2-H"
        f" /DescendantFonts [{number + 1} 0 R] >>".encode(),
        f"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /{SONG} /CIDSystemInfo {system} /DW {CHINESE_WIDTH}"
        f" /FontDescriptor {number + 2} 0 R >>".encode(),
        f"<< /Type /FontDescriptor /FontName /{SONG} /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0"
        " /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>".encode(),
    ]


def _run_of(letter: str, font: str, size: float) -> TextRun:
    if letter in SYMBOLS:
        return TextRun(letter, SYMBOL, size)
    if _is_chinese(letter):
        return TextRun(letter, CHINESE, size)
    kind = unicodedata.decomposition(letter).partition(" ")[0]
    if not _is_western(letter) and kind in RISES:
        plain = unicodedata.normalize("NFKD", letter).replace("⁄", "/")
        return TextRun(plain, SYMBOL if plain in SYMBOLS else font, size * INDEX, size * RISES[kind])
    return TextRun(letter if _is_western(letter) else "?", font, size)


def _is_western(letter: str) -> bool:
    try:
        letter.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _is_chinese(letter: str) -> bool:
    """A letter as wide as it is high, of those that the collection has."""
    return unicodedata.east_asian_width(letter) in "WF" and bool(letter.encode("gbk", "ignore"))


def _letter_width(letter: str) -> int:
    if _is_chinese(letter):
        return CHINESE_WIDTH
    if " " <= letter <= "~":
        return WIDTHS[ord(letter) - 32]
    return SYMBOLS[letter][1] if letter in SYMBOLS else OTHER_WIDTHS.get(letter, 556)

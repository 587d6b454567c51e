"""The formats that a picture is written in."""

from base64 import b64encode
from collections.abc import Callable

from resnet_explorer.describe.drawing.pdf import pdf
from resnet_explorer.describe.drawing.shapes import Picture
from resnet_explorer.describe.drawing.svg import STANDALONE_FONT, svg
from resnet_explorer.describe.drawing.tikz import tikz
from resnet_explorer.errors import NetworkError


def _standalone_svg(picture: Picture) -> str:
    return svg(picture, STANDALONE_FONT)


def _pdf_text(picture: Picture) -> str:
    return b64encode(pdf(picture)).decode()


FORMATS: dict[str, Callable[[Picture], str]] = {"svg": _standalone_svg, "tikz": tikz, "pdf": _pdf_text}


def written(picture: Picture, format: str) -> str:
    """A picture whose colours are values, as text; of a PDF the bytes in base64."""
    if format not in FORMATS:
        raise NetworkError(f"format is {', '.join(FORMATS)}, not {format[:20]!r}")
    return FORMATS[format](picture)

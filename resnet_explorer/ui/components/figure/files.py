"""A figure as the browser drew it, in the formats that a browser cannot write: a PDF of vectors, and TikZ."""

from typing import Any

from resnet_explorer.describe.drawing.formats import written
from resnet_explorer.describe.drawing.read_svg import read_svg
from resnet_explorer.errors import ExplorerError, NetworkError


def write_figure(arguments: object) -> dict[str, Any]:
    """The file's text under `picture`, of a PDF in base64; or a sentence on what is wrong under `error`."""
    try:
        texts = [arguments.get(name, "") if isinstance(arguments, dict) else "" for name in ("svg", "format", "title")]
        if not all(isinstance(text, str) and text for text in texts):
            raise NetworkError("a figure is written from its svg, with a format and a title")
        svg, form, title = texts
        return {"picture": written(read_svg(svg, title[:200]), form)}
    except ExplorerError as error:
        return {"error": str(error)}

"""Rows of small pictures with words under them; a picture with a key can be pressed."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from gradio.events import EventListener

from resnet_explorer.ui.components.component import Component


class Picture(NamedTuple):
    """A picture as a data URI, the words under it, what a screen reader says, and what `select` names it by.

    `wrong` sets the words in the warning tone.
    """

    uri: str
    words: str
    alt: str
    key: str = ""
    wrong: bool = False


class PictureRow(NamedTuple):
    """Pictures under a title, which the browser says in the visitor's language."""

    title: str
    pictures: Sequence[Picture]


class Pictures(Component):
    """Shows rows of pictures, each pixel a square; event `select` has the key of a picture that was pressed.

    import gradio as gr
    from resnet_explorer.ui.components.pictures.pictures import Picture, PictureRow, Pictures
    with gr.Blocks() as demo:
        Pictures([PictureRow("one row", [Picture("data:image/png;base64,...", "star", "a star")])], size=64)
    demo.launch()
    """

    EVENTS: list[Any] = [EventListener("select")]

    def __init__(self, value: Sequence[PictureRow] | None = None, *, size: int = 64, **props: Any) -> None:
        self.size = size
        super().__init__("pictures", value, size=size, **props)

    def preprocess(self, payload: object) -> None:
        """Pictures are only shown: there is nothing to read from them."""

    def postprocess(self, value: Sequence[PictureRow] | None) -> str:  # type: ignore[override]
        """One JSON text."""
        rows = [[row.title, [picture._asdict() for picture in row.pictures]] for row in value or ()]
        return json.dumps(rows, ensure_ascii=False)

    def api_info(self) -> dict[str, Any]:
        """The JSON text of rows."""
        return {"type": "string", "description": "the JSON of pairs: a title, and pictures as data URIs with words"}

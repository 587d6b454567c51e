"""A picture of the visitor's own for the analyses that take one: chosen as a file, made small, said in words."""

from base64 import b64encode
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import Any

import gradio as gr

from resnet_explorer.analyses.catalog import ANALYSES, Analysis
from resnet_explorer.errors import ExplorerError
from resnet_explorer.ui.components.sentences.sentences import Sentence, Sentences
from resnet_explorer.ui.i18n import i18n

SILENT: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
NONE = "Without a picture of your own the held-out image is sent through."


class OwnPicture:
    """The widgets; `text` is the picture as the setting takes it, which is too long for the link."""

    def __init__(self) -> None:
        self.text = gr.Textbox("", visible="hidden", render=False)

    def build(self) -> None:
        """Place the widgets in the group of the analysis."""
        self.text.render()  # type: ignore[no-untyped-call]
        with gr.Row(elem_classes=["dissect-picture"]):
            upload = gr.UploadButton(str(i18n("Your own picture")), size="sm", file_types=["image"], min_width=96)
            remove = gr.Button(i18n("Held-out image"), size="sm", min_width=96)
        words = Sentences([Sentence(NONE)], role="status", elem_classes=["caption"], min_height=40)
        upload.upload(read_file, upload, [self.text, words], **SILENT)
        remove.click(lambda: ("", [Sentence(NONE)]), None, [self.text, words], **SILENT)


def picture_settings(row: Analysis) -> list[str]:
    """The settings of an analysis that are a picture."""
    return [each.name for each in fields(row.settings) if each.metadata.get("picture")]


def with_picture(analysis: str, picture: str) -> dict[str, str]:
    """The settings that a picture is, where the analysis takes one."""
    row = next(row for row in ANALYSES if row.name == analysis)
    return {name: picture for name in picture_settings(row) if picture}


def read_file(file: str) -> tuple[Any, list[Sentence]]:
    """The picture as a text, and what is done with it in words; a file that is none is refused, and changes nothing."""
    thumbnails = import_module("resnet_explorer.training.data.thumbnails")
    try:
        picture = b64encode(thumbnails.thumbnail(Path(file))).decode()
    except ExplorerError as error:
        return gr.skip(), [Sentence("{error}", {"error": str(error)})]
    says = "The middle square of {file} at {side} by {side} pixels takes the place of the held-out image."
    return picture, [Sentence(says, {"file": Path(file).name, "side": thumbnails.SIDE})]

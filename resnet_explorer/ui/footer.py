"""The line at the foot of the page: which program this is, and whether all is well with it."""

import gradio as gr

from resnet_explorer import __version__
from resnet_explorer.describe.sentence import Sentence
from resnet_explorer.runs.commit import program_commit
from resnet_explorer.ui.i18n import i18n

COMMIT = 10
TEXT = "ResNet Explorer {built} · [Is all well?](healthz) · MIT licence"


def build_footer() -> None:
    """The line, in the blocks that are being built."""
    built = " ".join(filter(None, (__version__, program_commit()[:COMMIT])))
    gr.Markdown(i18n(Sentence(TEXT, {"built": built})), elem_classes=["about"])

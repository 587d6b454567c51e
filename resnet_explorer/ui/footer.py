"""The line at the foot of the page: which program this is, and whether all is well with it."""

import gradio as gr

from resnet_explorer import __version__
from resnet_explorer.runs.commit import program_commit

COMMIT = 10


def build_footer() -> None:
    """The line, in the blocks that are being built."""
    commit = program_commit()[:COMMIT]
    built = f"ResNet Explorer {__version__}{f', commit {commit}' if commit else ''}"
    gr.Markdown(f"{built} · [Is all well?](healthz) · MIT licence", elem_classes=["about"])

"""The view Structure."""

import gradio as gr

from resnet_explorer.ui.components.lanes.lanes import Lane
from resnet_explorer.ui.page import Page

NAME, TITLE = "structure", "Structure"


def build(page: Page) -> None:
    """Place the view's parts and say what they depend on."""
    text = gr.Markdown()
    page.update(_describe, [], [text])


def _describe(lanes: list[Lane]) -> str:
    return ", ".join(lane.spec or lane.name for lane in lanes)

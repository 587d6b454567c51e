"""The bar on top: the name, what this is in one line, and buttons for link, language, colours and keys."""

import gradio as gr

from resnet_explorer.api.lessons import Lesson
from resnet_explorer.ui.components.component import FOLDER
from resnet_explorer.ui.components.lesson.lesson import LessonSteps
from resnet_explorer.ui.head import module_url
from resnet_explorer.ui.i18n import i18n

FRAME = f'(await import(new URL("{module_url(FOLDER / "shared" / "frame.js")}", document.baseURI).href))'
INTRO = "Residual networks side by side: **1** assemble lanes, **2** look inside, **3** train"


def build_header(demo: gr.Blocks, lesson: Lesson | None = None) -> None:
    """The header, in the blocks that are being built; the steps of a lesson stand where the page is introduced."""
    with gr.Row(elem_classes=["header"]):
        gr.Markdown("# ResNet Explorer", elem_classes=["title"])
        if lesson:
            LessonSteps(lesson, elem_classes=["intro"])
        else:
            gr.Markdown(i18n(INTRO), elem_classes=["intro"])
        _button(i18n("Copy link"), "copy-link", "copyLink")
        # each language is offered under its own name
        _button(i18n("中文"), "turn-language", "turnLanguage")
        _button("◐", "turn-theme", "turnTheme")
        _button("?", "show-keys", "showKeys")
    demo.load(None, js=f"async () => {{ {FRAME}.start(); }}", api_visibility="private")


def _button(text: object, elem_id: str, action: str) -> gr.Button:
    button = gr.Button(text, elem_id=elem_id, size="sm", min_width=32, scale=0)  # type: ignore[arg-type]
    button.click(None, js=f"async () => {{ await {FRAME}.{action}(); }}", api_visibility="private")
    return button

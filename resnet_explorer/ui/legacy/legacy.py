"""A view as it was before the page was Gradio's, inside a component; its value is the list of lanes."""

from pathlib import Path
from typing import Any

import gradio as gr
from gradio.events import Events

from resnet_explorer.ui.components.component import BASE

FOLDER = Path(__file__).parent
gr.set_static_paths(FOLDER)
START = """import(new URL("gradio_api/file={module}", document.baseURI).href)
  .then((module) => module.mount({{ element, props, watch }}, "{view}"));"""


class Legacy(gr.HTML):
    """Draws the view `gradient` of the lanes."""

    EVENTS: list[Any] = [Events.change]  # noqa: RUF012

    def __init__(self, view: str, value: object = None, **props: Any) -> None:
        super().__init__(
            value,
            html_template="",
            css_template=BASE + (FOLDER / "legacy.css").read_text(),
            js_on_load=START.format(module=(FOLDER / "mount.js").as_posix(), view=view),
            apply_default_css=False,
            view=view,
            **props,
        )

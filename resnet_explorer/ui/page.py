"""The page: one component that our own JavaScript fills, and every verb as an endpoint.

Nothing is drawn by Gradio's widgets: the template is constant, state lives in the browser and in the
link, and what the browser needs it asks of the verbs (`routes.py`).
"""

from pathlib import Path

import gradio as gr

from resnet_explorer import api

STATIC = Path(__file__).parent / "static"
START = """
const base = new URL("gradio_api/explorer/static/", document.baseURI);
import(new URL("main.js", base)).then((page) => page.start(element));
"""


def build_app() -> gr.Blocks:
    """Build the page."""
    with gr.Blocks(title="ResNet Explorer", fill_width=True, delete_cache=(3600, 3600), analytics_enabled=False) as demo:
        gr.HTML(
            html_template=(STATIC / "page.html").read_text(),
            js_on_load=START,
            apply_default_css=False,
            elem_id="explorer",
        )
        for verb in (api.describe, api.compare, api.export, api.equation, api.catalog):
            gr.api(verb, api_name=verb.__name__)
    return demo.queue(max_size=64, default_concurrency_limit=8)

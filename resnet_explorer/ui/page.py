"""The page: one component that our own JavaScript fills, and every verb as an endpoint.

Nothing is drawn by Gradio's widgets: the template is constant, state lives in the browser and in the
link, and what the browser needs it asks of the verbs (`routes.py`).
"""

from pathlib import Path

import gradio as gr

from resnet_explorer.ui.endpoints import add_endpoints

STATIC = Path(__file__).parent / "static"
START = """
const base = new URL("gradio_api/explorer/static/", document.baseURI);
import(new URL("main.js", base)).then((page) => page.start(element));
"""


def build_app() -> gr.Blocks:
    """Build the page."""
    demo = gr.Blocks(title="ResNet Explorer", delete_cache=(3600, 3600), analytics_enabled=False)
    with demo:
        gr.HTML(
            html_template=(STATIC / "page.html").read_text(),
            js_on_load=START,
            apply_default_css=False,
            elem_id="explorer",
        )
        add_endpoints()
    demo.queue(max_size=64, default_concurrency_limit=8)
    return demo

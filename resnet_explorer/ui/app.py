"""The page as Gradio knows it: every verb as an endpoint, and a head that starts our own JavaScript.

Nothing is drawn by Gradio's widgets: state lives in the browser and in the link, and what the browser
needs it asks of the verbs (`routes.py`). A component's script would start only when Gradio has drawn
the component, half a second after the head.
"""

import gradio as gr

from resnet_explorer.api.runs import Runs
from resnet_explorer.ui.endpoints import add_endpoints


def build_app(runs: Runs) -> gr.Blocks:
    """Build the page over the runs of a home."""
    demo = gr.Blocks(title="ResNet Explorer", delete_cache=(3600, 3600), analytics_enabled=False)
    with demo:
        add_endpoints(runs)
    demo.queue(max_size=64, default_concurrency_limit=8)
    return demo

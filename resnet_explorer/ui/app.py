"""The page as Gradio knows it: every verb as an endpoint, and the routes of our own beside Gradio's.

Nothing is drawn by Gradio's widgets: state lives in the browser and in the link, and what the browser
needs it asks of the verbs (`http.py`). A component's script would start only when Gradio has drawn
the component, half a second after the head.
"""

import gradio as gr
from starlette.routing import BaseRoute

from resnet_explorer.api.probe_runner import ProbeRunner
from resnet_explorer.api.runs import Runs
from resnet_explorer.ui import http, structure
from resnet_explorer.ui.endpoints import add_endpoints
from resnet_explorer.ui.gradient import routes as gradient_routes
from resnet_explorer.ui.train import routes as train_routes
from resnet_explorer.ui.train.sse import RunEventStream


def build_app(runs: Runs, runner: ProbeRunner) -> gr.Blocks:
    """Build the page over the runs of a home; probes run where the runner says."""
    demo = gr.Blocks(title="ResNet Explorer", delete_cache=(3600, 3600), analytics_enabled=False)
    with demo:
        add_endpoints(runs, runner)
    demo.queue(max_size=64, default_concurrency_limit=8)
    return demo


def all_routes(runs: Runs, runner: ProbeRunner, events: RunEventStream | None = None) -> list[BaseRoute]:
    """Every route that is not Gradio's; `events` is the stream of what runs report, to be closed with the server."""
    return [
        *http.routes(runs, runner),
        *structure.routes(runner.computer),
        *gradient_routes.routes(runner),
        *train_routes.routes(runs, events or RunEventStream(runs)),
    ]

"""All routes of our own: the frame's, and those of each view."""

from starlette.routing import BaseRoute

from resnet_explorer.api.runs import Runs
from resnet_explorer.ui import frame_routes as frame
from resnet_explorer.ui import structure
from resnet_explorer.ui.gradient import routes as stream
from resnet_explorer.ui.train import routes as train
from resnet_explorer.ui.train.sse import RunEventStream


def all_routes(runs: Runs, told: RunEventStream | None = None) -> list[BaseRoute]:
    """Every route that is not Gradio's; `told` is what runs say, to be closed with the server."""
    return [
        *frame.routes(runs),
        *structure.routes(),
        *stream.routes(),
        *train.routes(runs, told or RunEventStream(runs)),
    ]

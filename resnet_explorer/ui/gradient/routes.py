"""The routes of the gradient view: its choices, and two long answers as lines of JSON."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from resnet_explorer.api.probe_runner import ProbeRunner
from resnet_explorer.gradients.metrics import INITS, LOSSES, METRICS
from resnet_explorer.gradients.profile import MAX_SEEDS
from resnet_explorer.ui.gradient import depth_stream, flow_stream
from resnet_explorer.ui.gradient.request import parse_gradient_request
from resnet_explorer.ui.work_queue import Line, WorkQueue, stream

PREFIX = "/gradio_api/explorer/stream"
# 64 pictures of 32×32 in base64, and the lanes
MAX_BODY = 300_000


def routes(runner: ProbeRunner, queue: WorkQueue | None = None) -> list[BaseRoute]:
    """One runner and one queue for all visitors."""
    queue = queue or WorkQueue()
    gradient = stream(
        queue, "gradient", lambda fields: flow_stream.lines(runner, parse_gradient_request(fields)), MAX_BODY
    )
    depths = stream(
        queue,
        "cliff",
        lambda fields: depth_stream.lines(runner, parse_gradient_request(fields)),
        MAX_BODY,
        patient=True,
    )
    return [
        Route(f"{PREFIX}/choices", choices),
        Route(f"{PREFIX}/gradient", gradient, methods=["POST"]),
        Route(f"{PREFIX}/cliff", depths, methods=["POST"]),
    ]


async def choices(request: Request) -> Response:
    """What the controls offer, with the words that explain it."""
    return JSONResponse(_choices())


def _choices() -> Line:
    return {
        "metrics": [{"name": m.name, "label": m.label, "meaning": m.meaning} for m in METRICS.values()],
        "inits": [{"name": name, "meaning": meaning} for name, meaning in INITS.items()],
        "losses": [{"name": name, "meaning": meaning} for name, meaning in LOSSES.items()],
        "most_seeds": MAX_SEEDS,
    }

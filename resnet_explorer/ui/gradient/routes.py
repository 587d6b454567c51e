"""The routes of the gradient view: its choices, and two long answers as lines of JSON."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from resnet_explorer.api.probe_cache import ProbeCache
from resnet_explorer.gradients.metrics import INITS, LOSSES, METRICS
from resnet_explorer.gradients.profile import MAX_SEEDS
from resnet_explorer.ui.gradient import depth_stream as cliffs
from resnet_explorer.ui.gradient import flow_stream as flows
from resnet_explorer.ui.gradient.request import parse_gradient_request
from resnet_explorer.ui.work_queue import Line, WorkQueue, stream

PREFIX = "/gradio_api/explorer/stream"
# 64 pictures of 32×32 in base64, and the lanes
MOST_BYTES = 300_000


def routes(bench: WorkQueue | None = None, known: ProbeCache | None = None) -> list[BaseRoute]:
    """One bench and one memory for all visitors of this process."""
    bench, known = bench or WorkQueue(), known or ProbeCache()
    gradient = stream(bench, "gradient", lambda asked: flows.lines(known, parse_gradient_request(asked)), MOST_BYTES)
    cliff = stream(
        bench, "cliff", lambda asked: cliffs.lines(known, parse_gradient_request(asked)), MOST_BYTES, patient=True
    )
    return [
        Route(f"{PREFIX}/choices", choices),
        Route(f"{PREFIX}/gradient", gradient, methods=["POST"]),
        Route(f"{PREFIX}/cliff", cliff, methods=["POST"]),
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

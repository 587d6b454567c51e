"""`/healthz`: whether all is well, for a container's health check, a monitor and a person."""

from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from resnet_explorer.api.health import Health

# what strangers need not know of the machine
PRIVATE = ("free_bytes", "total_bytes", "packages", "python", "devices", "sharing")
UNAVAILABLE = 503


def health_routes(look: Callable[[], Health], shared: bool) -> list[BaseRoute]:
    """The route; where strangers come it leaves out what is on the machine."""

    async def answer(request: Request) -> Response:
        seen = await run_in_threadpool(look)
        status = UNAVAILABLE if seen["status"] == "failing" else 200
        return JSONResponse(shown(seen, shared), status, {"cache-control": "no-store"})

    return [Route("/healthz", answer)]


def shown(seen: Health, shared: bool) -> dict[str, Any]:
    """What may be told of it: all, or, where strangers come, nothing of what is on the machine."""
    return {name: value for name, value in seen.items() if not (shared and name in PRIVATE)}

"""The routes the page's JavaScript talks to: static files, plotly.js, and the verbs as JSON."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import plotly
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from resnet_explorer import api
from resnet_explorer.errors import ExplorerError, LanguageError

PREFIX = "/gradio_api/explorer"
STATIC = Path(__file__).parent / "static"
PLOTLY = Path(plotly.__file__).parent / "package_data"
VERBS: dict[str, Callable[..., object]] = {
    verb.__name__: verb
    for verb in (
        api.describe,
        api.outline,
        api.compare,
        api.export,
        api.equation,
        api.catalog,
    )
}
MOST_BYTES = 64_000


def routes() -> list[BaseRoute]:
    """Every route of our own."""
    return [
        Mount(f"{PREFIX}/static", StaticFiles(directory=STATIC)),
        Mount(f"{PREFIX}/plotly", StaticFiles(directory=PLOTLY)),
        Route(f"{PREFIX}/verb/{{name}}", verb, methods=["POST"]),
        *_views(),
    ]


def _views() -> list[BaseRoute]:
    names = [name for name in ("structure", "stream") if find_spec(f"resnet_explorer.ui.{name}")]
    return [route for name in names for route in import_module(f"resnet_explorer.ui.{name}").routes()]


async def verb(request: Request) -> Response:
    """Say one verb: the body is its arguments, the answer its JSON, or one sentence on what is wrong."""
    called = VERBS.get(request.path_params["name"])
    body = await request.body()
    if called is None or len(body) > MOST_BYTES:
        return JSONResponse({"error": "there is no such verb" if called is None else "that is too long"}, 404)
    try:
        arguments: dict[str, Any] = await request.json() if body else {}
        return JSONResponse(await run_in_threadpool(called, **arguments))
    except LanguageError as error:
        return JSONResponse({"error": str(error), "column": error.column, "suggestion": error.suggestion}, 422)
    except (ExplorerError, TypeError, ValueError) as error:
        return JSONResponse({"error": str(error)}, 422)

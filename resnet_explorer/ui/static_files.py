"""The page's files: our own, which a browser checks each time, and plotly.js, compressed once and cached for a week."""

import gzip
from functools import cache
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from resnet_explorer.figures.plotly_script import SCRIPT, VERSION

STATIC = Path(__file__).parent / "static"
# plotly.js changes only with the Python package, whose version is its ETag
A_WEEK = "public, max-age=604800"


class CheckedFiles(StaticFiles):
    """Files that a browser may cache, but must check each time, so that two versions are never mixed."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


def files(prefix: str) -> list[BaseRoute]:
    """The routes of our own files and of plotly.js."""
    return [
        Mount(f"{prefix}/static", CheckedFiles(directory=STATIC)),
        Route(f"{prefix}/plotly/plotly.min.js", _plotly),
    ]


@cache
def gzip_plotly() -> bytes:
    """Plotly.js compressed, from 4.8 to about 1.4 MB."""
    return gzip.compress(SCRIPT.read_bytes(), compresslevel=6)


async def _plotly(request: Request) -> Response:
    tag = f'"{VERSION}"'
    headers = {"Cache-Control": A_WEEK, "ETag": tag, "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(await run_in_threadpool(SCRIPT.read_bytes), headers=headers, media_type="text/javascript")
    compressed = headers | {"Content-Encoding": "gzip"}
    return Response(await run_in_threadpool(gzip_plotly), headers=compressed, media_type="text/javascript")

"""The route of plotly.js, compressed once and cached for a week."""

import gzip
from functools import cache

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from resnet_explorer.figures.plotly_script import SCRIPT, VERSION

# plotly.js changes only with the Python package, whose version is its ETag
A_WEEK = "public, max-age=604800"


def files(prefix: str) -> list[BaseRoute]:
    """The route of plotly.js."""
    return [Route(f"{prefix}/plotly/plotly.min.js", _plotly)]


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

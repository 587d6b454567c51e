"""The route that gives a network's code as a file: PyTorch source or a notebook."""

from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from resnet_explorer.api.networks import export, notebook
from resnet_explorer.errors import ExplorerError
from resnet_explorer.ui.http import refusal

# seen from the page, and from the server
CODE = "gradio_api/explorer/structure/code"
WRITERS: dict[str, tuple[Callable[[str], Any], str]] = {
    "py": (export, "text/x-python"),
    "ipynb": (notebook, "application/x-ipynb+json"),
}


def routes() -> list[BaseRoute]:
    """The download: `?network=` and `?format=py` or `ipynb`."""
    return [Route(f"/{CODE}", code, methods=["GET"])]


async def code(request: Request) -> Response:
    """The code as a download, or one sentence on what is wrong."""
    form = request.query_params.get("format", "py")
    if form not in WRITERS:
        return JSONResponse({"error": f"code is written as {' or '.join(WRITERS)}, not {form[:20]}"}, 404)
    write, media_type = WRITERS[form]
    try:
        answer = await run_in_threadpool(write, request.query_params.get("network", ""))
    except ExplorerError as error:
        return refusal(error, 422)
    headers = {"Content-Disposition": f'attachment; filename="network.{form}"'}
    return Response(answer["code"], media_type=f"{media_type}; charset=utf-8", headers=headers)

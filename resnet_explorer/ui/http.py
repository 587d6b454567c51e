"""Our own JSON routes: how a request's body is read, and the verbs at `POST gradio_api/explorer/verb/NAME`.

A body is read only if it comes from our own page or from a program, is JSON, and is no longer than it may be.
A page elsewhere on the web can make a visitor's browser send a form here, but neither say that it is JSON
without a preflight request, nor hide that it comes from another site.
"""

from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from resnet_explorer.api.probe_runner import ProbeRunner
from resnet_explorer.api.runs import Runs
from resnet_explorer.errors import ExplorerError, LanguageError
from resnet_explorer.ui.endpoints import Verb, arguments, call_verb, verbs
from resnet_explorer.ui.static_files import files

PREFIX = "/gradio_api/explorer"
MOST_BYTES = 64_000
OURS = ("same-origin", "none")


def routes(runs: Runs, runner: ProbeRunner) -> list[BaseRoute]:
    """The files and the verbs."""
    known = verbs(runs, runner)

    async def answer(request: Request) -> Response:
        return await verb(request, known)

    return [*files(PREFIX), Route(f"{PREFIX}/verb/{{name}}", answer, methods=["POST"])]


async def verb(request: Request, known: Mapping[str, Verb]) -> Response:
    """Say one verb: the body is its arguments, the answer its JSON, or one sentence on what is wrong."""
    name = request.path_params["name"]
    body = await read_body(request, MOST_BYTES)
    if isinstance(body, Response):
        return body
    if name not in known:
        return JSONResponse({"error": f"there is no verb {name[:40]!r}; the verbs are {', '.join(known)}"}, 404)
    # a refusal is an answer too: while somebody types, a 4xx would fill the console and hide what is really wrong
    try:
        return JSONResponse(await run_in_threadpool(call_verb, known[name], arguments(body)))
    except LanguageError as error:
        return JSONResponse({"error": str(error), "column": error.column, "suggestion": error.suggestion})
    except ExplorerError as error:
        return JSONResponse({"error": str(error)})


async def read_body(request: Request, most: int) -> bytes | Response:
    """The body, or the refusal to answer with; read no further than it may be long."""
    if request.headers.get("sec-fetch-site", "none") not in OURS:
        return JSONResponse({"error": "a page of another site may not speak here for its visitor"}, 403)
    if request.headers.get("content-type", "application/json").partition(";")[0].strip() != "application/json":
        return JSONResponse({"error": "a question is sent as application/json"}, 415)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most:
            return JSONResponse({"error": f"a question has at most {most:,} bytes"}, 413)
    return bytes(body)

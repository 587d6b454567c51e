"""The verbs as JSON, for the page's JavaScript: `POST gradio_api/explorer/verb/NAME`."""

from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from resnet_explorer.api.runs import Runs
from resnet_explorer.errors import ExplorerError, LanguageError
from resnet_explorer.ui.endpoints import Verb, arguments, call_verb, verbs
from resnet_explorer.ui.http import read_body
from resnet_explorer.ui.static_files import files

PREFIX = "/gradio_api/explorer"
MOST_BYTES = 64_000


def routes(runs: Runs) -> list[BaseRoute]:
    """The files and the verbs."""
    known = verbs(runs)

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

"""Our own JSON routes: how a request's body is read, and the verbs at `POST gradio_api/explorer/verb/NAME`.

A body is read only if it is JSON, and no longer than it may be; who may ask at all, `guards` decide. A page elsewhere
on the web can make a visitor's browser send a form here, but not say that it is JSON without a preflight request.
"""

from collections.abc import Mapping
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from resnet_explorer.api.probe_runner import ProbeRunner
from resnet_explorer.api.runs import Runs
from resnet_explorer.errors import ExplorerError, LanguageError
from resnet_explorer.ui.answer_cache import PURE, AnswerCache
from resnet_explorer.ui.endpoints import Verb, arguments, call_verb, verbs
from resnet_explorer.ui.static_files import files

PREFIX = "/gradio_api/explorer"
MOST_BYTES = 64_000


def routes(runs: Runs, runner: ProbeRunner) -> list[BaseRoute]:
    """The routes of the page's files, and of the verbs."""
    by_name, cache = verbs(runs, runner), AnswerCache()

    async def answer(request: Request) -> Response:
        return await answer_verb(request, by_name, cache)

    return [*files(PREFIX), Route(f"{PREFIX}/verb/{{name}}", answer, methods=["POST"])]


async def answer_verb(request: Request, by_name: Mapping[str, Verb], cache: AnswerCache) -> Response:
    """Call the verb that the path names with the body's arguments: its answer, or a sentence on what is wrong."""
    name = request.path_params["name"]
    body = await read_body(request, MOST_BYTES)
    if isinstance(body, Response):
        return body
    if name not in by_name:
        return JSONResponse({"error": f"there is no verb {name[:40]!r}; the verbs are {', '.join(by_name)}"}, 404)
    # a refusal is an answer too: while somebody types, a 4xx would fill the console and hide what is really wrong
    try:
        given = arguments(body)
        call = partial(call_verb, by_name[name], given)
        kept = await run_in_threadpool(cache.answer, name, given, call)
    except ExplorerError as error:
        return refusal(error)
    headers = {"etag": kept.tag} if name in PURE else {}
    if headers and request.headers.get("if-none-match") == kept.tag:
        return Response(status_code=304, headers=headers)
    return Response(kept.body, headers=headers, media_type="application/json")


def refusal(error: ExplorerError, status: int = 200) -> JSONResponse:
    """The sentence on what is wrong; of a sentence of the language also where, and what would be right."""
    answer: dict[str, object] = {"error": str(error)}
    if isinstance(error, LanguageError):
        answer |= {"column": error.column, "suggestion": error.suggestion}
    if error.suggestions:
        answer |= {"suggestions": list(error.suggestions), "replaces": error.replaces}
    return JSONResponse(answer, status)


async def read_body(request: Request, max_bytes: int) -> bytes | Response:
    """The body, or the refusal to answer with; one that is too long is not read to its end."""
    if request.headers.get("content-type", "application/json").partition(";")[0].strip() != "application/json":
        return JSONResponse({"error": "a question is sent as application/json"}, 415)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > max_bytes:
            return JSONResponse({"error": f"a question has at most {max_bytes:,} bytes"}, 413)
    return bytes(body)

"""The structure view's routes: drawings, highlighted code, mathematics, totals, and all of it as files.

Each unpacks a question, says one verb, and dresses the answer for a browser.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from pygments import highlight  # type: ignore[import-untyped]
from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
from pygments.lexers import PythonLexer  # type: ignore[import-untyped]
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from resnet_explorer.api import answer_tables as listing
from resnet_explorer.api import networks as api
from resnet_explorer.api.planning import build_plan
from resnet_explorer.describe.drawing.strip import strip
from resnet_explorer.describe.mathml import mathml
from resnet_explorer.errors import ExplorerError, LanguageError, NetworkError
from resnet_explorer.executors.compute import Computer
from resnet_explorer.ui.endpoints import Verb, arguments, bind, call_verb
from resnet_explorer.ui.http import read_body

PREFIX = "/gradio_api/explorer/structure"
MOST_BYTES = 64_000
TYPES = {
    "svg": "image/svg+xml",
    "py": "text/x-python",
    "ipynb": "application/x-ipynb+json",
    "csv": "text/csv",
    "markdown": "text/markdown",
    "latex": "text/x-tex",
    "json": "application/json",
}
ENDINGS = {"markdown": "md", "latex": "tex"}


def routes(computer: Computer) -> list[BaseRoute]:
    """What the structure view asks for, and what it offers to keep."""
    answers = ANSWERS | {"second-opinion": bind(api.second_opinion, computer=computer)}

    async def answer(request: Request) -> Response:
        return await _answer(request, answers)

    return [
        Route(f"{PREFIX}/file/{{name}}", file, methods=["GET"]),
        Route(f"{PREFIX}/{{name}}", answer, methods=["POST"]),
    ]


async def _answer(request: Request, answers: Mapping[str, Verb]) -> Response:
    """Answer one question as JSON, or in one sentence what is wrong with it."""
    found = answers.get(request.path_params["name"])
    body = await read_body(request, MOST_BYTES)
    if found is None:
        return JSONResponse({"error": "there is nothing of that name"}, 404)
    return body if isinstance(body, Response) else await _said(lambda: JSONResponse(call_verb(found, arguments(body))))


async def file(request: Request) -> Response:
    """A table, a picture or code as a file to keep; `?format=` says which, `?network=` once or several times."""
    query = request.query_params
    made = FILES.get(request.path_params["name"])
    kind = query.get("format", "json")
    if made is None or kind not in TYPES:
        return JSONResponse({"error": "there is no such file"}, 404)
    fields = {name: value for name, value in query.items() if name not in ("network", "format")}
    given = {"networks": query.getlist("network"), "kind": kind, **fields}
    return await _said(lambda: _kept(request.path_params["name"], kind, str(call_verb(made, given))))


async def _said(answered: Callable[[], Response]) -> Response:
    try:
        return await run_in_threadpool(answered)
    except LanguageError as error:
        return JSONResponse({"error": str(error), "column": error.column, "suggestion": error.suggestion}, 422)
    except ExplorerError as error:
        return JSONResponse({"error": str(error)}, 422)


def _kept(name: str, kind: str, text: str) -> Response:
    named = f'attachment; filename="{name}.{ENDINGS.get(kind, kind)}"'
    return Response(text, media_type=f"{TYPES[kind]}; charset=utf-8", headers={"Content-Disposition": named})


def _code(network: str) -> dict[str, object]:
    """The source, as text and highlighted line by line."""
    found = api.export(network)
    html = highlight(found["code"], PythonLexer(), HtmlFormatter(nowrap=True))
    return {**found, "html": html}


def _equation(network: str) -> dict[str, object]:
    """The rules in LaTeX, and as MathML to look at."""
    found = api.equation(network)
    known = {rule: found[rule] for rule in ("forward", "branch", "backward", "unrolled")}
    rules = [{"name": rule, "latex": latex, "mathml": mathml(latex)} for rule, latex in known.items() if latex]
    return {**found, "rules": rules}


def _strip(network: str) -> dict[str, object]:
    """The whole network in sections."""
    asked, spelled = build_plan(network)
    return {"name": asked.name, "sections": strip(spelled)}


def _totals(networks: list[str], batch: int = 128, precision: str = "fp32") -> list[Any]:
    """The totals of one network or several."""
    if len(networks) == 1:
        (only,) = networks
        return [{**api.describe(only, batch=batch, precision=precision), "units": [], "layers": []}]
    return list(api.compare(networks, batch, precision)["networks"])


def _difference(one: str, two: str) -> list[Any]:
    return list(api.compare([one, two])["difference"])


def _layer_file(networks: list[str], kind: str, batch: str = "128", precision: str = "fp32") -> str:
    found = api.describe(_only(networks), batch=_whole(batch), precision=precision)
    return json.dumps(found, indent=1) if kind == "json" else _written(kind, listing.layers(found, kind == "csv"))


def _totals_file(networks: list[str], kind: str, batch: str = "128", precision: str = "fp32") -> str:
    found = _totals(networks, _whole(batch), precision)
    return json.dumps(found, indent=1) if kind == "json" else _written(kind, listing.totals(found, kind == "csv"))


def _difference_file(networks: list[str], kind: str) -> str:
    found = api.compare(networks[:2])["difference"]
    return json.dumps(found, indent=1) if kind == "json" else _written(kind, listing.difference(found, kind == "csv"))


def _drawing_file(networks: list[str], kind: str, unit: str = "inside", theme: str = "light", slots: str = "") -> str:
    return api.draw(networks, unit, theme, [_whole(slot) for slot in slots.split(",") if slot])["sheet"]


def _code_file(networks: list[str], kind: str) -> str:
    return api.notebook(_only(networks))["code"] if kind == "ipynb" else api.export(_only(networks))["code"]


def _written(kind: str, listed: listing.Listing) -> str:
    if kind not in listing.FORMATS:
        raise NetworkError(f"a table is written as json, {', '.join(listing.FORMATS)}, not {kind}")
    return listing.FORMATS[kind](*listed) + "\n"


def _only(networks: list[str]) -> str:
    if len(networks) != 1:
        raise NetworkError(f"this file is of one network, not {len(networks)}")
    return networks[0]


def _whole(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise NetworkError(f"a whole number is wanted, not {text[:20]!r}")
    return int(text)


ANSWERS: dict[str, Verb] = {
    "draw": api.draw,
    "code": _code,
    "equation": _equation,
    "strip": _strip,
    "describe": api.describe,
    "totals": _totals,
    "difference": _difference,
}
FILES: dict[str, Callable[..., str]] = {
    "layers": _layer_file,
    "totals": _totals_file,
    "difference": _difference_file,
    "units": _drawing_file,
    "network": _code_file,
}

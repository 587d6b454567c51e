"""The routes of the Structure view: drawings, highlighted code, equations, totals, and all of it as files.

Each reads a request, calls one verb, and gives its answer in the form that a browser shows or saves.
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

from resnet_explorer.api.answer_tables import FORMATS, Listing, difference, layers, totals
from resnet_explorer.api.networks import compare, describe, draw, equation, export, notebook, second_opinion
from resnet_explorer.api.planning import build_plan
from resnet_explorer.describe.drawing.strip import strip
from resnet_explorer.describe.mathml import mathml
from resnet_explorer.errors import ExplorerError, NetworkError
from resnet_explorer.executors.compute import Computer
from resnet_explorer.ui.endpoints import Verb, arguments, bind, call_verb
from resnet_explorer.ui.http import read_body, refusal

PREFIX = "/gradio_api/explorer/structure"
MOST_BYTES = 64_000
MEDIA_TYPES = {
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
    """The answers of the view as JSON, and its downloads."""
    answers = ANSWERS | {"second-opinion": bind(second_opinion, computer=computer)}

    async def answer(request: Request) -> Response:
        return await _answer(request, answers)

    return [
        Route(f"{PREFIX}/file/{{name}}", file, methods=["GET"]),
        Route(f"{PREFIX}/{{name}}", answer, methods=["POST"]),
    ]


async def _answer(request: Request, answers: Mapping[str, Verb]) -> Response:
    """The answer that the path names as JSON, or one sentence on what is wrong."""
    verb = answers.get(request.path_params["name"])
    body = await read_body(request, MOST_BYTES)
    if verb is None:
        return JSONResponse({"error": "there is nothing of that name"}, 404)
    if isinstance(body, Response):
        return body
    return await _in_thread(lambda: JSONResponse(call_verb(verb, arguments(body))))


async def file(request: Request) -> Response:
    """A table, a picture or code as a download: `?format=`, and `?network=` once or several times."""
    query = request.query_params
    name, form = request.path_params["name"], query.get("format", "json")
    writer = FILES.get(name)
    if writer is None or form not in MEDIA_TYPES:
        return JSONResponse({"error": "there is no such file"}, 404)
    fields = {field: value for field, value in query.items() if field not in ("network", "format")}
    args = {**fields, "networks": query.getlist("network"), "form": form}
    return await _in_thread(lambda: _download(name, form, str(call_verb(writer, args))))


async def _in_thread(respond: Callable[[], Response]) -> Response:
    """The response made in a thread beside the event loop, or the refusal of a verb."""
    try:
        return await run_in_threadpool(respond)
    except ExplorerError as error:
        return refusal(error, 422)


def _download(name: str, form: str, text: str) -> Response:
    disposition = f'attachment; filename="{name}.{ENDINGS.get(form, form)}"'
    return Response(
        text, media_type=f"{MEDIA_TYPES[form]}; charset=utf-8", headers={"Content-Disposition": disposition}
    )


def _code(network: str) -> dict[str, object]:
    """The source, as text and highlighted line by line."""
    source = export(network)
    html = highlight(source["code"], PythonLexer(), HtmlFormatter(nowrap=True))
    return {**source, "html": html}


def _equation(network: str) -> dict[str, object]:
    """The rules in LaTeX, and as MathML to look at."""
    answer = equation(network)
    formulas = {rule: answer[rule] for rule in ("forward", "branch", "backward", "unrolled")}
    rules = [{"name": rule, "latex": latex, "mathml": mathml(latex)} for rule, latex in formulas.items() if latex]
    return {**answer, "rules": rules}


def _strip(network: str) -> dict[str, object]:
    """The whole network in sections."""
    request, plan = build_plan(network)
    return {"name": request.name, "sections": strip(plan)}


def _totals(networks: list[str], batch: int = 128, precision: str = "fp32") -> list[Any]:
    """The totals of one network or several."""
    if len(networks) == 1:
        (only,) = networks
        return [{**describe(only, batch=batch, precision=precision), "units": [], "layers": []}]
    return list(compare(networks, batch, precision)["networks"])


def _difference(one: str, two: str) -> list[Any]:
    return list(compare([one, two])["difference"])


def _layer_file(networks: list[str], form: str, batch: str = "128", precision: str = "fp32") -> str:
    answer = describe(_only(networks), batch=_whole_number(batch), precision=precision)
    return _to_json(answer) if form == "json" else _write_table(form, layers(answer, form == "csv"))


def _totals_file(networks: list[str], form: str, batch: str = "128", precision: str = "fp32") -> str:
    answer = _totals(networks, _whole_number(batch), precision)
    return _to_json(answer) if form == "json" else _write_table(form, totals(answer, form == "csv"))


def _difference_file(networks: list[str], form: str) -> str:
    answer = compare(networks[:2])["difference"]
    return _to_json(answer) if form == "json" else _write_table(form, difference(answer, form == "csv"))


def _drawing_file(networks: list[str], form: str, unit: str = "inside", theme: str = "light", slots: str = "") -> str:
    return draw(networks, unit, theme, [_whole_number(slot) for slot in slots.split(",") if slot])["sheet"]


def _code_file(networks: list[str], form: str) -> str:
    write = notebook if form == "ipynb" else export
    return write(_only(networks))["code"]


def _to_json(answer: object) -> str:
    return json.dumps(answer, indent=1)


def _write_table(form: str, listing: Listing) -> str:
    if form not in FORMATS:
        raise NetworkError(f"a table is written as json, {', '.join(FORMATS)}, not {form}")
    return FORMATS[form](*listing) + "\n"


def _only(networks: list[str]) -> str:
    if len(networks) != 1:
        raise NetworkError(f"this file is of one network, not {len(networks)}")
    return networks[0]


def _whole_number(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise NetworkError(f"a whole number is wanted, not {text[:20]!r}")
    return int(text)


ANSWERS: dict[str, Verb] = {
    "draw": draw,
    "code": _code,
    "equation": _equation,
    "strip": _strip,
    "describe": describe,
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

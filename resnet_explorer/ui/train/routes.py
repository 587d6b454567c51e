"""The routes of the Train view: what its form offers, what a press would train, its stream, and a run's files."""

import json
from dataclasses import asdict
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from resnet_explorer.api.runs import Runs
from resnet_explorer.errors import ExplorerError, RunError
from resnet_explorer.figures import curves
from resnet_explorer.figures.theme import PAGE, heat_scale
from resnet_explorer.networks.plan import plan
from resnet_explorer.runs.experiment import Experiment, format_setting
from resnet_explorer.ui.endpoints import Verb, arguments, call_verb
from resnet_explorer.ui.http import read_body
from resnet_explorer.ui.train.sse import RunEventStream

PREFIX = "/gradio_api/explorer/runs"
MOST_BYTES = 64_000
MOST_LANES = 12
MEDIA = {"jsonl": "application/x-ndjson", "csv": "text/csv", "card": "application/json"}


def routes(runs: Runs, stream: RunEventStream) -> list[BaseRoute]:
    """The view's own routes on the runs of one home."""
    offered, checked = _choices(runs), checking(runs)

    async def choices(request: Request) -> Response:
        return JSONResponse(offered)

    async def check(request: Request) -> Response:
        body = await read_body(request, MOST_BYTES)
        if isinstance(body, Response):
            return body
        try:
            return JSONResponse(await run_in_threadpool(call_verb, checked, arguments(body)))
        except ExplorerError as error:
            return JSONResponse({"error": str(error)})

    async def file(request: Request) -> Response:
        form = request.query_params.get("form", "card")
        try:
            found = await run_in_threadpool(runs.reader.export_run, request.query_params.get("run", ""), form)
        except ExplorerError as error:
            return JSONResponse({"error": str(error)}, 404)
        headers = {"Content-Disposition": f'attachment; filename="{found["name"]}"'}
        return Response(found["text"], headers=headers, media_type=MEDIA[form])

    return [
        Route(f"{PREFIX}/choices", choices),
        Route(f"{PREFIX}/check", check, methods=["POST"]),
        Route(f"{PREFIX}/file", file),
        Route(f"{PREFIX}/events", stream.answer),
    ]


def _choices(runs: Runs) -> dict[str, Any]:
    """What the verb says, and the frames of the figures."""
    frames = {name: curves.frame(name, PAGE) for name in curves.CURVES}
    looks = {"frames": frames, "across": curves.ACROSS, "lines": curves.lines(PAGE), "shades": heat_scale()}
    return {**runs.choices(), **looks, "shared": runs.shared}


def checking(runs: Runs) -> Verb:
    """What a press would train, lane by lane, or why a lane cannot be."""

    def check(
        networks: list[str], data: str = "shapes", recipe: str = "short", settings: dict[str, str] | None = None
    ) -> dict[str, Any]:
        if len(networks) > MOST_LANES:
            raise RunError(f"at most {MOST_LANES} lanes are trained together, not {len(networks)}")
        found, classes = runs.jobs.resolve_data(data)
        return {"lanes": [_lane(runs, line, found, recipe, settings or {}, classes) for line in networks]}

    return check


def _lane(runs: Runs, line: str, data: str, recipe: str, settings: dict[str, str], classes: int) -> dict[str, Any]:
    try:
        made = runs.jobs.job_args(line, data, recipe, 0, settings, classes)
    except ExplorerError as error:
        return {"error": str(error)}
    found = Experiment.from_json(json.dumps(made["experiment"]))
    told = {name: format_setting(value) for name, value in asdict(found.recipe).items()}
    return {
        "widths": "/".join(map(str, found.network.widths)),
        "image": found.network.image,
        "params": plan(found.network).params,
        **{name: told[name] for name in ("batch", "steps", "epochs", "lr", "schedule", "optimiser")},
    }

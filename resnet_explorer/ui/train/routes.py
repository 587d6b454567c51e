"""The routes of the Train view: the choices of its form, a preview of its lanes, its stream, and a run's files."""

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
MEDIA_TYPES = {"jsonl": "application/x-ndjson", "csv": "text/csv", "card": "application/json"}


def routes(runs: Runs, stream: RunEventStream) -> list[BaseRoute]:
    """The routes of the view, over the runs of one home."""
    form_choices, check_lanes = _choices(runs), make_check(runs)

    async def choices(request: Request) -> Response:
        return JSONResponse(form_choices)

    async def check(request: Request) -> Response:
        body = await read_body(request, MOST_BYTES)
        if isinstance(body, Response):
            return body
        try:
            return JSONResponse(await run_in_threadpool(call_verb, check_lanes, arguments(body)))
        except ExplorerError as error:
            return JSONResponse({"error": str(error)})

    async def file(request: Request) -> Response:
        form = request.query_params.get("form", "card")
        try:
            export = await run_in_threadpool(runs.reader.export_run, request.query_params.get("run", ""), form)
        except ExplorerError as error:
            return JSONResponse({"error": str(error)}, 404)
        headers = {"Content-Disposition": f'attachment; filename="{export["name"]}"'}
        return Response(export["text"], headers=headers, media_type=MEDIA_TYPES[form])

    return [
        Route(f"{PREFIX}/choices", choices),
        Route(f"{PREFIX}/check", check, methods=["POST"]),
        Route(f"{PREFIX}/file", file),
        Route(f"{PREFIX}/events", stream.answer),
    ]


def _choices(runs: Runs) -> dict[str, Any]:
    """The choices for a run, and the empty figures, lines and colours that the page draws curves with."""
    frames = {name: curves.frame(name, PAGE) for name in curves.CURVES}
    drawing = {"frames": frames, "across": curves.ACROSS, "lines": curves.lines(PAGE), "shades": heat_scale()}
    return {**runs.choices(), **drawing, "shared": runs.shared}


def make_check(runs: Runs) -> Verb:
    """A verb that says what a launch would train, lane by lane, or why a lane cannot be trained."""

    def check(
        networks: list[str], data: str = "shapes", recipe: str = "short", settings: dict[str, str] | None = None
    ) -> dict[str, Any]:
        if len(networks) > MOST_LANES:
            raise RunError(f"at most {MOST_LANES} lanes are trained together, not {len(networks)}")
        data, classes = runs.jobs.resolve_data(data)
        return {"lanes": [_lane_preview(runs, line, data, recipe, settings or {}, classes) for line in networks]}

    return check


def _lane_preview(
    runs: Runs, line: str, data: str, recipe: str, settings: dict[str, str], classes: int
) -> dict[str, Any]:
    try:
        args = runs.jobs.job_args(line, data, recipe, 0, settings, classes)
    except ExplorerError as error:
        return {"error": str(error)}
    experiment = Experiment.from_json(json.dumps(args["experiment"]))
    texts = {name: format_setting(value) for name, value in asdict(experiment.recipe).items()}
    return {
        "widths": "/".join(map(str, experiment.network.widths)),
        "image": experiment.network.image,
        "params": plan(experiment.network).params,
        **{name: texts[name] for name in ("batch", "steps", "epochs", "lr", "schedule", "optimiser")},
    }

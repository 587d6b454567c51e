"""The routes of the Train view: what its form offers, what a press would train, its stream, and a run's files."""

import json
from dataclasses import asdict
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from resnet_explorer.data_sets import read_data
from resnet_explorer.errors import ExplorerError, RunError
from resnet_explorer.experiment import Experiment, spelled
from resnet_explorer.figures import curves, heat
from resnet_explorer.figures.theme import PAGE
from resnet_explorer.plan import plan
from resnet_explorer.runs import Runs
from resnet_explorer.ui.train_stream import Stream

PREFIX = "/gradio_api/explorer/runs"
MOST_BYTES = 64_000
MOST_LANES = 12
MEDIA = {"jsonl": "application/x-ndjson", "csv": "text/csv", "card": "application/json"}


def routes(runs: Runs, stream: Stream) -> list[BaseRoute]:
    """The view's own routes on the runs of one home."""
    offered = _choices(runs)

    async def choices(request: Request) -> Response:
        return JSONResponse(offered)

    async def check(request: Request) -> Response:
        body = await request.body()
        if len(body) > MOST_BYTES:
            return JSONResponse({"error": f"a question has at most {MOST_BYTES:,} bytes, not {len(body):,}"}, 413)
        try:
            return JSONResponse(await run_in_threadpool(_checked, runs, json.loads(body)))
        except ExplorerError as error:
            return JSONResponse({"error": str(error)})
        except (ValueError, TypeError, KeyError, AttributeError):
            return JSONResponse({"error": "the question is not the JSON that this address reads"}, 422)

    async def file(request: Request) -> Response:
        form = request.query_params.get("form", "card")
        try:
            found = await run_in_threadpool(runs.export_run, request.query_params.get("run", ""), form)
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
    frames = {name: json.loads(curves.frame(name, PAGE).to_json()) for name in curves.CURVES}
    looks = {"frames": frames, "across": curves.ACROSS, "lines": curves.lines(PAGE), "shades": heat.scale()}
    return {**runs.choices(), **looks, "shared": runs.shared}


def _checked(runs: Runs, asked: dict[str, Any]) -> dict[str, Any]:
    """What a press would train, lane by lane, or why not."""
    data, recipe = str(asked.get("data", "shapes")), str(asked.get("recipe", "short"))
    settings = {str(name): str(value) for name, value in asked.get("settings", {}).items()}
    networks = [str(one) for one in asked["networks"]]
    if len(networks) > MOST_LANES:
        raise RunError(f"at most {MOST_LANES} lanes are trained together, not {len(networks)}")
    classes = runs.jobs.classes(read_data(data))
    return {"lanes": [_lane(runs, one, data, recipe, settings, classes) for one in networks]}


def _lane(runs: Runs, line: str, data: str, recipe: str, settings: dict[str, str], classes: int) -> dict[str, Any]:
    try:
        made = runs.jobs.what(line, data, recipe, 0, settings, classes)
    except ExplorerError as error:
        return {"error": str(error)}
    found = Experiment.from_json(json.dumps(made["experiment"]))
    told = {name: spelled(value) for name, value in asdict(found.recipe).items()}
    return {
        "widths": "/".join(map(str, found.network.widths)),
        "image": found.network.image,
        "params": plan(found.network).params,
        **{name: told[name] for name in ("batch", "steps", "epochs", "lr", "schedule", "optimiser")},
    }

"""The routes of runs: the stream of what they report, and a run as a file to take away."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from resnet_explorer.api.run_reader import RunReader
from resnet_explorer.errors import ExplorerError
from resnet_explorer.ui.streams.run_events import RunEventStream

PREFIX = "/gradio_api/explorer/runs"
MEDIA_TYPES = {"jsonl": "application/x-ndjson", "csv": "text/csv", "card": "application/json"}


def routes(stream: RunEventStream) -> list[BaseRoute]:
    """The routes, over the runs of one home; a page that shows our curves is launched with them."""

    async def file(request: Request) -> Response:
        return await run_in_threadpool(
            _export, stream.reader, request.query_params.get("run", ""), request.query_params.get("form", "card")
        )

    return [Route(f"{PREFIX}/file", file), Route(f"{PREFIX}/events", stream.answer)]


def _export(reader: RunReader, run: str, form: str) -> Response:
    try:
        export = reader.export_run(run, form)
    except ExplorerError as error:
        return JSONResponse({"error": str(error)}, 404)
    headers = {"Content-Disposition": f'attachment; filename="{export["name"]}"'}
    return Response(export["text"], headers=headers, media_type=MEDIA_TYPES[form])

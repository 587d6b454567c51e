"""Runs pushed to a page as Server-Sent Events: rows of the run list, whole curves, then only new points.

The `id` of a message is the number of the newest event in it: a browser that lost the connection goes on from there.
A stream holds nothing between two polls but that number: no thread, no statement, no lock.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from functools import lru_cache
from threading import Event
from time import monotonic
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from resnet_explorer.api.run_reader import RunReader
from resnet_explorer.api.runs import Runs
from resnet_explorer.errors import ExplorerError
from resnet_explorer.ui.train.packing import pack_curves

# seconds between two polls for new points, two for changed rows, and two signs of life
POLL_PAUSE = 0.2
ROWS_PAUSE = 1.0
PING_PAUSE = 15.0
RETRY_MS = 2000
MAX_RUNS = 72
MAX_ROWS = 300
# of a long run; more than a figure has columns of pixels
POINTS = 2000
# a page that missed more events than this gets whole curves again
MAX_MISSED = 20_000
HEADERS = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}
# fields of an event that no figure shows
UNSENT = frozenset(("weights", "versions", "time", "file"))
NO_CHANGES = '{"rows":[],"gone":[]}'


class RunEventStream:
    """The route of the stream; `close` ends every stream, so that the server can end."""

    def __init__(self, runs: Runs) -> None:
        self.runs = runs
        self.closing = Event()
        # when the rows were read last, the rows, and the number of the newest event then
        self.last_read: tuple[float, list[dict[str, Any]], int] = (0.0, [], 0)
        self.reading = asyncio.Lock()

    async def answer(self, request: Request) -> Response:
        """Stream the points of some runs, and the rows of all."""
        query = request.query_params
        watched = [run for run in query.get("runs", "").split(",") if run]
        if len(watched) > MAX_RUNS:
            return JSONResponse({"error": f"a picture shows at most {MAX_RUNS} runs, not {len(watched)}"}, 422)
        try:
            after = int(request.headers.get("last-event-id") or query.get("after", "0"))
        except ValueError:
            return JSONResponse({"error": "after is the number of an event"}, 422)
        whole = frozenset(query.get("whole", "").split(","))
        messages = self._messages(watched, whole, max(after, 0), query.get("owner", "")[:100])
        return StreamingResponse(messages, media_type="text/event-stream", headers=HEADERS)

    def close(self) -> None:
        """End every stream at its next poll."""
        self.closing.set()

    async def _messages(self, watched: list[str], whole: frozenset[str], after: int, owner: str) -> AsyncIterator[str]:
        yield f"retry: {RETRY_MS}\n\n"
        sent: dict[str, str] = {}
        rows, last = await self._rows(owner)
        yield _message("rows", _row_changes(rows, sent, first=True))
        if not after or last - after > MAX_MISSED or after > last:
            after, whole = last, frozenset(watched)
        whole_runs = [run for run in watched if run in whole]
        for run in whole_runs:
            # only the last one carries the number: a browser that loses the connection before it gets all again
            number = after if run == whole_runs[-1] else None
            yield _message("curves", await run_in_threadpool(_curves, self.runs.reader, run), number)
        rows_at = sent_at = monotonic()
        while True:
            points, after = await run_in_threadpool(_new_points, self.runs.reader, after, watched)
            now = monotonic()
            if points:
                sent_at = now
                yield _message("points", f"[{','.join(points)}]", after)
            if now - rows_at >= ROWS_PAUSE:
                rows_at = now
                changes = _row_changes((await self._rows(owner))[0], sent)
                if changes != NO_CHANGES:
                    sent_at = now
                    yield _message("rows", changes)
            if now - sent_at >= PING_PAUSE:
                sent_at = now
                yield ": ping\n\n"
            if self.closing.is_set():
                return
            await asyncio.sleep(POLL_PAUSE)

    async def _rows(self, owner: str) -> tuple[list[dict[str, Any]], int]:
        """The rows of all runs and the number of the newest event; read once for all who ask within a moment."""
        if self.runs.shared:
            return await run_in_threadpool(_read_rows, self.runs.reader, owner)
        async with self.reading:
            read_at, rows, last = self.last_read
            if monotonic() - read_at > POLL_PAUSE:
                rows, last = await run_in_threadpool(_read_rows, self.runs.reader, "")
                self.last_read = (monotonic(), rows, last)
            return rows, last


def _read_rows(reader: RunReader, owner: str) -> tuple[list[dict[str, Any]], int]:
    answer = reader.runs(owner=owner, limit=MAX_ROWS)
    return [dict(row) for row in answer["runs"]], answer["last"]


def _row_changes(rows: list[dict[str, Any]], sent: dict[str, str], first: bool = False) -> str:
    """The rows that differ from those sent before, and the runs that are gone; `sent` is brought up to date."""
    texts = {row["run"]: _json(_without_empty(row)) for row in rows}
    changed = [text for run, text in texts.items() if sent.get(run) != text]
    gone = [run for run in sent if run not in texts]
    sent.clear()
    sent.update(texts)
    all_rows = ',"all":true' if first else ""
    return f'{{"rows":[{",".join(changed)}],"gone":{_json(gone)}{all_rows}}}'


def _without_empty(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value not in (None, "", {})}


def _curves(reader: RunReader, run: str) -> str:
    """The whole curves of a run, thinned; a sentence if the run is gone."""
    try:
        return pack_curves(reader.curves(run, points=POINTS))
    except ExplorerError as error:
        return _json({"run": run, "error": str(error)})


def _new_points(reader: RunReader, after: int, watched: Sequence[str]) -> tuple[list[str], int]:
    """The events of the watched runs after a number, as JSON, and the number of the newest."""
    if not watched:
        return [], after
    events, newest = reader.events_after(after, watched)
    return [_encode_event(event.run, event.line) for event in events], newest


@lru_cache(8192)
def _encode_event(run: str, line: str) -> str:
    """An event as a page needs it; encoded once for all pages that watch the run."""
    fields = {name: value for name, value in json.loads(line).items() if name not in UNSENT}
    return _json({"run": run, **_round_floats(fields)})


def _round_floats(value: Any) -> Any:
    """The value with five digits of each float: more than a figure can show."""
    if isinstance(value, float):
        return float(f"{value:.5g}")
    if isinstance(value, dict):
        return {name: _round_floats(item) for name, item in value.items()}
    return [_round_floats(item) for item in value] if isinstance(value, list) else value


def _message(event: str, data: str, number: int | None = None) -> str:
    cursor = "" if number is None else f"id: {number}\n"
    return f"{cursor}event: {event}\ndata: {data}\n\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))

"""Runs pushed to a page as Server-Sent Events: where they stand, whole curves, then only new points.

The `id` of a message is the number of the newest event in it: a browser that lost the connection goes on from there.
A stream holds nothing between two polls but that number: no thread, no statement, no lock.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from functools import lru_cache
from math import inf
from time import monotonic
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from resnet_explorer.api.quotas import Caller, the_machine
from resnet_explorer.api.run_reader import RunReader
from resnet_explorer.errors import ExplorerError
from resnet_explorer.ui.streams.feed import Feed
from resnet_explorer.ui.streams.places import StreamPlaces
from resnet_explorer.ui.streams.whole_curves import WholeCurves

# seconds between two looks for changed rows, and two signs of life; and for which a row is as good as new
ROWS_PAUSE = 1.0
ROWS_KEPT = 0.5
PING_PAUSE = 15.0
RETRY_MS = 2000
# of all pages of a browser, which share a stream; one picture shows 72 at most
MAX_RUNS = 432
# rows that are kept at once
MAX_ROWS = 2000
# a page that missed more events than this gets whole curves again
MAX_MISSED = 20_000
HEADERS = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}
# fields of an event that no figure shows
UNSENT = frozenset(("weights", "versions", "time", "file", "values", "sentences", "subjects"))
Row = dict[str, Any]
NO_CHANGES = '{"rows":[],"gone":[]}'


class RunEventStream:
    """The route of the stream; `close` ends every stream, so that the server can end."""

    def __init__(self, reader: RunReader, caller: Caller = the_machine) -> None:
        self.reader = reader
        self.feed = Feed(reader)
        self.curves = WholeCurves(reader)
        self.places = StreamPlaces(caller)
        # for all streams together: the row of each run that is watched as JSON, and when it was read
        self.rows: dict[str, tuple[float, str]] = {}
        self.reading = asyncio.Lock()

    async def answer(self, request: Request) -> Response:
        """Stream where some runs stand, and what they measure."""
        query = request.query_params
        watched = [run for run in query.get("runs", "").split(",") if run]
        if len(watched) > MAX_RUNS:
            return JSONResponse(
                {"error": f"a browser follows at most {MAX_RUNS} runs at once, not {len(watched)}"}, 422
            )
        if refused := self.places.refuse():
            return JSONResponse({"error": refused}, 503, {"Retry-After": "5"})
        try:
            after = int(request.headers.get("last-event-id") or query.get("after", "0"))
        except ValueError:
            return JSONResponse({"error": "after is the number of an event"}, 422)
        messages = self._messages(watched, frozenset(query.get("whole", "").split(",")), max(after, 0))
        return StreamingResponse(messages, media_type="text/event-stream", headers=HEADERS)

    def close(self) -> None:
        """End every stream."""
        self.feed.close()

    async def _messages(self, watched: list[str], whole: frozenset[str], after: int) -> AsyncIterator[str]:
        with self.places.taken():
            yield f"retry: {RETRY_MS}\n\n"
            last = await run_in_threadpool(self.reader.last_event)
            if not after or last - after > MAX_MISSED or after > last:
                after, whole = last, frozenset(watched)
            sent: dict[str, str] = {}
            yield _message("rows", _row_changes(await self._rows(watched), sent))
            whole_runs = [run for run in watched if run in whole]
            for run in whole_runs:
                curves = await self.curves.read(run)
                after = min(after, curves.last)
                # only the last one carries the number: a browser that loses the connection before it gets all again
                yield _message("curves", curves.text, after if run == whole_runs[-1] else None)
            async with aclosing(self._follow(watched, after, sent)) as messages:
                async for message in messages:
                    yield message

    async def _follow(self, watched: list[str], after: int, sent: dict[str, str]) -> AsyncGenerator[str]:
        """New points and changed rows, until the server ends; a sign of life where nothing is new."""
        rows_at = sent_at = monotonic()
        async with aclosing(self.feed.follow(watched, after, ROWS_PAUSE)) as news:
            async for events in news:
                now = monotonic()
                if events:
                    sent_at = now
                    points = ",".join(_encode_event(event.run, event.line) for event in events)
                    yield _message("points", f"[{points}]", events[-1].id)
                if now - rows_at >= ROWS_PAUSE:
                    rows_at = now
                    changes = _row_changes(await self._rows(watched), sent)
                    if changes != NO_CHANGES:
                        sent_at = now
                        yield _message("rows", changes)
                if now - sent_at >= PING_PAUSE:
                    sent_at = now
                    yield ": ping\n\n"

    async def _rows(self, watched: Sequence[str]) -> dict[str, str]:
        """The rows of the watched runs that still exist; read once for all who ask within a moment."""
        async with self.reading:
            now = monotonic()
            if len(self.rows) > MAX_ROWS:
                self.rows.clear()
            stale = [run for run in watched if now - self.rows.get(run, (-inf, ""))[0] > ROWS_KEPT]
            if stale:
                rows = await run_in_threadpool(_read_rows, self.reader, stale)
                self.rows |= {run: (now, _json(_without_empty(rows[run])) if run in rows else "") for run in stale}
            return {run: row for run in watched if (row := self.rows[run][1])}


def _read_rows(reader: RunReader, runs: Sequence[str]) -> dict[str, Row]:
    """Where these runs stand, but for those that are gone; whose they are is nobody else's business."""
    try:
        rows = reader.current_rows(runs)
    except ExplorerError:
        if len(runs) == 1:
            return {}
        return {run: row for one in runs for run, row in _read_rows(reader, [one]).items()}
    return {row["run"]: {name: value for name, value in row.items() if name != "mine"} for row in rows}


def _row_changes(rows: dict[str, str], sent: dict[str, str]) -> str:
    """The rows that differ from those sent before, and the runs that are gone; `sent` is brought up to date."""
    changed = [text for run, text in rows.items() if sent.get(run) != text]
    gone = [run for run in sent if run not in rows]
    sent.clear()
    sent.update(rows)
    return f'{{"rows":[{",".join(changed)}],"gone":{_json(gone)}}}'


def _without_empty(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value not in (None, "", {})}


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

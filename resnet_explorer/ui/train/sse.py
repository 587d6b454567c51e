"""What runs say, pushed to a page as Server-Sent Events: rows of the list, whole curves, then only what is new.

`id` is the number of the newest event told, so that a browser that lost the line goes on where it was. Nothing is
held between two looks but a cursor: no thread, no statement, no lock.
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

from resnet_explorer.api.runs import Runs
from resnet_explorer.errors import ExplorerError
from resnet_explorer.ui.train.packing import pack_curves

LOOK = 0.2
ROWS = 1.0
PING = 15.0
RETRY_MS = 2000
MOST_RUNS = 72
MOST_ROWS = 300
# of a long run: more than a figure has columns of pixels
POINTS = 2000
# behind by more than this, a page is told whole curves anew
FAR = 20_000
HEADERS = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}
HIDDEN = frozenset(("weights", "versions", "time", "file"))


class RunEventStream:
    """The route; `close` ends all streams, so that the server can end."""

    def __init__(self, runs: Runs) -> None:
        self.runs = runs
        self.closing = Event()
        self.listed: tuple[float, list[dict[str, Any]], int] = (0.0, [], 0)
        self.listing = asyncio.Lock()

    async def answer(self, request: Request) -> Response:
        """Stream what some runs say, and the rows of all."""
        given = request.query_params
        watched = [run for run in given.get("runs", "").split(",") if run]
        if len(watched) > MOST_RUNS:
            return JSONResponse({"error": f"a picture shows at most {MOST_RUNS} runs, not {len(watched)}"}, 422)
        try:
            after = int(request.headers.get("last-event-id") or given.get("after", "0"))
        except ValueError:
            return JSONResponse({"error": "after is the number of an event"}, 422)
        whole = frozenset(given.get("whole", "").split(","))
        lines = self._lines(watched, whole, max(after, 0), given.get("owner", "")[:100])
        return StreamingResponse(lines, media_type="text/event-stream", headers=HEADERS)

    def close(self) -> None:
        """End every stream within a look."""
        self.closing.set()

    async def _lines(self, watched: list[str], whole: frozenset[str], after: int, owner: str) -> AsyncIterator[str]:
        yield f"retry: {RETRY_MS}\n\n"
        told: dict[str, str] = {}
        rows, last = await self._rows(owner)
        yield _said("rows", _changed(rows, told, first=True))
        if not after or last - after > FAR or after > last:
            after, whole = last, frozenset(watched)
        anew = [run for run in watched if run in whole]
        for run in anew:
            # only the last one carries the number: a browser that loses the line before it begins anew
            yield _said("curves", await run_in_threadpool(_curves, self.runs, run), after if run == anew[-1] else None)
        looked = spoken = monotonic()
        while True:
            lines, after = await run_in_threadpool(_news, self.runs, after, watched)
            now = monotonic()
            if lines:
                spoken = now
                yield f"id: {after}\nevent: points\ndata: [{','.join(lines)}]\n\n"
            if now - looked >= ROWS:
                looked = now
                changes = _changed((await self._rows(owner))[0], told)
                if changes != NOTHING:
                    spoken = now
                    yield _said("rows", changes)
            if now - spoken >= PING:
                spoken = now
                yield ": ping\n\n"
            if self.closing.is_set():
                return
            await asyncio.sleep(LOOK)

    async def _rows(self, owner: str) -> tuple[list[dict[str, Any]], int]:
        """All runs and the newest number; visitors who ask within a moment share one look."""
        if self.runs.shared:
            return await run_in_threadpool(_rows, self.runs, owner)
        async with self.listing:
            at, rows, last = self.listed
            if monotonic() - at > LOOK:
                rows, last = await run_in_threadpool(_rows, self.runs, "")
                self.listed = (monotonic(), rows, last)
            return rows, last


NOTHING = '{"rows":[],"gone":[]}'
FIRST = ',"all":true'


def _rows(runs: Runs, owner: str) -> tuple[list[dict[str, Any]], int]:
    found = runs.reader.runs(owner=owner, limit=MOST_ROWS)
    return [dict(row) for row in found["runs"]], found["last"]


def _changed(rows: list[dict[str, Any]], told: dict[str, str], first: bool = False) -> str:
    """The rows that read otherwise than when they were last told, and those that are gone."""
    now = {row["run"]: _json(_brief(row)) for row in rows}
    news = [text for run, text in now.items() if told.get(run) != text]
    gone = [run for run in told if run not in now]
    told.clear()
    told.update(now)
    return f'{{"rows":[{",".join(news)}],"gone":{_json(gone)}{FIRST if first else ""}}}'


def _brief(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value not in (None, "", {})}


def _curves(runs: Runs, run: str) -> str:
    """A run from its beginning, thinned; nothing of a run that is gone."""
    try:
        return pack_curves(runs.reader.curves(run, points=POINTS))
    except ExplorerError as error:
        return _json({"run": run, "error": str(error)})


def _news(runs: Runs, after: int, watched: Sequence[str]) -> tuple[list[str], int]:
    if not watched:
        return [], after
    told, cursor = runs.reader.events_after(after, watched)
    return [_encoded(one.run, one.line) for one in told], cursor


@lru_cache(8192)
def _encoded(run: str, line: str) -> str:
    """An event as a page needs it, made once for all who watch."""
    told = {name: value for name, value in json.loads(line).items() if name not in HIDDEN}
    return _json({"run": run, **_short(told)})


def _short(value: Any) -> Any:
    """Five digits are more than a figure can show."""
    if isinstance(value, float):
        return float(f"{value:.5g}")
    if isinstance(value, dict):
        return {name: _short(one) for name, one in value.items()}
    return [_short(one) for one in value] if isinstance(value, list) else value


def _said(event: str, data: str, number: int | None = None) -> str:
    cursor = "" if number is None else f"id: {number}\n"
    return f"{cursor}event: {event}\ndata: {data}\n\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))

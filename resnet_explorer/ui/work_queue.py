"""Long answers as lines of JSON, one step of work at a time, in one thread beside the event loop.

A visitor's newest request wins: the older one stops after the step it is in, and so does one whose
page went away. A few requests share the thread step by step; the others wait for a place.
"""

import asyncio
import json
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from resnet_explorer.errors import ExplorerError
from resnet_explorer.ui.http import read_body

Line = dict[str, Any]
Work = Callable[[dict[str, Any]], Iterator[Line]]

AT_ONCE = 3
MAX_VISITORS = 1000
LONGEST_NAME = 64
PATIENCE = 2.0
HEADERS = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}
WAITING: Line = {"event": "waiting"}


class Subscription:
    """One request's right to go on; compared by identity."""


class WorkQueue:
    """The thread that works, the few places at it, and who asked last."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self.worker = ThreadPoolExecutor(1, thread_name_prefix="bench")
        self.places = asyncio.Semaphore(at_once)
        self.newest: OrderedDict[str, Subscription] = OrderedDict()
        self.hurried = 0
        self.quiet = asyncio.Event()
        self.quiet.set()

    async def lines(self, steps: Iterator[Line], visitor: str, patient: bool = False) -> AsyncIterator[Line]:
        """Each line as soon as there is one; patient work lets the others go first."""
        ticket = self._enter(visitor)
        try:
            if self.places.locked():
                yield WAITING
            async with self.places:
                self._hurry(patient, 1)
                try:
                    async for line in self._steps(steps, visitor, ticket, patient):
                        yield line
                finally:
                    self._hurry(patient, -1)
        finally:
            # in the worker's own thread, after the step that it may still be in; nobody waits for it
            self.worker.submit(_close, steps)
            if self.newest.get(visitor) is ticket:
                del self.newest[visitor]

    async def _steps(
        self, steps: Iterator[Line], visitor: str, ticket: Subscription, patient: bool
    ) -> AsyncIterator[Line]:
        loop = asyncio.get_running_loop()
        while self.newest.get(visitor) is ticket:
            if patient:
                await self._turn()
            line = await loop.run_in_executor(self.worker, next, steps, None)
            if line is None or self.newest.get(visitor) is not ticket:
                return
            yield line

    def _enter(self, visitor: str) -> Subscription:
        """The visitor's older request loses its right here, before it knows."""
        ticket = Subscription()
        self.newest.pop(visitor, None)
        self.newest[visitor] = ticket
        if len(self.newest) > MAX_VISITORS:
            self.newest.popitem(last=False)
        return ticket

    def _hurry(self, patient: bool, by: int) -> None:
        self.hurried += 0 if patient else by
        if self.hurried:
            self.quiet.clear()
        else:
            self.quiet.set()

    async def _turn(self) -> None:
        """Wait until nobody hurries, but not for ever."""
        try:
            await asyncio.wait_for(self.quiet.wait(), PATIENCE)
        except TimeoutError:
            return


def stream(bench: WorkQueue, name: str, work: Work, most_bytes: int, patient: bool = False) -> Callable[[Request], Any]:
    """A route that answers a JSON body with the lines its work gives; `visitor` in the body names who asks."""

    async def answer(request: Request) -> Response:
        body = await read_body(request, most_bytes)
        if isinstance(body, Response):
            return body
        try:
            question = json.loads(body)
            steps = work(question)
        except ExplorerError as error:
            return JSONResponse({"error": str(error)}, 422)
        except (ValueError, TypeError, KeyError, AttributeError):
            return JSONResponse({"error": "the question is not the JSON that this address reads"}, 422)
        visitor = f"{name} {str(question.get('visitor') or id(request))[:LONGEST_NAME]}"
        lines = _encoded(bench.lines(steps, visitor, patient))
        return StreamingResponse(lines, media_type="application/x-ndjson", headers=HEADERS)

    return answer


async def _encoded(lines: AsyncIterator[Line]) -> AsyncIterator[bytes]:
    async for line in lines:
        yield json.dumps(line, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode() + b"\n"


def _close(steps: Iterator[Line]) -> None:
    close = getattr(steps, "close", None)
    if close:
        close()

"""Long answers as lines of JSON, one step at a time, in threads beside the event loop.

A visitor's newest request wins: the older one stops after the step it is in, and so does one whose
page went away. A few requests are answered side by side; the others wait for a place.
"""

import asyncio
import json
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from resnet_explorer.errors import ExplorerError
from resnet_explorer.ui.http import read_body

Line = dict[str, Any]
# the lines that answer the fields of a request
Answer = Callable[[dict[str, Any]], Iterator[Line]]

PLACES = 3
MAX_VISITORS = 1000
MAX_NAME = 64
# seconds that a step of a patient request waits for others at most
PATIENCE = 2.0
HEADERS = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}
WAITING: Line = {"event": "waiting"}


class Subscription:
    """One request's right to go on; compared by identity."""


class WorkQueue:
    """The places where requests are answered, and the newest request of each visitor."""

    def __init__(self, places: int = PLACES) -> None:
        self.threads = ThreadPoolExecutor(places, thread_name_prefix="answer")
        self.places = asyncio.Semaphore(places)
        self.newest: OrderedDict[str, Subscription] = OrderedDict()
        self.urgent = 0
        self.quiet = asyncio.Event()
        self.quiet.set()

    async def lines(self, steps: Iterator[Line], visitor: str, patient: bool = False) -> AsyncIterator[Line]:
        """Each line as soon as there is one; a patient request lets the others go first."""
        subscription = self._subscribe(visitor)
        try:
            if self.places.locked():
                yield WAITING
            async with self.places:
                self._count_urgent(patient, 1)
                try:
                    async for line in self._take_steps(steps, visitor, subscription, patient):
                        yield line
                finally:
                    self._count_urgent(patient, -1)
        finally:
            if self.newest.get(visitor) is subscription:
                del self.newest[visitor]

    async def _take_steps(
        self, steps: Iterator[Line], visitor: str, subscription: Subscription, patient: bool
    ) -> AsyncIterator[Line]:
        step: Future[Line | None] | None = None
        try:
            while self.newest.get(visitor) is subscription:
                if patient:
                    await self._wait_for_others()
                step = self.threads.submit(next, steps, None)
                line = await asyncio.wrap_future(step)
                if line is None or self.newest.get(visitor) is not subscription:
                    return
                yield line
        finally:
            # nobody waits for the step that may still be going on; the rest is given up after it
            if step:
                step.add_done_callback(lambda _: _close(steps))

    def _subscribe(self, visitor: str) -> Subscription:
        """The visitor's older request loses its right here, before it knows."""
        subscription = Subscription()
        self.newest.pop(visitor, None)
        self.newest[visitor] = subscription
        if len(self.newest) > MAX_VISITORS:
            self.newest.popitem(last=False)
        return subscription

    def _count_urgent(self, patient: bool, change: int) -> None:
        self.urgent += 0 if patient else change
        if self.urgent:
            self.quiet.clear()
        else:
            self.quiet.set()

    async def _wait_for_others(self) -> None:
        """Wait until no urgent request is answered, but not for ever."""
        try:
            await asyncio.wait_for(self.quiet.wait(), PATIENCE)
        except TimeoutError:
            return


def stream(queue: WorkQueue, name: str, answer: Answer, max_body: int, patient: bool = False) -> Callable[..., Any]:
    """A route that answers a JSON body line by line; `visitor` in the body names who sent it."""

    async def respond(request: Request) -> Response:
        body = await read_body(request, max_body)
        if isinstance(body, Response):
            return body
        try:
            fields = json.loads(body)
            steps = answer(fields)
        except ExplorerError as error:
            return JSONResponse({"error": str(error)}, 422)
        except (ValueError, TypeError, KeyError, AttributeError):
            return JSONResponse({"error": "the question is not the JSON that this address reads"}, 422)
        visitor = f"{name} {str(fields.get('visitor') or id(request))[:MAX_NAME]}"
        lines = _encode(queue.lines(steps, visitor, patient))
        return StreamingResponse(lines, media_type="application/x-ndjson", headers=HEADERS)

    return respond


async def _encode(lines: AsyncIterator[Line]) -> AsyncIterator[bytes]:
    async for line in lines:
        yield json.dumps(line, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode() + b"\n"


def _close(steps: Iterator[Line]) -> None:
    close = getattr(steps, "close", None)
    if close:
        close()

"""Long answers, one step at a time, in threads beside the event loop.

A visitor's newest request wins: the older one stops after the step it is in, and so does one whose page went away.
A few requests are answered side by side; the others wait for a place.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

Step = TypeVar("Step")

PLACES = 3
MAX_VISITORS = 1000
# seconds that a step of a patient request waits for others at most
PATIENCE = 2.0
# what comes first where all places are taken
WAITING = None


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

    async def answer(
        self, steps: Iterator[Step], visitor: str, patient: bool = False, pause: float = 0.0
    ) -> AsyncGenerator[Step | None]:
        """Each step as soon as there is one; a patient request lets the others go first.

        In the pause, in seconds, a newer request of the visitor may still take this one's place before it costs
        anything.
        """
        subscription = self._subscribe(visitor)
        try:
            await asyncio.sleep(pause)
            if self.newest.get(visitor) is subscription and self.places.locked():
                yield WAITING
            async with self.places:
                self._count_urgent(patient, 1)
                try:
                    async for step in self._take_steps(steps, visitor, subscription, patient):
                        yield step
                finally:
                    self._count_urgent(patient, -1)
        finally:
            if self.newest.get(visitor) is subscription:
                del self.newest[visitor]

    def stop(self, visitor: str) -> None:
        """Let the visitor's request end after the step it is in."""
        self.newest.pop(visitor, None)

    async def _take_steps(
        self, steps: Iterator[Step], visitor: str, subscription: Subscription, patient: bool
    ) -> AsyncGenerator[Step]:
        future: Future[Step | None] | None = None
        try:
            while self.newest.get(visitor) is subscription:
                if patient:
                    await self._wait_for_others()
                # in the visitor's context, so that it is known who asks
                future = self.threads.submit(copy_context().run, _next, steps)
                step = await asyncio.wrap_future(future)
                if step is None or self.newest.get(visitor) is not subscription:
                    return
                yield step
        finally:
            # nobody waits for the step that may still be going on; the rest is given up after it
            if future:
                future.add_done_callback(lambda _: _close(steps))

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


def _next(steps: Iterator[Step]) -> Step | None:
    return next(steps, None)


def _close(steps: Iterator[Step]) -> None:
    close = getattr(steps, "close", None)
    if close:
        close()

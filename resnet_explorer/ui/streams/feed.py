"""New events of runs, read once for all pages that follow them."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool

from resnet_explorer.api.run_reader import RunReader
from resnet_explorer.errors import JournalError
from resnet_explorer.runs.index.store import IndexedEvent

# seconds between two looks at the index
POLL_PAUSE = 0.2
# events that are kept for a page that does not read; it reads them from the index when it goes on
MOST_WAITING = 2000


@dataclass(eq=False)
class Follower:
    """A page: the runs it follows, the last event it has, and those it does not have yet.

    `behind`: it has to read what came before it joined, or what was dropped while it was slow.
    """

    runs: frozenset[str]
    last: int
    behind: bool = True
    waiting: list[IndexedEvent] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)


class Feed:
    """Reads while anybody follows; each event reaches each follower of its run once, in order."""

    def __init__(self, reader: RunReader) -> None:
        self.reader = reader
        self.followers: set[Follower] = set()
        self.last = 0
        self.closed = False
        self._reading: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def close(self) -> None:
        """Let every follower end, at once; from any thread."""
        self.closed = True
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake_all)

    async def follow(self, runs: Sequence[str], after: int, pause: float) -> AsyncGenerator[list[IndexedEvent]]:
        """The events of some runs after a number, as they come, until `close`; an empty list after each pause."""
        follower = Follower(frozenset(runs), after)
        self._join(follower)
        try:
            while True:
                if follower.behind:
                    # from now on the feed brings everything, some of what is read here twice
                    follower.behind = False
                    while missed := await run_in_threadpool(self._read, follower.last, runs):
                        follower.last = missed[-1].id
                        yield missed
                new = [event for event in follower.waiting if event.id > follower.last]
                follower.waiting.clear()
                follower.news.clear()
                if new:
                    follower.last = new[-1].id
                yield new
                if self.closed:
                    return
                try:
                    await asyncio.wait_for(follower.news.wait(), pause)
                except TimeoutError:
                    continue
        finally:
            self.followers.discard(follower)

    def _wake_all(self) -> None:
        for follower in self.followers:
            follower.news.set()

    def _join(self, follower: Follower) -> None:
        """Let the feed bring what comes from now on; no step of this waits, so that nothing comes in between."""
        self._loop = asyncio.get_running_loop()
        if not self.followers:
            self.last = follower.last
        self.followers.add(follower)
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._poll())

    async def _poll(self) -> None:
        """Look for new events until nobody follows."""
        while self.followers:
            watched = self._watched()
            try:
                events = await run_in_threadpool(self._read, self.last, sorted(watched))
            except JournalError:
                # the index is being made anew
                events = []
            if self._watched() - watched:
                # whoever joined meanwhile would miss what this look left out
                continue
            if events:
                self.last = events[-1].id
                self._hand_out(events)
            await asyncio.sleep(POLL_PAUSE)

    def _watched(self) -> frozenset[str]:
        return frozenset().union(*(follower.runs for follower in self.followers))

    def _hand_out(self, events: Sequence[IndexedEvent]) -> None:
        by_run: defaultdict[str, list[IndexedEvent]] = defaultdict(list)
        for event in events:
            by_run[event.run].append(event)
        for follower in self.followers:
            theirs = [event for run in follower.runs & by_run.keys() for event in by_run[run]]
            if len(follower.waiting) > MOST_WAITING:
                follower.waiting.clear()
                follower.behind = True
            if theirs:
                follower.waiting.extend(sorted(theirs))
                follower.news.set()

    def _read(self, after: int, runs: Sequence[str]) -> list[IndexedEvent]:
        return self.reader.events_after(after, runs)[0] if runs else []

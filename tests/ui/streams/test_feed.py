"""Every follower gets every event of its runs, once and in order, whoever joins or leaves meanwhile."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import aclosing
from typing import cast

import pytest

from resnet_explorer.api.run_reader import RunReader
from resnet_explorer.errors import JournalError
from resnet_explorer.runs.index.store import IndexedEvent
from resnet_explorer.ui.streams import feed as module
from resnet_explorer.ui.streams.feed import Feed


class Index:
    """An index of made-up events; `before_reading` is called in the thread of each look, with what it asks for."""

    def __init__(self) -> None:
        self.events: list[IndexedEvent] = []
        self.before_reading: Callable[[Sequence[str]], None] = lambda runs: None
        self.reads = 0

    def add(self, *runs: str) -> None:
        self.events += [IndexedEvent(len(self.events) + 1 + at, run, "{}") for at, run in enumerate(runs)]

    def events_after(self, after: int, runs: Sequence[str]) -> tuple[list[IndexedEvent], int]:
        self.reads += 1
        self.before_reading(runs)
        events = [event for event in self.events if event.id > after and event.run in runs]
        return events, events[-1].id if events else after


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "POLL_PAUSE", 0.005)


def feed_of(index: Index) -> Feed:
    return Feed(cast(RunReader, index))


async def collect(feed: Feed, runs: str, after: int, until: int) -> list[int]:
    """The ids of the events of some runs, named by a letter each, up to one."""
    ids: list[int] = []
    async with aclosing(feed.follow(list(runs), after, 0.05)) as news:
        async for events in news:
            ids += [event.id for event in events]
            if until in ids:
                return ids
    return ids


def test_followers_who_join_at_any_moment_miss_nothing_and_get_nothing_twice() -> None:
    index = Index()

    async def write() -> None:
        for number in range(300):
            index.add("abc"[number % 3])
            await asyncio.sleep(0.001)
        # the last of each
        index.add("a", "b", "c")

    async def join(feed: Feed, number: int) -> tuple[str, int, list[int]]:
        await asyncio.sleep(0.01 * number)
        runs, after = ("a", "b", "ab", "abc")[number % 4], len(index.events)
        return runs, after, await collect(feed, runs, after, 300 + " abc".index(runs[-1]))

    async def story() -> list[tuple[str, int, list[int]]]:
        feed = feed_of(index)
        writing = asyncio.create_task(write())
        brought = await asyncio.gather(*(join(feed, number) for number in range(24)))
        await writing
        assert not feed.followers
        return brought

    for runs, after, ids in asyncio.run(story()):
        wanted = [event.id for event in index.events if event.run in runs and event.id > after]
        assert ids == [number for number in wanted if number <= ids[-1]]
        assert ids[-1] == wanted[-1]


def test_a_look_that_began_before_somebody_joined_is_not_taken_for_theirs() -> None:
    index = Index()
    held = [True]

    def hold(runs: Sequence[str]) -> None:
        # the first look of the feed asks for `a` alone, and is slow; meanwhile `b` joins, and both get an event
        while held[0] and list(runs) == ["a"] and len(index.events) < 2:
            time.sleep(0.001)

    async def story() -> tuple[list[int], list[int]]:
        feed = feed_of(index)
        first = asyncio.create_task(collect(feed, "a", 0, 2))
        await asyncio.sleep(0.02)
        index.before_reading = hold
        await asyncio.sleep(0.02)
        second = asyncio.create_task(collect(feed, "b", 0, 1))
        await asyncio.sleep(0.02)
        index.add("b", "a")
        held[0] = False
        return await asyncio.wait_for(first, 5), await asyncio.wait_for(second, 5)

    assert asyncio.run(story()) == ([2], [1])


def test_an_index_that_cannot_be_read_for_a_while_ends_nothing() -> None:
    index = Index()
    failures = [0]

    def fail(runs: Sequence[str]) -> None:
        if failures[0] < 3:
            failures[0] += 1
            raise JournalError("made anew")

    async def story() -> list[int]:
        feed = feed_of(index)
        following = asyncio.create_task(collect(feed, "a", 0, 1))
        await asyncio.sleep(0.02)
        index.before_reading = fail
        await asyncio.sleep(0.05)
        index.add("a")
        return await asyncio.wait_for(following, 5)

    assert asyncio.run(story()) == [1]
    assert failures == [3]


def test_a_page_that_does_not_read_costs_little_and_misses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 10)
    index = Index()
    kept: list[int] = []

    async def story() -> list[int]:
        feed, ids = feed_of(index), []
        async with aclosing(feed.follow(["a"], 0, 0.05)) as news:
            async for events in news:
                ids += [event.id for event in events]
                if not ids:
                    index.add("a")
                elif len(ids) == 1:
                    # it does not read for a while
                    for _ in range(20):
                        index.add("a", "a", "a")
                        await asyncio.sleep(0.01)
                        kept.append(max(len(follower.waiting) for follower in feed.followers))
                elif len(ids) == len(index.events):
                    return ids
        return ids

    ids = asyncio.run(asyncio.wait_for(story(), 5))
    assert ids == list(range(1, 62))
    assert max(kept) < 30


def test_nobody_is_read_for_when_nobody_follows_and_close_ends_all_at_once() -> None:
    index = Index()
    index.add("a")

    async def story() -> None:
        feed = feed_of(index)
        assert await collect(feed, "a", 0, 1) == [1]
        await asyncio.sleep(0.03)
        reads = index.reads
        await asyncio.sleep(0.05)
        assert index.reads == reads
        following = [asyncio.create_task(collect(feed, "a", 1, 99)) for _ in range(5)]
        await asyncio.sleep(0.02)
        feed.close()
        assert await asyncio.wait_for(asyncio.gather(*following), 1) == [[]] * 5

    asyncio.run(story())

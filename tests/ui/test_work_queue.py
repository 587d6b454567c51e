"""Long answers: step by step, the newest request wins, and what nobody reads any more stops."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from resnet_explorer.ui.work_queue import WAITING, WorkQueue

Line = dict[str, int]


class Work:
    """Counts steps, each of which may be held until it is let go; knows when it was closed."""

    def __init__(self, count: int = 3, held: bool = False) -> None:
        self.count = count
        self.started = 0
        self.closed = Event()
        self.go = Event()
        self.begun = Event()
        if not held:
            self.go.set()

    def steps(self) -> Iterator[Line]:
        try:
            for number in range(self.count):
                self.started += 1
                self.begun.set()
                assert self.go.wait(10)
                yield {"step": number}
        finally:
            self.closed.set()


async def read(queue: WorkQueue, work: Work, visitor: str = "me", patient: bool = False) -> list[Line | None]:
    return [line async for line in queue.answer(work.steps(), visitor, patient)]


async def until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not happened():
            await asyncio.sleep(0)


def run(story: Callable[[], Coroutine[None, None, None]]) -> None:
    """In a thread of its own: a browser's story in this process may hold an event loop."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, story()).result()


def test_lines_come_one_by_one() -> None:
    async def story() -> None:
        work = Work()
        lines = WorkQueue().answer(work.steps(), "me")
        assert await anext(lines) == {"step": 0}
        assert work.started == 1
        assert [line async for line in lines] == [{"step": 1}, {"step": 2}]

    run(story)


def test_the_event_loop_is_free_while_a_step_works() -> None:
    async def story() -> None:
        work = Work(held=True)
        task = asyncio.create_task(read(WorkQueue(), work))
        await until(work.begun.is_set)
        work.go.set()
        assert len(await task) == 3

    run(story)


def test_a_newer_request_of_the_same_visitor_ends_the_older() -> None:
    async def story() -> None:
        queue, older, newer = WorkQueue(), Work(100, held=True), Work()
        task = asyncio.create_task(read(queue, older))
        await until(older.begun.is_set)
        later = asyncio.create_task(read(queue, newer))
        await asyncio.sleep(0)
        older.go.set()
        assert await task == []
        assert len(await later) == 3
        assert older.started == 1
        assert older.closed.wait(10)

    run(story)


def test_another_visitor_is_not_disturbed() -> None:
    async def story() -> None:
        queue = WorkQueue()
        both = await asyncio.gather(read(queue, Work(), "me"), read(queue, Work(), "you"))
        assert [len(lines) for lines in both] == [3, 3]

    run(story)


def test_a_reader_who_leaves_stops_the_work_after_its_step() -> None:
    async def story() -> None:
        work = Work(100, held=True)
        task = asyncio.create_task(read(WorkQueue(), work))
        await until(work.begun.is_set)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        work.go.set()
        await until(work.closed.is_set)
        assert work.started == 1

    run(story)


def test_when_all_places_are_taken_a_request_waits_and_says_so() -> None:
    async def story() -> None:
        queue, first = WorkQueue(places=1), Work(held=True)
        task = asyncio.create_task(read(queue, first, "me"))
        await until(first.begun.is_set)
        lines = queue.answer(Work().steps(), "you")
        assert await anext(lines) == WAITING
        first.go.set()
        assert len([line async for line in lines]) == 3
        assert len(await task) == 3

    run(story)


def test_patient_work_lets_the_others_go_first() -> None:
    async def story() -> None:
        queue, urgent, patient = WorkQueue(), Work(held=True), Work()
        task = asyncio.create_task(read(queue, urgent, "me"))
        await until(urgent.begun.is_set)
        waiting = asyncio.create_task(read(queue, patient, "me too", patient=True))
        await asyncio.sleep(0)
        assert patient.started == 0
        urgent.go.set()
        await task
        assert len(await waiting) == 3

    run(story)


def test_nobody_is_remembered_after_the_last_line() -> None:
    async def story() -> None:
        queue = WorkQueue()
        await read(queue, Work())
        assert not queue.newest

    run(story)

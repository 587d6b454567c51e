"""Worker processes that compute what the page asks for: each answers one call at a time, on one thread."""

import threading
from collections import deque
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any

from resnet_explorer.errors import WorkerError
from resnet_explorer.executors.compute import Call, Outcome

# seconds until a worker is hired again, where there is no process to fork it
RETRY = 0.5
# a call whose worker died is tried once more: an idle worker may have been killed by anybody
ATTEMPTS = 2
DIED = "the process that computed it ended before it answered, and so did a second one; memory may have run out"
CLOSED = "the page is closing"


class ComputePool:
    """Workers for `parallel` calls side by side, and one more, so that patient calls never take all of them."""

    def __init__(
        self, hire: Callable[[], Connection | None], parallel: int, memory: int = 0, warm_up: Call | None = None
    ) -> None:
        """`hire` gives a connection to a new worker; `memory` is what all calls together may need, 0: no limit."""
        self.hire, self.parallel, self.memory, self.warm_up = hire, parallel, memory, warm_up
        self._requests: list[_Request] = []
        self._running: list[tuple[_Request, Call]] = []
        self._changed = threading.Condition()
        self._closed = threading.Event()
        self._threads = [threading.Thread(target=self._serve, name="compute", daemon=True) for _ in range(parallel + 1)]

    def start(self) -> None:
        """Hire the workers; they are ready when the process that they are forked from is."""
        for thread in self._threads:
            thread.start()

    @property
    def at_work(self) -> bool:
        """Whether its threads wait for calls."""
        return all(thread.is_alive() for thread in self._threads)

    def close(self) -> None:
        """End every request; the workers end with their connections."""
        self._closed.set()
        with self._changed:
            for request in self._requests:
                request.fail_rest(WorkerError(CLOSED))
            self._changed.notify_all()

    def outcomes(self, calls: Sequence[Call], patient: bool = False) -> Generator[Outcome]:
        """One outcome for each call, in the order they end; closing the generator drops those that have not begun."""
        request = _Request(calls, patient)
        with self._changed:
            if self._closed.is_set():
                request.fail_rest(WorkerError(CLOSED))
            self._requests.append(request)
            self._changed.notify_all()
        try:
            for _ in calls:
                yield request.outcomes.get()
        finally:
            with self._changed:
                self._requests.remove(request)

    def _serve(self) -> None:
        """The thread of one worker: it waits for calls, and for a new worker where the present one dies."""
        connection = self._connect()
        groups: deque[str] = deque(maxlen=8)
        while connection and (work := self._next(groups)):
            request, number = work
            call = request.calls[number]
            groups.append(call.group)
            for _ in range(ATTEMPTS):
                answer = _ask(connection, call)
                if answer or not (connection := self._connect()):
                    break
            self._finish(request, number, *(answer or (None, WorkerError(DIED))))
        if connection:
            connection.close()

    def _connect(self) -> Connection | None:
        """A connection to a new worker that is warm; none once the pool is closed."""
        while not self._closed.is_set():
            connection = self.hire()
            if connection and (not self.warm_up or _ask(connection, self.warm_up)):
                return connection
            self._closed.wait(RETRY)
        return None

    def _next(self, groups: Sequence[str]) -> "tuple[_Request, int] | None":
        """Wait for the call that is next for a worker which keeps these groups; none once the pool is closed."""
        with self._changed:
            while not self._closed.is_set():
                for request in sorted(self._requests, key=self._urgency):
                    number = request.pick(groups)
                    if number is not None and self._has_room(request, request.calls[number]):
                        request.waiting.remove(number)
                        self._running.append((request, request.calls[number]))
                        return request, number
                self._changed.wait()
        return None

    def _urgency(self, request: "_Request") -> tuple[bool, int]:
        return request.patient, sum(running is request for running, _ in self._running)

    def _has_room(self, request: "_Request", call: Call) -> bool:
        """Patient calls and the others each take `parallel` workers at most, and all together no more memory."""
        alike = sum(running.patient == request.patient for running, _ in self._running)
        needed = call.memory + sum(other.memory for _, other in self._running)
        fits = not self.memory or not self._running or needed <= self.memory
        return alike < self.parallel and fits

    def _finish(self, request: "_Request", number: int, value: Any, error: Exception | None) -> None:
        with self._changed:
            self._running.remove((request, request.calls[number]))
            request.finish(Outcome(number, value, error))
            self._changed.notify_all()


class _Request:
    """Calls that belong together: those that wait, and the outcomes of the others."""

    def __init__(self, calls: Sequence[Call], patient: bool) -> None:
        self.calls, self.patient = calls, patient
        self.waiting = sorted(range(len(calls)), key=lambda number: calls[number].turn)
        self.outcomes: SimpleQueue[Outcome] = SimpleQueue()

    def pick(self, groups: Sequence[str]) -> int | None:
        """The first call of the lowest turn, rather one of a group that the worker keeps."""
        if not self.waiting:
            return None
        turn = self.calls[self.waiting[0]].turn
        level = [number for number in self.waiting if self.calls[number].turn == turn]
        return next((number for number in level if self.calls[number].group in groups), level[0])

    def finish(self, outcome: Outcome) -> None:
        self.outcomes.put(outcome)
        group = self.calls[outcome.number].group
        if outcome.error and group:
            self.fail_rest(outcome.error, group)

    def fail_rest(self, error: Exception, group: str = "") -> None:
        """Give the calls that wait, of one group or all, the same error."""
        for number in [number for number in self.waiting if not group or self.calls[number].group == group]:
            self.waiting.remove(number)
            self.outcomes.put(Outcome(number, error=error))


def _ask(connection: Connection, call: Call) -> tuple[Any, Exception | None] | None:
    """The answer of a worker; none where it has died."""
    with suppress(EOFError, OSError):
        connection.send(call)
        answer: tuple[Any, Exception | None] = connection.recv()
        return answer
    connection.close()
    return None

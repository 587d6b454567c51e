"""Computing beside runs: calls of functions by their dotted names, in this process or in workers."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, NamedTuple, Protocol

from resnet_explorer.errors import ExplorerError
from resnet_explorer.executors.dotted_name import resolve


@dataclass(frozen=True)
class Call:
    """A function and its arguments, which can be pickled.

    Calls of a lower turn go first. Calls of one group prefer one worker, which may keep what the first
    of them built; where one fails, those behind it fail alike.
    """

    function: str
    arguments: tuple[object, ...] = ()
    turn: int = 0
    group: str = ""
    memory: int = 0


class Outcome(NamedTuple):
    """What the call of a number gave, counted from 0, or why it gave nothing."""

    number: int
    value: Any = None
    error: Exception | None = None


class Computer(Protocol):
    """Where calls are computed."""

    def outcomes(self, calls: Sequence[Call], patient: bool = False) -> Generator[Outcome]:
        """One outcome for each call, in the order they end; patient calls leave room for others.

        Closing the generator drops the calls that have not begun.
        """


class InProcess:
    """Computes one call after the other in this process: for a command line, a notebook and tests."""

    def __init__(self) -> None:
        self._lock = Lock()

    def outcomes(self, calls: Sequence[Call], patient: bool = False) -> Generator[Outcome]:
        failures: dict[str, Exception] = {}
        for number, call in sorted(enumerate(calls), key=lambda pair: pair[1].turn):
            if call.group and call.group in failures:
                yield Outcome(number, error=failures[call.group])
                continue
            with self._lock:
                value, error = compute(call)
            if error:
                failures[call.group] = error
            yield Outcome(number, value, error)


def compute_one(computer: Computer, call: Call) -> Any:
    """The value of one call; raises its error."""
    (outcome,) = computer.outcomes([call])
    if outcome.error:
        raise outcome.error
    return outcome.value


def compute(call: Call) -> tuple[Any, Exception | None]:
    """The value of a call, or the error it ended with, as a type that needs no torch to be read."""
    try:
        return resolve(call.function)(*call.arguments), None
    except ExplorerError as error:
        return None, error
    except MemoryError as error:
        return None, MemoryError(str(error))
    except (RuntimeError, ValueError, ImportError) as error:
        # torch refuses what it cannot run or hold, or is not there
        return None, RuntimeError(str(error))

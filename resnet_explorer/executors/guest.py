"""Runs of one call, trained by a process that leaves the home to a page as soon as there is one."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from resnet_explorer.errors import RunError
from resnet_explorer.executors.base import Executor
from resnet_explorer.executors.lock import GUEST
from resnet_explorer.executors.supervisor import Supervisor


@contextmanager
def supervised(home: Path, executor: Executor, runs: frozenset[str] | None) -> Iterator[Callable[[], None]]:
    """Train these runs here while the home is free; gives a function that takes the home over once it is.

    Without runs (an empty set) it only brings the index up to date; with None it works on all that waits.
    """
    supervisor = Supervisor(home, executor, runs, GUEST)
    with ExitStack() as stack:

        def take_over() -> None:
            if not supervisor.started:
                # where nothing can be written, the runs that are there can still be read
                with suppress(RunError, *([] if runs is None or runs else [OSError])):
                    stack.enter_context(supervisor)

        take_over()
        yield take_over

"""Waiting for an executor, outside of a supervisor."""

import time
from collections.abc import Callable

from resnet_explorer.executors.base import Executor

PAUSE, DEADLINE = 0.01, 300.0


def wait_for(executor: Executor, condition: Callable[[], bool]) -> None:
    """Let the executor notice what ends until the condition holds; the program ends where that takes too long."""
    until = time.monotonic() + DEADLINE
    while not condition():
        executor.ended()
        if time.monotonic() > until:
            raise SystemExit(f"nothing happened for {DEADLINE:.0f} s")
        time.sleep(PAUSE)

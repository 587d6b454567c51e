"""Every test here has the thread to itself: a browser of other tests leaves a loop in it that seems to run."""

import asyncio
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _own_loop() -> Iterator[None]:
    """Set aside the loop of a browser, which waits in another greenlet, while a test runs one of its own."""
    others = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(others)

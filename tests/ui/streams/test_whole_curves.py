"""Whole curves for many pages: read once for all that ask within a moment, and never a step missing."""

import asyncio
import json
from itertools import count
from typing import Any, cast

import pytest

from resnet_explorer.api.run_reader import RunReader
from resnet_explorer.errors import RunError
from resnet_explorer.ui.streams import whole_curves as module
from resnet_explorer.ui.streams.whole_curves import WholeCurves


class Reader:
    """A reader of one run that grows with each look; it counts how often its curves are read."""

    def __init__(self) -> None:
        self.read = 0
        self._events = count(1)
        self.last = 0

    def last_event(self) -> int:
        return self.last

    def curves(self, run: str, points: int) -> dict[str, Any]:
        if run == "gone":
            raise RunError("there is no run gone")
        self.read += 1
        self.last = next(self._events)
        return {"run": run, "steps": {"loss": [1.0] * self.last}, "measures": {"step": []}}


def curves_of(reader: Reader) -> WholeCurves:
    return WholeCurves(cast("RunReader", reader))


def test_pages_that_ask_at_once_are_answered_by_one_reading() -> None:
    reader = Reader()

    async def story() -> set[str]:
        curves = curves_of(reader)
        return {answer.text for answer in await asyncio.gather(*(curves.read("a") for _ in range(100)))}

    assert len(asyncio.run(story())) == 1
    assert reader.read == 1


def test_no_event_after_the_number_is_taken_for_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", -1.0)
    reader = Reader()

    async def story() -> list[int]:
        curves = curves_of(reader)
        return [(await curves.read("a")).last for _ in range(3)]

    assert asyncio.run(story()) == [0, 1, 2]
    assert reader.read == 3


def test_whoever_leaves_while_it_reads_does_not_end_it_for_the_others() -> None:
    async def story() -> str:
        curves = curves_of(Reader())
        leaving, staying = (asyncio.create_task(curves.read("a")) for _ in range(2))
        await asyncio.sleep(0)
        leaving.cancel()
        return (await staying).text

    assert json.loads(asyncio.run(story()))["run"] == "a"


def test_a_run_that_is_gone_is_said() -> None:
    text = asyncio.run(curves_of(Reader()).read("gone")).text
    assert json.loads(text) == {"run": "gone", "error": "there is no run gone"}


def test_only_so_many_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_KEPT", 3)

    async def story() -> int:
        curves = curves_of(Reader())
        for run in "abcdefgh":
            await curves.read(run)
        return len(curves._kept)

    assert asyncio.run(story()) <= 3

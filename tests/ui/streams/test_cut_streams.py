"""Browsers whose stream is cut at any moment: whoever goes on from the last number has every event once, in order."""

import json
import random
from collections.abc import MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import anyio
import pytest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect

from resnet_explorer.api.runs import Runs
from resnet_explorer.runs.events import Started, Stepped
from resnet_explorer.runs.index.store import Store
from resnet_explorer.runs.run_folder import RunFolder
from resnet_explorer.ui.streams import feed, routes, run_events
from tests.fixtures.cases import Count, many

STEPS = 40


class Cut:
    """An ASGI client that goes away after so many messages: it closes properly, or its connection breaks."""

    def __init__(self, messages: int, breaks: bool) -> None:
        self.left, self.breaks = messages, breaks
        self.gone = anyio.Event()
        self.text = ""

    async def receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] != "http.response.body" or self.gone.is_set():
            return
        self.text += message.get("body", b"").decode()
        self.left -= 1
        if self.left < 0:
            self.gone.set()
            if self.breaks:
                raise OSError("the connection broke")

    async def read(self, app: Starlette, query: str) -> tuple[list[int], str]:
        """The steps of the points that came whole, and the number of the last message that had one."""
        version = "2.4" if self.breaks else "2.3"
        scope = {
            "type": "http", "method": "GET", "path": f"{routes.PREFIX}/events", "query_string": query.encode(),
            "headers": [], "asgi": {"version": "3.0", "spec_version": version},
        }  # fmt: skip
        # the connection's own end
        with suppress(OSError, ClientDisconnect):
            await app(scope, self.receive, self.send)
        return _steps_and_cursor(self.text)


def _steps_and_cursor(text: str) -> tuple[list[int], str]:
    steps: list[int] = []
    cursor = ""
    for part in text.split("\n\n")[:-1]:
        fields = dict(line.split(": ", 1) for line in part.split("\n") if ": " in line)
        cursor = fields.get("id", cursor)
        if fields.get("event") == "points":
            steps += [one["step"] for one in json.loads(fields["data"]) if one["kind"] == "stepped"]
    return steps, cursor


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "POLL_PAUSE", 0.001)
    monkeypatch.setattr(run_events, "ROWS_PAUSE", 0.01)
    monkeypatch.setattr(run_events, "PING_PAUSE", 0.01)


def test_whoever_comes_back_misses_nothing_and_gets_nothing_twice(tmp_path: Path, count: Count) -> None:
    runs = Runs(tmp_path, bundled_dir=tmp_path / "bundled")
    run = runs.train(["cifar-basic-8"], settings={"size": "8"})["runs"][0]["run"]
    stream = run_events.RunEventStream(runs.reader)
    app = Starlette(routes=routes.routes(stream))
    folder, chance = RunFolder(tmp_path / "runs" / run), random.Random(2)

    async def write(index: Store, begun: int) -> None:
        for step in range(begun, begun + STEPS):
            with folder.writer() as writer:
                writer.append(Stepped(step, step / 10, 1.0, 0.5, 0.1, 1.0, 1.0))
            index.ingest(folder)
            await anyio.sleep(0)

    async def follow(index: Store, after: str, begun: int) -> None:
        seen: list[int] = []
        async with anyio.create_task_group() as group:
            group.start_soon(write, index, begun)
            while len(seen) < STEPS:
                client = Cut(chance.randrange(1, 9), chance.random() < 0.5)
                steps, cursor = await client.read(app, f"runs={run}&after={after}")
                seen, after = [*seen, *steps], cursor or after
        assert seen == list(range(begun, begun + STEPS))
        # a generator that was left is closed by the loop a moment later
        with anyio.fail_after(5):
            while +stream.places.open or stream.feed.followers:
                await anyio.sleep(0.001)

    with Store(tmp_path / "index.sqlite3", writing=True) as index:
        with folder.writer() as writer:
            writer.append(Started(0, STEPS))
        index.ingest(folder)
        for story in range(many(2)):
            with count():
                anyio.run(follow, index, str(index.last()), 1 + story * STEPS)

"""The routes of runs: what they say as Server-Sent Events, and a run as a file."""

import json
import struct
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from resnet_explorer.api.probe_runner import ProbeRunner
from resnet_explorer.api.runs import Runs
from resnet_explorer.runs.events import Evaluated, Event, Measured, Started, Stepped
from resnet_explorer.runs.index.store import Store
from resnet_explorer.runs.run_folder import RunFolder
from resnet_explorer.ui.app import all_routes
from resnet_explorer.ui.guards.guard import Guard, guard_limits
from resnet_explorer.ui.guards.visitor import Visitors
from resnet_explorer.ui.streams.run_events import RunEventStream

PREFIX = "/gradio_api/explorer"
SMALL = {"steps": "40", "size": "8"}
NAN = float("nan")


class World:
    """A home with runs whose events are written by hand, indexed, and a browser before the routes."""

    def __init__(self, home: Path, shared: bool = False) -> None:
        self.runs = Runs(home, shared, bundled_dir=home / "bundled")
        self.stream = RunEventStream(self.runs.reader)
        self.index = Store(home / "index.sqlite3", writing=True)
        visitors = Visitors(home)
        guard = Middleware(Guard, visitors, guard_limits(visitors, shared=True))
        routes = all_routes(self.runs, ProbeRunner(), self.stream)
        self.browser = TestClient(Starlette(routes=routes, middleware=[guard]))

    def train(self, *networks: str) -> list[str]:
        """Launch runs that nobody works on."""
        launched = self.runs.train(list(networks), settings=SMALL)
        ids = [one["run"] for one in launched["runs"]]
        for run in ids:
            self.append(run)
        return ids

    def append(self, run: str, *events: Event) -> None:
        folder = RunFolder(self.runs.home / "runs" / run)
        with folder.writer() as writer:
            for event in events:
                writer.append(event)
        self.index.ingest(folder)

    def messages(self, **query: str | int) -> list[tuple[str, str, Any]]:
        """What the stream says at first: event, id and data of each message; it ends after one poll."""
        self.stream.close()
        text = self.browser.get(f"{PREFIX}/runs/events", params=query).text
        return [_message(part) for part in text.split("\n\n") if "data: " in part]

    def post(self, path: str, **arguments: object) -> Any:
        return self.browser.post(f"{PREFIX}/{path}", json=arguments).json()


def _message(part: str) -> tuple[str, str, Any]:
    fields = dict(line.split(": ", 1) for line in part.split("\n"))
    return fields["event"], fields.get("id", ""), json.loads(fields["data"])


def stepped(step: int, loss: float = 1.0) -> Stepped:
    return Stepped(step, step / 10, loss, 0.5, 0.1, 100.0, 1.23456789, (0.5, 0.25))


def floats(text: str) -> list[float]:
    """A column as the page reads it."""
    return list(struct.unpack(f"<{len(b64decode(text)) // 4}f", b64decode(text)))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.index.close()


def test_a_verb_about_runs_answers_over_http(world: World) -> None:
    group = world.post("verb/train", networks=["cifar-basic-8"], seeds=[0, 1], settings=SMALL, owner="me", slots=[2])
    assert [(run["seed"], run["slot"], run["mine"]) for run in group["runs"]] == [(0, 2, True), (1, 2, True)]
    assert "takes 1 to" in world.post("verb/train", networks=[])["error"]


def test_a_stream_tells_the_runs_that_are_watched_and_no_others(world: World) -> None:
    one, _ = world.train("cifar-basic-8:original", "cifar-basic-8:plain")
    world.append(one, Started(0, 40), stepped(1), stepped(2, NAN), Measured(2, (1.0,), (), (NAN,)))
    rows, curves = world.messages(runs=one)
    assert [row["run"] for row in rows[2]["rows"]] == [one]
    assert "mine" not in rows[2]["rows"][0]
    assert floats(curves[2]["steps"]["loss"]) == pytest.approx([1.0, NAN], nan_ok=True)
    assert floats(curves[2]["measures"]["gradients"]) == pytest.approx([NAN], nan_ok=True)


def test_only_the_last_curve_carries_the_cursor(world: World) -> None:
    runs = world.train("cifar-basic-8:original", "cifar-basic-8:plain")
    messages = world.messages(runs=",".join(runs))
    assert [(event, bool(number)) for event, number, _ in messages] == [
        ("rows", False),
        ("curves", False),
        ("curves", True),
    ]


def test_a_browser_that_comes_back_hears_only_what_is_new(world: World) -> None:
    (run,) = world.train("cifar-basic-8")
    world.append(run, Started(0, 40), stepped(1))
    cursor = world.runs.reader.runs()["last"]
    world.append(run, stepped(2), Evaluated(2, 0.2, 1.0, 0.5, 100))
    _, points = world.messages(runs=run, after=cursor)
    assert [(one["kind"], one["step"]) for one in points[2]] == [("stepped", 2), ("evaluated", 2)]
    assert points[1] == str(world.runs.reader.runs()["last"])
    assert "weights" not in points[2][0]


def test_a_run_that_is_added_comes_whole_to_a_browser_that_knows_the_others(world: World) -> None:
    known, added = world.train("cifar-basic-8:original", "cifar-basic-8:plain")
    messages = world.messages(runs=f"{known},{added}", after=world.runs.reader.runs()["last"], whole=added)
    assert [data["run"] for event, _, data in messages if event == "curves"] == [added]


def test_a_run_that_is_gone_is_told_in_a_sentence(world: World) -> None:
    *_, (event, _, data) = world.messages(runs="aaaaaaaaaaaaaaaaaaaaaaaaaa")
    assert event == "curves"
    assert "there is no run" in data["error"]


@pytest.mark.parametrize("query", [{"after": "soon"}, {"runs": ",".join(["a"] * 433)}])
def test_a_hostile_stream_is_refused(world: World, query: dict[str, str]) -> None:
    answer = world.browser.get(f"{PREFIX}/runs/events", params=query)
    assert answer.status_code == 422
    assert isinstance(answer.json()["error"], str)


@pytest.mark.parametrize(("form", "start"), [("jsonl", '{"seq":1'), ("csv", "step,seconds"), ("card", "{")])
def test_a_run_is_taken_away_as_a_file(world: World, form: str, start: str) -> None:
    (run,) = world.train("cifar-basic-8")
    answer = world.browser.get(f"{PREFIX}/runs/file", params={"run": run, "form": form})
    assert answer.text.startswith(start)
    assert run[:6] in answer.headers["content-disposition"]


def test_a_file_of_no_run_is_not_found(world: World) -> None:
    answer = world.browser.get(f"{PREFIX}/runs/file", params={"run": "zzzzzz"})
    assert (answer.status_code, list(answer.json())) == (404, ["error"])


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"content-type": "text/plain"}, 415),
        ({"content-type": "application/x-www-form-urlencoded"}, 415),
        ({"sec-fetch-site": "same-origin", "content-type": "application/json; charset=utf-8"}, 200),
    ],
)
@pytest.mark.parametrize("path", ["verb/train", "verb/stop_all"])
def test_a_page_elsewhere_can_launch_and_stop_nothing(
    world: World, path: str, headers: dict[str, str], status: int
) -> None:
    body = b'{"networks": ["cifar-basic-8"], "settings": {"size": "8"}}'
    answer = world.browser.post(
        f"{PREFIX}/{path}", content=body, headers={"content-type": "application/json", **headers}
    )
    assert answer.status_code in (status, 422 if status == 200 else status)
    assert status == 200 or world.runs.reader.runs()["runs"] == []


def test_a_question_that_is_too_long_is_read_no_further(world: World) -> None:
    answer = world.browser.post(
        f"{PREFIX}/verb/train", content=b" " * 10**6, headers={"content-type": "application/json"}
    )
    assert answer.status_code == 413

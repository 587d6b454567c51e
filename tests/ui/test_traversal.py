"""Paths that lead out of a home, in every place where a text comes in: nothing outside is read."""

import http.client
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pytest

from resnet_explorer.ui import http as verbs
from tests.fixtures.app_process import free_port, started
from tests.fixtures.cases import Count, many

SECRET = "what-lies-outside-2718281828"
TARGETS = ("etc/passwd", "proc/self/environ", "SECRET", "HOME/cookie-key", "HOME/index.sqlite3", "ROOT/app.py")
CLIMBS = (
    "/", "../" * 9, "..%2f" * 9, "%2e%2e/" * 9, "%2e%2e%2f" * 9, "%252e%252e%252f" * 9, "..\\" * 9, "..%5c" * 9,
    "....//" * 9, "..;/" * 9, "%c0%ae%c0%ae/" * 9, "．．／" * 9, "..%00/" * 9, "file:///", "file://localhost/",
    "//127.0.0.1/", "\\\\127.0.0.1\\", "~/../", "%2f", "./../" * 12,
    "aaaaaaaaaaaaaaaaaaaaaaaaaa/" + "../" * 12,
)  # fmt: skip
TAILS = ("", "%00", "\0.csv", "?x=", "#", "/.", "%00.json")
ROUTES = (
    "GET /", "GET /gradio_api/file=", "GET /gradio_api/explorer/", "GET /gradio_api/explorer/plotly/", "GET /static/",
    "GET /assets/", "GET /custom_component/", "GET /gradio_api/explorer/runs/file?form=jsonl&run=", "GET /theme.css/",
    "GET /gradio_api/explorer/runs/file?run=aaa&form=", "GET /gradio_api/explorer/runs/events?runs=",
    "POST show run", "POST curves run", "POST export_run run", "POST remove run", "POST predictions run",
    "POST export_analysis run", "POST train data", "POST analyse data", "POST import_run card", "POST verdict claim",
)  # fmt: skip


class Outside:
    """What must not come out: parts of files beside and above the home."""

    def __init__(self, home: Path) -> None:
        self.secret = home.parent / "secret.txt"
        self.secret.write_text(SECRET)
        self.names = {"SECRET": str(self.secret), "HOME": str(home), "ROOT": str(Path(__file__).parents[2])}

    def target(self, name: str) -> str:
        for short, path in self.names.items():
            name = name.replace(short, path.lstrip("/"))
        return name


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    home = tmp_path_factory.mktemp("outside") / "home"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("RESNET_EXPLORER_SHARED", "on")
        with started(home, free_port()) as (address, _):
            yield address, home


def payloads(outside: Outside) -> Iterator[str]:
    """Every climb to every target with every tail, so that each climb comes early."""
    for tail, name, climb in itertools.product(TAILS, TARGETS, CLIMBS):
        yield climb + outside.target(name) + tail


def ask(connection: http.client.HTTPConnection, route: str, payload: str) -> bytes:
    """The answer, headers too."""
    method, path, *field = route.split()
    if field:
        body = json.dumps({field[0]: f"imagefolder:{payload}" if field[0] == "data" else payload, "owner": "me"})
        path = f"{verbs.PREFIX}/verb/{path}"
    else:
        # what is escaped already stays as it is
        body, path = "", path + quote(payload, safe="%/\\:.;~?#=")
    connection.request(method, path.replace("#", "%23"), body, {"content-type": "application/json", "accept": "*/*"})
    answer = connection.getresponse()
    # a stream that begins has no end
    endless = "event-stream" in answer.headers.get("content-type", "")
    content = answer.read1() if endless else answer.read()
    if endless:
        connection.close()
    return str(answer.headers).encode() + content


def test_no_path_leads_out(page: tuple[str, Path], count: Count) -> None:
    address, home = page
    outside = Outside(home)
    httpx.get(address)
    hidden = (
        SECRET.encode(),
        b"root:x:0:0",
        b"RESNET_EXPLORER_HOME",
        (home / "cookie-key").read_bytes(),
        b"SQLite format 3",
    )
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    routes = itertools.cycle(ROUTES)
    for payload in itertools.islice(payloads(outside), many(105)):
        route = next(routes)
        with count():
            answer = ask(connection, route, payload)
            assert not any(text in answer for text in hidden), (route, payload)
            assert b"Traceback" not in answer
    connection.close()
    assert outside.secret.read_text() == SECRET

"""What the guard lets through, what it refuses, and what it tells every browser."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from socket import gethostname
from typing import Any

import anyio
import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from resnet_explorer.ui.guards import body
from resnet_explorer.ui.guards.guard import Guard, guard_limits
from resnet_explorer.ui.guards.headers import security_headers
from resnet_explorer.ui.guards.origin import allowed_hosts
from resnet_explorer.ui.guards.visitor import COOKIE, Visitors

VERB = "/gradio_api/run/predict"
UPLOAD = "/gradio_api/upload"


async def say_who_asks(request: Request) -> Response:
    """What the application behind the guard sees."""
    visitors: Visitors = request.app.state.visitors
    asking = visitors.asking()
    length = len(await request.body())
    answer = {"name": asking.name, "address": asking.address, "length": length}
    return JSONResponse(answer, headers={"access-control-allow-origin": "*"})


async def read_nested(request: Request) -> Response:
    return JSONResponse(await request.json())


def application(home: Path, hosts: frozenset[str] = frozenset(), space: bool = False) -> Starlette:
    visitors = Visitors(home, platform_address=space)
    routes = [Route(path, say_who_asks, methods=["GET", "POST"]) for path in ("/", VERB, UPLOAD, "/monitoring")]
    routes.append(Route("/gradio_api/run/nested", read_nested, methods=["POST"]))
    guard = Middleware(Guard, visitors, guard_limits(visitors, shared=True), hosts, security_headers(space))
    app = Starlette(routes=routes, middleware=[guard])
    app.state.visitors = visitors
    return app


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(application(tmp_path)) as client:
        yield client


def test_who_opens_the_page_is_known_by_a_cookie_that_only_the_page_can_write(browser: TestClient) -> None:
    first = browser.get("/")
    assert first.json()["name"] == ""
    assert "HttpOnly" in first.headers["set-cookie"]
    name = browser.get("/").json()["name"]
    assert name == browser.cookies[COOKIE].partition(".")[0] != ""
    assert "set-cookie" not in browser.get("/").headers
    browser.cookies.clear()
    for forged in (f"{name}.{'0' * 32}", name, ".", "a.b.c"):
        assert browser.get("/", headers={"cookie": f"{COOKIE}={forged}"}).json()["name"] == ""


def test_a_cookie_outlives_a_restart_and_is_worth_nothing_in_another_home(tmp_path: Path) -> None:
    first = TestClient(application(tmp_path / "one"))
    first.get("/")
    cookie = first.cookies[COOKIE]
    again, elsewhere = TestClient(application(tmp_path / "one")), TestClient(application(tmp_path / "two"))
    assert again.get("/", headers={"cookie": f"{COOKIE}={cookie}"}).json()["name"] == cookie.partition(".")[0]
    assert elsewhere.get("/", headers={"cookie": f"{COOKIE}={cookie}"}).json()["name"] == ""
    assert (tmp_path / "one" / "cookie-key").stat().st_mode & 0o077 == 0


def test_a_page_in_a_frame_of_another_site_gets_a_cookie_that_is_kept_there(browser: TestClient) -> None:
    cookie = browser.get("/", headers={"x-forwarded-proto": "https"}).headers["set-cookie"]
    assert all(part in cookie for part in ("SameSite=None", "Secure", "Partitioned", "HttpOnly"))
    assert "SameSite=Lax" in TestClient(browser.app).get("/").headers["set-cookie"]


def test_only_a_platform_is_believed_where_a_request_comes_from(tmp_path: Path) -> None:
    forwarded = {"x-forwarded-for": "6.6.6.6, 9.9.9.9"}
    here, space = application(tmp_path), application(tmp_path, space=True)
    assert TestClient(here).get("/", headers=forwarded).json()["address"] == "testclient"
    assert TestClient(space).get("/", headers=forwarded).json()["address"] == "9.9.9.9"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://testserver"}, 200),
        ({"origin": "https://elsewhere.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://testserver.elsewhere.example"}, 403),
    ],
)
@pytest.mark.parametrize("content", ["application/json", "text/plain", "application/x-www-form-urlencoded"])
def test_no_other_site_speaks_for_its_visitor(
    browser: TestClient, headers: dict[str, str], status: int, content: str
) -> None:
    answer = browser.post(VERB, content=b"{}", headers={"content-type": content, **headers})
    assert answer.status_code == status
    assert "access-control-allow-origin" not in answer.headers


def test_a_link_from_elsewhere_opens_the_page_and_reads_nothing_more(browser: TestClient) -> None:
    elsewhere = {"sec-fetch-site": "cross-site"}
    assert browser.get("/", headers={**elsewhere, "sec-fetch-dest": "document"}).status_code == 200
    assert browser.get("/", headers={**elsewhere, "sec-fetch-dest": "iframe"}).status_code == 200
    assert browser.get("/", headers={**elsewhere, "sec-fetch-dest": "empty"}).status_code == 403


def test_a_name_of_somebody_else_is_not_served_on_a_private_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RESNET_EXPLORER_HOSTS", raising=False)
    private = TestClient(application(tmp_path, allowed_hosts(shared=False)))
    # a number is no name that somebody else could point here
    for host in ("localhost:7860", "127.0.0.1", "[::1]:7860", "192.168.1.5:7860", gethostname()):
        assert private.get("/", headers={"host": host}).status_code == 200
    for host in ("rebound.example", "127.0.0.1.rebound.example", "127.0.0.1@rebound.example", "", "é"):
        assert private.get("/", headers={b"host": host.encode()}).status_code == 421
    shared = TestClient(application(tmp_path, allowed_hosts(shared=True)))
    assert shared.get("/", headers={"host": "lab.example"}).status_code == 200
    monkeypatch.setenv("RESNET_EXPLORER_HOSTS", "lab.example, other.example:80")
    named = TestClient(application(tmp_path, allowed_hosts(shared=True)))
    assert [named.get("/", headers={"host": host}).status_code for host in ("lab.example", "else.example")] == [
        200,
        421,
    ]


def test_what_is_too_long_is_refused_before_it_is_read(browser: TestClient) -> None:
    read: list[int] = []

    async def endless() -> AsyncIterator[bytes]:
        for piece in range(1000):
            read.append(piece)
            yield b" " * 100_000

    async def send() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=browser.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            return [await client.post(path, content=endless()) for path in (VERB, UPLOAD)]

    answers = anyio.run(send)
    # a file without a length is not even begun
    assert [answer.status_code for answer in answers] == [413, 411]
    assert len(read) < 20
    assert browser.post(VERB, content=b"", headers={"content-length": str(10**9)}).status_code == 413
    assert browser.post(UPLOAD, content=b" " * 2_000_000).json()["length"] == 2_000_000


def test_a_visitor_uploads_so_much_in_an_hour_and_then_hears_until_when(browser: TestClient) -> None:
    browser.get("/")
    answers = [browser.post(UPLOAD, content=b" " * 20_000_000) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert re.search(r"go on in 3[56]\d\d seconds", answers[3].json()["error"])
    browser.cookies.clear()
    browser.get("/")
    assert browser.post(UPLOAD, content=b" " * 1_000_000).status_code == 200


def test_a_private_page_takes_as_many_files_as_its_owner_has(tmp_path: Path) -> None:
    limits = guard_limits(Visitors(tmp_path), shared=False)
    assert limits.uploads is None
    assert limits.tries is not None


def test_a_request_that_stops_half_way_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body.LimitedBody, "__init__", _hasty(body.LimitedBody.__init__))
    sent: list[Any] = []

    async def receive() -> Any:
        if not sent:
            sent.append(1)
            return {"type": "http.request", "body": b"{", "more_body": True}
        await anyio.sleep(60)
        return {"type": "http.disconnect"}

    answers: list[Any] = []

    async def send(message: Any) -> None:
        answers.append(message)

    head = [(b"host", b"testserver"), (b"content-length", b"10")]
    scope = {"type": "http", "method": "POST", "path": VERB, "headers": head, "query_string": b"", "root_path": ""}
    anyio.run(application(tmp_path), scope, receive, send)
    assert answers[0]["status"] == 408


def _hasty(init: Any) -> Any:
    return lambda self, receive, most: init(self, receive, most, patience=0.05)


def test_what_is_nested_too_deep_is_refused_in_a_sentence(browser: TestClient) -> None:
    answer = browser.post("/gradio_api/run/nested", content=b"[" * 60_000 + b"]" * 60_000)
    assert (answer.status_code, answer.json()) == (400, {"error": "a question is nested too deep to be read"})


def test_a_closed_route_is_not_there(browser: TestClient) -> None:
    answer = browser.get("/monitoring")
    assert (answer.status_code, list(answer.json())) == (404, ["error"])


@pytest.mark.parametrize("space", [False, True])
def test_every_answer_tells_the_browser_to_load_nothing_from_elsewhere(tmp_path: Path, space: bool) -> None:
    client = TestClient(application(tmp_path, space=space))
    for answer in (client.get("/"), client.get("/monitoring"), client.post(VERB, headers={"origin": "http://x.y"})):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert ("huggingface.co" in policy) == space
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert ("x-frame-options" in answer.headers) != space

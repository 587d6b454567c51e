"""Numbers for Prometheus: off unless switched on, for whoever has the word, and few labels whatever is asked."""

from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from resnet_explorer.api.health import health
from resnet_explorer.errors import RunError
from resnet_explorer.ui.metrics import Metrics, route_of
from resnet_explorer.ui.services import METRICS, _metrics_word
from tests.fixtures.app_process import free_port, started

WORD = "a word of some letters"


def browser_of(home: Path, word: str = "on") -> TestClient:
    """A page of one route that counts."""
    metrics = Metrics(word, lambda: health(home), lambda: 3)

    async def page(request: Request) -> PlainTextResponse:
        return PlainTextResponse("")

    routes = [Route("/", page), Route("/gradio_api/explorer/runs/events", page), metrics.route()]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(metrics.timed)]))


def samples(text: str) -> dict[tuple[str, ...], float]:
    """Every number by its name and the values of its labels."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_requests_health_and_the_process_are_counted(tmp_path: Path) -> None:
    browser = browser_of(tmp_path)
    for _ in range(3):
        browser.get("/")
    browser.get("/gradio_api/explorer/runs/events")
    seen = samples(browser.get("/metrics").text)
    assert seen["resnet_explorer_request_seconds_count", "/", "200"] == 3
    assert seen["resnet_explorer_request_seconds_sum", "/", "200"] > 0
    assert seen["resnet_explorer_up",] == 1
    assert seen["resnet_explorer_streams",] == 3
    assert seen["resnet_explorer_free_bytes",] > 0
    assert seen["process_resident_memory_bytes",] > 1_000_000
    assert not any("events" in label for name, *labels in seen for label in labels)


def test_whatever_is_asked_for_makes_no_new_label(tmp_path: Path) -> None:
    browser = browser_of(tmp_path)
    for number in range(200):
        browser.get(f"/wp-admin/{number}.php")
        browser.get(f"/gradio_api/explorer/{number}")
    seen = samples(browser.get("/metrics").text)
    routes = {labels[0] for name, *labels in seen if name == "resnet_explorer_request_seconds_count"}
    assert routes == {"closed", "/gradio_api/explorer/*"}
    assert route_of("/metrics") == "/metrics"


def test_where_there_is_a_word_only_who_has_it_reads(tmp_path: Path) -> None:
    browser = browser_of(tmp_path, WORD)
    assert browser.get("/metrics").status_code == 401
    assert browser.get("/metrics", headers={"authorization": "Bearer on"}).status_code == 401
    assert browser.get("/metrics", headers={"authorization": f"Bearer {WORD}"}).status_code == 200


@pytest.mark.parametrize(("text", "word"), [("", ""), ("off", ""), ("on", "on"), (WORD, WORD)])
def test_the_variable_is_off_on_or_a_word(text: str, word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(METRICS, text)
    assert _metrics_word() == word


def test_a_word_that_is_soon_guessed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(METRICS, "secret")
    with pytest.raises(RunError, match="a word of 16 letters or more, not one of 6"):
        _metrics_word()


def test_a_served_page_has_them_behind_its_guard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(METRICS, WORD)
    with started(tmp_path, free_port()) as (address, _), httpx.Client(base_url=address) as browser:
        assert browser.get("/metrics").status_code == 401
        browser.get("/gradio_api/proxy=https://elsewhere.example/x")
        seen = samples(browser.get("/metrics", headers={"authorization": f"Bearer {WORD}"}).text)
        assert seen["resnet_explorer_request_seconds_count", "closed", "404"] == 1
        assert browser.get("/healthz").json()["devices"] in (["cpu"], [])

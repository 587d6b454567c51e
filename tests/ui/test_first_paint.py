"""What is added to the HTML of the page, and to nothing else."""

import json
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from resnet_explorer.ui.first_paint import FirstPaint

MANIFEST = '<link rel="manifest" href="/manifest.json" />'
PAGE = f'<html><head><meta charset="utf-8" />{MANIFEST}<script>gradio</script></head></html>'
LAYOUT = {"id": 0, "children": [{"id": 1}, {"id": 2}]}
CONFIG: dict[str, Any] = {
    "components": [{"id": 1, "type": "api"}, {"id": 2, "type": "html", "props": {"value": "</script>"}}],
    "layout": LAYOUT,
    "page": {"": {"components": [1, 2], "layout": LAYOUT}},
}


def client(html: str = PAGE) -> TestClient:
    async def page(request: object) -> Response:
        return HTMLResponse(html)

    async def answer(request: object) -> Response:
        return JSONResponse({"html": PAGE})

    routes = [Route("/", page), Route("/json", answer)]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(FirstPaint, lines="<style>ink</style>")]))


def test_the_lines_come_before_the_scripts_of_the_page() -> None:
    response = client().get("/")
    assert response.text.index("<style>ink</style>") < response.text.index("<script>")
    assert int(response.headers["content-length"]) == len(response.content)


def test_the_manifest_is_found_from_the_page_wherever_that_is_mounted() -> None:
    assert 'href="manifest.json"' in client().get("/").text


def test_a_page_comes_without_the_parameters_of_the_verbs() -> None:
    text = json.dumps(CONFIG).replace("<", "\\u003c")
    page = client(f'<meta charset="utf-8" /><script>window.gradio_config = {text};</script><p>').get("/").text
    config = json.loads(page.partition("gradio_config = ")[2].partition(";</script><p>")[0])
    assert config["components"] == CONFIG["components"][1:]
    assert config["layout"] == config["page"][""]["layout"] == {"id": 0, "children": [{"id": 2}]}
    assert config["page"][""]["components"] == [2]


def test_a_page_that_asks_for_a_password_stays_as_it_was() -> None:
    script = '<script>window.gradio_config = {"auth_required":true,"page":{"":{"layout":{}}},"components":[]};</script>'
    assert script in client(f'<meta charset="utf-8" />{script}').get("/").text


def test_an_answer_that_is_no_page_stays_as_it_was() -> None:
    assert client().get("/json").json() == {"html": PAGE}

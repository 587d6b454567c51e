"""What is added to the HTML of the page, and to nothing else."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from resnet_explorer.ui.first_paint import FirstPaint

MANIFEST = '<link rel="manifest" href="/manifest.json" />'
PAGE = f'<html><head><meta charset="utf-8" />{MANIFEST}<script>gradio</script></head></html>'


def client() -> TestClient:
    async def page(request: object) -> Response:
        return HTMLResponse(PAGE)

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


def test_an_answer_that_is_no_page_stays_as_it_was() -> None:
    assert client().get("/json").json() == {"html": PAGE}

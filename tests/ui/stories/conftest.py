"""A real browser before the real app; a story fails that leaves an error in the console or asks the outside world."""

from collections.abc import Callable, Iterator
from urllib.request import Request as Question
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from tests.fixtures.app_process import launched
from tests.fixtures.browser import launch_browser

OURS = ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:")
Open = Callable[..., Page]
# a story waits for what comes, however busy the machine is
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    with launched() as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch_browser(playwright)
        yield browser
        browser.close()


@pytest.fixture
def wrong() -> Iterator[list[str]]:
    """What must stay empty: console errors, exceptions, requests that leave the machine."""
    errors: list[str] = []
    yield errors
    assert errors == []


@pytest.fixture
def visit(browser: Browser, address: str, wrong: list[str]) -> Iterator[Open]:
    """Open the page: `visit("?lanes=...", width=360, height=780, color_scheme="dark")`, in a context of its own."""
    contexts: list[BrowserContext] = []

    def open_page(query: str = "", width: int = 1440, height: int = 900, **options: object) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)  # type: ignore[arg-type]
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        contexts.append(context)
        return revisit(context.new_page(), query)

    def revisit(page: Page, query: str) -> Page:
        page.on("console", lambda message: _note(message, wrong))
        page.on("pageerror", lambda error: wrong.append(f"exception: {error}"))
        page.on("request", lambda request: _leaves(request, wrong))
        page.goto(f"{address}/{query}")
        # the lanes of the still picture can be read, and not yet used
        page.locator("gradio-app .lane").first.locator(".lane-reading, .lane-wrong").first.wait_for()
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(visit: Open) -> Page:
    return visit()


def _note(message: ConsoleMessage, wrong: list[str]) -> None:
    if message.type == "error":
        wrong.append(f"console: {message.text} {message.location.get('url', '')}")


def _leaves(request: Request, wrong: list[str]) -> None:
    if not request.url.startswith(OURS):
        wrong.append(f"left the machine: {request.url}")


@pytest.fixture
def nobody_trains_on(address: str) -> Iterator[None]:
    """A story that fails leaves no run behind that the next would wait for."""
    yield
    body = Question(f"{address}/gradio_api/explorer/verb/stop_all", b"{}", {"Content-Type": "application/json"})
    urlopen(body).close()

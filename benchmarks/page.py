"""The page as a visitor's browser meets it: first paint and first use, against Gradio's hello world."""

import os
import shutil
from collections.abc import Callable
from functools import partial

from playwright.sync_api import Browser, sync_playwright

from benchmarks.gradio_app import HELLO, gradio_app
from benchmarks.measure import Ratio, interleaved, ratios, report
from tests.fixtures.app_process import launched

QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
PAINTED = "performance.getEntriesByName('first-contentful-paint').length > 0"


def main() -> None:
    """Measure both, one after the other, against servers that have answered before."""
    with launched() as ours, gradio_app(HELLO) as (hello, _):
        report("page", _visits(ours, hello))


def _visits(ours: str, hello: str) -> list[Ratio]:
    """A browser without a cache, each time."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    other = "Gradio's hello world"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        paint: dict[str, Callable[[], object]] = {
            "ours": partial(_paint, browser, ours),
            other: partial(_paint, browser, hello),
        }
        use: dict[str, Callable[[], object]] = {
            "ours": partial(_use, browser, ours, ".lane-reading"),
            other: partial(_use, browser, hello, "textarea >> nth=0"),
        }
        measured = ratios("first paint", interleaved(paint, runs=9), {other: "at most 1"})
        measured += ratios("first thing to read or use", interleaved(use, runs=9))
        browser.close()
    return measured


def _paint(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address, wait_until="commit")
    page.wait_for_function(PAINTED)
    page.context.close()


def _use(browser: Browser, address: str, what: str) -> None:
    page = browser.new_page()
    page.goto(address, wait_until="commit")
    page.locator(what).first.wait_for()
    page.context.close()


if __name__ == "__main__":
    main()

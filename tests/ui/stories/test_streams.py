"""Stories of curves that come by a stream: five pages of one browser, a line that breaks, a server that starts anew."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from resnet_explorer.runs.events import Stepped, merge_attempts
from resnet_explorer.runs.run_folder import RunFolder
from tests.fixtures.app_process import free_port, started
from tests.fixtures.cut_line import line_to
from tests.fixtures.runs import until
from tests.ui.stories.training import LONG, press, runs, train_link, wait_for_step

TABS = 5
LINK = train_link("cifar-basic-8:original", "steps=100000;size=8;evaluate=0;save=20")
# the module that keeps what has come, as the page has it
POINTS = """async () => {
  const modules = performance.getEntriesByType("resource").map(({ name }) => name);
  const { points } = await import(modules.find((name) => name.endsWith("curves/stream.js")));
  const [{ steps }] = points.values();
  return { steps: steps.step, losses: steps.loss };
}"""


def curve(page: Page) -> dict[str, list[float]]:
    """Every point that the page has of its run."""
    points: dict[str, list[float]] = page.evaluate(POINTS)
    return points


def written(home: Path) -> dict[str, Any]:
    """The same as the run's own file has it."""
    (path,) = (home / "runs").iterdir()
    merged = merge_attempts(RunFolder(path).records()[0])
    steps = [one.event for one in merged if isinstance(one.event, Stepped)]
    # a page has five digits of each number
    return {"steps": [each.step for each in steps], "losses": pytest.approx([each.loss for each in steps], rel=1e-4)}


def stop(pages: list[Page], home: Path) -> None:
    """Stop the run from the first page, and wait until each has all that it reported."""
    pages[0].get_by_role("button", name="Stop all").click()
    for page in pages:
        expect(runs(page, "stopped")).to_have_count(1, timeout=LONG)
        count = len(written(home)["steps"])
        expect(page.locator(".train-figure")).to_have_attribute("data-points", str(count), timeout=LONG)


def line_is(page: Page, state: str) -> None:
    expect(page.locator(f'.train-connection[data-state="{state}"]')).to_be_visible(timeout=LONG)


def test_five_pages_share_a_stream_that_breaks_and_show_the_same_curve(browser: Browser, tmp_path: Path) -> None:
    port = free_port()
    context = browser.new_context()
    with started(tmp_path, port), line_to(port) as line:
        first = context.new_page()
        first.goto(f"{line.address}/{LINK}")
        press(first, "Train 1 lane")
        wait_for_step(first, 5)
        first.wait_for_url("**group=**")
        pages = [first, *(context.new_page() for _ in range(TABS - 1))]
        for page in pages[1:]:
            page.goto(first.url)
        for page in pages:
            wait_for_step(page, 5)
        until(lambda: line.streams() == 1)
        line.cut_streams()
        for page in pages:
            line_is(page, "lost")
        for page in pages:
            line_is(page, "live")
            wait_for_step(page, int(str(runs(page).first.get_attribute("data-step"))))
        assert line.streams() == 1
        # one that is closed and one that is left take nothing from the others
        pages.pop().close()
        pages.pop().goto("about:blank")
        stop(pages, tmp_path)
        for page in pages:
            assert curve(page) == written(tmp_path)
    context.close()


def test_a_curve_goes_on_when_the_server_starts_anew(browser: Browser, tmp_path: Path) -> None:
    port = free_port()
    context = browser.new_context()
    page = context.new_page()
    with started(tmp_path, port) as (address, _):
        page.goto(f"{address}/{LINK}")
        press(page, "Train 1 lane")
        wait_for_step(page, 50)
    line_is(page, "lost")
    with started(tmp_path, port):
        line_is(page, "live")
        page.get_by_role("button", name="Resume: A").click(timeout=LONG)
        wait_for_step(page, int(str(runs(page).first.get_attribute("data-step"))) + 20)
        stop([page], tmp_path)
        assert curve(page) == written(tmp_path)
        assert curve(page)["steps"] == sorted(set(curve(page)["steps"]))
    context.close()

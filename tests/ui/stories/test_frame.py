"""Stories of the page as a whole: it comes without a jump, answers many tabs, and keeps what old links say."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.fixtures.app_process import environment, free_port
from tests.fixtures.paths import ROOT
from tests.ui.stories.conftest import Open
from tests.ui.stories.page_parts import SIX, lane

VIEWS = ("structure", "train")
# eight pages that start at once on a slow machine
LONG_MS = 180_000
# the sum of what moved by itself, weighted by how much of the window and how far, as browsers report it
MOVED = """() => new Promise((resolve) => new PerformanceObserver((list) =>
  resolve(list.getEntries().filter((entry) => !entry.hadRecentInput).reduce((sum, { value }) => sum + value, 0))
).observe({ type: "layout-shift", buffered: true }) ?? setTimeout(() => resolve(0), 1000))"""
OLD_LINKS = {
    "?lanes=cifar-basic-56:original,cifar-basic-56:full-preactivation~mine&view=gradient&v=1": [SIX[0], "mine"],
    "?lanes=imagenet-50,resnext-50-32x4d~ResNeXt,wrn-28-10:plain;width=2&slots=CAB": ["original", "ResNeXt", "plain"],
    "?lanes=cifar-basic-20:bn+relu+conv(groups=4,+dilation=2)+%2B&view=train&recipe=short": ["own unit"],
    "?lanes=cifar-basic-110:original;skip=dropout(0.5)~dropout%252C+twice&hide=aside": ["dropout, twice"],
    "?view=structure&unit=first&lane=2": SIX,
}


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768), (360, 780)])
def test_nothing_jumps_while_the_page_comes(visit: Open, width: int, height: int) -> None:
    page = visit(width=width, height=height)
    expect(page.locator(".drawing svg")).to_have_count(6)
    expect(page.locator(".aside .seen").first).to_contain_text("parameters")
    assert page.evaluate(MOVED) <= 0.02


def test_eight_tabs_of_one_browser_all_answer(visit: Open, address: str) -> None:
    first = visit()
    first.context.set_default_timeout(LONG_MS)
    others = [first.context.new_page() for _ in range(7)]
    for place, page in enumerate(others):
        page.goto(f"{address}/?view={VIEWS[place % len(VIEWS)]}", wait_until="commit")
    for page in (first, *others):
        page.locator("gradio-app .lane .lane-reading").first.wait_for()
        page.get_by_label("Depth, all lanes").press("ArrowRight")
        expect(page.locator(".lane", has_text="cifar-basic-68")).to_have_count(6, timeout=LONG_MS)


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[str]:
    """Where the page answers below the path of another application."""
    port = free_port()
    command = [sys.executable, "-m", "tests.fixtures.mounted_app", str(port)]
    with subprocess.Popen(command, cwd=ROOT, env=environment(tmp_path), stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        assert any("Uvicorn running" in line for line in process.stderr), "it ended before it answered"
        yield f"http://127.0.0.1:{port}/lab"
        process.terminate()


def test_the_page_works_below_a_path(mounted: str, visit: Open) -> None:
    page = visit()
    page.goto(f"{mounted}/?view=gradient")
    lane(page, "A").locator(".lane-title").click()
    page.get_by_role("radio", name="plain").check()
    expect(lane(page, "A").locator(".lane-title")).to_have_text("plain")
    page.get_by_role("tab", name="Structure").click()
    expect(page.locator(".drawing svg")).to_have_count(6)
    page.wait_for_url(f"{mounted}/?lanes=cifar-basic-56:plain,**view=structure**")


@pytest.mark.parametrize(("query", "titles"), OLD_LINKS.items())
def test_an_old_link_opens(visit: Open, query: str, titles: list[str]) -> None:
    page = visit(query)
    expect(page.locator(".lane-title")).to_have_text(titles)
    expect(page.locator(".lane.pending, .lane-wrong")).to_have_count(0)


def outlines(page: Page) -> list[list[str]]:
    """The networks of every request for what lanes are, from now on."""
    requests: list[list[str]] = []

    def note(request: Request) -> None:
        if "lane_outlines" in (request.post_data or ""):
            requests.append([lane["network"] for lane in json.loads(request.post_data or "")["data"]])

    page.on("request", note)
    return requests


def test_a_change_of_all_lanes_is_one_request(page: Page) -> None:
    requests = outlines(page)
    page.get_by_label("Depth, all lanes").press("ArrowRight")
    expect(page.locator(".lane", has_text="cifar-basic-68")).to_have_count(6)
    expect(page.locator(".lane.pending")).to_have_count(0)
    assert requests == [["cifar-basic-68"] * 6]


def test_the_newest_change_wins_whatever_comes_late(page: Page) -> None:
    requests, held = outlines(page), list[Route]()

    def hold(route: Route) -> None:
        if held or "lane_outlines" not in (route.request.post_data or ""):
            route.continue_()
        else:
            held.append(route)

    page.route("**/component_server/**", hold)
    slider = page.get_by_label("Depth, all lanes")
    for key in ("ArrowRight", "ArrowRight", "End", "Home"):
        slider.press(key)
    expect(page.locator(".lane.pending")).to_have_count(6)
    held[0].continue_()
    expect(page.locator(".lane", has_text="cifar-basic-20")).to_have_count(6)
    expect(page.locator(".lane.pending")).to_have_count(0)
    assert len(requests) == 2, "what was passed meanwhile stays unsent"

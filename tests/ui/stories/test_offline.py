"""A story of a page that cannot reach its server for a while: it says so, loses nothing, and goes on by itself."""

from urllib.parse import urlsplit

from playwright.sync_api import Browser, expect

from tests.fixtures.cut_line import line_to
from tests.ui.stories.page_parts import open_lane
from tests.ui.stories.training import LONG


def test_a_page_cut_off_says_so_loses_nothing_and_goes_on(browser: Browser, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    with line_to(int(str(urlsplit(address).port))) as line:
        page.goto(f"{line.address}/?view=structure&lanes=cifar-basic-8:original")
        heading = page.locator(".unit-diagram .head").first
        expect(heading).to_contain_text("stage 1, unit 1", timeout=LONG)
        panel = open_lane(page, "A")
        page.evaluate("window.opened = true")
        line.cut()
        context.set_offline(True)
        page.get_by_role("radio", name="last", exact=True).first.check()
        bar = page.locator(".unreached")
        expect(bar).to_contain_text(f"cannot reach its server at 127.0.0.1:{line.port}", timeout=LONG)
        expect(heading).to_contain_text("stage 1, unit 1")
        # a view that is opened for the first time
        page.get_by_role("tab", name="Claims").click()
        expect(page.locator(".card")).to_have_count(0)
        line.mend()
        context.set_offline(False)
        expect(bar).to_be_empty(timeout=LONG)
        expect(page.locator(".card").first).to_be_visible(timeout=LONG)
        page.get_by_role("tab", name="Structure").click()
        expect(heading).to_contain_text("stage 3, unit 1", timeout=LONG)
        expect(panel).to_be_visible()
        assert page.evaluate("window.opened")
    context.close()
    assert wrong == []

"""Use a page that is served somewhere, as a visitor would: python -m tests.image.use_page ADDRESS."""

import sys

from playwright.sync_api import sync_playwright

from tests.fixtures.browser import launch_browser
from tests.ui.stories.training import press, train_link, wait_for_finished

LANES = "cifar-basic-8:original,cifar-basic-8:plain"


def main(address: str) -> None:
    """Open it, train two small networks, and say what was seen."""
    with sync_playwright() as playwright:
        browser = launch_browser(playwright)
        page = browser.new_page()
        page.goto(address.rstrip("/") + "/" + train_link(LANES))
        page.wait_for_selector("gradio-app .lane", timeout=60_000)
        press(page, "Train 2 lanes")
        wait_for_finished(page, 2)
        # a long one is at work when the page is stopped
        page.goto(address.rstrip("/") + "/" + train_link(LANES, "steps=100000;size=8;evaluate=0"))
        page.wait_for_selector("gradio-app .lane", timeout=60_000)
        press(page, "Train 2 lanes")
        page.wait_for_selector('.train-run[data-state="running"]', timeout=60_000)
        browser.close()
    print("opened, trained two networks to their end, and left two at work")


if __name__ == "__main__":
    main(sys.argv[1])

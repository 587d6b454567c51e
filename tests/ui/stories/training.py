"""What the stories of the Train view share: links to open, buttons to press, and states to wait for."""

import re
from urllib.parse import quote

from playwright.sync_api import Locator, Page, expect

LONG = 60_000
THREE = "cifar-basic-8:original,cifar-basic-8:full-preactivation,cifar-basic-8:plain"
QUICK = "steps=40;size=8;evaluate=20"
# as long as it takes to look at it
ENDLESS = "steps=100000;size=8;evaluate=0"


def train_link(lanes: str = THREE, settings: str = QUICK, **more: str) -> str:
    usual = {"train_recipe": "short", "train_seeds": "1"}
    fields = {"view": "train", "lanes": lanes, "train_set": settings, **usual, **more}
    return "?" + "&".join(f"{name}={quote(value)}" for name, value in fields.items())


def press(page: Page, label: str = "Train 3 lanes") -> None:
    # the time that earlier runs say stands behind it
    page.get_by_role("button", name=re.compile(f"^{re.escape(label)}( · about .*)?$")).click()


def runs(page: Page, state: str = "") -> Locator:
    return page.locator(f'.train-run[data-state="{state}"]' if state else ".train-run")


def wait_for_finished(page: Page, count: int = 3) -> None:
    expect(runs(page, "finished")).to_have_count(count, timeout=LONG)


def wait_for_step(page: Page, step: int) -> int:
    """Wait until a run has taken more steps, and say how many."""
    page.wait_for_function(f"Number(document.querySelector('.train-run')?.dataset.step) > {step}", timeout=LONG)
    return int(str(runs(page).first.get_attribute("data-step")))


def wait_for_points(page: Page, count: int) -> None:
    script = f"Number(document.querySelector('.train-figure')?.dataset.points) >= {count}"
    page.wait_for_function(script, timeout=LONG)


def chart(page: Page) -> Locator:
    return page.locator(".train-figure .chart-canvas")


def line_names(page: Page) -> list[str]:
    """The lines that stand in the figure, drawn with all that has come."""
    expect(chart(page)).to_have_attribute("data-drawn", "yes", timeout=LONG)
    names: list[str] = chart(page).evaluate("(plot) => plot.data.map((trace) => trace.name).filter(Boolean)")
    return names

"""A story of points: heads trained side by side to find them, PCK in place of accuracy, and where they were found."""

import re

import pytest
from playwright.sync_api import expect

from tests.ui.stories.conftest import Open
from tests.ui.stories.test_reach import SIDEWAYS, serious
from tests.ui.stories.training import LONG, chart, line_names, press, runs, train_link, wait_for_finished

pytestmark = pytest.mark.usefixtures("nobody_trains_on")
EXAMPLE = "Heads that find points"
QUICK = "steps=20;size=8;evaluate=10;test=100"


def test_heads_are_compared_by_the_points_that_they_find(visit: Open) -> None:
    page = visit("?view=structure")
    address = str(page.get_by_role("link", name=EXAMPLE).get_attribute("href"))
    page = visit(f"{address}&train_recipe=short&train_seeds=1&train_set={QUICK.replace(';', '%3B')}")
    expect(page.locator(".lane")).to_have_count(3)
    press(page, "Train 3 lanes")
    wait_for_finished(page, 3)
    page.get_by_role("radio", name="Test PCK@0.1").check()
    expect(chart(page)).to_have_attribute("aria-label", re.compile("Test PCK@0.1"))
    assert len(line_names(page)) == 3
    expect(page.locator("figcaption.chart-caption")).to_contain_text("points found within 0.1 of the image's side")
    expect(page.locator(".train-seen").first).to_contain_text(
        "PCK@0.1 on held-out images after 20 steps, highest first: "
    )
    expect(runs(page).first).to_contain_text("test PCK@0.1 ")
    expect(page.locator(".train-view")).not_to_contain_text("ccuracy")
    short = str(runs(page).first.get_attribute("data-short"))
    refused = visit(train_link("cifar-basic-8:original", QUICK, train_data="points"))
    expect(refused.get_by_role("alert")).to_contain_text(
        "points has points to be found, and this network gives classes"
    )
    other = visit("?view=runs", width=360, color_scheme="dark")
    other.locator(".run-table .virtual-row").filter(has_text=short).get_by_role("gridcell").first.click()
    other.get_by_role("button", name="Predictions on test images").click()
    expect(other.get_by_alt_text(re.compile("disc, plus, ring; found: ")).first).to_be_visible(timeout=LONG)
    expect(other.get_by_text(re.compile(r"of 300 points are found after step 20 \(PCK@0\.1\)"))).to_be_visible()
    assert serious(other) == []
    assert other.evaluate(SIDEWAYS) <= 0

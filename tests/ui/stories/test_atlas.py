"""Stories of the view Atlas: orderings are probed, pointed at, filtered and opened as lanes; the map fits a phone."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.ui.stories.conftest import Open
from tests.ui.stories.page_parts import box, lane, pick
from tests.ui.stories.test_reach import SIDEWAYS
from tests.ui.stories.training import LONG

pytestmark = pytest.mark.usefixtures("nobody_trains_on")
SMALL = "?view=atlas&atlas_depth=8&atlas_words=202&atlas_y=growth"


def dots(page: Page) -> Locator:
    return page.locator('.chart[data-name="atlas"] .points path.point')


def point_at(page: Page, dot: Locator) -> None:
    """Move the mouse to a dot: what is pressed is Plotly's ground, which knows the nearest one."""
    dot.scroll_into_view_if_needed()
    place = box(dot)
    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)


def entry(page: Page, name: str) -> Locator:
    """The value of a fact of the ordering that is looked at."""
    return (
        page.locator(".block.atlas-entry tr")
        .filter(has=page.get_by_role("rowheader", name=name, exact=True))
        .locator("td")
    )


def test_all_orderings_are_probed_pointed_at_and_one_is_opened_as_a_lane(visit: Open) -> None:
    page = visit(f"{SMALL}&lanes=cifar-basic-8:original")
    page.get_by_role("button", name="Probe all at their start").click()
    expect(page.locator(".block.atlas-standing")).to_contain_text("finished", timeout=LONG)
    expect(dots(page).nth(9)).to_be_visible(timeout=LONG)
    count = dots(page).count()
    point_at(page, dots(page).nth(3))
    expect(entry(page, "Ordering")).to_have_text(re.compile("conv"))
    sentence = entry(page, "Ordering").inner_text()
    expect(page.locator(".atlas-view .drawing svg")).to_have_count(1)
    page.mouse.down()
    page.mouse.up()
    expect(lane(page, "B")).to_contain_text(sentence)
    expect(page.get_by_text(f"Lane B is {sentence} now")).to_be_visible()
    pick(page, "Only with", "+ last: nothing on the trunk")
    expect(dots(page).nth(count - 1)).to_have_count(0)
    page.wait_for_url("**atlas_has=plus-last**")
    assert 0 < dots(page).count() < count


def test_what_is_recorded_opens_at_once_and_its_leader_is_looked_at_from_the_table(visit: Open) -> None:
    page = visit("?view=atlas")
    expect(page.locator(".block.atlas-standing")).to_contain_text("Recorded")
    expect(dots(page).nth(100)).to_be_visible(timeout=LONG)
    first = page.locator(".atlas-leaders .virtual-row").first
    first.get_by_role("gridcell").nth(1).click()
    expect(entry(page, "Ordering")).to_have_text(first.get_by_role("gridcell").nth(1).inner_text())
    expect(page.get_by_role("button", name="Open as a lane")).to_be_enabled()
    expect(page.locator('.chart[data-name="atlas-effects"] .points path.point').nth(5)).to_be_visible()


def test_the_map_fits_a_phone_and_speaks_chinese(visit: Open) -> None:
    page = visit("?view=atlas", width=360, height=780, has_touch=True, is_mobile=True, locale="zh-CN")
    expect(page.get_by_role("button", name="举行锦标赛")).to_be_visible()
    expect(page.locator(".block.atlas-standing")).to_contain_text("记录于")
    assert page.evaluate(SIDEWAYS) <= 0

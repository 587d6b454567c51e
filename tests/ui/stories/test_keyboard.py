"""Stories without a mouse: every view is gone through with Tab, and its main job done by keys alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.ui.stories.conftest import Open
from tests.ui.stories.keys import go, left_out, place, press, walk
from tests.ui.stories.page_parts import sentence
from tests.ui.stories.test_claims import card, marked
from tests.ui.stories.test_dissect import figure, says, shown
from tests.ui.stories.test_runs_view import fact, launch, row
from tests.ui.stories.training import ENDLESS, LONG, runs, train_link, wait_for_step

pytestmark = pytest.mark.usefixtures("nobody_trains_on")
ONE = "lanes=cifar-basic-8:original"
# what each view shows last when it opens
READY = {
    "structure": ".layer-table .group button",
    "gradient": '.chart-canvas[data-drawn="yes"]',
    "train": ".train-view .primary:enabled",
    "dissect": ".dissect-press .primary:enabled",
    "claims": ".card",
    "runs": ".run-table .virtual-row",
}


def ready(page: Page, view: str) -> None:
    expect(page.locator(READY[view]).first).to_be_visible(timeout=LONG)


@pytest.mark.parametrize("view", READY)
def test_tab_comes_to_everything_in_the_order_of_the_look_and_out_again(visit: Open, view: str) -> None:
    page = visit(f"?view={view}&{ONE}")
    ready(page, view)
    places = walk(page)
    regions = [each.region for each in places]
    assert regions == sorted(regions)
    assert [each.name for each in places if not each.seen] == []
    assert left_out(page) == []


def test_a_long_table_keeps_the_focus_while_it_scrolls(visit: Open) -> None:
    page = visit("?view=structure&lanes=cifar-basic-110:original")
    ready(page, "structure")
    press(page, "▾ stage 1")
    press(page, "▾ stage 2")
    names = []
    for _ in range(19):
        page.keyboard.press("Tab")
        here = place(page)
        names.append(here.name if here else "")
    assert names == ["▾ stage 3, 18 units", *(f"▸ unit {unit}" for unit in range(1, 19))]
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="unit 18", expanded=True)).to_be_focused()


def test_a_sentence_is_changed_by_keys(visit: Open) -> None:
    page = visit(f"?view=structure&{ONE}")
    ready(page, "structure")
    press(page, "Lane A")
    go(page, "The unit as a sentence")
    page.keyboard.press("End")
    page.keyboard.type(" relu")
    expect(page.locator(".lane .lane-reading").last).to_contain_text("trunk: relu")
    expect(sentence(page)).to_have_value(re.compile(r"\+ relu"))
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_have_count(0)
    expect(page.locator(".lane-title")).to_be_focused()
    # also from the button that opened it
    page.keyboard.press("Enter")
    expect(page.locator(".panel")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_have_count(0)


def test_gradients_are_probed_by_keys(visit: Open) -> None:
    page = visit(f"?view=gradient&{ONE}")
    ready(page, "gradient")
    go(page, r"\|dL/dx\|")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Var x")).to_be_focused()
    expect(page.locator(".chart-canvas").first).to_have_attribute("aria-label", re.compile("^Var x"), timeout=LONG)
    go(page, "Var x: ")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".chart-reading").first).not_to_be_empty()
    press(page, "Data table")
    expect(page.get_by_role("button", name="Data table").first).to_have_attribute("aria-expanded", "true")


def test_a_run_is_launched_stopped_and_resumed_by_keys(visit: Open) -> None:
    page = visit(train_link("cifar-basic-8:original", ENDLESS))
    ready(page, "train")
    press(page, "Train 1 lane")
    wait_for_step(page, 10)
    press(page, "Stop: A")
    expect(runs(page, "stopped")).to_have_count(1, timeout=LONG)
    # the button that took its place has the focus that it had
    go(page, "Resume: A", "Shift+Tab" if not place(page) else "Tab")
    page.keyboard.press("Enter")
    expect(runs(page, "running")).to_have_count(1, timeout=LONG)
    press(page, "Stop: A")
    expect(runs(page, "stopped")).to_have_count(1, timeout=LONG)


def test_a_question_is_asked_by_keys(visit: Open) -> None:
    page = visit(f"?view=dissect&{ONE}")
    ready(page, "dissect")
    says(page, "Measured in")
    go(page, "Gradient by branches")
    for _ in range(9):
        page.keyboard.press("ArrowRight")
        if page.get_by_role("radio", name="Receptive field").is_checked():
            break
    expect(figure(page, "receptive")).to_contain_text("Press Measure")
    press(page, "Measure$")
    says(page, "Measured in")
    shown(page, "receptive")


def test_a_claim_is_opened_judged_and_left_by_keys(visit: Open) -> None:
    page = visit(f"?view=claims&{ONE}")
    ready(page, "claims")
    press(page, "A waterfall of dilated convolutions needs")
    expect(page.get_by_role("button", name="All claims", exact=True)).to_be_focused()
    press(page, "Judge")
    marked(page.locator(".claim-detail"), "supported")
    page.keyboard.press("Escape")
    expect(card(page, "waterfall").locator(".open")).to_be_focused()
    page.wait_for_url(lambda address: "claim=waterfall" not in address)


def test_a_run_is_searched_opened_and_removed_by_keys(address: str, visit: Open) -> None:
    (run,) = launch(address, ["cifar-basic-8:original"])
    page = visit(f"?view=runs&{ONE}")
    expect(row(page, run)).to_contain_text("finished", timeout=LONG)
    go(page, "Search runs")
    page.keyboard.type(run)
    expect(page.get_by_text("1 to 1 of 1 runs")).to_be_visible()
    for key in ("Tab", "Tab", "Tab", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(fact(page, "Run")).to_have_text(run)
    page.once("dialog", lambda dialog: dialog.accept())
    press(page, "Remove")
    expect(row(page, run)).to_have_count(0)


def test_the_menu_of_tabs_on_a_phone_closes_with_escape(visit: Open) -> None:
    page = visit(f"?view=structure&{ONE}", width=360, height=780)
    ready(page, "structure")
    menu = page.locator(".view-names .overflow-menu")
    press(page, "More tabs")
    expect(menu.get_by_role("button", name="Runs")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(menu.get_by_role("button", name="Runs")).to_be_hidden()
    expect(menu.get_by_role("button").first).to_be_focused()

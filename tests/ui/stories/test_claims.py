"""Stories of the view Claims: one is judged, opened, found by its link; another is stopped; all can be read."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from resnet_explorer.studies.catalog import STUDIES
from tests.ui.stories.conftest import Open
from tests.ui.stories.page_parts import pick
from tests.ui.stories.test_reach import SIDEWAYS, settled
from tests.ui.stories.training import LONG

pytestmark = pytest.mark.usefixtures("nobody_trains_on")
ONE = "lanes=cifar-basic-8:original"


def card(page: Page, claim: str) -> Locator:
    return page.locator(f'.card[data-claim="{claim}"]')


def act(page: Page, claim: str, name: str) -> Locator:
    return card(page, claim).get_by_role("button", name=re.compile(f"^{name}: "))


def marked(place: Locator, word: str) -> None:
    """Wait until a verdict is there as a shape and a word."""
    mark = place.locator(f'.mark[data-word="{word}"]').first
    expect(mark).to_contain_text(word, timeout=LONG)
    expect(mark.locator("svg > *").first).to_be_attached()


@pytest.fixture
def judged(visit: Open) -> Page:
    """The gallery, with a claim that is counted in a moment judged."""
    page = visit(f"?view=claims&{ONE}")
    expect(page.locator(".card")).to_have_count(len(STUDIES), timeout=LONG)
    act(page, "waterfall", "Judge").click()
    marked(card(page, "waterfall"), "supported")
    return page


def test_a_claim_is_judged_opened_and_found_by_its_link(judged: Page) -> None:
    page, detail = judged, judged.locator(".claim-detail")
    expect(card(page, "waterfall").locator(".about")).to_contain_text("Measured here")
    expect(card(page, "waterfall").get_by_role("img")).to_have_attribute("aria-label", re.compile("judged by"))
    card(page, "waterfall").locator(".open").press("Enter")
    page.wait_for_url("**claim=waterfall**")
    expect(page.get_by_role("button", name="All claims", exact=True)).to_be_focused()
    for again in (False, True):
        if again:
            page.reload()
        expect(detail.locator(".claim-title h2").first).to_contain_text("waterfall", timeout=LONG)
        chart = detail.locator('.chart[data-name="claim-waterfall"][data-state="done"] .chart-canvas')
        expect(chart).to_have_attribute("data-drawn", "yes", timeout=LONG)
        marked(detail, "supported")
        expect(detail.locator(".claim-parts dl")).to_contain_text("Rule's hash")
        expect(detail.locator(".claim-seeds tbody tr")).not_to_have_count(0)
        expect(detail.locator(".claim-units .drawing svg").first).to_be_visible()
        expect(detail.get_by_role("link", name="Open in Structure")).to_have_attribute(
            "href", re.compile("view=structure")
        )
    page.get_by_role("button", name="All claims", exact=True).click()
    pick(page, "Paper", "Luo 2021")
    expect(page.locator(".card")).to_have_count(sum(study.paper == "Luo 2021" for study in STUDIES))
    page.wait_for_url("**claim_paper=Luo+2021**")
    pick(page, "Paper", "all papers")
    pick(page, "Verdict", "supported")
    expect(card(page, "waterfall")).to_be_visible()
    expect(page.locator('.card .mark:not([data-word="supported"])')).to_have_count(0)


def test_a_long_study_is_stopped_and_goes_on(visit: Open) -> None:
    page = visit(f"?view=claims&{ONE}")
    act(page, "remedies", "Judge").click(timeout=LONG)
    expect(card(page, "remedies").locator(".about")).to_contain_text(re.compile("is judged|waits"), timeout=LONG)
    act(page, "remedies", "Stop").click(timeout=LONG)
    expect(card(page, "remedies").locator(".about")).to_contain_text("It was stopped", timeout=LONG)
    card(page, "remedies").locator(".open").click()
    detail = page.locator(".claim-detail")
    expect(detail.locator(".claim-parts .part")).to_have_count(4, timeout=LONG)
    expect(detail.locator(".block.claim-says")).to_contain_text("It was stopped", timeout=LONG)
    # another part of it
    detail.locator(".statement").nth(1).click()
    expect(detail.locator(".statement").nth(1)).to_have_attribute("aria-pressed", "true")
    detail.get_by_role("button", name="Resume", exact=True).click()
    expect(detail.locator(".block.claim-says")).to_contain_text(re.compile("is judged|waits"), timeout=LONG)
    detail.get_by_role("button", name="Stop", exact=True).click()
    expect(detail.locator(".block.claim-says")).to_contain_text("It was stopped", timeout=LONG)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 360)])
def test_everybody_can_read_claims(visit: Open, scheme: str, width: int) -> None:
    page = visit(f"?view=claims&{ONE}", width=width, color_scheme=scheme, reduced_motion="reduce")
    expect(page.locator(".card")).to_have_count(len(STUDIES), timeout=LONG)
    assert page.evaluate(SIDEWAYS) <= 0
    assert settled(page) == []
    card(page, "cure").locator(".open").click()
    expect(page.locator(".claim-parts .part")).to_have_count(3, timeout=LONG)
    expect(page.locator(".claim-units .drawing svg").first).to_be_visible()
    assert page.evaluate(SIDEWAYS) <= 0
    assert settled(page) == []


def test_claims_are_told_in_chinese(visit: Open) -> None:
    page = visit(f"?view=claims&{ONE}", locale="zh-CN")
    expect(card(page, "dropout").locator(".mark")).to_have_text("尚未判定", timeout=LONG)
    expect(page.get_by_role("button", name="全部判定，省时的在前")).to_be_visible()
    page.get_by_role("button", name=re.compile("^判定: ")).first.wait_for()

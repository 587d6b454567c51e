"""Stories of the link and the session."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.ui.stories.conftest import Open
from tests.ui.stories.page_parts import SIX, announced, lane, open_lane, sentence


def lanes_of(page: Page) -> str:
    return parse_qs(urlsplit(page.url).query)["lanes"][0]


def test_the_link_says_what_is_there(page: Page) -> None:
    page.wait_for_url("**/?lanes=*")
    assert lanes_of(page).startswith("cifar-basic-56:original,cifar-basic-56:bn-after-addition,")
    assert "view=structure" in page.url
    assert page.url.endswith("v=1")


def test_a_copied_link_shows_the_same_in_another_browser(page: Page, visit: Open) -> None:
    open_lane(page, "B")
    sentence(page).fill("bn relu conv(groups=4, dilation=2) blend(bias=-3)")
    page.get_by_label("Name of lane B").fill("mine, 50 % (new)")
    page.get_by_label("Name of lane B").press("Alt+ArrowRight")
    page.get_by_role("button", name="Move right").click()
    expect(lane(page, "B")).to_contain_text("blend(-3)")
    page.get_by_role("button", name="Copy link").click()
    expect(announced(page)).to_have_text("The link is copied.")
    link = str(page.evaluate("navigator.clipboard.readText()"))
    other = visit(f"?{urlsplit(link).query}")
    expect(other.locator(".lane .swatch b")).to_have_text(list("ACBDEF"))
    expect(lane(other, "B").locator(".lane-title")).to_have_text("mine, 50 % (new)")
    expect(lane(other, "B").locator(".lane-sentence")).to_have_text(
        lane(page, "B").locator(".lane-sentence").inner_text()
    )


def test_a_reload_and_a_bare_address_bring_the_session_back(page: Page, address: str) -> None:
    open_lane(page, "A").get_by_label("plain").check()
    page.wait_for_url("**/?lanes=cifar-basic-56:plain,*")
    page.reload()
    expect(lane(page, "A").locator(".lane-title")).to_have_text("plain")
    page.goto(f"{address}/")
    expect(lane(page, "A").locator(".lane-title")).to_have_text("plain")
    expect(page.locator(".lane")).to_have_count(6)


def test_a_link_that_says_anything_shows_the_same_to_everybody(page: Page, address: str) -> None:
    open_lane(page, "A").get_by_label("plain").check()
    page.wait_for_url("**/?lanes=cifar-basic-56:plain,*")
    page.goto(f"{address}/?view=structure")
    expect(page.locator(".lane-title")).to_have_text(SIX)


@pytest.mark.parametrize(
    ("lane_text", "sentence_said"),
    [
        ("cifar-basic-57", "cifar-basic-57 does not exist: its depth must be 6n+2; the nearest: 56 and 62"),
        ("nonsense", "unknown network 'nonsense'"),
        ("cifar-basic-56:conv+bnn", "unknown word 'bnn' at column 6; did you mean 'bn'?"),
        ("cifar-basic-56;colour=red", "unknown field 'colour'"),
        ("cifar-basic-56;classes", "classes is a whole number, not ''"),
        ("<script>alert(1)</script>", "unknown network"),
    ],
)
def test_a_bad_lane_in_a_link_says_so_and_the_rest_works(visit: Open, lane_text: str, sentence_said: str) -> None:
    page = visit(f"?lanes={lane_text},cifar-basic-56:plain")
    expect(lane(page, "A").locator(".lane-wrong")).to_contain_text(sentence_said)
    expect(lane(page, "B")).to_contain_text("853,018 parameters (with BN)")
    open_lane(page, "A")


@pytest.mark.parametrize(
    "query", ["?lanes=", "?lanes=,,,", "?lanes=~~~&slots=ZZZ&view=x&hide=y&v=9", "?lanes=%", "?=&&"]
)
def test_a_broken_link_opens_a_page(visit: Open, query: str) -> None:
    page = visit(query)
    expect(page.locator(".lane").first).to_be_visible()


def test_a_link_of_eight_lanes_shows_six_and_says_so(visit: Open) -> None:
    page = visit("?lanes=" + ",".join(["cifar-basic-20"] * 8))
    expect(announced(page)).to_have_text("The link holds 8 lanes; the first 6 are shown.")
    expect(page.locator(".lane")).to_have_count(6)


def test_a_teacher_can_hide_parts(visit: Open) -> None:
    page = visit("?lanes=cifar-basic-20:plain&hide=header,controls,editor")
    expect(page.get_by_role("heading", name="ResNet Explorer")).to_be_hidden()
    expect(page.get_by_label("Depth, all lanes")).to_be_hidden()
    lane(page, "A").get_by_role("button").click()
    expect(sentence(page)).to_be_hidden()
    page.wait_for_url("**hide=header,controls,editor**")

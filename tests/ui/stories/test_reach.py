"""Stories of reach: a phone, a keyboard, a screen reader, dark colours, another language."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.ui.stories.conftest import Open
from tests.ui.stories.page_parts import box, lane, open_lane, sentence

VIEWS = ("structure", "gradient", "train", "dissect", "claims", "atlas", "runs")
SIDEWAYS = "document.documentElement.scrollWidth - window.innerWidth"


def serious(page: Page) -> list[str]:
    """What axe finds to be serious or worse."""
    violations = Axe().run(page).response["violations"]
    bad = [rule for rule in violations if rule["impact"] in ("serious", "critical")]
    return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in bad for node in rule["nodes"]]


def settled(page: Page) -> list[str]:
    """What axe finds once nothing is pale any more because something newer is computed."""
    for _ in range(20):
        if not (violations := serious(page)):
            return []
        page.wait_for_timeout(500)
    return violations


@pytest.mark.parametrize("view", VIEWS)
def test_a_phone_never_scrolls_sideways(visit: Open, view: str) -> None:
    page = visit(f"?view={view}", width=360, height=780, has_touch=True, is_mobile=True)
    assert page.evaluate(SIDEWAYS) <= 0
    open_lane(page, "A").get_by_text("More", exact=True).click()
    assert page.evaluate(SIDEWAYS) <= 0


def test_six_units_are_in_sight_on_a_small_laptop(visit: Open) -> None:
    page = visit(width=1024, height=768)
    units = page.locator(".drawing svg")
    expect(units).to_have_count(6)
    places = [box(units.nth(place)) for place in range(6)]
    assert all(place["x"] >= 0 and place["x"] + place["width"] <= 1024 for place in places)
    assert all(place["y"] < 768 for place in places)
    assert page.evaluate(SIDEWAYS) <= 0
    assert page.evaluate(
        "[...document.querySelectorAll('.drawing')].every((one) => one.scrollWidth <= one.clientWidth)"
    )


@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_serious_in_either_scheme(visit: Open, view: str) -> None:
    page = visit(f"?view={view}", color_scheme="light", reduced_motion="reduce")
    open_lane(page, "A").get_by_text("More", exact=True).click()
    assert settled(page) == []
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    expect(page.locator("body")).to_have_css("background-color", "rgb(20, 21, 22)")
    assert settled(page) == []
    # and on a phone
    page.set_viewport_size({"width": 360, "height": 780})
    assert settled(page) == []
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    expect(page.locator("body")).to_have_css("background-color", "rgb(251, 251, 249)")
    assert settled(page) == []


def test_axe_finds_nothing_serious_where_something_is_wrong(visit: Open) -> None:
    page = visit("?lanes=cifar-basic-57,cifar-basic-56:conv+bnn", reduced_motion="reduce")
    open_lane(page, "B")
    sentence(page).fill("convv +")
    expect(page.get_by_role("button", name="use conv")).to_be_visible()
    assert serious(page) == []


def test_everything_is_done_by_keyboard_alone(page: Page) -> None:
    page.get_by_role("button", name="Copy link").focus()
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "lane-title":
            break
    page.keyboard.press("Enter")
    expect(page.locator(".panel")).to_be_visible()
    sentence(page).focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("End")
    page.keyboard.press("Alt+ArrowLeft")
    expect(sentence(page)).to_have_value("conv bn relu conv bn relu +")
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_have_count(0)


def test_tabs_turn_with_arrows(page: Page) -> None:
    page.get_by_role("tab", name="Structure").press("ArrowRight")
    expect(page.get_by_role("tab", name="Gradient flow")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tab", name="Gradient flow")).to_be_focused()
    page.wait_for_url("**view=gradient**")


def test_the_keys_are_told(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Ctrl+Z")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_have_count(0)


def test_dark_follows_the_system_and_the_button_overrules_it(visit: Open) -> None:
    page = visit(color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 21, 22)"
    page.get_by_role("button", name="Colours: as the system").click()
    expect(page.get_by_role("button", name="Colours: light")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(251, 251, 249)"


def test_the_page_speaks_chinese_and_remembers_it(page: Page) -> None:
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("tab", name="梯度流")).to_be_visible()
    expect(lane(page, "A")).to_contain_text("853,018 个参数(含 BN)")
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    page.wait_for_function("JSON.parse(localStorage.getItem('resnet-explorer') ?? '{}').language === 'zh'")
    page.reload()
    expect(page.get_by_role("tab", name="梯度流")).to_be_visible()
    expect(page.locator(".drawing").first).to_contain_text("在主干上")
    page.get_by_role("radio", name="最后", exact=True).check()
    expect(page.locator(".unit-diagram .head").first).to_contain_text("阶段 3")
    expect(page.get_by_role("radio", name="最后", exact=True)).to_be_checked()
    page.get_by_role("tab", name="训练").click()
    expect(page.locator(".primary")).to_have_text(re.compile("训练 6 条泳道"))
    expect(page.locator(".train-recorded")).to_contain_text("20 层 · 6 条泳道,3 个种子,300 步")
    # a control keeps its values, whichever language their names are in
    expect(page.get_by_role("radio", name="步", exact=True)).to_be_checked()
    page.get_by_role("tab", name="梯度流").click()
    expect(page.locator(".gradient-view .prose.findings")).to_contain_text("梯度朝输入增长")
    expect(page.locator(".gradient-view .chart-caption").first).to_contain_text("损失:随机标签上的交叉熵")
    page.get_by_role("radio", name="深度的比例").check()
    page.wait_for_url("**across=fraction**")


def test_a_finger_drags_a_chip(visit: Open) -> None:
    page = visit(width=360, height=780, has_touch=True, is_mobile=True)
    open_lane(page, "A")
    sentence(page).fill("bn relu conv +")
    moves = (
        "([from, to]) => { for (const [type, point] of [['pointerdown', from], ['pointermove', to], ['pointerup', to]])"
    )
    fire = "document.elementFromPoint(...from).dispatchEvent(new PointerEvent(type, {bubbles: true, pointerId: 7,"
    where = "pointerType: 'touch', clientX: point[0], clientY: point[1]})) }"
    page.locator(".chips").scroll_into_view_if_needed()
    boxes = [page.locator(".chips .chip").nth(place).bounding_box() for place in (1, 0)]
    points = [[box["x"] + share * box["width"], box["y"] + 10] for box, share in zip(boxes, (0.5, 0.1)) if box]
    page.evaluate(f"{moves} {fire} {where}", points)
    expect(sentence(page)).to_have_value("relu bn conv +")

"""Stories of the structure view: what a newcomer reads, opens, searches and takes home."""

import json
import re

from playwright.sync_api import Locator, Page, expect

from tests.ui.stories.conftest import Open
from tests.ui.stories.page_parts import announced, box, open_lane, pick, sentence

DEEP = "?lanes=cifar-basic-1202:original,cifar-basic-1202:full-preactivation"


def unit(page: Page, letter: str) -> Locator:
    return page.locator(f'.unit[data-slot="{"ABCDEF".index(letter)}"]')


def drawing_with(page: Page, letter: str, text: str) -> Locator:
    """Text in the drawing of a lane, beside its description for those who do not see it."""
    return unit(page, letter).locator("svg text").get_by_text(text, exact=True)


def open_tab(page: Page, tab: str) -> Locator:
    """Open a tab of the lane in detail, and give what it shows."""
    page.get_by_role("tab", name=tab, exact=True).click()
    return page.locator(".detail-tabs").get_by_role("tabpanel").filter(visible=True)


def download_text(page: Page, what: Locator) -> str:
    """Press what offers a file, and read the file."""
    with page.expect_download() as download:
        what.click()
    return download.value.path().read_text()


def test_a_newcomer_reads_and_sees_who_keeps_the_identity_path(page: Page) -> None:
    seen = page.locator(".aside .seen").first
    expect(seen).to_contain_text("C, D and E keep the identity path exact inside their stages.")
    expect(seen).to_contain_text("relu in A; bn relu in B; F has no shortcut")
    expect(seen).to_contain_text("All have 853,018 parameters (with BN).")
    expect(drawing_with(page, "A", "on the trunk")).to_have_count(1)
    expect(drawing_with(page, "B", "on the trunk")).to_have_count(2)
    expect(drawing_with(page, "E", "on the trunk")).to_have_count(0)
    expect(drawing_with(page, "F", "no shortcut")).to_be_visible()
    expect(page.locator(".drawing svg")).to_have_count(6)
    assert len({round(box(drawing)["height"]) for drawing in page.locator(".drawing svg").all()}) == 1


def test_the_rules_of_preactivation_show_in_their_units(page: Page) -> None:
    for name, word in (("first", "bare"), ("transition", "shared"), ("last", "close")):
        page.get_by_role("radio", name=name, exact=True).check()
        expect(drawing_with(page, "E", word)).to_be_visible()
        expect(page.locator(".unit-diagram .caption")).to_contain_text(re.compile(f"{word}: .*bn relu"))
        expect(drawing_with(page, "A", word)).to_have_count(0)
    expect(page).to_have_url(re.compile("unit=last"))


def test_a_changed_sentence_moves_drawing_code_and_equation(page: Page) -> None:
    open_lane(page, "A")
    sentence(page).fill("bn relu conv +")
    expect(drawing_with(page, "A", "on the trunk")).to_have_count(0)
    expect(page.locator(".sentences.seen").first).to_contain_text("A, C, D and E keep")
    expect(open_tab(page, "Code")).to_contain_text('"""bn relu conv +"""')
    expect(open_tab(page, "Equation")).to_contain_text("Nothing stands on the trunk")
    expect(open_tab(page, "Layers")).to_contain_text("of 116 layers")


def test_a_wrong_sentence_dims_the_last_drawing_and_one_press_mends_it(page: Page) -> None:
    panel = open_lane(page, "A")
    expect(unit(page, "A")).to_have_css("opacity", "1")
    sentence(page).fill("bn relu convv +")
    expect(unit(page, "A")).to_have_css("opacity", "0.4")
    expect(unit(page, "B")).to_have_css("opacity", "1")
    expect(drawing_with(page, "A", "on the trunk")).to_have_count(1)
    panel.get_by_role("button", name="use conv").click()
    expect(unit(page, "A")).to_have_css("opacity", "1")
    expect(drawing_with(page, "A", "on the trunk")).to_have_count(0)


def test_an_op_is_explained_and_a_drawing_leads_to_its_lane(page: Page) -> None:
    unit(page, "E").get_by_role("button", name="bn, branch").first.click()
    expect(page.locator(".prose.op-text")).to_contain_text("Batch normalisation")
    expect(page.get_by_role("heading", name="The whole network of lane E")).to_be_visible()
    expect(page).to_have_url(re.compile("lane=4"))


def test_the_strip_opens_to_units_and_layers_and_draws_one(page: Page) -> None:
    strip = page.locator(".network-strip")
    strip.get_by_role("button", name="stage 2 ×9").click()
    strip.get_by_role("button", name="unit 1 ").click()
    expect(strip.get_by_role("cell", name="pad", exact=True)).to_be_visible()
    strip.get_by_role("button", name="Draw this unit").first.click()
    expect(unit(page, "A")).to_contain_text("stage 2, unit 1")
    expect(unit(page, "A")).to_contain_text("16×32² → 32×16²")


def test_the_whole_network_is_coloured_by_what_units_cost_and_kept(page: Page) -> None:
    picture = page.locator(".network-picture")
    expect(picture.locator(".unit")).to_have_count(27)
    page.get_by_role("radio", name="MACs", exact=True).check()
    expect(picture.locator(".unit title").first).to_contain_text("MACs of a unit, one image: 4.72 M")
    page.get_by_role("checkbox", name="All lanes").check()
    expect(picture.locator(".unit")).to_have_count(6 * 27)
    expect(page).to_have_url(re.compile("colour=macs"))
    picture.locator("[data-network='4'][data-stage='2'][data-unit='1']").click()
    expect(unit(page, "E")).to_contain_text("stage 2, unit 1")
    expect(page.get_by_role("radio", name="E", exact=True)).to_be_checked()
    keep = page.locator(".part-head", has=page.locator(".caption")).filter(has_text="A block is a unit").last
    assert "MACs of a unit" in download_text(page, keep.get_by_role("button", name="SVG"))
    assert r"\begin{tikzpicture}" in download_text(page, keep.get_by_role("button", name="TikZ"))


def test_a_measured_gradient_explodes_only_without_shortcuts(visit: Open) -> None:
    page = visit("?lanes=cifar-basic-56:full-preactivation,cifar-basic-56:plain&whole=on&colour=measured")
    first = page.locator(".network-picture .unit title")
    expect(first.first).to_contain_text("|dL/dx|: ", timeout=60_000)
    shortcut, plain = (float(str(first.nth(place).text_content()).rsplit(" ", 1)[1]) for place in (0, 27))
    assert plain > 20 * shortcut


def test_thousands_of_layers_scroll_are_searched_and_sorted_at_once(visit: Open) -> None:
    page = visit(DEEP)
    panel = open_tab(page, "Layers")
    table = page.get_by_role("table", name="Layers of")
    panel.get_by_role("button", name="Unfold units").click()
    expect(table).to_have_attribute("aria-rowcount", "4814")
    table.evaluate("table => { table.scrollTop = table.scrollHeight }")
    expect(table.get_by_role("row").last).to_have_attribute("aria-rowindex", "4814")
    assert table.get_by_role("row").count() < 80
    panel.get_by_role("searchbox", name="Search layers").fill("pad 32×16²")
    expect(panel).to_contain_text("1 of 4,208 layers")
    panel.get_by_role("searchbox", name="Search layers").fill("")
    head = panel.get_by_role("columnheader", name="parameters")
    for _ in range(2):
        head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    table.evaluate("table => { table.scrollTop = 0 }")
    expect(panel.get_by_role("row").nth(1)).to_contain_text("36,864")


def test_batch_and_precision_change_the_memory_and_stay_in_the_link(page: Page) -> None:
    totals = page.locator(".aside")
    expect(totals).to_contain_text("574 MB")
    pick(page, "Batch", "64")
    pick(page, "Precision", "bf16")
    expect(totals).to_contain_text("at batch 64 in bf16")
    expect(totals).not_to_contain_text("574 MB")
    expect(page).to_have_url(re.compile("training=64"))


def test_two_lanes_are_compared_line_by_line(page: Page) -> None:
    panel = open_tab(page, "Difference")
    expect(panel).to_contain_text("From A to B: 27 layers go, 27 come; the same number of parameters.")
    panel.get_by_label("From A to").click()
    page.locator(".detail-tabs").get_by_role("option", name="E full").click()
    expect(panel).to_contain_text("in each of 24 units")
    panel.get_by_role("button", name="Difference, line by line").click()
    expect(panel.get_by_role("table", name="Difference of A and E")).to_be_visible()
    expect(page).to_have_url(re.compile("against=4"))


def test_torchinfo_is_asked_only_on_a_press_and_agrees(page: Page) -> None:
    panel = open_tab(page, "Layers")
    expect(panel).to_contain_text("197 of 197 layers")
    expect(panel).not_to_contain_text("in the built module")
    panel.get_by_role("button", name="Ask torchinfo").click()
    expect(panel).to_contain_text("853,018 parameters in the built module, the same as the plan", timeout=60_000)
    expect(panel).to_contain_text("125,485,696 are left, the same as the plan")


def test_code_a_notebook_pictures_and_tables_are_taken_home(page: Page) -> None:
    panel = open_tab(page, "Code")
    expect(panel).to_contain_text("class Unit(nn.Module):")
    compile(download_text(page, panel.get_by_role("link", name="Download network.py")), "network.py", "exec")
    assert json.loads(download_text(page, panel.get_by_role("link", name="Open as notebook")))["nbformat"] == 4
    units = page.locator(".unit-diagram")
    assert download_text(page, units.get_by_role("button", name="SVG")).count("<desc>") == 6
    assert download_text(page, units.get_by_role("button", name="TikZ")).count(r"\begin{tikzpicture}")
    with page.expect_download() as download:
        units.get_by_role("button", name="PNG").click()
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
    layers = download_text(page, open_tab(page, "Layers").get_by_role("button", name="Download table"))
    assert len(layers.splitlines()) == 1 + 197


def test_the_equation_is_drawn_as_mathematics_and_copied_as_latex(page: Page) -> None:
    panel = open_tab(page, "Equation")
    expect(panel.locator("dl math")).to_have_count(3)
    expect(panel.locator(".verdict")).to_contain_text(re.compile("two additions, so .* does not hold"))
    expect(panel.locator(".verdict math")).to_be_visible()
    assert box(panel.locator("mfrac").first)["height"] > 24
    panel.get_by_role("button", name="Copy LaTeX of Forward").click()
    expect(announced(page)).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == r"x_{l+1} = \mathrm{ReLU}(x_l + F(x_l))"


def test_tabs_and_lanes_are_reached_by_keyboard(page: Page) -> None:
    page.get_by_role("tab", name="Layers").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Code", exact=True)).to_be_focused()
    expect(page.locator(".detail")).to_contain_text("class Unit(nn.Module):")
    page.get_by_role("radio", name="A", exact=True).focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="The whole network of lane B")).to_be_visible()


def test_a_phone_swipes_the_drawings_and_never_the_page(visit: Open) -> None:
    page = visit("", width=360, height=780, has_touch=True, is_mobile=True)
    expect(page.locator(".drawing svg")).to_have_count(6)
    for tab, text in {
        "Layers": "197 of 197 layers",
        "Code": "import torch.nn.functional",
        "Equation": "Forward",
        "Difference": "27 layers go",
    }.items():
        expect(open_tab(page, tab)).to_contain_text(text)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.locator(".units").evaluate("row => row.scrollWidth > row.clientWidth")

"""Stories of the row of lanes."""

from playwright.sync_api import Page, expect

from resnet_explorer.networks.examples import EXAMPLES
from resnet_explorer.networks.examples import link as query
from tests.ui.stories.conftest import Open
from tests.ui.stories.page_parts import SIX, announced, box, lane, open_lane


def test_a_cold_page_shows_the_five_orderings_and_plain(page: Page) -> None:
    expect(page.locator(".lane-title")).to_have_text(SIX)
    expect(page.locator(".lane .params")).to_have_text(["853,018 parameters (with BN)"] * 6)


def test_the_trunk_is_clean_in_three_of_them(page: Page) -> None:
    expect(page.locator(".lane", has_text="trunk: clean")).to_have_count(3)
    expect(lane(page, "A")).to_contain_text("trunk: relu")
    expect(lane(page, "B")).to_contain_text("trunk: bn relu")


def test_an_ordering_stands_with_its_paper_and_its_published_error(page: Page) -> None:
    panel = open_lane(page, "A")
    expect(panel.locator("tr", has_text="full pre-activation")).to_contain_text("2016")
    expect(panel.locator("tr", has_text="full pre-activation")).to_contain_text("6.37")


def test_choosing_an_ordering_changes_the_lane(page: Page) -> None:
    open_lane(page, "A").get_by_label("BN after addition").check()
    expect(lane(page, "A").locator(".lane-title")).to_have_text("BN after addition")
    expect(lane(page, "A")).to_contain_text("trunk: bn relu")


def test_one_depth_for_all_lanes(page: Page) -> None:
    slider = page.get_by_label("Depth, all lanes")
    slider.press("ArrowRight")
    expect(page.locator(".lane", has_text="cifar-basic-68")).to_have_count(6)
    slider.press("End")
    expect(page.locator(".lane", has_text="cifar-basic-1202")).to_have_count(6)
    expect(lane(page, "A")).to_contain_text("19,421,274 parameters (with BN)")


def test_a_lane_goes_to_the_nearest_depth_there_is(page: Page) -> None:
    depth = open_lane(page, "A").get_by_label("Depth, exactly")
    depth.fill("57")
    depth.press("Enter")
    expect(lane(page, "A")).to_contain_text("cifar-basic-56")
    depth.fill("99")
    depth.press("Enter")
    expect(lane(page, "A")).to_contain_text("cifar-basic-98")


def test_a_family_brings_its_own_unit_and_knobs(page: Page) -> None:
    panel = open_lane(page, "A")
    panel.get_by_label("Family").select_option(label="HO-ResNet")
    panel.get_by_role("button", name="rk3", exact=True).click()
    expect(lane(page, "A")).to_contain_text("horesnet-rk3-56")
    expect(lane(page, "A")).to_contain_text("bn relu conv bn relu conv rk3 relu")


def test_the_shortcut_of_a_lane_can_be_chosen(page: Page) -> None:
    panel = open_lane(page, "A")
    panel.get_by_text("More", exact=True).click()
    panel.get_by_role("button", name="B", exact=True).click()
    expect(lane(page, "A")).to_contain_text("shortcut B")
    expect(lane(page, "A")).to_contain_text("855,770 parameters (with BN)")
    panel.get_by_role("button", name="A", exact=True).click()
    expect(lane(page, "A")).to_contain_text("853,018 parameters (with BN)")


def test_a_wrong_field_says_so_where_it_stands(page: Page) -> None:
    panel = open_lane(page, "A")
    panel.get_by_text("More", exact=True).click()
    panel.get_by_label("Classes").fill("ten")
    panel.get_by_label("Classes").press("Enter")
    expect(panel.locator(".labelled", has_text="Classes")).to_contain_text("classes is a whole number, not 'ten'")
    expect(lane(page, "A")).to_contain_text("853,018 parameters (with BN)")


def test_lanes_are_removed_added_doubled_and_renamed(page: Page) -> None:
    open_lane(page, "F").get_by_role("button", name="Remove").click()
    expect(page.locator(".lane")).to_have_count(5)
    panel = page.locator(".panel")
    panel.get_by_role("button", name="Close").click()
    open_lane(page, "B").get_by_role("button", name="Duplicate").click()
    expect(page.locator(".lane-title")).to_have_text([SIX[0], SIX[1], SIX[1], *SIX[2:5]])
    page.get_by_label("Name of lane F").fill("my own")
    expect(lane(page, "F").locator(".lane-title")).to_have_text("my own")
    expect(page.get_by_role("button", name="Add a lane")).to_have_count(0)


def test_a_lane_moves_by_keyboard_and_keeps_its_letter(page: Page) -> None:
    lane(page, "A").get_by_role("button").press("Alt+ArrowRight")
    expect(page.locator(".lane .swatch b")).to_have_text(list("BACDEF"))
    expect(announced(page)).to_have_text("Lane A is now 2 of 6.")
    expect(lane(page, "A").get_by_role("button")).to_be_focused()


def test_a_lane_moves_by_its_handle(page: Page) -> None:
    grip, target = box(lane(page, "A").locator(".grip")), box(lane(page, "D"))
    page.mouse.move(grip["x"] + 5, grip["y"] + 5)
    page.mouse.down()
    page.mouse.move(target["x"] + 0.6 * target["width"], grip["y"] + 5, steps=8)
    page.mouse.up()
    expect(page.locator(".lane .swatch b")).to_have_text(list("BCDAEF"))


def test_undo_and_redo(page: Page) -> None:
    page.get_by_label("Depth, all lanes").press("ArrowRight")
    expect(lane(page, "A")).to_contain_text("cifar-basic-68")
    page.get_by_role("button", name="Undo").click()
    expect(lane(page, "A")).to_contain_text("cifar-basic-56")
    page.keyboard.press("Control+Shift+Z")
    expect(lane(page, "A")).to_contain_text("cifar-basic-68")
    page.keyboard.press("Control+Z")
    expect(lane(page, "A")).to_contain_text("cifar-basic-56")
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()


def test_every_starting_point_is_a_link_and_loads_without_an_error(page: Page) -> None:
    links = page.get_by_role("navigation", name="Begin with")
    for example in EXAMPLES:
        link = links.get_by_role("link", name=example.name, exact=True)
        assert link.get_attribute("href") == query(example)
        link.click()
        expect(page.locator(".lane")).to_have_count(len(example.lanes))
        expect(page.locator(".lane.pending, .lane-wrong")).to_have_count(0)
        expect(page.locator(".lane .params")).to_have_count(len(example.lanes))
    page.keyboard.press("Control+Z")
    expect(page.locator(".lane")).to_have_count(len(EXAMPLES[-2].lanes))


def test_the_row_stays_as_one_line_when_the_page_is_scrolled(visit: Open) -> None:
    page = visit(height=500)
    page.mouse.wheel(0, 600)
    expect(page.get_by_role("navigation", name="Lanes, in one line").get_by_role("button")).to_have_count(6)

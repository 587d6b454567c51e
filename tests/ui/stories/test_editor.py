"""Stories of the editor: chips and text are two views of one sentence."""

from playwright.sync_api import Locator, Page, expect

from tests.ui.stories.page_parts import announced, box, chips, lane, open_lane, sentence


def drag(page: Page, what: Locator, target: Locator, share: float) -> None:
    """Drag to a place along the target's width, and drop it there."""
    drag_over(page, what, target, share)
    page.mouse.up()


def drag_over(page: Page, what: Locator, target: Locator, share: float) -> None:
    """Drag to a place along the target's width, and hold it there."""
    start, end = box(what), box(target)
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + share * end["width"], end["y"] + end["height"] / 2, steps=10)


def test_typing_moves_the_chips_and_the_readout(page: Page) -> None:
    open_lane(page, "A")
    sentence(page).fill("bn relu conv +")
    expect(chips(page)).to_have_text(["bn", "relu", "conv", "+"])
    expect(lane(page, "A")).to_contain_text("trunk: clean")
    expect(lane(page, "A")).to_contain_text("own unit")


def test_a_sentence_with_a_name_is_called_by_it(page: Page) -> None:
    open_lane(page, "A")
    sentence(page).fill("bn relu conv bn relu conv +")
    expect(lane(page, "A").locator(".lane-title")).to_have_text("full pre-activation")


def test_a_chip_is_dragged_with_the_mouse(page: Page) -> None:
    open_lane(page, "A")
    expect(page.locator(".panel .gap")).to_have_count(0)
    drag_over(page, chips(page).nth(6), chips(page).nth(5), 0.2)
    # a gap opens where it would go, behind the second bn
    expect(page.locator(".panel .gap")).to_have_text("bn")
    page.mouse.up()
    expect(page.locator(".panel .gap")).to_have_count(0)
    expect(sentence(page)).to_have_value("conv bn relu conv bn relu +")
    expect(lane(page, "A")).to_contain_text("trunk: clean")
    expect(lane(page, "A").locator(".lane-title")).to_have_text("ReLU before addition")


def test_a_chip_is_moved_by_keyboard(page: Page) -> None:
    open_lane(page, "A")
    chips(page).first.focus()
    page.keyboard.press("End")
    expect(chips(page).nth(6)).to_be_focused()
    page.keyboard.press("Alt+ArrowLeft")
    expect(sentence(page)).to_have_value("conv bn relu conv bn relu +")
    expect(chips(page).nth(5)).to_be_focused()
    expect(announced(page)).to_have_text("relu is now 6 of 7.")


def test_a_chip_is_lifted_with_space_and_put_back_with_escape(page: Page) -> None:
    open_lane(page, "A")
    chips(page).first.focus()
    for key in ("End", "Space", "ArrowLeft", "ArrowLeft"):
        page.keyboard.press(key)
    expect(sentence(page)).to_have_value("conv bn relu conv relu bn +")
    page.keyboard.press("Escape")
    expect(sentence(page)).to_have_value("conv bn relu conv bn + relu")


def test_delete_removes_a_chip_and_undo_brings_it_back(page: Page) -> None:
    open_lane(page, "A")
    chips(page).nth(1).focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Delete")
    expect(sentence(page)).to_have_value("conv relu conv bn + relu")
    page.keyboard.press("Control+Z")
    expect(sentence(page)).to_have_value("conv bn relu conv bn + relu")


def test_a_chip_dragged_away_is_removed(page: Page) -> None:
    open_lane(page, "A")
    drag(page, chips(page).nth(1), page.locator(".header"), 0.5)
    expect(chips(page)).to_have_text(["conv", "relu", "conv", "bn", "+", "relu"])


def test_a_word_is_added_at_the_caret_by_click_and_anywhere_by_drag(page: Page) -> None:
    panel = open_lane(page, "A")
    panel.get_by_role("button", name="Add dropout").click()
    expect(sentence(page)).to_have_value("conv bn relu conv bn + relu dropout")
    drag(page, panel.get_by_role("button", name="Add se", exact=True), chips(page).first, 0.1)
    expect(sentence(page)).to_have_value("se conv bn relu conv bn + relu dropout")


def test_arguments_are_edited_in_place(page: Page) -> None:
    open_lane(page, "A")
    chips(page).first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    arguments = page.get_by_role("dialog")
    expect(arguments).to_contain_text("k x k convolution")
    arguments.get_by_label("k", exact=True).select_option("1")
    expect(sentence(page)).to_have_value("conv1 bn relu conv bn + relu")
    arguments.get_by_label("bias").check()
    expect(sentence(page)).to_have_value("conv1(bias=true) bn relu conv bn + relu")
    page.keyboard.press("Escape")
    expect(chips(page).first).to_be_focused()


def test_nonsense_is_one_sentence_and_the_lane_keeps_its_last_good_state(page: Page) -> None:
    panel = open_lane(page, "A")
    sentence(page).fill("conv bnn + relu")
    expect(panel.locator("p.wrong")).to_contain_text("unknown word 'bnn' at column 6; did you mean 'bn'?")
    expect(panel.locator(".where mark")).to_have_text("bnn")
    expect(lane(page, "A")).to_contain_text("853,018 parameters (with BN)")
    expect(lane(page, "A")).to_contain_text("conv bn relu conv bn + relu")


def test_the_suggestion_mends_the_sentence(page: Page) -> None:
    panel = open_lane(page, "A")
    sentence(page).fill("convv(groups=2) bn +")
    panel.get_by_role("button", name="use conv").click()
    expect(sentence(page)).to_have_value("conv(groups=2) bn +")
    expect(panel.locator("p.wrong")).to_have_count(0)


def test_an_emptied_sentence_says_what_one_looks_like(page: Page) -> None:
    panel = open_lane(page, "A")
    sentence(page).fill("")
    expect(panel.locator("p.wrong")).to_contain_text("the sentence is empty")
    expect(sentence(page)).to_have_value("")


def test_hostile_text_is_only_text(page: Page) -> None:
    open_lane(page, "A")
    sentence(page).fill("<img src=x onerror=alert(1)>; ${alert(1)}")
    page.get_by_label("Name of lane A").fill("<b>${alert(1)}</b>")
    expect(lane(page, "A").locator(".lane-title")).to_have_text("<b>${alert(1)}</b>")
    expect(page.locator("img[src='x']")).to_have_count(0)

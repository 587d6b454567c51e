"""Stories of the view Dissect: something real at once, settings, a unit cut, a landscape that sharpens."""

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.ui.stories.conftest import Open
from tests.ui.stories.test_reach import SIDEWAYS, settled
from tests.ui.stories.test_runs_view import launch, saved
from tests.ui.stories.training import LONG

pytestmark = pytest.mark.usefixtures("nobody_trains_on")
LANES = "lanes=cifar-basic-8:original,cifar-basic-8:plain"
OTHER = "The picture shows other lanes or settings"


def says(page: Page, text: str) -> None:
    """Wait until the view says where the measurement stands."""
    expect(page.locator(".dissect-state [role=status]")).to_contain_text(text, timeout=LONG)


def figure(page: Page, name: str) -> Locator:
    return page.locator(f'.chart[data-name="{name}"]')


def shown(page: Page, name: str) -> None:
    """Wait until the figure of an analysis stands there, whole."""
    expect(page.locator(f'.chart[data-name="{name}"][data-state="done"]')).to_be_visible(timeout=LONG)
    expect(figure(page, name).locator(".chart-canvas")).to_have_attribute("data-drawn", "yes", timeout=LONG)


def press(page: Page, label: str) -> None:
    page.locator(".dissect-view").get_by_role("button", name=label, exact=True).click(timeout=LONG)


def test_a_cold_page_shows_something_real_and_settings_are_measured(visit: Open, tmp_path: Path) -> None:
    page = visit(f"?view=dissect&{LANES}")
    says(page, "Measured in")
    shown(page, "gradient-paths")
    expect(page.locator(".block.dissect-seen")).to_contain_text("A: at the first unit's input")
    images = page.get_by_label(re.compile("^images"))
    images.first.fill("3")
    says(page, OTHER)
    page.wait_for_url("**set_gradient_paths=images=3**")
    press(page, "Measure")
    says(page, "Measured in")
    assert "A,cifar-basic-8:original,terms" in saved(page, "Values as CSV", tmp_path)
    images.first.fill("0")
    expect(page.get_by_role("alert")).to_have_text("images is 1 to 1,000, not 0")
    expect(page.locator(".dissect-press .primary")).to_be_disabled()
    press(page, "Usual settings")
    # what was measured before is found again, without a press
    says(page, "Measured in")
    page.get_by_role("radio", name="Receptive field").check()
    expect(page.get_by_text("How much of the image does one place of the output look at?").first).to_be_visible()
    expect(figure(page, "receptive")).to_contain_text("Press Measure")


def test_a_unit_is_cut_and_the_accuracy_follows(address: str, visit: Open) -> None:
    (run,) = launch(address, ["cifar-basic-8:original"])
    page = visit(f"?view=runs&run={run}")
    expect(page.locator(".run-table .virtual-row").filter(has_text=run)).to_contain_text("finished", timeout=LONG)
    page = visit(f"?view=dissect&dissect=lesion&weights=runs&dissect_runs={run}&{LANES}")
    left, units = page.locator(".block.dissect-left"), page.locator(".dissect-cut .unit")
    expect(left).to_contain_text("Nothing is cut", timeout=LONG)
    units.first.click()
    expect(left).to_contain_text("Without unit 1.1:", timeout=LONG)
    page.wait_for_url("**cut=1.1**")
    for key in ("ArrowRight", "Enter"):
        page.keyboard.press(key)
    expect(left).to_contain_text("Without units 1.1, 2.1:", timeout=LONG)
    expect(units.nth(1)).to_be_focused()
    expect(page.locator('.dissect-cut .unit[aria-pressed="true"]')).to_have_count(2)
    press(page, "Cut nothing")
    expect(left).to_contain_text("Nothing is cut", timeout=LONG)
    expect(page.locator(".dissect-cut .block.caption").last).to_contain_text("held-out images")
    expect(page.locator(".dissect-cut .block.caption").last).to_contain_text(f"run {run} after step 20")


def test_a_landscape_sharpens_is_stopped_and_found_again(visit: Open) -> None:
    settings = "finest=33;images=1000;power=0"
    page = visit(f"?view=dissect&dissect=landscape&set_landscape={settings}&{LANES}")
    press(page, "Measure")
    expect(page.locator('.chart[data-name="landscape"][data-state="growing"]')).to_be_visible(timeout=LONG)
    press(page, "Stop")
    says(page, "It was stopped")
    shown(page, "landscape")
    page.wait_for_url("**measured=**")
    page.reload()
    says(page, "It was stopped")
    shown(page, "landscape")
    expect(page.locator(".dissect-press .primary")).to_be_enabled()


def test_a_picture_of_ones_own_goes_through_the_recorded_weights_that_there_are(visit: Open, tmp_path: Path) -> None:
    page = visit("?view=dissect&dissect=features&weights=recorded&lanes=cifar-basic-20:plain,cifar-basic-8:original")
    # what is left out is said at once
    says(page, "No weights of B on shapes come with the program")
    words = page.locator(".of-features .block.caption")
    expect(words).to_contain_text("the held-out image is sent through")
    files = page.locator(".dissect-picture input[type=file]")
    (tmp_path / "notes.png").write_text("no image")
    files.set_input_files(tmp_path / "notes.png")
    expect(words).to_contain_text("notes.png is not an image that can be read")
    Image.new("RGB", (64, 48), "red").save(tmp_path / "red.png")
    files.set_input_files(tmp_path / "red.png")
    expect(words).to_contain_text("The middle square of red.png at 32 by 32 pixels")
    press(page, "Measure")
    says(page, "Measured in")
    shown(page, "features")
    expect(page.locator(".block.dissect-seen")).to_contain_text("A: the network takes the image for")
    expect(page.locator(".block.dissect-seen")).not_to_contain_text("B:")
    # clips and gradients are found however the address changes
    assert page.locator(".chart-canvas :is([style*='url(\"http'], [clip-path*='http'])").count() == 0
    press(page, "Held-out image")
    says(page, OTHER)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 360)])
def test_everybody_can_read_it(visit: Open, scheme: str, width: int) -> None:
    page = visit(f"?view=dissect&{LANES}", width=width, color_scheme=scheme, reduced_motion="reduce")
    says(page, "Measured in")
    page.get_by_role("radio", name="Lesion").check()
    expect(page.locator(".block.dissect-left")).to_contain_text("Nothing is cut", timeout=LONG)
    assert page.evaluate(SIDEWAYS) <= 0
    assert settled(page) == []


def test_the_view_speaks_chinese(visit: Open) -> None:
    page = visit(f"?view=dissect&{LANES}", locale="zh-CN")
    expect(page.get_by_role("radio", name="感受野")).to_be_visible()
    expect(page.get_by_text("梯度走哪条路").first).to_be_visible()
    expect(page.get_by_label("图像数").first).to_be_visible()
    expect(page.get_by_text("追踪其梯度的留出图像数 · 1 – 1,000")).to_be_visible()
    expect(figure(page, "gradient-paths").locator("figcaption")).to_contain_text("计数方式", timeout=LONG)
    expect(page.locator(".block.dissect-seen")).to_contain_text("的分支贡献最多", timeout=LONG)

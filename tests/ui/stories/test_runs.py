"""Stories of the runs that a page keeps: older ones, recorded ones, taken away, removed, on a phone."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.ui.stories.conftest import Open
from tests.ui.stories.page_parts import box
from tests.ui.stories.test_reach import SIDEWAYS, serious
from tests.ui.stories.training import (
    line_names,
    press,
    runs,
    train_link,
    wait_for_finished,
    wait_for_points,
)

pytestmark = pytest.mark.usefixtures("nobody_trains_on")


def test_an_older_run_comes_into_the_picture_in_ink(visit: Open) -> None:
    page = visit(train_link("cifar-basic-8:original"))
    press(page, "Train 1 lane")
    wait_for_finished(page, 1)
    short = str(runs(page).get_attribute("data-short"))
    other = visit(train_link("cifar-basic-8:plain"))
    other.get_by_label(f"Show {short}").check()
    wait_for_points(other, 40)
    assert line_names(other)[0].startswith(short)
    other.wait_for_url(f"**runs={short}**")


def test_runs_and_figures_can_be_taken_away(visit: Open, tmp_path: Path) -> None:
    page = visit(train_link("cifar-basic-8:original"))
    press(page, "Train 1 lane")
    wait_for_finished(page, 1)
    wait_for_points(page, 40)
    line_names(page)
    for button in ("Download SVG", "Download CSV"):
        assert len(download_text(page, page.get_by_role("button", name=button, exact=True), tmp_path)) > 500
    assert "A,0,40" in download_text(page, page.get_by_role("button", name="Download CSV of the heat maps"), tmp_path)
    row = page.locator(f'.train-row[data-run="{runs(page).get_attribute("data-run")}"]')
    row.get_by_role("button", name="More about").click()
    assert '"seq":1' in download_text(page, row.get_by_role("menuitem", name="Export JSON Lines"), tmp_path)


def download_text(page: Page, button: Locator, folder: Path) -> str:
    with page.expect_download() as download:
        button.click()
    download.value.save_as(folder / "file")
    return (folder / "file").read_text()


def test_a_run_is_removed_after_a_question(visit: Open) -> None:
    page = visit(train_link("cifar-basic-8:original"))
    press(page, "Train 1 lane")
    wait_for_finished(page, 1)
    row = page.locator(f'.train-row[data-run="{runs(page).get_attribute("data-run")}"]')
    page.once("dialog", lambda dialog: dialog.accept())
    row.get_by_role("button", name="More about").click()
    row.get_by_role("menuitem", name="Remove").click()
    expect(row).to_have_count(0, timeout=10_000)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_amid_runs(visit: Open, scheme: str) -> None:
    page = visit(train_link(), color_scheme=scheme, reduced_motion="reduce")
    press(page)
    wait_for_finished(page)
    page.get_by_role("button", name="More,").click()
    line_names(page)
    assert serious(page) == []


def test_a_phone_shows_runs_without_scrolling_sideways(visit: Open) -> None:
    page = visit(train_link(), width=360, height=780, has_touch=True, is_mobile=True)
    press(page)
    wait_for_finished(page)
    assert page.evaluate(SIDEWAYS) <= 0
    order = [box(page.locator(name).first)["y"] for name in (".train-setup", ".chart-plot", ".train-run", ".heat")]
    assert order == sorted(order)


def test_the_layout_keeps_still_while_points_come(visit: Open) -> None:
    page = visit(train_link())
    expect(page.locator(".train-setup")).to_have_attribute("data-checked", "yes")
    before = box(page.locator(".train-figure .chart-plot"))
    press(page)
    wait_for_finished(page)
    assert box(page.locator(".train-figure .chart-plot")) == before


def test_recorded_runs_open_with_their_networks_in_the_lanes(visit: Open) -> None:
    page = visit("?view=train&lanes=cifar-basic-8:plain")
    page.locator(".train-recorded button").first.click()
    wait_for_points(page, 18 * 300)
    expect(page.locator(".lane")).to_have_count(6)
    expect(page.locator("figcaption.chart-caption")).to_contain_text("recorded 20")
    assert {name[0] for name in line_names(page)} == set("ABCDEF")
    page.reload()
    wait_for_points(page, 18 * 300)
    expect(page.locator(".train-recorded button").first).to_have_attribute("aria-pressed", "true")
    # they stand above, not among one's own
    expect(page.locator(".train-runs [role=cell]").get_by_text("recorded", exact=True)).to_have_count(0)


def test_the_lanes_can_be_set_to_the_runs_shown(visit: Open) -> None:
    page = visit(train_link())
    press(page)
    wait_for_finished(page)
    page.get_by_role("button", name="Undo").wait_for()
    page.goto(page.url.replace("cifar-basic-8:original,", "cifar-basic-20:original,"))
    wait_for_points(page, 3 * 40)
    page.get_by_role("button", name="Set the lanes to these runs").click()
    expect(page.get_by_role("button", name="Set the lanes to these runs")).to_have_count(0)
    expect(page.locator(".lane").first).to_contain_text("cifar-basic-8")

"""Stories of the runs in the picture: older ones, recorded ones, taken away, removed, on a phone."""

import re
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
RECORDED = "cifar-basic-20:original,cifar-basic-20:plain"


def test_what_is_finished_is_found_again_and_removed_after_a_question(visit: Open) -> None:
    page = visit(train_link("cifar-basic-8:original"))
    expect(page.get_by_role("button", name=re.compile("^Train 1 lane( · about .*)?$"))).to_be_enabled()
    before = box(page.locator(".train-figure .chart-plot"))
    press(page, "Train 1 lane")
    wait_for_finished(page, 1)
    assert box(page.locator(".train-figure .chart-plot")) == before
    short, run = (str(runs(page).get_attribute(f"data-{name}")) for name in ("short", "run"))
    # the same lanes in a browser that never saw it
    same = visit(train_link("cifar-basic-8:original"))
    expect(same.locator(f'.train-run[data-run="{run}"]')).to_have_count(1)
    other = visit(train_link("cifar-basic-8:plain;classes=7"))
    expect(other.locator(".chart-empty")).to_contain_text(re.compile(r"in the table of runs, no(t|ne) of these lanes"))
    other = visit(train_link("cifar-basic-8:plain;classes=7", runs=short))
    wait_for_points(other, 40)
    assert line_names(other)[0].startswith(short)
    other.get_by_role("button", name="Set the lanes to these runs").click()
    expect(other.get_by_role("button", name="Set the lanes to these runs")).to_have_count(0)
    expect(other.locator(".lane").first).to_contain_text("original")
    same.once("dialog", lambda dialog: dialog.accept())
    again = same.locator(f'.train-run[data-run="{run}"]')
    again.get_by_role("button", name=re.compile("^Remove: A")).click()
    expect(again).to_have_count(0)


def test_recorded_runs_open_with_their_networks_in_the_lanes(visit: Open, tmp_path: Path) -> None:
    page = visit("?view=train&lanes=cifar-basic-8:plain")
    chosen = page.locator(".train-recorded label").filter(has_text="20 layers · 6 lanes, 3 seeds, 300 steps")
    chosen.click()
    wait_for_points(page, 18 * 300)
    expect(page.locator(".lane")).to_have_count(6)
    expect(page.locator("figcaption.chart-caption")).to_contain_text("recorded 20")
    assert {name[0] for name in line_names(page)} == set("ABCDEF")
    picture = download_text(page, page.get_by_role("button", name="Download SVG", exact=True), tmp_path)
    assert "full pre-activation" in picture
    assert "A,0,300" in download_text(page, page.get_by_role("button", name="Download CSV of the heat maps"), tmp_path)
    tikz = download_text(page, page.get_by_role("button", name="Download TikZ of the heat maps"), tmp_path)
    assert all(f"{{{letter} " in tikz for letter in "ABCDEF")
    assert tikz.count(" rectangle ") + tikz.count("-- cycle") > 1000
    assert len(download_text(page, page.get_by_role("button", name="Download CSV", exact=True), tmp_path)) > 500
    page.wait_for_url("**group=**")
    page.reload()
    wait_for_points(page, 18 * 300)
    expect(chosen.locator("input")).to_be_checked()
    # they are nobody's to stop or to remove
    expect(page.get_by_role("button", name=re.compile("^(Stop|Resume|Remove): "))).to_have_count(0)


def download_text(page: Page, button: Locator, folder: Path) -> str:
    with page.expect_download() as download:
        button.click()
    download.value.save_as(folder / "file")
    return (folder / "file").read_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_amid_runs(visit: Open, scheme: str) -> None:
    page = visit(train_link(RECORDED), color_scheme=scheme, reduced_motion="reduce")
    wait_for_points(page, 6 * 150)
    page.locator(".train-fields > button, .train-fields button").first.click()
    line_names(page)
    assert serious(page) == []


def test_a_phone_shows_runs_without_scrolling_sideways(visit: Open) -> None:
    page = visit(train_link(RECORDED), width=360, height=780, has_touch=True, is_mobile=True)
    wait_for_points(page, 6 * 150)
    assert page.evaluate(SIDEWAYS) <= 0
    order = [box(page.locator(name).first)["y"] for name in (".train-setup", ".chart-plot", ".train-run", ".heat")]
    assert order == sorted(order)

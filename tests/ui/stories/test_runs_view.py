"""Stories of the view Runs: the table that follows, one run in detail, runs side by side, cost against error."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.ui.stories.conftest import Open
from tests.ui.stories.page_parts import lane, pick
from tests.ui.stories.test_reach import SIDEWAYS, serious
from tests.ui.stories.training import LONG

pytestmark = pytest.mark.usefixtures("nobody_trains_on")
LINES = ("cifar-basic-8:original", "cifar-basic-8:plain")
TINY = {"size": "8", "steps": "20", "subset": "256", "test": "64", "width": "1/4"}


def launch(address: str, lines: Sequence[str] = LINES, **settings: str) -> list[str]:
    """Launch runs as another program would, and give the first letters of their ids."""
    body = json.dumps({"networks": list(lines), "settings": {**TINY, **settings}}).encode()
    url = f"{address}/gradio_api/explorer/verb/train"
    with urlopen(Request(url, body, {"Content-Type": "application/json"})) as answer:
        return [run["short"] for run in json.load(answer)["runs"]]


def row(page: Page, run: str) -> Locator:
    return page.locator(".run-table .virtual-row").filter(has_text=run)


def fact(page: Page, name: str) -> Locator:
    """The value of the selected run's fact."""
    return page.locator(".run-facts tr").filter(has=page.get_by_role("rowheader", name=name, exact=True)).locator("td")


def select(page: Page, run: str) -> None:
    row(page, run).get_by_role("gridcell").nth(1).click()
    expect(fact(page, "Run")).to_have_text(run)


def test_runs_come_into_the_table_and_one_is_looked_into(address: str, visit: Open, tmp_path: Path) -> None:
    page = visit("?view=runs&lanes=cifar-basic-20:original")
    expect(row(page, "recorded").first).to_be_visible()
    first, second = launch(address)
    for run in (first, second):
        expect(row(page, run)).to_contain_text("finished", timeout=LONG)
    select(page, first)
    expect(fact(page, "Steps")).to_have_text("20 / 20")
    page.get_by_role("button", name="Predictions on test images").click()
    page.locator(".pictures button").first.click(timeout=LONG)
    # four rows of a mean and channels, under the images that were predicted
    expect(page.get_by_alt_text("mean of")).to_have_count(4, timeout=LONG)
    for run, columns in ((first, 1), (second, 2)):
        select(page, run)
        page.get_by_role("button", name="Compare", exact=True).click()
        expect(page.locator(".run-comparison thead th")).to_have_count(columns)
    expect(page.locator(".run-comparison tr.differs").first).to_contain_text(LINES[1])
    assert first in saved(page, "This list as CSV", tmp_path)
    assert '"seq":1' in saved(page, "JSON Lines", tmp_path)
    page.get_by_role("button", name="Put this lane on the page").click()
    expect(lane(page, "B")).to_contain_text("cifar-basic-8")
    page.wait_for_url(f"**run={second}&compare={first},{second}**")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(row(page, second)).to_have_count(0)


def saved(page: Page, button: str, folder: Path) -> str:
    """The text of the file that a button gives."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button, exact=True).click()
    download.value.save_as(folder / "file")
    return (folder / "file").read_text()


def test_a_run_at_work_is_stopped_and_goes_on(address: str, visit: Open) -> None:
    (run,) = launch(address, LINES[:1], steps="100000", evaluate="0")
    page = visit(f"?view=runs&run={run}")
    for press, state in (("Stop", "stopped"), ("Resume", "running"), ("Stop all", "stopped")):
        page.get_by_role("button", name=press, exact=True).click(timeout=LONG)
        expect(fact(page, "State")).to_contain_text(state, timeout=LONG)
        expect(row(page, run)).to_contain_text(state, timeout=LONG)
    expect(page.get_by_role("button", name="Resume all", exact=True)).to_be_enabled()


def test_runs_are_searched_sorted_and_turned_over(address: str, visit: Open) -> None:
    (run,) = launch(address, LINES[:1])
    page = visit("?view=runs")
    expect(row(page, run)).to_contain_text("finished", timeout=LONG)
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_text("51 to")).to_be_visible()
    page.get_by_label("Search runs").fill("1202 plain")
    expect(page.get_by_text("No such run.")).to_be_visible()
    page.get_by_label("Search runs").fill("1202 JPEG")
    expect(page.get_by_text("1 to 2 of 2 runs")).to_be_visible()
    page.wait_for_url("**run_text=1202+JPEG**")
    page.reload()
    expect(page.get_by_text("1 to 2 of 2 runs")).to_be_visible()
    # by keyboard: Tab comes to the table, arrows move in it, Enter opens a run
    page.get_by_label("Order").focus()
    for key in ("Tab", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(fact(page, "Recorded")).to_contain_text("CIFAR-10 as JPEG")
    expect(page.get_by_role("button", name="Remove", exact=True)).to_be_disabled()
    page.get_by_role("button", name="Predictions on test images").click()
    expect(page.get_by_text("without its weights")).to_be_visible()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 360)])
def test_cost_stands_against_error_and_everybody_can_read_it(visit: Open, scheme: str, width: int) -> None:
    page = visit("?view=runs", width=width, color_scheme=scheme, reduced_motion="reduce")
    figure = page.locator('.chart[data-name="cost-error-cifar10"]')
    expect(figure.locator(".chart-caption")).to_contain_text("Filled circles: measured")
    page.get_by_label("multiply-adds, one image").check()
    expect(figure.locator(".chart-caption")).to_contain_text("against multiply-adds")
    expect(row(page, "recorded").first).to_be_visible()
    row(page, "recorded").first.get_by_role("gridcell").first.click()
    expect(fact(page, "State")).to_be_visible()
    assert page.evaluate(SIDEWAYS) <= 0
    assert serious(page) == []
    # the table too, wherever it is scrolled to
    table = page.locator(".run-table .virtual-table-viewport")
    table.evaluate("(table) => table.scrollTo(0, 600)")
    expect(page.locator(".run-table .scroll-top-button")).to_have_count(1)
    expect(table.locator('[role="gridcell"][tabindex="0"]')).to_have_count(1)
    assert serious(page) == []


def test_the_view_speaks_chinese(visit: Open) -> None:
    page = visit("?view=runs", locale="zh-CN")
    expect(page.get_by_role("columnheader", name="网络")).to_be_visible()
    expect(row(page, "已记录").first).to_be_visible()


def test_a_sweep_is_written_down_launched_and_fills_in_as_a_matrix(visit: Open) -> None:
    page = visit(f"?view=runs&lanes={','.join(LINES)}")
    page.get_by_role("button", name="A sweep of one's own").click()
    page.get_by_role("button", name="Write down the lanes").click()
    text = page.get_by_label("Networks, data, recipes, seeds and settings, as TOML")
    expect(text).to_have_value(re.compile("cifar-basic-8:plain"))
    settings = "\n".join(f'{name} = "{value}"' for name, value in TINY.items())
    text.fill("networks = [")
    page.get_by_role("button", name="Launch the sweep").click()
    expect(page.get_by_text("the sweep is no TOML")).to_be_visible()
    networks = ", ".join(f'"{line}"' for line in LINES)
    text.fill(f'title = "tiny"\nnetworks = [{networks}]\nseeds = 2\n[settings]\n{settings}\n[vary]\nlr = [0.05, 0.2]')
    page.get_by_role("button", name="Launch the sweep").click()
    expect(page.locator(".block.sweep-standing")).to_contain_text("finished: 8 of 8 runs", timeout=2 * LONG)
    matrix = page.locator('.chart[data-name^="sweep-"]')
    expect(matrix.locator(".heatmap-label")).to_have_count(4)
    pick(page, "Across", "seed")
    expect(matrix.locator(".xtick").first).to_have_text("0")

"""Stories of the Train view: real workers train what a press asks for, and the page shows it come."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.fixtures.app_process import free_port, started
from tests.fixtures.pdf import page_of, words_of
from tests.ui.stories.conftest import Open
from tests.ui.stories.page_parts import box, download_file
from tests.ui.stories.training import (
    ENDLESS,
    LONG,
    chart,
    line_names,
    press,
    runs,
    train_link,
    wait_for_finished,
    wait_for_points,
    wait_for_step,
)

pytestmark = pytest.mark.usefixtures("nobody_trains_on")


def test_a_press_trains_every_lane_and_its_curve_comes(visit: Open) -> None:
    page = visit(train_link())
    press(page)
    wait_for_finished(page)
    wait_for_points(page, 3 * 40)
    assert [name[0] for name in line_names(page)] == ["A", "B", "C"]
    expect(page.locator('.heat[data-columns="4"]')).to_have_count(3)
    expect(page.locator(".block.train-seen")).to_contain_text("early optimisation speed, not in final accuracy")
    expect(page.locator(".block.train-seen")).to_contain_text("after 40 steps, highest first")
    expect(page.locator("figcaption.chart-caption")).to_contain_text("shapes, 8 px")


def test_every_curve_has_its_own_axis(visit: Open) -> None:
    page = visit(train_link("cifar-basic-8:original"))
    press(page, "Train 1 lane")
    wait_for_finished(page, 1)
    for label in ("Training accuracy", "Test accuracy", "Learning rate", "Gradient norm", "seconds"):
        page.get_by_text(label, exact=True).first.click()
        expect(chart(page)).to_have_attribute("data-drawn", "yes")
    # what was drawn before stays until the next is drawn
    page.wait_for_function(
        "(plot) => plot.layout.xaxis.title.text === 'seconds of training'"
        " && plot.layout.yaxis.title.text === 'norm of all gradients'",
        arg=chart(page).element_handle(),
    )
    page.wait_for_url("**train_curve=gradient&train_x=seconds**")


def test_a_reload_and_a_second_browser_see_the_same_run_go_on(visit: Open) -> None:
    page = visit(train_link("cifar-basic-8:original", ENDLESS))
    press(page, "Train 1 lane")
    before = wait_for_step(page, 20)
    page.wait_for_url("**group=**")
    page.reload()
    now = wait_for_step(page, before)
    other = visit(page.url.partition("/?")[2].join(["?", ""]))
    assert runs(other).get_attribute("data-run") == runs(page).get_attribute("data-run")
    wait_for_step(other, now)
    page.get_by_role("button", name="Stop all").click()
    for each in (page, other):
        expect(runs(each, "stopped")).to_have_count(1, timeout=5_000)


def test_a_run_is_stopped_and_goes_on_where_it_was(visit: Open) -> None:
    page = visit(train_link("cifar-basic-8:original", ENDLESS))
    press(page, "Train 1 lane")
    wait_for_step(page, 20)
    page.get_by_role("button", name="Stop: A").click()
    expect(runs(page, "stopped")).to_have_count(1)
    step = int(str(runs(page).get_attribute("data-step")))
    page.get_by_role("button", name="Resume: A").click()
    wait_for_step(page, step)
    script = "(plot) => [...plot.data.find((trace) => trace.name).x]"
    steps = chart(page).evaluate(script)
    assert steps == sorted(set(steps))
    page.get_by_role("button", name="Stop all").click()
    expect(runs(page, "stopped")).to_have_count(1)


def test_zoom_and_a_hidden_line_survive_what_comes(visit: Open) -> None:
    page = visit(train_link("cifar-basic-8:original,cifar-basic-8:plain", ENDLESS))
    press(page, "Train 2 lanes")
    wait_for_points(page, 60)
    at = box(chart(page))
    page.mouse.move(at["x"] + 200, at["y"] + 100)
    page.mouse.down()
    page.mouse.move(at["x"] + 500, at["y"] + 300, steps=4)
    page.mouse.up()
    expect(page.get_by_role("button", name="Whole range")).to_be_enabled()
    close = ranges(page)
    page.get_by_role("group", name="Lines in the picture").get_by_role("button", name=re.compile("^B plain")).click()
    wait_for_step(page, int(str(runs(page).first.get_attribute("data-step"))) + 50)
    assert ranges(page) == close
    page.get_by_role("button", name="Stop all").click()
    expect(runs(page, "stopped")).to_have_count(2)
    assert [name[0] for name in line_names(page)] == ["A"]


def ranges(page: Page) -> list[list[float]]:
    script = "(plot) => [[...plot.layout.xaxis.range], [...plot.layout.yaxis.range]]"
    ranges: list[list[float]] = chart(page).evaluate(script)
    return ranges


def test_a_loss_that_is_no_number_is_told_in_a_sentence(visit: Open) -> None:
    page = visit(train_link("cifar-basic-8:plain", "steps=200;size=8;lr=1000;warmup=0"))
    press(page, "Train 1 lane")
    expect(runs(page, "failed")).to_have_count(1, timeout=LONG)
    expect(runs(page)).to_contain_text(re.compile(r"loss became (NaN|infinite|Infinity|-?inf) at step \d+"))


def test_a_spike_leaves_the_picture_and_is_told_rather_than_squash_the_rest(visit: Open) -> None:
    # a rate far too high: the loss jumps by two orders of magnitude and comes back
    page = visit(train_link("cifar-basic-8:original", "steps=300;size=8;evaluate=0;lr=10;warmup=0", train_smooth="0"))
    press(page, "Train 1 lane")
    wait_for_finished(page, 1)
    wait_for_points(page, 300)
    line_names(page)
    losses = chart(page).evaluate("(plot) => [...plot.data.find((trace) => trace.name).y]")
    low, top = (10**side for side in ranges(page)[1])
    assert max(losses) > top > 2 * sorted(losses)[len(losses) // 2] > 2 * low
    place = next(step for step, loss in enumerate(losses, start=1) if loss > top)
    sentence = f"A leaves the picture at {place}, up to {max(losses):#.3g}"
    expect(page.locator("figcaption.chart-caption")).to_contain_text(sentence.rstrip("."))


def test_a_lane_that_cannot_be_trained_says_why_and_the_others_are(visit: Open) -> None:
    page = visit(train_link("cifar-basic-8:original,unipose"))
    expect(page.get_by_role("alert")).to_contain_text("B: shapes has one class an image, and this network gives maps")
    press(page, "Train 1 lane")
    wait_for_finished(page, 1)


def test_seeds_are_one_line_with_a_band(visit: Open) -> None:
    page = visit(train_link("cifar-basic-8:original", train_seeds="3"))
    press(page, "Train 1 lane, 3 seeds: 3 runs")
    wait_for_finished(page)
    wait_for_points(page, 3 * 40)
    assert len(line_names(page)) == 1
    assert chart(page).evaluate("(plot) => plot.data.some((trace) => trace.fill === 'toself')")
    expect(page.locator("figcaption.chart-caption")).to_contain_text("Seeds 0, 1, 2")


def test_recorded_curves_are_taken_home_as_vectors_with_their_names(visit: Open, tmp_path: Path) -> None:
    page = visit("?view=train")
    names = line_names(page)
    assert len(names) == 6
    download_file(page.locator(".train-figure"), "PDF").save_as(tmp_path / "curves.pdf")
    content = (tmp_path / "curves.pdf").read_bytes()
    assert all(name in words_of(content) for name in [*names, "loss, training batch"])
    script = """(plot) => plot.data.filter((trace) => trace.name).map(({ x, y }) => [0, x.length - 1].map((at) =>
      [plot._fullLayout.xaxis.d2p(x[at]), plot._fullLayout.yaxis.d2p(y[at])].map((side) => Number(side.toFixed(2)))))"""
    operators = page_of(content)
    for begin, end in chart(page).evaluate(script):
        first, last = (f"{x:g} {y:g}" for x, y in (begin, end))
        assert re.search(rf"\n{re.escape(first)} m .* {re.escape(last)} l\n", operators)


def test_a_changed_field_is_marked_and_kept_in_the_link(visit: Open) -> None:
    page = visit(train_link(settings=""))
    page.get_by_role("button", name="More").click()
    page.locator(".train-fields").get_by_label(re.compile("^lr")).fill("0.05")
    page.locator(".train-fields").get_by_label(re.compile("^lr")).press("Enter")
    expect(page.locator(".field.changed")).to_contain_text("the recipe has 0.1")
    page.wait_for_url("**train_set=lr=0.05**")
    page.get_by_role("button", name="As the recipe has it").click()
    expect(page.locator(".field.changed")).to_have_count(0)


def test_a_wrong_field_is_refused_where_it_stands(visit: Open) -> None:
    page = visit(train_link(settings="lr=fast"))
    expect(page.get_by_role("alert")).to_have_text("lr is a number, not 'fast'")
    expect(page.locator(".primary")).to_be_disabled()


def test_after_a_crash_of_the_app_the_page_finds_the_truth_by_itself(browser: Browser, tmp_path: Path) -> None:
    port = free_port()
    context = browser.new_context()
    page = context.new_page()
    with started(tmp_path, port) as (address, app):
        page.goto(f"{address}/{train_link('cifar-basic-8:original', ENDLESS)}")
        press(page, "Train 1 lane")
        wait_for_step(page, 20)
        app.kill()
        expect(page.locator('.train-connection[data-state="lost"]')).to_be_visible()
    with started(tmp_path, port):
        expect(page.locator('.train-connection[data-state="live"]')).to_be_visible(timeout=LONG)
        expect(runs(page, "interrupted")).to_have_count(1, timeout=10_000)
        page.get_by_role("button", name="Resume: A").click()
        expect(runs(page, "running")).to_have_count(1, timeout=LONG)
    context.close()

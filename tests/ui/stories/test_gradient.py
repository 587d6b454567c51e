"""Stories of the gradient flow view: curves come, the slider is followed, what the reader did stays."""

import json
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.fixtures.pdf import words_of
from tests.ui.stories.conftest import Open
from tests.ui.stories.page_parts import box, download_file, pick

SMALL = "?view=gradient&lanes=cifar-basic-20:original,cifar-basic-20:full-preactivation,cifar-basic-20:plain"
SIX = "?view=gradient"
LONG = 120_000


def flow(page: Page) -> Locator:
    return page.locator(".chart[data-name^=gradient-flow]")


def wait_until_settled(page: Page) -> None:
    """Wait until the whole answer has come."""
    expect(flow(page)).to_have_attribute("data-state", "done", timeout=LONG)
    expect(flow(page).locator(".chart-canvas")).to_have_attribute("data-drawn", "yes", timeout=LONG)


LINES = """() => (document.querySelector("[data-name^=gradient-flow] .chart-canvas").calcdata ?? [])
    .filter(([point]) => point.trace.name.length > 1 && point.trace.hoverinfo !== "skip" || point.trace.opacity === 0.4)
    .map((points) => ({ name: points[0].trace.name, places: points.length, faded: points[0].trace.opacity < 1 }))"""


def drawn_lines(page: Page) -> list[dict[str, object]]:
    """Name, places and age of every lane's line."""
    lines: list[dict[str, object]] = page.evaluate(LINES)
    return lines


def wait_for_lines(page: Page, places: int, lanes: int) -> None:
    """Wait until as many lanes of as many places stand there, none of them older."""
    page.wait_for_function(
        f"""([places, lanes]) => {{
            const lines = ({LINES})();
            return lines.length === lanes && lines.every((line) => line.places === places && !line.faded);
        }}""",
        arg=[places, lanes],
        timeout=LONG,
    )


def ranges(page: Page) -> list[list[float]]:
    script = "(element) => [element.layout.xaxis.range, element.layout.yaxis.range]"
    ranges: list[list[float]] = flow(page).locator(".chart-canvas").evaluate(script)
    return ranges


def zoom(page: Page) -> None:
    at = box(flow(page).locator(".chart-canvas"))
    page.mouse.move(at["x"] + 300, at["y"] + 150)
    page.mouse.down()
    page.mouse.move(at["x"] + 600, at["y"] + 300, steps=4)
    page.mouse.up()
    expect(flow(page).get_by_role("button", name="Whole range")).to_be_enabled()


def test_six_curves_come_with_words_and_numbers(visit: Open) -> None:
    page = visit(SIX)
    wait_until_settled(page)
    wait_for_lines(page, places=28, lanes=6)
    assert [str(line["name"])[0] for line in drawn_lines(page)] == list("ABCDEF")
    expect(page.locator(".prose.findings")).to_contain_text("The scale of x grows")
    expect(page.locator(".numbers tbody tr")).to_have_count(6)
    expect(flow(page).locator("figcaption")).to_contain_text("batch of 8")
    expect(page.locator(".cliff figcaption")).to_contain_text("This was recorded")
    expect(page.locator(".cliff .scatterlayer .trace").first).to_be_visible()


def test_a_fast_sweep_of_the_slider_ends_on_the_right_figure(visit: Open) -> None:
    page = visit(SMALL)
    wait_until_settled(page)
    slider = page.get_by_role("slider", name="Depth, all lanes")
    slider.focus()
    for _ in range(6):
        slider.press("ArrowRight")
    for _ in range(4):
        slider.press("ArrowLeft")
    depth = int(str(slider.get_attribute("aria-valuetext")).split()[0])
    wait_for_lines(page, places=(depth - 2) // 2 + 1, lanes=3)
    wait_until_settled(page)
    assert depth > 20
    assert f"cifar-basic-{depth}" in page.locator(".lane").first.inner_text()


def test_older_lines_stay_faded_while_new_ones_come(visit: Open) -> None:
    # a larger batch, so that the lanes come one after another for longer than a frame
    page = visit(f"{SMALL}&batch=64")
    wait_until_settled(page)
    page.evaluate(f"""() => {{
        window.mixed = false;
        const look = () => {{
            const ages = new Set(({LINES})().map((line) => line.faded));
            window.mixed ||= ages.size === 2;
            requestAnimationFrame(look);
        }};
        look();
    }}""")
    page.get_by_role("slider", name="Depth, all lanes").press("ArrowRight")
    page.wait_for_function("window.mixed", timeout=LONG)
    wait_until_settled(page)
    assert not any(line["faded"] for line in drawn_lines(page))


def test_zoom_is_kept_over_an_update_and_can_be_undone(visit: Open) -> None:
    page = visit(SMALL)
    wait_until_settled(page)
    whole = ranges(page)
    zoom(page)
    close = ranges(page)
    pick(page, "Seeds", "4")
    expect(flow(page).locator("figcaption")).to_contain_text("4 seeds", timeout=LONG)
    assert ranges(page) == close != whole
    flow(page).get_by_role("button", name="Whole range").click()
    expect(flow(page).get_by_role("button", name="Whole range")).to_be_disabled()
    assert ranges(page)[0] == whole[0]


def test_another_metric_shows_its_own_whole_range(visit: Open) -> None:
    page = visit(SMALL)
    wait_until_settled(page)
    zoom(page)
    page.get_by_role("radio", name="E x²").check()
    expect(flow(page).locator("figcaption")).to_contain_text("mean of the squares", timeout=LONG)
    expect(flow(page).get_by_role("button", name="Whole range")).to_be_disabled()
    expect(page).to_have_url(re.compile("metric=second-moment"))


def test_theory_is_laid_over_when_asked(visit: Open) -> None:
    page = visit(f"{SMALL}&metric=second-moment")
    wait_until_settled(page)
    count = "() => document.querySelectorAll('[data-name^=gradient-flow] .scatterlayer .trace').length"
    before = page.evaluate(count)
    page.get_by_label("Theory as a thin line").check()
    page.wait_for_function(f"({count})() > {before}")


def test_a_lane_that_cannot_be_run_says_why_and_the_others_are_drawn(visit: Open) -> None:
    page = visit("?view=gradient&lanes=cifar-basic-20:original,wrn-28-100")
    wait_until_settled(page)
    expect(page.locator(".numbers tr").filter(has_text="B")).to_contain_text("the limit is")
    assert [str(line["name"])[0] for line in drawn_lines(page)] == ["A"]


def test_the_figure_can_be_taken_away(visit: Open, tmp_path: Path) -> None:
    page = visit(SMALL)
    wait_until_settled(page)
    files = {kind: tmp_path / f"figure.{kind}" for kind in ("SVG", "PNG", "TikZ", "PDF", "CSV")}
    for kind, path in files.items():
        download_file(flow(page), kind).save_as(path)
    names = [str(line["name"]) for line in drawn_lines(page)]
    assert all(name in files["SVG"].read_text() for name in names)
    assert all(name in files["TikZ"].read_text() for name in names)
    assert all(name in words_of(files["PDF"].read_bytes()) for name in names)
    assert files["PNG"].read_bytes().startswith(b"\x89PNG")
    head, first, *_ = files["CSV"].read_text().splitlines()
    assert head.startswith("unit,A mean,A lowest,A highest,B mean")
    assert re.match(r"0,\d", first)


def test_the_data_can_be_read_as_a_table_and_the_figure_in_words(visit: Open) -> None:
    page = visit(SMALL)
    wait_until_settled(page)
    flow(page).get_by_role("button", name="Data table").press("Enter")
    expect(flow(page).locator(".chart-table tbody tr")).to_have_count(10)
    label = str(flow(page).locator(".chart-canvas").get_attribute("aria-label"))
    assert "toward the input" in label


def test_arrow_keys_move_the_rule(visit: Open) -> None:
    page = visit(SMALL)
    wait_until_settled(page)
    canvas = flow(page).locator(".chart-canvas")
    canvas.press("ArrowRight")
    canvas.press("ArrowRight")
    reading = flow(page).locator(".chart-reading")
    expect(reading).to_have_text(re.compile(r"^unit\s1 · A\s\d.*to.* · B\s\d.* · C\s\d"))
    # the box of plotly.js would stand on the curves
    expect(canvas.locator(".hoverlayer .legend")).to_be_hidden()
    canvas.press("Escape")
    expect(reading).to_be_empty()


def test_the_cliff_fills_and_stops_when_told(visit: Open) -> None:
    # under these conditions nothing was recorded
    page = visit(f"{SMALL}&batch=16")
    wait_until_settled(page)
    cliff = page.locator(".cliff")
    cliff.get_by_role("button", name="Measure from depth 20 to 1202").click()
    cliff.locator(".scatterlayer .trace").first.wait_for(timeout=LONG)
    cliff.get_by_role("button", name="Stop").click()
    expect(cliff.get_by_role("button", name="Measure from depth 20 to 1202")).to_be_visible()


def test_pictures_of_ones_own_are_sent_as_numbers(visit: Open, tmp_path: Path) -> None:
    page = visit(SMALL)
    wait_until_settled(page)
    pick(page, "Input", "my images")
    files = [tmp_path / f"{number}.png" for number in (1, 2)]
    for number, path in enumerate(files, start=1):
        Image.effect_noise((48, 40), 40 * number).convert("RGB").save(path)
    page.locator("input[type=file]").set_input_files(files)
    expect(flow(page).locator("figcaption")).to_contain_text("images of the reader's own", timeout=LONG)
    expect(flow(page).locator("figcaption")).to_contain_text("batch of 2")


def test_a_file_that_is_no_picture_is_refused_in_a_sentence(visit: Open, tmp_path: Path) -> None:
    page = visit(SMALL)
    pick(page, "Input", "my images")
    (tmp_path / "notes.png").write_text("not a picture")
    page.locator("input[type=file]").set_input_files(tmp_path / "notes.png")
    expect(page.locator(".prose.wrong")).to_contain_text("notes.png")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_figure_wears_the_pages_colours(visit: Open, scheme: str) -> None:
    page = visit(SMALL, color_scheme=scheme)
    wait_until_settled(page)
    script = "(element) => [element.data.find((trace) => trace.name).line.color, element._fullLayout.paper_bgcolor]"
    expected = {"light": ["#2438b0", "#fbfbf9"], "dark": ["#7f92ff", "#141516"]}[scheme]
    assert flow(page).locator(".chart-canvas").evaluate(script) == expected


def test_a_phone_shows_figure_words_and_controls_in_one_column(visit: Open) -> None:
    page = visit(SMALL, width=360, height=780)
    wait_until_settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    order = [box(page.locator(name).first)["y"] for name in (".chart-plot", ".findings", ".conditions")]
    assert order == sorted(order)
    assert json.dumps(drawn_lines(page)).count('"name"') == 3


def test_the_layout_keeps_still_while_curves_come(visit: Open) -> None:
    page = visit(SIX)
    page.locator(".metrics label").first.wait_for()
    before = box(flow(page).locator(".chart-plot"))
    wait_until_settled(page)
    assert box(flow(page).locator(".chart-plot")) == before


def test_both_ways_of_the_gradient_are_drawn_when_asked_for(visit: Open) -> None:
    page = visit(SMALL)
    page.get_by_role("button", name="Measure both ways").click()
    picture = page.locator(".ways svg")
    expect(picture).to_be_visible(timeout=LONG)
    expect(picture).to_contain_text("through the branch; there is no shortcut")
    page.get_by_role("radio", name="first", exact=True).check()
    expect(picture).to_contain_text("stage 1, unit 1", timeout=LONG)
    pick(page, "Seeds", "1")
    expect(picture).to_have_count(0)

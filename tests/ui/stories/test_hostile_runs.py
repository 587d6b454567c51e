"""Runs, links and refusals that carry scripts: the page shows them as text."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from resnet_explorer.runs.events import Failed, Noted, Started
from resnet_explorer.runs.experiment import prepare
from resnet_explorer.runs.run_folder import Job, RunFolder, new_id
from tests.fixtures.app_process import free_port, started
from tests.fixtures.cases import Count

CALL = "window.hit=1"
SCRIPTS = (
    "<script>{}</script>", "<img src=x onerror={}>", "<svg onload={}>", "<svg/onload={}//",
    "<iframe srcdoc='<script>parent.{}</script>'>",
    "<a href='javascript:{}'>a</a>", "<details open ontoggle={}>",
    "<video><source onerror={}>", "<body onload={}>",
    "<input autofocus onfocus={}>", "<style>@keyframes x{{}}</style><b style='animation-name:x' onanimationstart={}>",
    "<math><mtext></mtext><script>{}</script></math>", "<img src=`x` onerror={}>", "<object data='javascript:{}'>",
    "<meta http-equiv=refresh content='0;url=javascript:{}'>", "<form><button formaction='javascript:{}'>a",
    "<marquee onstart={}>", "<template><img src=x onerror={}></template>",
    "<noscript><img src=x onerror={}></noscript>",
    "&lt;img src=x onerror={}&gt;",
)  # fmt: skip
FRAMES = ("{}", '">{}', "--></title></textarea>{}")
PAYLOADS = [frame.format(script.format(CALL)) for script in SCRIPTS for frame in FRAMES]
# texts of a run that a page shows: its line, data, a setting, a note, its machine, its end
TOGETHER = 6
# what a payload would have made
ELEMENTS = "[onerror], [onload], [ontoggle], [onfocus], [onstart], [onanimationstart], [href^=javascript], [srcdoc]"


def hostile_run(home: Path, texts: list[str]) -> str:
    """A failed run with these texts wherever one can be, as a foreign program may leave it in a home; its id."""
    line, data, setting, note, machine, end = texts
    experiment = prepare("cifar-basic-8", "shapes", "short", 0, {"size": "8"})
    what = {
        "line": line, "data": data, "recipe": "short", "settings": {"lr": setting, setting: "1"},
        "experiment": experiment.changes(),
    }  # fmt: skip
    folder = RunFolder.create(home, Job(new_id(), "train", what))
    with folder.writer() as writer:
        writer.append(Started(0, 5, machine, hardware=machine))
        writer.append(Noted(note))
        writer.append(Failed(end, end))
    return folder.run


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Page, str, list[str]]]:
    home = tmp_path_factory.mktemp("home")
    firsts = range(0, len(PAYLOADS), TOGETHER)
    runs = [hostile_run(home, PAYLOADS[first : first + TOGETHER]) for first in firsts]
    with started(home, free_port()) as (address, _):
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        yield context.new_page(), address, runs
        context.close()


def assert_nothing_ran(page: Page) -> None:
    assert page.evaluate("window.hit") is None
    assert page.locator(ELEMENTS).count() == 0


def test_a_run_with_scripts_in_every_text_is_shown_as_text(page: tuple[Page, str, list[str]], count: Count) -> None:
    view, address, runs = page
    for run in runs:
        with count(TOGETHER):
            view.goto(f"{address}/?view=runs&lanes=cifar-basic-20:original&run={run}")
            expect(view.locator(".run-table .virtual-row").filter(has_text="failed").first).to_be_visible()
            expect(view.locator(".run-facts").first).to_contain_text("window.hit")
            assert_nothing_ran(view)


def test_a_link_with_scripts_is_shown_as_text(page: tuple[Page, str, list[str]], count: Count) -> None:
    view, address, _ = page
    for first in range(0, len(PAYLOADS), TOGETHER):
        texts = PAYLOADS[first : first + TOGETHER]
        with count(len(texts)):
            lanes = ",".join(f"cifar-basic-20:{quote(text, safe='')}" for text in texts)
            view.goto(
                f"{address}/?lanes={lanes}&view={quote(texts[0])}&run={quote(texts[1])}&compare={quote(texts[2])}"
            )
            view.locator("gradio-app .lane").first.locator(".lane-reading, .lane-wrong").first.wait_for()
            assert_nothing_ran(view)

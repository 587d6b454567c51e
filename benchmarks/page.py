"""The page in use beside an empty Gradio app: what a visitor waits for, and what the browser holds.

Times are taken inside the browser. Both apps have answered before, and the browser has no cache when it comes.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from benchmarks.gradio_app import EMPTY, gradio_app
from benchmarks.measure import Ratio, Value, ratios, report, value
from resnet_explorer.describe.text_tables import Cell, aligned
from resnet_explorer.language.orderings import ORDERINGS
from tests.fixtures.app_process import launched

QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
PAINTED = "performance.getEntriesByName('first-contentful-paint').length > 0"
OTHER = "an empty Gradio app"
PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
SIX = ",".join(f"cifar-basic-110:{ordering}" for ordering in ORDERINGS)
# the lanes' numbers, in the still picture already; the lanes that can be used; and what an empty app shows
READABLE, USABLE, FOOTER = ".lane-reading", "gradio-app .lane-reading", "footer button, footer a"
SENTENCES = ("bn relu conv bn relu conv +", "conv bn relu conv bn + relu")
VISITS, SWITCHES, TYPED, CHANGES = 7, 16, 32, 200
# milliseconds in which a page that has been opened comes to rest, and between two words that somebody types
SETTLE, PAUSE = 4000, 400
MEGABYTE = 2**20
# the answer of a press or a key is painted: the panel is there, or the drawing of lane A is another
WATCH_TAB = """(tab) => new Promise((done) => {
  const begin = performance.now();
  tab.click();
  const end = () => requestAnimationFrame(() => done(performance.now() - begin));
  const chosen = () => tab.getAttribute("aria-selected") === "true";
  const look = () => requestAnimationFrame(() => (chosen() ? end() : look()));
  look();
})"""
WATCH_DRAWING = """() => {
  const drawing = () => document.querySelector('.unit[data-slot="0"] .drawing svg')?.outerHTML;
  const before = drawing();
  window.redrawn = new Promise((done) => {
    let begin;
    document.addEventListener("input", () => { begin = performance.now(); }, { capture: true, once: true });
    const look = () => {
      if (begin && drawing() && drawing() !== before) requestAnimationFrame(() => done(performance.now() - begin));
      else requestAnimationFrame(look);
    };
    look();
  });
}"""


def main() -> None:
    """Measure both apps in turns, then the page alone, and print all beside the goals."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with launched() as ours, gradio_app(EMPTY) as (empty, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        compared = _visits(browser, ours, empty)
        alone = [*_use(browser, ours), *_memory(browser, ours, empty)]
        browser.close()
    report("page", compared, alone)
    print(f"\n{_table(compared, alone)}")


def _visits(browser: Browser, ours: str, empty: str) -> list[Ratio]:
    """First paint, first thing to read (a lane's numbers, or the empty app's footer), and first thing to use."""
    paint: dict[str, list[float]] = {"ours": [], OTHER: []}
    read: dict[str, list[float]] = {"ours": [], OTHER: []}
    use: dict[str, list[float]] = {"ours": [], OTHER: []}
    places = {"ours": (ours, READABLE), OTHER: (empty, FOOTER)}
    for count in range(VISITS + 1):
        for name, (address, what) in places.items():
            with _page(browser, address) as page:
                page.locator(what).first.wait_for()
                seconds = page.evaluate("performance.now()") / 1e3
                page.locator(USABLE if name == "ours" else FOOTER).first.wait_for()
                used = page.evaluate("performance.now()") / 1e3
                page.wait_for_function(PAINTED)
                # the first visit of each does not count
                if count:
                    read[name].append(seconds)
                    use[name].append(used)
                    paint[name].append(page.evaluate(PAINT) / 1e3)
    return [
        *ratios("first contentful paint", paint, {OTHER: "at most 1.1"}),
        *ratios("first thing to read", read, {OTHER: "at most 1.4"}),
        *ratios("first thing to use", use),
    ]


def _use(browser: Browser, address: str) -> list[Value]:
    """Another tab, once each was opened before, and another sentence until its drawing stands."""
    with _page(browser, address) as page:
        page.locator(USABLE).first.wait_for()
        tabs = page.locator(".view-tabs > .tab-wrapper").first.get_by_role("tab").all()
        for tab in tabs:
            tab.click()
            page.wait_for_timeout(SETTLE)
        switched = [tab.evaluate(WATCH_TAB) for tab in islice(cycle(tabs), SWITCHES)]
        tabs[0].click()
        page.locator('.unit[data-slot="0"] .drawing svg').first.wait_for()
        typed = list(_redrawn(page, TYPED, PAUSE))
    return [
        value("another tab", "ms", switched, "at most 100"),
        value("a sentence to its drawing", "ms", typed[2:], "at most 60"),
    ]


def _memory(browser: Browser, ours: str, empty: str) -> list[Value]:
    """JavaScript's heap with six lanes of 110 layers, the empty app's, and the growth over many changes of a lane."""
    with _page(browser, empty) as page:
        page.locator(FOOTER).first.wait_for()
        page.wait_for_timeout(SETTLE)
        beside = _heap(page.context.new_cdp_session(page))
    with _page(browser, f"{ours}/?lanes={SIX}") as page:
        page.locator(USABLE).nth(5).wait_for()
        page.locator('.unit[data-slot="0"] .drawing svg').first.wait_for()
        page.wait_for_timeout(SETTLE)
        session = page.context.new_cdp_session(page)
        held = _heap(session)
        # what is loaded at a first change is no growth
        list(_redrawn(page, CHANGES))
        before = _heap(session)
        list(_redrawn(page, CHANGES))
        page.wait_for_timeout(SETTLE)
        grown = _heap(session) - before
    return [
        value("heap of six lanes of 110 layers", "MB", [held], "under 150"),
        value(f"heap of {OTHER}", "MB", [beside]),
        value(f"growth of the heap over {CHANGES} changes of a lane", "MB", [grown], "at most 2"),
    ]


def _redrawn(page: Page, count: int, pause: int = 0) -> Iterator[float]:
    """Milliseconds from a sentence of lane A to its drawing, so many times, with a pause before each."""
    field = page.get_by_label("The unit as a sentence")
    if not field.is_visible():
        page.locator('.lane[data-slot="0"] .lane-title').click()
        field.wait_for()
    for text in islice(cycle(SENTENCES), count):
        page.wait_for_timeout(pause)
        page.evaluate(WATCH_DRAWING)
        field.fill(text)
        yield page.evaluate("window.redrawn")


def _heap(session: CDPSession) -> float:
    """Megabytes that are still used when all garbage is gone."""
    session.send("HeapProfiler.enable")
    session.send("HeapProfiler.collectGarbage")
    used: float = session.send("Runtime.getHeapUsage")["usedSize"]
    return used / MEGABYTE


@contextmanager
def _page(browser: Browser, address: str) -> Iterator[Page]:
    """A page in a context of its own, without a cache."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(120_000)
    page.goto(address, wait_until="commit")
    yield page
    page.context.close()


def _table(compared: list[Ratio], alone: list[Value]) -> str:
    """What was measured, beside its goal."""
    rows: list[list[Cell]] = [
        [one.what, f"{one.ours:.2f} s", f"{one.other:.2f} s", f"{one.ratio:.2f}", one.goal] for one in compared
    ]
    rows += [[one.what, f"{one.value:.3g} {one.unit}", "", "", one.goal] for one in alone]
    return aligned(["what", "ours", OTHER, "ratio", "goal"], rows)


if __name__ == "__main__":
    main()

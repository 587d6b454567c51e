"""Where things are on the page, in the words of the page."""

from playwright.sync_api import Download, FloatRect, Locator, Page, expect

SIX = [
    "original",
    "BN after addition",
    "ReLU before addition",
    "ReLU-only pre-activation",
    "full pre-activation",
    "plain",
]


def lane(page: Page, letter: str) -> Locator:
    return page.locator(f'.lane[data-slot="{"ABCDEF".index(letter)}"]')


def open_lane(page: Page, letter: str) -> Locator:
    """Open a lane's panel and give it."""
    lane(page, letter).locator(".lane-title").click()
    panel = page.get_by_role("group", name=f"Lane {letter}", exact=True)
    expect(panel).to_be_visible()
    return panel


def sentence(page: Page) -> Locator:
    return page.get_by_label("The unit as a sentence")


def chips(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Words of the unit").get_by_role("option")


def announced(page: Page) -> Locator:
    return page.locator(".live")


def box(element: Locator) -> FloatRect:
    """Where something stands on the screen."""
    box = element.bounding_box()
    assert box, "it is not on the screen"
    return box


def pick(page: Page, label: str, choice: str) -> None:
    """Choose in a list that opens."""
    page.get_by_label(label, exact=True).click()
    page.get_by_role("option", name=choice, exact=True).click()


def download_file(figure: Locator, kind: str) -> Download:
    """Press the button of a figure's file."""
    with figure.page.expect_download() as download:
        figure.get_by_role("button", name=f"Download {kind}").click()
    return download.value

"""A view of one's own, as docs/views.md tells it: one more row, and it works like the others."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.fixtures.app_process import launched
from tests.fixtures.paths import ROOT
from tests.ui.stories.conftest import Open

# the page of app.py with one more row in VIEWS
PROGRAM = """
import sys
from resnet_explorer.__main__ import main
from resnet_explorer.ui import app
from tests.fixtures import receptive_view
app.VIEWS = (*app.VIEWS, receptive_view)
sys.exit(main(["serve", *sys.argv[1:]]))
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with launched(("-c", PROGRAM)) as address:
        yield address


def test_the_document_shows_the_view_as_it_is() -> None:
    listings = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "views.md").read_text(), re.DOTALL)
    assert listings == [(ROOT / "tests" / "fixtures" / "receptive_view.py").read_text()]
    assert len(listings[0].splitlines()) < 45


def test_a_view_comes_by_one_row_and_follows_lanes_controls_and_link(visit: Open) -> None:
    page = visit("?lanes=cifar-basic-20:original,cifar-basic-56:plain")
    page.get_by_role("tab", name="Receptive field").click()
    expect(page.get_by_text("6 stages see at least 0 pixels a side.")).to_be_visible()
    expect(page.get_by_role("gridcell", name="stage 3").first).to_be_visible()
    slider = page.get_by_label("number input for At least, pixels")
    slider.fill("60")
    slider.press("Enter")
    expect(page.get_by_text(re.compile(r"^[1-5] stages see at least 60 pixels a side\."))).to_be_visible()
    expect(page).to_have_url(re.compile("at_least=60"))

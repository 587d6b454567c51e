"""Stories of a class: the steps in the header, by mouse and by keys, and which one the page is at."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.api.test_lessons import FILE
from tests.fixtures.app_process import free_port, started
from tests.ui.stories.conftest import Open
from tests.ui.stories.page_parts import lane, open_lane


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page for a class; one task holds what must stay text."""
    home = tmp_path_factory.mktemp("home")
    text = FILE.replace("Which of them", "<img src=x onerror=alert(1)> Which of them")
    # a view that measures nothing by itself, which a reload would break off
    (home / "lesson.toml").write_text(text.replace("view=gradient", "view=runs"))
    with started(home, free_port(), ("app.py", "--class", str(home / "lesson.toml"))) as (address, _):
        yield address


@pytest.mark.parametrize("width", [1440, 360])
def test_a_pupil_opens_a_step_and_stays_at_it_whatever_else_changes(visit: Open, width: int) -> None:
    page = visit(width=width)
    steps = page.locator(".lesson summary")
    expect(steps).to_have_text("Why depth hurts Steps")
    steps.click()
    page.get_by_role("link", name="Plain at 56 layers").click()
    expect(lane(page, "A").locator(".lane-title")).to_have_text("plain 56")
    expect(steps).to_have_text("Why depth hurts Step 1 of 2: Plain at 56 layers")
    expect(page.get_by_role("tab", name="Runs")).to_have_attribute("aria-selected", "true")
    open_lane(page, "A").get_by_label("original", exact=True).check()
    page.wait_for_url("**/?lanes=cifar-basic-56:original*step=1*")
    page.reload()
    expect(steps).to_contain_text("Step 1 of 2")
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_steps_open_and_close_by_keys_and_hold_text_alone(visit: Open) -> None:
    page = visit()
    steps = page.locator(".lesson summary")
    steps.focus()
    page.keyboard.press("Enter")
    second = page.locator(".lesson li").nth(1)
    expect(second).to_contain_text("<img src=x onerror=alert(1)> Which of them")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Plain at 56 layers")).to_be_focused()
    page.keyboard.press("Escape")
    expect(second).to_be_hidden()
    expect(steps).to_be_focused()
    steps.click()
    page.get_by_role("tab", name="Train").click()
    expect(second).to_be_hidden()

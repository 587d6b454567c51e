"""The page used by keys alone: go on with Tab, and what stands where the focus is."""

import re

from playwright.sync_api import Page

# more than there are places in any view
MOST = 400
# the place of the focus: its name, the region it is in, whether it can be seen; and that it was here
PLACE = """([regions]) => {
  const here = document.activeElement;
  if (!here || here === document.body) return null;
  here.walked = true;
  const drawn = [here, here.closest("label"), here.closest(".wrap-inner, .container")].filter(Boolean);
  const ring = (element) => {
    const { outlineStyle, outlineWidth, opacity } = getComputedStyle(element);
    return outlineStyle !== "none" && outlineWidth !== "0px" && opacity !== "0";
  };
  const text = here.labels?.[0]?.textContent || here.textContent;
  const name = here.ariaLabel || text || here.placeholder || here.title || "";
  return {
    name: name.replace(/\\s+/g, " ").trim(),
    region: regions.findIndex((region) => here.closest(region)),
    seen: drawn.some(ring) && here.getClientRects().length > 0,
  };
}"""
PRESSED = "gradio-app :is(button, a[href], input, select, textarea, summary, [tabindex='0'])"
# rows of Gradio's table are one place, and lanes in one line come and go
APART = "[inert], [aria-hidden='true'], .table-wrap, .visually-hidden, .folded"
LEFT = """([pressed, apart]) => [...document.querySelectorAll(pressed)]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.disabled && each.tabIndex >= 0)
  .filter((each) => !each.walked && !each.closest(apart))
  .map((each) => each.ariaLabel || each.textContent.trim() || each.outerHTML.slice(0, 80))"""
# in the order in which they are seen
REGIONS = (".view-names", ".row.header", ".lanes", ".tabitem", ".about", "footer")


class Place:
    """Where the focus is: its name, the number of its region, and whether it can be seen."""

    def __init__(self, name: str, region: int, seen: bool) -> None:
        self.name, self.region, self.seen = name, region, seen


def place(page: Page) -> Place | None:
    """Where the focus is; None where it has left the page."""
    answer = page.evaluate(PLACE, [REGIONS])
    return Place(**answer) if answer else None


def walk(page: Page) -> list[Place]:
    """Every place that Tab comes to, from the top of the page until it leaves it."""
    places: list[Place] = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        here = place(page)
        if here is None:
            return places
        places.append(here)
    raise AssertionError(f"Tab does not come out: it goes round {[each.name for each in places[-5:]]}")


def left_out(page: Page) -> list[str]:
    """What can be pressed and no walk has come to."""
    names: list[str] = page.evaluate(LEFT, [PRESSED, APART])
    return names


def go(page: Page, name: str, key: str = "Tab") -> None:
    """Press Tab, or another key, until the focus is where a name begins so."""
    seen = []
    for _ in range(MOST):
        page.keyboard.press(key)
        here = place(page)
        if here and re.match(name, here.name):
            return
        seen.append(here.name if here else "")
    raise AssertionError(f"{key} does not come to {name}, but to {seen[:60]}")


def press(page: Page, name: str) -> None:
    """Go on to a button and press it."""
    go(page, name)
    page.keyboard.press("Enter")

"""The view Structure: a unit of each lane, the whole network, and for one lane its layers, code and mathematics."""

from resnet_explorer.ui.legacy.legacy import Legacy
from resnet_explorer.ui.page import Page

NAME, TITLE = "structure", "Structure"


def build(page: Page) -> None:
    """Place the view as it was; lanes go to it, and come back when it sets them."""
    page.exchange(Legacy("structure", min_height=640))

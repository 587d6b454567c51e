"""The view Gradient flow: the gradient at every unit of each lane, at init."""

from resnet_explorer.ui.legacy.legacy import Legacy
from resnet_explorer.ui.page import Page

NAME, TITLE = "gradient", "Gradient flow"


def build(page: Page) -> None:
    """Place the view as it was; lanes go to it, and come back when it sets them."""
    page.exchange(Legacy("gradient", min_height=640))

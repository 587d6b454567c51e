"""The view Train: runs launched with one press, their curves and gradient flow as they come, and all runs below."""

from resnet_explorer.ui.legacy.legacy import Legacy
from resnet_explorer.ui.page import Page

NAME, TITLE = "train", "Train"


def build(page: Page) -> None:
    """Place the view as it was; lanes go to it, and come back when it sets them."""
    page.exchange(Legacy("train", min_height=640))

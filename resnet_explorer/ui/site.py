"""All routes of our own: the frame's, and those of each view."""

from importlib import import_module
from importlib.util import find_spec

from starlette.routing import BaseRoute

from resnet_explorer.ui import routes as frame


def site() -> list[BaseRoute]:
    """Every route that is not Gradio's."""
    views = [name for name in ("structure", "stream") if find_spec(f"resnet_explorer.ui.{name}")]
    return [
        *frame.routes(),
        *(route for name in views for route in import_module(f"resnet_explorer.ui.{name}").routes()),
    ]

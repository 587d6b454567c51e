"""All routes of our own: the frame's, and those of each view."""

from starlette.routing import BaseRoute

from resnet_explorer.ui import routes as frame
from resnet_explorer.ui import stream, structure


def site() -> list[BaseRoute]:
    """Every route that is not Gradio's."""
    return [*frame.routes(), *structure.routes(), *stream.routes()]

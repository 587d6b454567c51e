"""A whole network on one strip: sections, which open to units, and these to layers."""

import json
from typing import Any

from gradio.events import Events

from resnet_explorer.api.planning import build_plan
from resnet_explorer.describe.drawing.strip import strip
from resnet_explorer.ui.components.component import Component


class NetworkStrip(Component):
    """Shows a network from stem to head; the value is the network, as one line of text.

    Event: `select` when a unit is picked to be drawn, `event.unit` is its place, such as 2.3.

    import gradio as gr
    from resnet_explorer.ui.components.network_strip.network_strip import NetworkStrip
    with gr.Blocks() as demo:
        NetworkStrip("cifar-basic-56:full-preactivation")
    demo.launch()
    """

    EVENTS: list[Any] = [Events.select]

    def __init__(self, value: str | None = None, **props: Any) -> None:
        super().__init__("network_strip", value, **props)

    def preprocess(self, payload: object) -> None:
        """Nothing comes back from a strip but its events."""

    def postprocess(self, value: str | None) -> str | None:
        """The sections as one JSON text."""
        return json.dumps({"sections": strip(build_plan(value)[1])}) if value else None

    def api_info(self) -> dict[str, Any]:
        """JSON as text."""
        return {"type": "string", "description": "sections in JSON"}

"""Whole networks below each other: a block a unit, as wide as its channels, as high as its pixels, coloured by cost."""

import json
import re
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from gradio.events import Events

from resnet_explorer.api.network_drawings import NetworkPicture as Answer
from resnet_explorer.api.network_drawings import draw_network
from resnet_explorer.errors import ExplorerError
from resnet_explorer.ui.components.component import Component

WIDTH = 960
UNIT = re.compile(r'class="unit" (?P<rest>data-network="\d+" data-stage="(?P<stage>\d+)" data-unit="(?P<unit>\d+)")')
ENDINGS = {"svg": "svg", "tikz": "tex", "pdf": "pdf"}


@dataclass(frozen=True)
class NetworkView:
    """Networks, each with its lane, coloured by none, parameters, macs, memory, or measured: the numbers in values.

    `cut` are places of units, such as 2.3, that are drawn as pressed, in all networks.
    """

    networks: Sequence[str]
    slots: Sequence[int] = ()
    colour: str = "none"
    values: Sequence[Sequence[float | None]] = ()
    label: str = "measured"
    batch: int = 128
    precision: str = "fp32"
    cut: Sequence[str] | None = None

    def draw(self, theme: str = "", format: str = "svg") -> Answer:
        """What the verb `draw_network` answers; without a theme the picture has the page's own colours."""
        return draw_network(
            list(self.networks),
            self.colour,
            [list(numbers) for numbers in self.values] or None,
            self.label,
            theme,
            list(self.slots) or None,
            format,
            WIDTH,
            batch=self.batch,
            precision=self.precision,
        )

    def write(self, format: str) -> Path:
        """The picture as a file to take home, in light colours: svg, tikz or pdf."""
        picture = self.draw("light", format)["picture"]
        path = Path(mkdtemp()) / f"networks.{ENDINGS[format]}"
        path.write_bytes(b64decode(picture) if format == "pdf" else picture.encode())
        return path


class NetworkPicture(Component):
    """Draws whole networks; the value is a list of networks, or a NetworkView that says how they are coloured.

    Event: `select` when a unit is pressed: `event.network` is its place in the list, `event.unit` its own, such as 2.3.

    import gradio as gr
    from resnet_explorer.ui.components.network_picture.network_picture import NetworkPicture, NetworkView
    with gr.Blocks() as demo:
        NetworkPicture(NetworkView(["cifar-basic-56:full-preactivation", "cifar-basic-110"], colour="macs"))
    demo.launch()
    """

    EVENTS: list[Any] = [Events.select]

    def __init__(self, value: Sequence[str] | NetworkView | None = None, **props: Any) -> None:
        super().__init__("network_picture", value, **props)

    def preprocess(self, payload: object) -> None:
        """Nothing comes back from a picture but its events."""

    def postprocess(self, value: Sequence[str] | NetworkView | None) -> str | None:
        """The picture, or a sentence on why there is none, in one JSON text."""
        if not value:
            return None
        try:
            view = value if isinstance(value, NetworkView) else NetworkView(value)
            picture = view.draw()["picture"]
            return json.dumps({"picture": picture if view.cut is None else _cut(picture, view.cut), "error": ""})
        except ExplorerError as error:
            return json.dumps({"picture": "", "error": str(error)})

    def api_info(self) -> dict[str, Any]:
        """JSON as text."""
        return {"type": "string", "description": "a picture in JSON"}


def _cut(picture: str, places: Sequence[str]) -> str:
    """The picture with units as switches, of which these are pressed."""

    def switch(unit: re.Match[str]) -> str:
        pressed = f"{unit['stage']}.{unit['unit']}" in places
        return f'class="unit{" cut" if pressed else ""}" aria-pressed="{str(pressed).lower()}" {unit["rest"]}'

    return UNIT.sub(switch, picture)

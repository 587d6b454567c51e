"""Gradient flow while runs learn: one heat map a line, unit by step, all on one scale."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from resnet_explorer.figures.theme import heat_scale
from resnet_explorer.ui.components.component import Component
from resnet_explorer.ui.components.curves.lines import Line
from resnet_explorer.ui.components.heat_map.files import write_heat_maps

# a row of maps, the scale and the caption
LEAST_HEIGHT = 280
# red, green and blue of each shade
SHADES = [[int(part) for part in re.findall(r"\d+", shade)] for shade in heat_scale()]
KINDS = {"gradients": "|dL/dx|", "moments": "E x²", "responses": "branch std"}
MEANINGS = {
    "gradients": "norm of the gradient of the loss by the tensor between two units, of the step's own batch",
    "moments": "mean of the squares of the tensor between two units",
    "responses": "standard deviation of what the branch gives before the addition, after its last BN",
}


@dataclass(frozen=True)
class HeatMaps:
    """What heat maps show: lines, a quantity (gradients, moments or responses), and the seed that stands for a line."""

    lines: Sequence[Line] = ()
    kind: str = "gradients"
    seed: str = ""


class HeatMap(Component):
    """Draws a map for each line as its run measures, over the routes of `streams`; the value is `HeatMaps`.

    import gradio as gr
    from resnet_explorer.ui.components.curves.lines import group_into_lines
    from resnet_explorer.ui.components.heat_map.heat_map import HeatMap, HeatMaps
    from resnet_explorer.ui.services import services
    from resnet_explorer.ui.streams.routes import routes
    with gr.Blocks() as demo:
        HeatMap(HeatMaps(group_into_lines(services().runs.reader.runs(text="recorded")["runs"], [])))
    demo.launch(app_kwargs={"routes": routes(services().events)})
    """

    def __init__(self, value: HeatMaps | None = None, **props: Any) -> None:
        props = {"min_height": LEAST_HEIGHT, "server_functions": (write_heat_maps,), **props}
        super().__init__("heat_map", value, shades=SHADES, **props)

    def preprocess(self, payload: object) -> None:
        """Heat maps are only shown: there is nothing to read from them."""

    def postprocess(self, value: HeatMaps | None) -> str | None:  # type: ignore[override]
        """One JSON text, which Gradio passes on as it is; `first` is the number of the first unit.

        The branch of a unit belongs to units from 1; what lies between two units begins with what enters the first.
        """
        if value is None:
            return None
        kind = value.kind
        words = {"name": KINDS[kind], "meaning": MEANINGS[kind], "first": int(kind == "responses")}
        return json.dumps({**asdict(value), **words}, ensure_ascii=False, allow_nan=False)

    def api_info(self) -> dict[str, Any]:
        """The JSON text of the lines and the quantity."""
        return {"type": "string", "description": "the JSON of lines of runs, a quantity and a seed"}

"""A table of a network's layers, of the difference of two, or of the totals of several."""

import json
from typing import Any

from resnet_explorer.errors import ExplorerError
from resnet_explorer.ui.components.component import Component
from resnet_explorer.ui.components.layer_table.sources import Source, source_text


class LayerTable(Component):
    """Shows thousands of layers without lag: folded by stage and unit, sorted, searched, copied and downloaded.

    The value says what is shown: Layers of a network, the Difference of two, or the Totals of several. Tools are
    `search`, to fold, narrow and keep, and `keep` alone.

    import gradio as gr
    from resnet_explorer.ui.components.layer_table.layer_table import LayerTable
    from resnet_explorer.ui.components.layer_table.sources import Layers
    with gr.Blocks() as demo:
        LayerTable(Layers("cifar-basic-1202:full-preactivation"), ["search"])
    demo.launch()
    """

    EVENTS: list[Any] = []

    def __init__(self, value: Source | None = None, tools: list[str] | None = None, **props: Any) -> None:
        super().__init__("layer_table", value, server_functions=(table_text,), tools=tools or [], **props)

    def preprocess(self, payload: object) -> None:
        """Nothing comes back from a table."""

    def postprocess(self, value: Source | None) -> str | None:  # type: ignore[override]
        """The table as one JSON text, in which equal units stand once."""
        return None if value is None else json.dumps({**value.table(), "source": value.as_json()})

    def api_info(self) -> dict[str, Any]:
        """JSON as text."""
        return {"type": "string", "description": "a table in JSON"}


def table_text(arguments: object) -> dict[str, str]:
    """A table as text in one of the formats that the command line writes, or a sentence on what is wrong."""
    try:
        return {"text": source_text(arguments)}
    except ExplorerError as error:
        return {"error": str(error)}

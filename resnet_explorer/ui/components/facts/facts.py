"""A table of facts: a row for each, a column for each thing that it is about."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from resnet_explorer.ui.components.component import Component


class Fact(NamedTuple):
    """What a fact is called, which the browser says in the visitor's language, and its values, one a column."""

    name: str
    values: Sequence[str]


@dataclass(frozen=True)
class FactTable:
    """Facts under the names of their columns; one column needs no name. `label` says what the table is."""

    label: str
    facts: Sequence[Fact]
    columns: Sequence[str] = ()


class Facts(Component):
    """Shows facts as a table; where columns differ in one, its row is set in bold.

    import gradio as gr
    from resnet_explorer.ui.components.facts.facts import Fact, Facts, FactTable
    with gr.Blocks() as demo:
        Facts(FactTable("Two runs", [Fact("Seed", ["0", "1"])], ["first", "second"]))
    demo.launch()
    """

    EVENTS: list[Any] = []

    def __init__(self, value: FactTable | None = None, **props: Any) -> None:
        super().__init__("facts", value, **props)

    def preprocess(self, payload: object) -> None:
        """Facts are only shown: there is nothing to read from them."""

    def postprocess(self, value: FactTable | None) -> str:  # type: ignore[override]
        """One JSON text."""
        return "" if value is None else json.dumps([value.label, value.columns, value.facts], ensure_ascii=False)

    def api_info(self) -> dict[str, Any]:
        """The JSON text of label, columns and facts."""
        return {"type": "string", "description": "the JSON of a label, the columns, and pairs of a name and values"}

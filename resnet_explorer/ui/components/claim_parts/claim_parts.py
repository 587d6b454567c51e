"""The parts of a claim: what each says, its verdict and picture, the rule in words, and what the form cannot show."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from gradio.events import Events

from resnet_explorer.describe.sentence import Sentence
from resnet_explorer.ui.components.component import Component


@dataclass(frozen=True)
class ClaimPart:
    """One statement; `facts` are pairs of a name and a text about how it is judged, for the part that is chosen."""

    name: str
    statement: str
    word: str
    svg: str
    picture: Sentence
    reason: Sentence
    facts: Sequence[tuple[str, str]] = ()
    chosen: bool = False


class ClaimParts(Component):
    """Shows the parts of a claim, of which one is chosen; the value is a list of them.

    Event: `select` when another part is chosen (`event.part` is its name).

    import gradio as gr
    from resnet_explorer.describe.sentence import Sentence
    from resnet_explorer.ui.components.claim_parts.claim_parts import ClaimPart, ClaimParts
    with gr.Blocks() as demo:
        ClaimParts([ClaimPart("deeper", "Deeper is worse.", "supported", "", Sentence(""), Sentence("It is."))])
    demo.launch()
    """

    EVENTS: list[Any] = [Events.select]

    def __init__(self, value: Sequence[ClaimPart] | None = None, **props: Any) -> None:
        super().__init__("claim_parts", value, **props)

    def preprocess(self, payload: object) -> None:
        """Parts are only shown: there is nothing to read from them but events."""

    def postprocess(self, value: Sequence[ClaimPart] | None) -> str:  # type: ignore[override]
        """One JSON text; a sentence is a pair of its text and its values."""
        return "" if value is None else json.dumps([asdict(part) for part in value], ensure_ascii=False)

    def api_info(self) -> dict[str, Any]:
        """The JSON text of parts."""
        return {"type": "string", "description": "the JSON of parts: a statement, its verdict, and how it is judged"}

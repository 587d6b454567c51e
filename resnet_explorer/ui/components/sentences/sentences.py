"""Sentences that a handler answers, each with its values apart, so that the browser can say it in any language."""

import json
from collections.abc import Sequence
from typing import Any

from resnet_explorer.describe.sentence import Sentence as Sentence
from resnet_explorer.ui.components.component import Component


class Sentences(Component):
    """Shows sentences as paragraphs; with `role="alert"` or `role="status"` they are read aloud when they change.

    import gradio as gr
    from resnet_explorer.ui.components.sentences.sentences import Sentence, Sentences
    with gr.Blocks() as demo:
        Sentences([Sentence("{n} runs are launched.", {"n": 3})], role="status")
    demo.launch()
    """

    EVENTS: list[Any] = []

    def __init__(self, value: Sequence[Sentence] | None = None, *, role: str = "", **props: Any) -> None:
        self.role = role
        super().__init__("sentences", value, role=role, **props)

    def preprocess(self, payload: object) -> None:
        """Sentences are only shown: there is nothing to read from them."""

    def postprocess(self, value: Sequence[Sentence] | None) -> str:  # type: ignore[override]
        """One JSON text: pairs of a text and its values."""
        return json.dumps([[sentence.text, dict(sentence.values)] for sentence in value or ()], ensure_ascii=False)

    def api_info(self) -> dict[str, Any]:
        """The JSON text of pairs."""
        return {"type": "string", "description": "the JSON of pairs: a text, and the values of its places"}

"""The steps of a lesson: one line in the header that opens to prepared links, each with what is to be done there."""

import json
from dataclasses import asdict
from typing import Any

from resnet_explorer.api.lessons import Lesson
from resnet_explorer.ui.components.component import Component


class LessonSteps(Component):
    """Shows which step of a lesson the page is at, and opens to the others.

    import gradio as gr
    from resnet_explorer.api.lessons import read_lesson
    from resnet_explorer.ui.components.lesson.lesson import LessonSteps
    with gr.Blocks() as demo:
        LessonSteps(read_lesson("examples"))
    demo.launch()
    """

    EVENTS: list[Any] = []

    def __init__(self, value: Lesson | None = None, **props: Any) -> None:
        super().__init__("lesson", value, **props)

    def preprocess(self, payload: object) -> None:
        """A lesson is only shown: there is nothing to read from it."""

    def postprocess(self, value: Lesson | None) -> str:  # type: ignore[override]
        """One JSON text."""
        return "" if value is None else json.dumps(asdict(value), ensure_ascii=False)

    def api_info(self) -> dict[str, Any]:
        """The JSON text of a lesson."""
        return {"type": "string", "description": "the JSON of a lesson's title and steps"}

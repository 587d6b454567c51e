"""The curves of runs, drawn while they come, and below them where each run stands."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import gradio as gr
from gradio.events import EventListener

from resnet_explorer.figures import curves
from resnet_explorer.figures.plotly_script import SCRIPT
from resnet_explorer.figures.theme import PAGE
from resnet_explorer.runs.measures import measure_name
from resnet_explorer.ui.components.component import Component
from resnet_explorer.ui.components.curves.lines import Line
from resnet_explorer.ui.components.figure.files import write_figure
from resnet_explorer.ui.components.sentences.sentences import Sentence

gr.set_static_paths(SCRIPT)
EVENT_NAMES = ("change", "stop", "resume", "remove", "hide", "state", "measure")
# room for the figure, the values under the mouse, its files, two lines of a caption, and six lanes
LEAST_HEIGHT = 748
# of the six lanes, and the last one of a run that belongs to none
STYLES = curves.lines(PAGE)


@dataclass(frozen=True)
class Picture:
    """What curves show: lines, which of them are hidden (by their labels), and how they are drawn.

    `curve` is loss, accuracy, test, rate or gradient, `x` is steps or seconds, `smooth` the share of the last value
    that a running mean keeps. `obeys` are the runs whose buttons are shown, `empty` what stands where no line is.
    """

    lines: Sequence[Line] = ()
    curve: str = "loss"
    x: str = "steps"
    smooth: float = 0.9
    hidden: Sequence[str] = ()
    obeys: Sequence[str] = ()
    caption: Sequence[Sentence] = ()
    empty: Sentence | None = None


class Curves(Component):
    """Draws the curves of runs as they come, over the routes of `streams`; the value is a `Picture`.

    Events: `stop`, `resume` and, after a question, `remove` (`event.run`), `hide` when lines are hidden or shown again
    (`event.hidden`, their labels), `state` when a run's state changes (`event.runs`), and `measure` when held-out
    images were measured (`event.tests`, for each run pairs of a step and an accuracy).

    import gradio as gr
    from resnet_explorer.ui.components.curves.curves import Curves, Picture
    from resnet_explorer.ui.components.curves.lines import group_into_lines
    from resnet_explorer.ui.services import services
    from resnet_explorer.ui.streams.routes import routes
    with gr.Blocks() as demo:
        Curves(Picture(group_into_lines(services().runs.reader.runs(text="recorded")["runs"], [])))
    demo.launch(app_kwargs={"routes": routes(services().events)})
    """

    EVENTS: list[Any] = [EventListener(name) for name in EVENT_NAMES]

    def __init__(self, value: Picture | None = None, **props: Any) -> None:
        props = {"min_height": LEAST_HEIGHT, "server_functions": (write_figure,), **props}
        super().__init__("curves", value, script=SCRIPT.as_posix(), height=curves.HEIGHT, **props)

    def preprocess(self, payload: object) -> None:
        """Curves are only shown: there is nothing to read from them."""

    def postprocess(self, value: Picture | None) -> str | None:  # type: ignore[override]
        """One JSON text, which Gradio passes on as it is; with axes and styles."""
        if value is None:
            return None
        measure = measure_name(run["data"] for line in value.lines for run in line.runs)
        fields = {**asdict(value), "drawing": curves.drawing(value.curve, value.x, PAGE, measure)}
        for line in fields["lines"]:
            line["style"] = STYLES[line["slot"]]
        return json.dumps(fields, ensure_ascii=False, allow_nan=False)

    def api_info(self) -> dict[str, Any]:
        """The JSON text of a picture."""
        return {"type": "string", "description": "the JSON of lines of runs, and how they are drawn"}

"""A Plotly figure that is drawn anew without a jump, with a caption, downloads, and its numbers as a table."""

import json
from dataclasses import dataclass
from typing import Any, Protocol

import gradio as gr
from gradio.events import EventListener

from resnet_explorer.describe.sentence import Sentence
from resnet_explorer.figures.plotly_json import PlainFigure, to_json
from resnet_explorer.figures.plotly_script import SCRIPT
from resnet_explorer.ui.components.component import Component
from resnet_explorer.ui.components.figure.files import write_figure

gr.set_static_paths(SCRIPT)
HEIGHT = 440
# what stands under the plot: two lines of values under the mouse, a row of buttons and two lines of a caption
BELOW = 136


class PlotlyFigure(Protocol):
    """What Plotly's own figures can do."""

    def to_json(self) -> str | None: ...


@dataclass(frozen=True)
class Table:
    """The numbers behind a figure; empty cells are None."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class FigureValue:
    """What a figure shows; `alt` is the figure in words, `empty` what stands there before there is one.
    `sentences` stand in the place of a caption, in the visitor's language.

    `coming` are the lanes that are still computed, each the `meta` of its traces: until they have come, their older
    traces stay, faded; as long as there is no new figure at all, the whole older one does. `progress` is how many steps
    of how many are done. `height` in pixels is another than the component's, for a figure of many panels.
    """

    figure: PlainFigure | PlotlyFigure | None = None
    name: str = "figure"
    caption: str = ""
    alt: str = ""
    table: Table | None = None
    empty: str = ""
    coming: tuple[int, ...] = ()
    progress: tuple[int, int] | None = None
    height: int = 0
    sentences: tuple[Sentence, ...] = ()


class Figure(Component):
    """Shows a Plotly figure, a plain dictionary or Plotly's own; the value is a `FigureValue`.

    Zoom, hidden traces and scroll stay over updates as long as `layout.uirevision` stays the same.
    Events: `click` and `hover` (`event.x`, `event.y`, `event.name`, `event.trace`, `event.point`, `event.meta`,
    `event.customdata`) and `relayout` (`event.range`, the ranges of x and y that the visitor zoomed to, or None).

    import gradio as gr
    from resnet_explorer.ui.components.figure.figure import Figure, FigureValue
    with gr.Blocks() as demo:
        Figure(FigureValue({"data": [{"y": [1, 4, 2]}], "layout": {}}, name="three", caption="Three points."))
    demo.launch()
    """

    EVENTS: list[Any] = [EventListener(name) for name in ("change", "click", "hover", "relayout")]

    def __init__(self, value: FigureValue | None = None, *, height: int = HEIGHT, **props: Any) -> None:
        self.height = height
        props = {"server_functions": (write_figure,), "script": SCRIPT.as_posix(), **props}
        super().__init__("figure", value, height=height, min_height=height + BELOW, **props)

    def preprocess(self, payload: object) -> None:
        """A figure is only shown: there is nothing to read from it."""

    def postprocess(self, value: FigureValue | None) -> str | None:  # type: ignore[override]
        """One JSON text, which Gradio passes on as it is."""
        return None if value is None else encode(value)

    def api_info(self) -> dict[str, Any]:
        """The JSON text of a figure."""
        return {"type": "string", "description": "the JSON of a figure with its name, caption, words and table"}


def encode(value: FigureValue) -> str:
    """The JSON of a value; what is empty is left out."""
    figure = value.figure
    drawn = "null" if figure is None else to_json(figure) if isinstance(figure, dict) else figure.to_json()
    names = ("name", "caption", "alt", "empty")
    texts: dict[str, Any] = {name: getattr(value, name) for name in names if getattr(value, name)}
    if value.sentences:
        texts["caption"] = [[each.text, dict(each.values)] for each in value.sentences]
    table = {"table": {"columns": value.table.columns, "rows": value.table.rows}} if value.table else {}
    state = {"coming": value.coming, "progress": value.progress} | ({"height": value.height} if value.height else {})
    rest = json.dumps({**texts, **table, **state}, ensure_ascii=False, allow_nan=False)
    return f'{{"figure":{drawn},{rest[1:]}'

"""One unit of each lane side by side: to one scale, with all additions on one height."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gradio.events import Events

from resnet_explorer.api.networks import draw
from resnet_explorer.api.planning import build_plan
from resnet_explorer.describe.drawing import diagram
from resnet_explorer.describe.drawing.layout import WIDTH, Box
from resnet_explorer.errors import ExplorerError, NetworkError
from resnet_explorer.language.orderings import ORDERINGS
from resnet_explorer.language.registry import OPS
from resnet_explorer.ui.components.component import Component
from resnet_explorer.ui.components.lanes.lanes import Lane
from resnet_explorer.ui.endpoints import call_verb

# of the pictures to take home; PNG is drawn by the browser
FORMATS = ["svg", "png", "tikz", "pdf"]


@dataclass(frozen=True)
class UnitView:
    """Which unit of which lanes: inside (of a stage), first, transition, last, or a place like 2.3."""

    lanes: Sequence[Lane]
    unit: str = "inside"


class UnitDiagram(Component):
    """Draws a unit of each lane; the value is the lanes, or a UnitView that says which unit.

    Event: `select` when a lane's unit or one of its ops is picked, by mouse or keyboard: `event.slot`, and of an op
    `event.op`, `event.part` and `event.meaning`, otherwise empty.

    import gradio as gr
    from resnet_explorer.ui.components.lanes.lanes import Lane
    from resnet_explorer.ui.components.unit_diagram.unit_diagram import UnitDiagram
    with gr.Blocks() as demo:
        UnitDiagram([Lane(0, "cifar-basic-56", "original"), Lane(1, "cifar-basic-56", "plain")])
    demo.launch()
    """

    EVENTS: list[Any] = [Events.select]

    def __init__(self, value: Sequence[Lane] | UnitView | None = None, **props: Any) -> None:
        super().__init__("unit_diagram", value, server_functions=(picture_of_units,), formats=FORMATS, **props)

    def preprocess(self, payload: object) -> None:
        """Nothing comes back from a drawing but its events."""

    def postprocess(self, value: Sequence[Lane] | UnitView | None) -> str | None:  # type: ignore[override]
        """The drawings as one JSON text."""
        if value is None:
            return None
        return json.dumps(_draw(value if isinstance(value, UnitView) else UnitView(value)))

    def api_info(self) -> dict[str, Any]:
        """JSON as text."""
        return {"type": "string", "description": "drawings in JSON"}


def network_line(lane: Lane) -> str:
    """The text of a lane as the verbs read it, as it stands now, whether it can be read or not."""
    head = f"{lane.name}:{lane.unit}" if lane.unit else lane.name
    return ";".join((head, *(f"{name}={value}" for name, value in lane.fields.items())))


def title_of(lane: Lane) -> str:
    """What a lane is called: its title, its ordering, or its network."""
    if lane.title:
        return lane.title
    if lane.unit in ORDERINGS:
        return lane.unit
    try:
        ordering = build_plan(lane.spec or network_line(lane))[0].ordering
    except ExplorerError:
        ordering = ""
    return ordering or ("own unit" if lane.unit else lane.name)


def picture_of_units(arguments: object) -> dict[str, Any]:
    """All units as one picture that stands alone: the verb `draw` with a theme, or a sentence on what is wrong."""
    try:
        if not isinstance(arguments, dict):
            raise NetworkError("a picture is asked for by networks, unit, theme and slots")
        drawings: Any = call_verb(draw, arguments)
        return {"picture": drawings["sheet"]}
    except ExplorerError as error:
        return {"error": str(error)}


def _draw(view: UnitView) -> dict[str, Any]:
    """What the browser draws: the last drawing of each lane, marked where its text is another meanwhile."""
    read = [(lane, line) for lane in view.lanes if (line := _readable_line(lane))]
    plans = [(request.name, plan) for request, plan in (build_plan(line) for _, line in read)]
    try:
        drawn = diagram.draw(plans, view.unit) if plans else []
    except ExplorerError as error:
        return {"unit": view.unit, "error": str(error), "networks": [], "units": []}
    units = [_unit(lane, line, one) for (lane, line), one in zip(read, drawn, strict=True)]
    networks = [line for _, line in read]
    return {"unit": view.unit, "error": "", "width": WIDTH, "networks": networks, "units": units}


def _readable_line(lane: Lane) -> str:
    """The last text of a lane that can be read, or nothing: what is wrong with it stands on its card."""
    line = lane.spec or network_line(lane)
    try:
        build_plan(line)
    except ExplorerError:
        return ""
    return line


def _unit(lane: Lane, text: str, drawn: diagram.DrawnUnit) -> dict[str, Any]:
    return {
        "slot": lane.slot,
        "title": title_of(lane),
        "old": text != network_line(lane),
        "shape": drawn.shape,
        "stage": drawn.stage,
        "unit": drawn.unit,
        "rules": list(drawn.rules),
        "height": drawn.drawing.height,
        "svg": drawn.svg,
        "ops": [_op(box) for box in drawn.drawing.boxes],
    }


def _op(box: Box) -> dict[str, Any]:
    """A box of the drawing to press: where it stands, and what it is."""
    layer, word = box.layer, box.layer.word or box.layer.call
    known = OPS.get(word.partition("(")[0])
    costs = f"{layer.params:,} parameters, {layer.macs:,} MACs, output {layer.shape}"
    meaning = f"{known.meaning} {costs}." if known else f"{costs}."
    return {"x": box.x, "y": box.y, "height": box.height, "op": word, "part": box.part, "meaning": meaning}

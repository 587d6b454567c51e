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
from resnet_explorer.networks.plan import Plan
from resnet_explorer.networks.request import NetworkRequest
from resnet_explorer.ui.components.component import Component
from resnet_explorer.ui.components.lanes.lanes import Lane, read_lanes
from resnet_explorer.ui.endpoints import call_verb


@dataclass(frozen=True)
class UnitView:
    """Which unit of which lanes: inside (of a stage), first, transition, last, or a place like 2.3."""

    lanes: Sequence[Lane]
    unit: str = "inside"


class UnitDiagram(Component):
    """Draws a unit of each lane; the value is the lanes, or a UnitView that says which unit.

    Where it `follows`, it draws what is typed into a row of lanes at once; else nothing but its value.

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

    def __init__(self, value: Sequence[Lane] | UnitView | None = None, *, follows: bool = True, **props: Any) -> None:
        self.follows = follows
        super().__init__(
            "unit_diagram", value, follows=follows, server_functions=(draw_units, picture_of_units), **props
        )

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


def title_of(lane: Lane, ordering: str | None = None) -> str:
    """What a lane is called: its title, its ordering (asked of its text if it is not given), or its network."""
    if lane.title:
        return lane.title
    if lane.unit in ORDERINGS:
        return lane.unit
    if ordering is None:
        answer = _read(lane)
        ordering = answer[1].ordering if answer else ""
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


def draw_units(arguments: object) -> dict[str, Any]:
    """The drawings of the lanes that a browser has while somebody types: what `postprocess` gives, at once."""
    try:
        if not isinstance(arguments, dict):
            raise NetworkError("drawings are asked for by lanes and unit")
        return _draw(UnitView(read_lanes(arguments.get("lanes")), str(arguments.get("unit") or "inside")))
    except ExplorerError as error:
        return {"error": str(error), "units": []}


def _draw(view: UnitView) -> dict[str, Any]:
    """What the browser draws: the last drawing of each lane, marked where its text is another meanwhile."""
    read = [(lane, network) for lane in view.lanes if (network := _read(lane))]
    answer = {"unit": view.unit, "lanes": [[lane.slot, network_line(lane), lane.title] for lane in view.lanes]}
    try:
        drawn = diagram.draw([(request.name, plan) for _, (_, request, plan) in read], view.unit) if read else []
    except ExplorerError as error:
        return {**answer, "error": str(error), "networks": [], "units": []}
    units = [_unit(lane, line, request, one) for (lane, (line, request, _)), one in zip(read, drawn, strict=True)]
    networks = [line for _, (line, _, _) in read]
    return {**answer, "error": "", "width": WIDTH, "networks": networks, "units": units}


def _read(lane: Lane) -> tuple[str, NetworkRequest, Plan] | None:
    """A lane's text with what it asks for, or its last one that could be read; what is wrong stands on its card."""
    for line in (network_line(lane), lane.spec):
        try:
            return (line, *build_plan(line))
        except ExplorerError:
            continue
    return None


def _unit(lane: Lane, text: str, request: NetworkRequest, drawn: diagram.DrawnUnit) -> dict[str, Any]:
    return {
        "slot": lane.slot,
        "title": title_of(lane, request.ordering),
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

"""The row of lanes: cards, the editor of a sentence as chips and as text, starting points, undo and keys."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, cast

from gradio.events import Events

from resnet_explorer.api.networks import outline
from resnet_explorer.errors import ExplorerError, LanguageError, NetworkError
from resnet_explorer.figures.theme import DASHES
from resnet_explorer.networks.request import LETTERS
from resnet_explorer.ui.components.component import Component
from resnet_explorer.ui.components.lanes.controls import controls_text
from resnet_explorer.ui.components.lanes.refusal import refusal
from resnet_explorer.ui.endpoints import call_verb

MAX_TEXT = 1000
MAX_LANES = len(DASHES)


@dataclass(frozen=True)
class Lane:
    """One architecture: a network's name, its unit, fields that differ from their defaults, and a title.

    `spec` is the last text of it that could be read, empty if there was none yet; `error` says in a sentence what is
    wrong with the newest, and is empty if nothing is.
    """

    slot: int
    name: str
    unit: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    spec: str = ""
    error: str = ""

    @property
    def letter(self) -> str:
        return LETTERS[self.slot]


class Lanes(Component):
    """Lets a visitor assemble up to six architectures; the value is the list of them.

    Events: `change` when the lanes are another list and have been read, `select` when another lane is opened
    (`event.lane` is its slot).

    import gradio as gr
    from resnet_explorer.ui.components.lanes.lanes import Lane, Lanes
    with gr.Blocks() as demo:
        Lanes([Lane(0, "cifar-basic-56", "original"), Lane(1, "cifar-basic-56", "plain")])
    demo.launch()
    """

    EVENTS: list[Any] = [Events.change, Events.select]

    def __init__(self, value: Sequence[Lane] | None = None, **props: Any) -> None:
        super().__init__("lanes", value, server_functions=(lane_outlines,), catalog=controls_text(), **props)

    def preprocess(self, payload: object) -> list[Lane]:  # type: ignore[override]
        """The lanes that the browser has; what is no list of lanes is refused."""
        return read_lanes(payload)

    def postprocess(self, value: Sequence[Lane] | None) -> list[dict[str, object]] | None:  # type: ignore[override]
        """The lanes as the browser keeps them."""
        return None if value is None else [asdict(lane) for lane in value]

    def api_info(self) -> dict[str, Any]:
        """A list of lanes in JSON."""
        return {"type": "array", "items": {"type": "object"}, "description": "lanes: slot, name, unit, fields, title"}


def read_lanes(payload: object) -> list[Lane]:
    """The lanes in a JSON value; a wrong one is refused in a sentence."""
    if not payload:
        return []
    if not isinstance(payload, list) or len(payload) > MAX_LANES:
        raise NetworkError(f"lanes are a list of at most {MAX_LANES}")
    lanes = [_read_lane(item) for item in payload]
    if len({lane.slot for lane in lanes}) < len(lanes):
        raise NetworkError("two lanes have the same letter")
    return lanes


def _read_lane(item: object) -> Lane:
    if not isinstance(item, dict) or item.get("slot") not in range(MAX_LANES) or isinstance(item["slot"], bool):
        raise NetworkError(f"a lane has a slot from 0 to {MAX_LANES - 1}")
    texts = {name: item.get(name, "") for name in ("name", "unit", "title", "spec", "error")}
    fields = item.get("fields") or {}
    values = [*texts.values(), *fields, *fields.values()] if isinstance(fields, dict) else [None]
    if not all(isinstance(value, str) and len(value) <= MAX_TEXT for value in values):
        raise NetworkError(f"the parts of a lane are texts of at most {MAX_TEXT} signs")
    return Lane(item["slot"], fields=fields, **texts)


def lane_of(slot: int, line: str) -> Lane:
    """The lane of a line: NAME[:UNIT][;FIELD=VALUE ...]."""
    head, *settings = line.split(";")
    name, _, unit = head.partition(":")
    fields = [setting.partition("=") for setting in settings]
    return Lane(slot, name.strip(), unit.strip(), {field.strip(): value.strip() for field, _, value in fields})


def lane_outlines(requests: object) -> list[dict[str, Any]]:
    """What each of some lanes is, for the browser: the answer of the verb `outline`, or what is wrong and where."""
    if not isinstance(requests, list) or len(requests) > MAX_LANES:
        return [refusal(NetworkError(f"lanes are asked for as a list of at most {MAX_LANES}"), {})]
    return [_outline(request) for request in requests]


def _outline(arguments: object) -> dict[str, Any]:
    try:
        if not isinstance(arguments, dict):
            raise NetworkError("a lane is asked for by network, ordering, block and settings")
        block = str(arguments.get("block", ""))
        if ";" in block:
            # in the text of a lane a semicolon begins a field
            column = block.index(";") + 1
            raise LanguageError(f"unknown character ';' at column {column}", column)
        return cast(dict[str, Any], call_verb(outline, arguments))
    except ExplorerError as error:
        return refusal(error, arguments if isinstance(arguments, dict) else {})

"""Which lane the parts of the view are about, and when they are computed: only what is in sight."""

from collections.abc import Sequence
from typing import Any

import gradio as gr
from gradio.components import Component

from resnet_explorer.api.planning import build_plan
from resnet_explorer.errors import NetworkError
from resnet_explorer.networks.plan import Plan
from resnet_explorer.networks.request import LETTERS
from resnet_explorer.ui.components.lanes.lanes import MAX_LANES, Lane
from resnet_explorer.ui.i18n import i18n
from resnet_explorer.ui.page import Handler, Page, as_handler

# the lanes that there are; the one that is chosen stays if it is still there
SHOW_LANES = """(lanes, lane) => {
  const choices = lanes.map(({ slot }) => ["ABCDEF"[slot], String(slot)]);
  const value = choices.some(([, slot]) => slot === lane) ? lane : choices[0]?.[1];
  return { choices, value: value ?? lane, __type__: "update" };
}"""


def lane_radio(page: Page) -> gr.Radio:
    """The lane in detail, by its slot as text; it is placed later."""
    choices = [(LETTERS[slot], str(slot)) for slot in range(MAX_LANES)]
    label = i18n("Lane in detail")
    radio = gr.Radio(choices, value="0", label=label, elem_classes=["lane-choice", "plain"], render=False)
    page.lanes.change(None, [page.lanes, radio], radio, js=SHOW_LANES, api_visibility="private")
    page.lanes.select(_pick_lane, None, radio, queue=False, show_progress="hidden", api_visibility="private")
    return radio


def _pick_lane(event: gr.EventData) -> str:
    return str(event.lane)


def chosen(lanes: Sequence[Lane], slot: str) -> Lane:
    """The lane in a slot among those that can be read, otherwise the first of them."""
    read = [lane for lane, _ in readable(lanes)]
    if not read:
        raise NetworkError("no lane can be read")
    return next((lane for lane in read if str(lane.slot) == slot), read[0])


def readable(lanes: Sequence[Lane]) -> list[tuple[Lane, Plan]]:
    """The lanes that have been read, with their plans."""
    return [(lane, build_plan(lane.spec)[1]) for lane in lanes if lane.spec]


def update_in_sight(page: Page, handler: Handler, controls: Sequence[Any], outputs: Sequence[Component]) -> None:
    """Call `handler(lanes, *controls)` when something changes and the place where this stands is in sight.

    A panel of a closed tab waits, with all that changed meanwhile, until it is opened.
    """
    trigger = page.add_trigger()
    inputs = [page.lanes, *controls]
    changes = [control.change for control in controls]
    if changes:
        gr.on(changes, None, [*controls], trigger, js="(...values) => [values]", api_visibility="private")

    def answer(lanes: list[Lane], *values: Any) -> Any:
        """What is shown stays while no lane can be read, as before the first one comes."""
        if any(lane.spec for lane in lanes):
            return handler(lanes, *values)
        return [gr.skip() for _ in outputs] if len(outputs) > 1 else gr.skip()

    trigger.refresh(
        as_handler(answer),
        inputs,
        list(outputs),
        queue=False,
        trigger_mode="always_last",
        show_progress="hidden",
        api_visibility="private",
    )

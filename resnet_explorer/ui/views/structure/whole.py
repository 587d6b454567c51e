"""The whole network: as a picture of one lane or all, coloured by cost or by a measured gradient, and as a strip."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from resnet_explorer.api.gradients import probe
from resnet_explorer.errors import ExplorerError
from resnet_explorer.ui.components.lanes.lanes import Lane
from resnet_explorer.ui.components.network_picture.network_picture import ENDINGS, NetworkPicture, NetworkView
from resnet_explorer.ui.components.network_strip.network_strip import NetworkStrip
from resnet_explorer.ui.components.sentences.sentences import Sentence, Sentences
from resnet_explorer.ui.i18n import i18n
from resnet_explorer.ui.page import Page, as_handler
from resnet_explorer.ui.views.structure.selection import chosen, readable, update_in_sight

COLOURS = {"none": "none", "parameters": "parameters", "macs": "MACs", "memory": "memory", "measured": "gradient"}
FILE = "network-picture-file"
WORDS = "A block is a unit: as wide as its channels, as high as its pixels; arcs are shortcuts. Press one to draw it."


def build_whole(page: Page, lane: gr.Radio, unit: gr.Textbox, training: gr.Dropdown, precision: gr.Dropdown) -> None:
    """The picture, what it is coloured by, its files, and the strip below; a unit of either can be drawn."""
    head = gr.Markdown(elem_classes=["whole"])
    with gr.Row(elem_classes=["part-head"]):
        choices = [(i18n(label), name) for name, label in COLOURS.items()]
        colour = page.keep(
            "colour", gr.Radio(choices, value="none", label=i18n("Colour"), elem_classes=["controls", "plain"])
        )
        every = page.keep("whole", gr.Checkbox(label=i18n("All lanes"), container=False, elem_classes=["controls"]))
    picture = NetworkPicture(min_height=232)
    with gr.Row(elem_classes=["part-head"]):
        words = Sentences(elem_classes=["caption"], min_height=40)
        with gr.Row(elem_classes=["keep"]):
            buttons = [gr.Button(form.upper().replace("TIKZ", "TikZ"), elem_classes=["link-like"]) for form in ENDINGS]
    strip = NetworkStrip(min_height=80)
    controls = [lane, every, colour, training, precision]

    def show(lanes: list[Lane], *values: Any) -> tuple[str, NetworkView, list[Sentence], str]:
        view, sentence = _view(page, lanes, *values)
        return _heading(lanes, *values[:2]), view, sentence, chosen(lanes, values[0]).spec

    update_in_sight(page, show, controls, [head, picture, words, strip])
    options: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
    picture.select(_pick_unit, [page.lanes, lane, every], [lane, unit], **options)
    strip.select(_pick_of_strip, None, unit, **options)
    file = gr.DownloadButton(elem_id=FILE, visible="hidden")
    for form, button in zip(ENDINGS, buttons, strict=True):
        press = button.click(as_handler(_writer(page, form)), [page.lanes, *controls], file, **options)
        press.then(None, js=f"() => document.getElementById('{FILE}').click()", api_visibility="private")


def _writer(page: Page, form: str) -> Any:
    def write(lanes: list[Lane], *values: Any) -> str:
        return str(_view(page, lanes, *values)[0].write(form))

    return write


def _drawn(lanes: list[Lane], slot: str, every: bool) -> Sequence[Lane]:
    """The lanes on the picture."""
    return [lane for lane, _ in readable(lanes)] if every else [chosen(lanes, slot)]


def _heading(lanes: list[Lane], slot: str, every: bool) -> str:
    return (
        "## The whole network of each lane" if every else f"## The whole network of lane {chosen(lanes, slot).letter}"
    )


def _view(
    page: Page, lanes: list[Lane], slot: str, every: bool, colour: str, batch: str, precision: str
) -> tuple[NetworkView, list[Sentence]]:
    """What is drawn, and a sentence on it; a gradient that cannot be measured leaves the networks without colour."""
    drawn = _drawn(lanes, slot, every)
    networks, slots = [lane.spec for lane in drawn], [lane.slot for lane in drawn]
    if colour != "measured":
        return NetworkView(networks, slots, colour, batch=int(batch), precision=precision), [Sentence(WORDS)]
    try:
        answer = probe(networks, seeds=1, runner=page.services.runner)
    except ExplorerError as error:
        return NetworkView(networks, slots), [Sentence(str(error))]
    values = [[unit["mean"] for unit in flow["units"]] for flow in answer["lanes"]]
    label = answer["lanes"][0]["label"]
    measured = Sentence(
        "{label} at each unit's output at initialisation, one seed, 8 images of noise.", {"label": label}
    )
    return NetworkView(networks, slots, colour, values, label), [measured, Sentence(WORDS)]


def _pick_unit(lanes: list[Lane], slot: str, every: bool, event: gr.EventData) -> tuple[str, str]:
    """The lane and the unit of a block."""
    return str(_drawn(lanes, slot, every)[event.network].slot), str(event.unit)


def _pick_of_strip(event: gr.EventData) -> str:
    return str(event.unit)

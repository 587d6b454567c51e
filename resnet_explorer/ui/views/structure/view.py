"""The view Structure."""

import json
from typing import Any

import gradio as gr

from resnet_explorer.describe.drawing.diagram import UNITS
from resnet_explorer.describe.structure_sentences import structure_sentences
from resnet_explorer.ui.components.lanes.lanes import Lane
from resnet_explorer.ui.components.layer_table.layer_table import LayerTable
from resnet_explorer.ui.components.layer_table.sources import Totals
from resnet_explorer.ui.components.sentences.sentences import Sentence, Sentences
from resnet_explorer.ui.components.unit_diagram.unit_diagram import UnitDiagram, UnitView
from resnet_explorer.ui.i18n import i18n, translate
from resnet_explorer.ui.page import Page
from resnet_explorer.ui.views.structure.detail import build_detail
from resnet_explorer.ui.views.structure.selection import lane_radio, readable
from resnet_explorer.ui.views.structure.whole import build_whole

NAME, TITLE = "structure", "Structure"
LABELS = {"inside": "inside a stage"}
BATCHES = ["1", "8", "16", "32", "64", "128", "256", "512", "1024"]
PRECISIONS = ["fp32", "tf32", "bf16", "fp16"]
# the four units in the page's language, and the place of another one while it is drawn
IN_CHINESE = [[translate(LABELS.get(name, name), "zh"), name] for name in UNITS]
SHOW_UNIT = f"""(unit) => {{
  const chinese = document.documentElement.lang.startsWith("zh");
  const choices = chinese ? {json.dumps(IN_CHINESE)} : {json.dumps([[LABELS.get(name, name), name] for name in UNITS])};
  const other = chinese ? {json.dumps(translate("unit {first}", "zh"))} : "unit {{first}}";
  if (!choices.some(([, name]) => name === unit)) choices.push([other.replace("{{first}}", unit), unit]);
  return {{ choices, value: unit, __type__: "update" }};
}}"""


def build(page: Page) -> None:
    """Place the view's parts and say what they depend on."""
    lane = page.keep("lane", lane_radio(page))
    with gr.Row(elem_classes=["view", "structure"]):
        with gr.Column():
            unit = _build_units(page, lane)
            training, precision = _training_controls(page)
            build_whole(page, lane, unit, training, precision)
        with gr.Column(elem_classes=["aside"]):
            _build_totals(page, training, precision)
    build_detail(page, lane, training, precision)


def _build_units(page: Page, lane: gr.Radio) -> gr.Textbox:
    """The drawings; what is kept in the link is a text, as a unit may be any place."""
    unit: gr.Textbox = page.keep("unit", gr.Textbox("inside", visible="hidden", show_label=False))
    with gr.Row(elem_classes=["part-head"]):
        gr.Markdown(i18n("## One unit of each lane"))
        choices = [(i18n(LABELS.get(name, name)), name) for name in UNITS]
        radio = gr.Radio(choices, value="inside", show_label=False, container=False, elem_classes=["controls", "plain"])
    units = UnitDiagram(min_height=472)
    op = gr.Markdown(elem_classes=["op-text"])
    unit.change(None, unit, radio, js=SHOW_UNIT, api_visibility="private")
    radio.input(None, radio, unit, js="(unit) => unit", api_visibility="private")
    page.update(lambda lanes, which: UnitView(lanes, which), [unit], [units])
    units.select(_pick_op, None, [lane, op], queue=False, show_progress="hidden", api_visibility="private")
    return unit


def _pick_op(event: gr.EventData) -> tuple[str, str]:
    """The lane that was picked, and what the op in it is."""
    text = f"`{event.op}` ({event.part}): {event.meaning}" if event.op else ""
    return str(event.slot), text


def _training_controls(page: Page) -> tuple[gr.Dropdown, gr.Dropdown]:
    """Batch and precision, which memory depends on; they are placed later."""
    settings: dict[str, Any] = {"min_width": 80, "render": False}
    return (
        page.keep("training", gr.Dropdown(BATCHES, value="128", label=i18n("Batch"), **settings)),
        page.keep("precision", gr.Dropdown(PRECISIONS, value="fp32", label=i18n("Precision"), **settings)),
    )


def _build_totals(page: Page, training: gr.Dropdown, precision: gr.Dropdown) -> None:
    """What is seen, and the totals of all lanes."""
    gr.Markdown(i18n("## What is seen"))
    seen = Sentences(elem_classes=["seen"], min_height=162)
    gr.Markdown(i18n("## Totals"))
    with gr.Row(elem_classes=["controls"]):
        training.render()  # type: ignore[no-untyped-call]
        precision.render()  # type: ignore[no-untyped-call]
    sizes = LayerTable(min_height=212, elem_classes=["totals"])
    costs = LayerTable(min_height=249, elem_classes=["totals"], tools=["keep"])
    caption = Sentences(elem_classes=["caption"], min_height=85)
    page.update(_totals, [training, precision], [seen, sizes, costs, caption])


def _totals(lanes: list[Lane], batch: str, precision: str) -> tuple[list[Sentence], Totals, Totals, list[Sentence]]:
    read = readable(lanes)
    networks, slots = [lane.spec for lane, _ in read], [lane.slot for lane, _ in read]
    seen = structure_sentences([(lane.letter, plan) for lane, plan in read])
    both = [Totals(networks, slots, int(batch), precision, part) for part in (0, 1)]
    caption = Sentence(
        "MACs: multiply-adds of convolutions and fully connected layers, one image, without bias adds. Memory: one "
        "training step with SGD and momentum at batch {batch} in {precision}, an estimate from the plan.",
        {"batch": batch, "precision": precision},
    )
    return seen, both[0], both[1], [caption]

"""The view Gradient flow: one metric, unit by unit, of all lanes at initialisation, and the ratio against depth."""

from typing import Any

import gradio as gr

from resnet_explorer.describe.drawing.diagram import UNITS
from resnet_explorer.gradients.metrics import INITS, LOSSES, METRICS
from resnet_explorer.gradients.profile import MAX_SEEDS
from resnet_explorer.ui.components.figure.figure import Figure, FigureValue
from resnet_explorer.ui.gradient import depth_stream, ways
from resnet_explorer.ui.gradient.handlers import (
    depth_handler,
    flow_handler,
    refuse_files,
    stale_handler,
    stop_handler,
)
from resnet_explorer.ui.i18n import IN_LANGUAGE, i18n
from resnet_explorer.ui.page import Page, as_handler
from resnet_explorer.ui.work_queue import WorkQueue

NAME, TITLE = "gradient", "Gradient flow"
BATCHES = ("2", "4", "8", "16", "32", "64")
SOURCES = (("Gaussian noise", "noise"), ("drawn shapes", "shapes"), ("my images", "images"))
HIDDEN: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
AT_ONCE: dict[str, Any] = {"queue": False, **HIDDEN}
UNIT_LABELS = {"inside": "inside a stage"}
NOTHING_YET = "The lanes are sent forward and backward, one after the other."


def build(page: Page) -> None:
    """Place the view's parts and say what they depend on."""
    queue = WorkQueue()
    with gr.Row(elem_classes=["view", "gradient-view"]):
        with gr.Column(elem_classes=["figure"]):
            metric = page.keep("metric", _metrics())
            figure = Figure(FigureValue(name="gradient-flow", empty=NOTHING_YET))
        with gr.Column(elem_classes=["aside"]):
            gr.Markdown(i18n("## What is seen"))
            findings = gr.Markdown(elem_classes=["findings", "fades"], min_height=120)
            # the reasons speak of it
            scale = gr.Button(i18n("Look at E x²"), size="sm", elem_classes=["quiet"])
            with gr.Accordion(i18n("Stage by stage"), open=False):
                stages = gr.Markdown(elem_classes=["fades"])
            gr.Markdown(i18n("## Numbers per lane"))
            numbers = gr.Markdown(elem_classes=["numbers", "fades"], min_height=200)
            conditions = [metric, *_conditions(page), gr.Textbox("", visible="hidden")]
            scale.click(None, None, metric, js="() => 'second-moment'", **AT_ONCE)
        with gr.Column(elem_classes=["cliff"]):
            _build_cliff(page, queue, conditions)
            _build_ways(page, conditions)
    outputs = [figure, findings, stages, numbers]
    page.update(flow_handler(page.services.runner, queue), conditions, outputs, js=IN_LANGUAGE)


def _metrics() -> gr.Radio:
    choices = [(metric.label, name) for name, metric in METRICS.items()]
    return gr.Radio(choices, value="gradient", label=i18n("Metric"), elem_classes=["controls", "plain", "metrics"])


def _conditions(page: Page) -> list[Any]:
    """The controls of the probe, in the order in which a request takes them."""
    gr.Markdown(i18n("## Conditions"))
    with gr.Column(elem_classes=["controls", "conditions"]):
        with gr.Row():
            seeds = page.keep(
                "seeds", gr.Dropdown([str(n + 1) for n in range(MAX_SEEDS)], value="3", label=i18n("Seeds"))
            )
            batch = page.keep("batch", gr.Dropdown(list(BATCHES), value="8", label=i18n("Batch")))
        source = page.keep(
            "source", gr.Dropdown([(i18n(label), name) for label, name in SOURCES], value="noise", label=i18n("Input"))
        )
        files = gr.File(
            label=i18n("Image files, cropped to a square and scaled to 32×32"),
            file_count="multiple",
            file_types=["image"],
            visible=False,
        )
        refusal = gr.Markdown(elem_classes=["wrong"])
        init = page.keep(
            "init",
            gr.Dropdown(list(INITS), value="he-fan-out", label=i18n("Initialisation"), info=i18n(INITS["he-fan-out"])),
        )
        losses = [(i18n(meaning), name) for name, meaning in LOSSES.items()]
        loss = page.keep("loss", gr.Dropdown(losses, value="cross-entropy", label=i18n("Loss")))
        across = page.keep(
            "across",
            gr.Radio(
                [(i18n("unit by unit"), "unit"), (i18n("fraction of the depth"), "fraction")],
                value="unit",
                label=i18n("Horizontal axis"),
            ),
        )
        norm = page.keep("norm", gr.Checkbox(True, label=i18n("Batch normalisation")))
        theory = page.keep("theory", gr.Checkbox(False, label=i18n("Theory as a thin line")))
    source.change(lambda name: gr.update(visible=name == "images"), source, files, **AT_ONCE)
    files.change(refuse_files, files, refusal, **AT_ONCE)
    init.change(lambda name: gr.update(info=i18n(INITS[name])), init, init, **AT_ONCE)
    return [seeds, batch, source, files, init, norm, loss, across, theory]


def _build_cliff(page: Page, queue: WorkQueue, conditions: list[Any]) -> None:
    """The ratio against depth, with a button that measures it and one that stops."""
    with gr.Row(elem_classes=["cliff-top"]):
        gr.Markdown(i18n("## Depth cliff"))
        start = gr.Button(i18n("Measure from depth 20 to 1202"), size="sm", min_width=96)
        stop = gr.Button(i18n("Stop"), size="sm", min_width=96, visible=False)
    figure = Figure(FigureValue(name=depth_stream.NAME, empty=depth_stream.NOT_MEASURED), height=360)
    words = gr.Markdown(elem_classes=["cliff-words"])
    start.click(
        as_handler(depth_handler(page.services.runner, queue)),
        [page.lanes, *conditions],
        [figure, words, start, stop],
        concurrency_limit=None,
        trigger_mode="multiple",
        js=IN_LANGUAGE,
        **HIDDEN,
    )
    stop.click(stop_handler(queue), None, None, **AT_ONCE)
    page.update(stale_handler(queue), conditions, [figure, words], js=IN_LANGUAGE)


def _build_ways(page: Page, conditions: list[Any]) -> None:
    """How much of the gradient takes the shortcut of a unit, and how much its branch, when it is asked for."""
    gr.Markdown(i18n("## Shortcut and branch"))
    with gr.Row(elem_classes=["cliff-top"]):
        choices = [(i18n(UNIT_LABELS.get(name, name)), name) for name in UNITS]
        unit = gr.Radio(choices, value="inside", show_label=False, container=False, elem_classes=["controls", "plain"])
        start = gr.Button(i18n("Measure both ways"), size="sm", min_width=96)
    picture = gr.HTML(elem_classes=["ways"], min_height=40, padding=False)
    words = gr.Markdown(i18n(ways.NOT_MEASURED), elem_classes=["caption"])
    key = gr.Textbox("", visible="hidden", show_label=False)
    gr.on(
        [start.click, unit.input],
        as_handler(ways.ways_handler(page.services.runner)),
        [page.lanes, unit, *conditions],
        [picture, words, key],
        concurrency_limit=None,
        trigger_mode="always_last",
        js=IN_LANGUAGE,
        **HIDDEN,
    )
    gr.on(
        [page.lanes.change, *(control.change for control in conditions)],
        as_handler(ways.keep_or_clear),
        [page.lanes, key, *conditions],
        [picture, words, key],
        trigger_mode="always_last",
        js=IN_LANGUAGE,
        **AT_ONCE,
    )

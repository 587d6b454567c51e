"""One lane in detail: its layers, code and rules, and its difference from another lane."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import gradio as gr

from resnet_explorer.api.networks import compare, export, second_opinion
from resnet_explorer.ui.components.equation.equation import Equation
from resnet_explorer.ui.components.lanes.lanes import Lane
from resnet_explorer.ui.components.layer_table.layer_table import LayerTable
from resnet_explorer.ui.components.layer_table.sources import Difference, Layers, difference_sentence
from resnet_explorer.ui.components.sentences.sentences import Sentence, Sentences
from resnet_explorer.ui.components.unit_diagram.unit_diagram import title_of
from resnet_explorer.ui.i18n import i18n
from resnet_explorer.ui.page import Page, as_handler
from resnet_explorer.ui.structure import CODE
from resnet_explorer.ui.views.structure.selection import chosen, update_in_sight

TABS = ("layers", "code", "equation", "difference")


def build_detail(page: Page, lane: gr.Radio, training: gr.Dropdown, precision: gr.Dropdown) -> None:
    """The lane's radio and the four tabs; which one is open stands in the link."""
    tab = page.keep("tab", gr.Radio(list(TABS), value="layers", visible="hidden"))
    with gr.Column(elem_classes=["detail"]):
        lane.render()  # type: ignore[no-untyped-call]
        panels = {}
        with gr.Tabs(elem_classes=["detail-tabs"]) as tabs:
            with gr.Tab(i18n("Layers"), id="layers") as panels["layers"]:
                _build_layers(page, lane, training, precision)
            with gr.Tab(i18n("Code"), id="code") as panels["code"]:
                _build_code(page, lane)
            with gr.Tab(i18n("Equation"), id="equation") as panels["equation"]:
                equation = Equation(min_height=320)
                update_in_sight(page, lambda lanes, slot: chosen(lanes, slot).spec, [lane], [equation])
            with gr.Tab(i18n("Difference"), id="difference") as panels["difference"]:
                _build_difference(page, lane)
    for name, panel in panels.items():
        panel.select(None, None, tab, js=f"() => {name!r}", api_visibility="private")
    show = '(name) => ({ selected: name, __type__: "update" })'
    tab.change(None, tab, tabs, js=show, api_visibility="private")


def _build_layers(page: Page, lane: gr.Radio, training: gr.Dropdown, precision: gr.Dropdown) -> None:
    table = LayerTable(min_height=640, tools=["search"])
    caption = Sentences(elem_classes=["caption"])
    update_in_sight(page, _layers, [lane, training, precision], [table, caption])
    ask = gr.Button(i18n("Ask torchinfo for a second opinion"), size="sm", elem_classes=["link-like"])
    sentence = gr.Markdown(elem_classes=["opinion"])
    with gr.Accordion(i18n("torchinfo's table"), open=False, visible=False) as fold:
        counted = gr.Code(language=None, show_label=False, interactive=False, max_lines=40)

    def opinion(lanes: list[Lane], slot: str) -> Iterator[Any]:
        yield i18n("torchinfo is counting the built module …"), gr.skip(), gr.skip()
        answer = second_opinion(chosen(lanes, slot).spec, computer=page.services.pool)
        yield answer["sentence"], gr.Accordion(visible=True), answer["table"]

    options: Any = {"show_progress": "hidden", "concurrency_limit": 2, "api_visibility": "private"}
    ask.click(as_handler(opinion), [page.lanes, lane], [sentence, fold, counted], **options)
    # an opinion is about one lane as it was
    clear = '() => ["", { visible: false, __type__: "update" }]'
    gr.on([page.lanes.change, lane.change], None, None, [sentence, fold], js=clear, api_visibility="private")


def _layers(lanes: list[Lane], slot: str, batch: str, precision: str) -> tuple[Layers, list[Sentence]]:
    caption = Sentence(
        "Parameters with BN; MACs for one image, without bias adds; memory is what each layer keeps for the backward "
        "pass at batch {batch} in {precision}.",
        {"batch": batch, "precision": precision},
    )
    return Layers(chosen(lanes, slot).spec, int(batch), precision), [caption]


def _build_code(page: Page, lane: gr.Radio) -> None:
    with gr.Row(elem_classes=["part-head"]):
        source = gr.Button(i18n("Download network.py"), link="#", size="sm", elem_classes=["link-like"])
        notebook = gr.Button(i18n("Open as notebook"), link="#", size="sm", elem_classes=["link-like"])
        lines = Sentences(elem_classes=["caption"])
    code = gr.Code(language="python", interactive=False, show_label=False, lines=24, max_lines=36, buttons=["copy"])
    update_in_sight(page, _code, [lane], [code, source, notebook, lines])


def _code(lanes: list[Lane], slot: str) -> tuple[Any, ...]:
    network = chosen(lanes, slot).spec
    text = export(network)["code"]
    links = [f"{CODE}?{urlencode({'network': network, 'format': form})}" for form in ("py", "ipynb")]
    lines = len(text.rstrip().splitlines())
    return (
        text,
        gr.Button(link=links[0]),
        gr.Button(link=links[1]),
        [Sentence("{n} lines that need nothing but torch", {"n": lines})],
    )


def _build_difference(page: Page, lane: gr.Radio) -> None:
    with gr.Row(elem_classes=["controls"]):
        against = page.keep("against", gr.Dropdown([], value="", label=i18n("To"), allow_custom_value=True))
        equal = gr.Checkbox(label=i18n("Show equal layers too"))
    sentence = Sentences(elem_classes=["seen"], min_height=24)
    changes = gr.Markdown(min_height=48)
    with gr.Accordion(i18n("Difference, line by line"), open=False):
        table = LayerTable(tools=["keep"])
    update_in_sight(page, _difference, [lane, against, equal], [against, sentence, changes, table])


def _difference(lanes: list[Lane], slot: str, against: str, equal: bool) -> tuple[Any, ...]:
    one = chosen(lanes, slot)
    others = [lane for lane in lanes if lane.spec and lane.slot != one.slot]
    if not others:
        return gr.skip(), [Sentence("Add a second lane to see how they differ.")], "", None
    two = next((lane for lane in others if str(lane.slot) == against), others[0])
    choices = [(f"{lane.letter} {title_of(lane)}", str(lane.slot)) for lane in others]
    label = f"From {one.letter} to"
    changes = compare([one.spec, two.spec])["summary"]
    listed = [f"- {change['sentence']}" + (f" ({change['where']})" if change["where"] else "") for change in changes]
    sentence = difference_sentence(one.spec, two.spec, (one.slot, two.slot))
    source = Difference(one.spec, two.spec, equal, f"Difference of {one.letter} and {two.letter}")
    return gr.Dropdown(choices, value=str(two.slot), label=label), [sentence], "\n".join(listed), source

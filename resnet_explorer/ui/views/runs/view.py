"""The view Runs."""

import gradio as gr

from resnet_explorer.ui.components.owner import Owner
from resnet_explorer.ui.i18n import i18n
from resnet_explorer.ui.page import Page
from resnet_explorer.ui.views.runs.comparison import build_comparison, build_cost_error
from resnet_explorer.ui.views.runs.detail import RunDetail
from resnet_explorer.ui.views.runs.run_list import SILENT, RunList
from resnet_explorer.ui.views.runs.sweeps import SweepPanel

NAME, TITLE = "runs", "Runs"


def build(page: Page) -> None:
    """Place the view's parts and say what they depend on."""
    with gr.Column(elem_classes=["runs-view"]):
        selected = page.keep("run", gr.Textbox("", visible="hidden", render=False))
        compare = gr.Button(i18n("Compare"), size="sm", interactive=False, render=False)
        owner = Owner(elem_classes=["owner"])
        runs_list = RunList(page, owner)
        detail = RunDetail(page, runs_list, selected, compare)
        with gr.Row(elem_classes=["view"]):
            with gr.Column():
                runs_list.build()
            with gr.Column(elem_classes=["aside"]):
                detail.build()
            with gr.Column():
                SweepPanel(page, owner).build()
                build_comparison(page, selected, compare)
                build_cost_error(page, selected)
        selected.render()
    runs_list.wire()
    detail.wire()
    runs_list.table.select(_pick, None, selected, **SILENT)


def _pick(event: gr.SelectData) -> str:
    """The run of the row that was pressed."""
    return str(event.row_value[0]) if event.row_value else ""

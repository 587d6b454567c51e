"""The view Dissect: an analysis of the catalog, its settings, whose weights it looks at, and what it finds.

Everything is made from the rows of the catalog: another row is another choice here.
"""

import json
from typing import Any

import gradio as gr

from resnet_explorer.analyses.catalog import ANALYSES, Analysis
from resnet_explorer.api.analyses import Analyses
from resnet_explorer.api.analysis_answers import AnalysisAnswer
from resnet_explorer.api.analysis_table import csv_file
from resnet_explorer.errors import AnalysisError, ExplorerError
from resnet_explorer.runs.events import LIVE
from resnet_explorer.ui.components.figure.figure import Figure, FigureValue
from resnet_explorer.ui.components.lanes.lanes import MAX_LANES
from resnet_explorer.ui.components.owner import Owner
from resnet_explorer.ui.components.refresh import Refresh
from resnet_explorer.ui.components.sentences.sentences import Sentence, Sentences
from resnet_explorer.ui.i18n import i18n
from resnet_explorer.ui.page import Page, as_handler
from resnet_explorer.ui.views.dissect import answers
from resnet_explorer.ui.views.dissect.cutting import Cutting
from resnet_explorer.ui.views.dissect.questions import Question, Questions, read_widgets
from resnet_explorer.ui.views.dissect.settings_form import SettingsForm
from resnet_explorer.ui.views.dissect.weights import Weights
from resnet_explorer.ui.views.runs.files import keep_file
from resnet_explorer.ui.views.runs.run_list import PRESS

NAME, TITLE = "dissect", "Dissect"
HEIGHT = 560
SILENT: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
# seconds between two looks while something is measured
LOOK = 0.4
# what belongs to an analysis is in sight while that is chosen
OUT_OF_SIGHT = "".join(
    f".dissect-view:not(:has(.dissect-choice input[value='{row.name}']:checked)) .of-{row.name}.of-{row.name} "
    "{ display: none; }"
    for row in ANALYSES
)
NOTHING = "Nothing is measured yet. Press Measure."


class DissectView:
    """The parts of the view, and what happens when one of them is used."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.owner = Owner(elem_classes=["owner"])
        self.measured: gr.Textbox = page.keep("measured", gr.Textbox("", visible="hidden"))
        choices = [(i18n(row.title), row.name) for row in ANALYSES]
        self.analysis: gr.Radio = page.keep(
            "dissect",
            gr.Radio(
                choices,
                value=ANALYSES[0].name,
                show_label=False,
                label=i18n("Analysis"),
                container=False,
                elem_classes=["controls", "plain", "dissect-choice"],
                render=False,
            ),
        )
        self.settings = SettingsForm(page)
        self.weights = Weights(page, self.owner)
        self.questions = Questions(Analyses(page.services.runs), self.weights)
        self.cutting = Cutting(page, self.questions)

    def build(self) -> None:
        """Place the parts and say what they depend on."""
        with gr.Row(elem_classes=["view", "dissect-view"]):
            with gr.Column(elem_classes=["figure"]):
                gr.HTML(f"<style>{OUT_OF_SIGHT}</style>", padding=False, elem_classes=["owner"])
                self.analysis.render()  # type: ignore[no-untyped-call]
                for row in ANALYSES:
                    gr.Markdown(i18n(row.question), elem_classes=["dissect-question", f"of-{row.name}"])
                    gr.Markdown(_source(row), elem_classes=["dissect-source", f"of-{row.name}"])
                self.figure = Figure(FigureValue(name=ANALYSES[0].name, empty=NOTHING), height=HEIGHT)
                self.cutting.build()
            with gr.Column(elem_classes=["aside"]):
                self._build_controls()
                gr.Markdown(i18n("## What is seen"))
                self.seen = Sentences(elem_classes=["seen", "dissect-seen"], min_height=120)
                self._build_files()
        self._wire()

    def _build_controls(self) -> None:
        with gr.Column(elem_classes=["controls", "dissect-controls"]):
            self.weights.build()
            self.settings.build()
            self.refused = Sentences(elem_classes=["refused"], role="alert")
            with gr.Row(elem_classes=["dissect-press"]):
                self.press = gr.Button(i18n("Measure"), variant="primary", elem_classes=["primary"], min_width=160)
                self.stop = gr.Button(i18n("Stop"), interactive=False, min_width=80)
        self.standing = Sentences(elem_classes=["dissect-state"], role="status", min_height=40)
        self.clock = Refresh("idle", seconds=LOOK, elem_classes=["refresh"])
        self.news = gr.Textbox("", visible="hidden")

    def _build_files(self) -> None:
        with gr.Row(elem_classes=["run-acts", "controls"]):
            self.buttons = {
                form: gr.Button(title, size="sm", scale=0, min_width=72)
                for form, title in (("csv", i18n("Values as CSV")), ("json", i18n("Values as JSON")))
            }
            self.file = gr.DownloadButton("File", visible="hidden", elem_id="dissect-file")
        with gr.Accordion(i18n("What the values are"), open=False):
            for row in ANALYSES:
                gr.Markdown(answers.meanings(row), elem_classes=["dissect-meanings", f"of-{row.name}"])

    def _wire(self) -> None:
        texts = list(self.settings.changes.values())
        widgets = [self.owner, self.analysis, *self.weights.controls]
        picture = self.settings.picture.text
        inputs = [self.page.lanes, *widgets, self.measured, *texts, picture]
        widgets += [*texts, picture]
        outputs = [self.figure, self.seen, self.refused, self.standing, self.press, self.stop, self.clock]
        outputs.append(self.measured)
        assert self.page.shown is not None, "a view is built inside its tab"
        gr.on(
            [self.page.shown.refresh, self.news.change, *(control.change for control in widgets)],
            as_handler(self.show),
            inputs,
            outputs,
            trigger_mode="always_last",
            **SILENT,
        )
        self.cutting.wire(widgets, inputs)
        self.clock.refresh(self.questions.news, self.measured, self.news, trigger_mode="once", **SILENT)
        self.press.click(as_handler(self.measure), inputs, outputs, **SILENT)
        self.stop.click(as_handler(self.stop_run), [self.measured, self.owner], None, **SILENT)
        for form, button in self.buttons.items():
            written = button.click(as_handler(self._writer(form)), self.measured, self.file, **SILENT)
            written.success(None, js=PRESS.format("dissect-file"), api_visibility="private")

    def show(self, *values: Any) -> tuple[Any, ...]:
        """What is known of the question; a first look is measured unasked."""
        question = read_widgets(*values)
        if not question.owner or not any(lane.spec or lane.error for lane in question.lanes):
            return (gr.skip(),) * 8
        try:
            run = self.questions.request(question).id
            answer = self.questions.known(run)
            if answer is None and self.questions.is_first_look(question):
                answer = self.questions.ask(question, again=False)
        except ExplorerError as error:
            return self._unanswered(question, str(error))
        return self._answered(question, answer) if answer else self._unanswered(question)

    def measure(self, *values: Any) -> tuple[Any, ...]:
        """Launch the run that answers the question."""
        question = read_widgets(*values)
        try:
            return self._answered(question, self.questions.ask(question, again=True))
        except ExplorerError as error:
            return self._unanswered(question, str(error))

    def stop_run(self, run: str, owner: str) -> None:
        """Stop the run in the picture; what is known stays."""
        self.page.services.runs.stop(run, owner)

    def _answered(self, question: Question, answer: AnalysisAnswer) -> tuple[Any, ...]:
        live, known = answer["state"] in LIVE, bool(answers.known_lanes(answer))
        return (
            answers.figure_of(answer),
            answers.findings(answer),
            [],
            [answers.standing(answer), *self._left_out(question)],
            gr.update(value=i18n("Measure again" if known and not live else "Measure"), interactive=not live),
            gr.update(interactive=live),
            "live" if live else "idle",
            answer["short"],
        )

    def _unanswered(self, question: Question, refusal: str = "") -> tuple[Any, ...]:
        """What was measured before fades, if it was the same analysis; otherwise nothing stands there."""
        earlier = self.questions.known(question.measured)
        stale = earlier is not None and earlier["analysis"] == question.analysis
        coming = tuple(range(MAX_LANES)) if stale else ()
        says = Sentence("The picture shows other lanes or settings; press Measure for these.")
        return (
            FigureValue(name=question.analysis, empty=NOTHING, coming=coming),
            gr.skip() if stale else [],
            [Sentence("{error}", {"error": refusal})] if refusal else [],
            [*([says] if stale else []), *self._left_out(question)] if not refusal else [],
            gr.update(value=i18n("Measure"), interactive=not refusal),
            gr.update(interactive=False),
            "idle",
            gr.skip() if stale else "",
        )

    def _left_out(self, question: Question) -> list[Sentence]:
        """Of which lanes no recorded weights come with the program, where they do of others."""
        letters = self.questions.unrecorded(question)
        says = "No weights of {lanes} on {data} come with the program, so the other lanes are looked at."
        return [Sentence(says, {"lanes": letters, "data": question.data})] if letters else []

    def _writer(self, form: str) -> Any:
        def write(run: str) -> str:
            answer = self.questions.known(run)
            if answer is None:
                raise AnalysisError("there is nothing to write yet")
            text = csv_file(answer)["text"] if form == "csv" else json.dumps(answer, indent=1, allow_nan=False)
            return keep_file(self.file, f"{answer['analysis']}-{answer['short']}.{form}", text)

        return write


def build(page: Page) -> None:
    """Place the view's parts and say what they depend on."""
    DissectView(page).build()


def _source(row: Analysis) -> str:
    return f"{row.citation}, [arXiv {row.arxiv}](https://arxiv.org/abs/{row.arxiv})"

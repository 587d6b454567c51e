"""The view Train: lanes times seeds launched with one press, their curves and gradient flow as they come."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from resnet_explorer.api.run_answers import RunAnswer
from resnet_explorer.api.runs import Runs
from resnet_explorer.figures.curves import TITLES, named
from resnet_explorer.runs.events import LIVE
from resnet_explorer.runs.measures import measure_name
from resnet_explorer.ui.components.curves.curves import Curves, Picture
from resnet_explorer.ui.components.curves.lines import INK, group_into_lines
from resnet_explorer.ui.components.heat_map.heat_map import KINDS, HeatMap, HeatMaps
from resnet_explorer.ui.components.lanes.lanes import Lane
from resnet_explorer.ui.components.owner import Owner
from resnet_explorer.ui.components.sentences.sentences import Sentence, Sentences
from resnet_explorer.ui.i18n import IN_LANGUAGE, i18n
from resnet_explorer.ui.page import Page, as_handler
from resnet_explorer.ui.views.train.caption import caption
from resnet_explorer.ui.views.train.form import Form, build_fields, build_form
from resnet_explorer.ui.views.train.preview import launch, preview
from resnet_explorer.ui.views.train.recorded import GROUP, lanes_of, recorded_sets
from resnet_explorer.ui.views.train.seen import compared_at_the_end, findings, read_tests
from resnet_explorer.ui.views.train.shown import ShownRuns

NAME, TITLE = "train", "Train"
# about as many steps as a running mean looks back
SMOOTHINGS = {"0": 1, "0.5": 2, "0.8": 5, "0.9": 10, "0.95": 20, "0.98": 50, "0.99": 100}
# choices as words with a line under them
PLAIN: dict[str, Any] = {"show_label": False, "container": False, "elem_classes": ["plain"]}
SILENT: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}


class TrainView:
    """The parts of the view, and what happens when one of them is used."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.runs: Runs = page.services.runs
        self.shown = ShownRuns(self.runs)
        self.owner = Owner(elem_classes=["owner"])
        self.group, self.names, self.hidden, self.language = (gr.Textbox("", visible="hidden") for _ in range(4))
        for name, control in (("group", self.group), ("runs", self.names), ("train_off", self.hidden)):
            page.keep(name, control)

    def build(self) -> None:
        """Place the parts and say what they depend on."""
        with gr.Row(elem_classes=["view", "train-view"]):
            with gr.Column(elem_classes=["train"]):
                form = self._build_setup()
                self._build_figures()
            with gr.Column(elem_classes=["aside"]):
                gr.Markdown(i18n("## What is seen"))
                self.seen = Sentences(elem_classes=["train-seen"], role="status", min_height=120)
                self._build_actions()
        self._wire(form)

    def _build_setup(self) -> Form:
        with gr.Column(elem_classes=["train-setup", "controls"]):
            with gr.Row(elem_classes=["train-row"]):
                form = build_form(self.page, self.runs.choices())
                self.press = gr.Button("Train", variant="primary", elem_classes=["primary"], min_width=208)
            self.about = Sentences(elem_classes=["train-about"], min_height=40)
            self.refused = Sentences(elem_classes=["refused"], role="alert")
            build_fields(form)
        return form

    def _build_figures(self) -> None:
        keep = self.page.keep
        sets = recorded_sets(self.runs.reader.runs(text="recorded", limit=1)["runs"])
        choices = [(i18n(title), group) for title, group in sets]
        self.recorded = gr.Radio(choices, label=i18n("Recorded runs"), elem_classes=["train-recorded", "controls"])
        with gr.Row(elem_classes=["train-switches", "controls"]):
            curves = _curves(measure_name(()))
            self.curve = keep("train_curve", gr.Radio(curves, value="loss", label=i18n("Curve"), **PLAIN))
            across = [(i18n(name), name) for name in ("steps", "seconds")]
            self.x = keep("train_x", gr.Radio(across, value="steps", label=i18n("Horizontal axis"), **PLAIN))
            steps = [(i18n("off" if n == 1 else f"{n} steps"), share) for share, n in SMOOTHINGS.items()]
            smooth = gr.Dropdown(steps, value="0.9", label=i18n("Smoothing"), elem_classes=["smooth"])
            self.smooth = keep("train_smooth", smooth)
        self.curves = Curves()
        gr.Markdown(i18n("## Gradient flow while they learn"))
        with gr.Row(elem_classes=["train-switches", "controls"]):
            kinds = [(label, name) for name, label in KINDS.items()]
            self.kind = keep("train_heat", gr.Radio(kinds, value="gradients", label=i18n("Quantity"), **PLAIN))
            seed = gr.Textbox("", label=i18n("Seed"), max_lines=1, min_width=72, elem_classes=["seed"])
            self.seed = keep("train_seed", seed)
        self.heat = HeatMap()

    def _build_actions(self) -> None:
        with gr.Row(elem_classes=["controls"]):
            self.stop_all = gr.Button(i18n("Stop all"), size="sm", interactive=False)
            self.resume_all = gr.Button(i18n("Resume all"), size="sm", interactive=False)
        self.take = gr.Button(i18n("Set the lanes to these runs"), size="sm", visible=False)

    def _wire(self, form: Form) -> None:
        page, fields = self.page, [form.data, form.recipe, form.seeds, form.changes]
        named = [self.owner, self.group, self.names]
        page.update(self.check, [*fields, self.language], [self.press, self.about, self.refused], js=IN_LANGUAGE)
        inputs = [*named, self.hidden, self.curve, self.x, self.smooth, self.kind, self.seed]
        outputs = [self.curves, self.heat, self.recorded, self.stop_all, self.resume_all, self.take, self.curve]
        page.update(self.show, inputs, outputs)
        self.curves.state(as_handler(self.show), [page.lanes, *inputs], outputs, trigger_mode="always_last", **SILENT)
        self.curves.measure(self.see, [page.lanes, *named], self.seen, trigger_mode="always_last", **SILENT)
        self.press.click(
            as_handler(self.train),
            [page.lanes, self.owner, *fields],
            [self.group, self.names, self.hidden, self.seed],
            **page.launching,
        )
        self.curves.hide(_hidden_labels, None, self.hidden, **SILENT)
        self.curves.stop(as_handler(self.stop), self.owner, None, **SILENT)
        self.curves.resume(as_handler(self.resume), self.owner, None, **page.launching)
        removed = self.curves.remove(as_handler(self.remove), self.owner, None, **SILENT)
        removed.then(as_handler(self.show), [page.lanes, *inputs], outputs, **SILENT)
        self.stop_all.click(as_handler(self.stop_shown), [page.lanes, *named], None, **SILENT)
        self.resume_all.click(as_handler(self.resume_shown), [page.lanes, *named], None, **page.launching)
        self.recorded.input(self.open_recorded, self.recorded, [page.lanes, self.group, self.names], **SILENT)
        self.take.click(self.lanes_of_runs, [page.lanes, *named], page.lanes, **SILENT)

    def check(
        self, lanes: list[Lane], data: str, recipe: str, seeds: str, changes: str, language: str = "en"
    ) -> tuple[Any, ...]:
        """What a press would train: the button, a sentence about it, and what is refused."""
        planned = preview(self.runs, lanes, data, recipe, seeds, changes)
        button = gr.update(value=planned.button(language), interactive=bool(planned.lanes))
        return button, planned.about, planned.refused

    def train(self, lanes: list[Lane], owner: str, *fields: str) -> tuple[str, str, str, str]:
        """Launch the runs; their group is what the picture shows from now on."""
        launched = launch(self.runs, lanes, owner, *fields)
        self.shown.launched.extend(launched["runs"])
        return launched["group"][:GROUP], "", "", ""

    def show(self, lanes: list[Lane], owner: str, group: str, names: str, *look: str) -> Sequence[Any]:
        """Everything that is drawn of the runs to show; nothing changes before the browser has said whose it is."""
        if not owner:
            return [gr.skip()] * 7
        runs = self._to_show(lanes, owner, group, names)
        hidden, curve, x, smooth, kind, seed = look
        lines = group_into_lines(runs, lanes)
        empty = None if runs else self.shown.empty(group, names, owner)
        words = [*caption(runs), *compared_at_the_end(lines)]
        off = [label for label in hidden.split(",") if label]
        picture = Picture(lines, curve, x, float(smooth), off, self._obeying(runs), words, empty)
        obeying = [run for run in runs if run["run"] in picture.obeys]
        return (
            picture,
            HeatMaps(lines, kind, seed),
            next((run["group"][:GROUP] for run in runs if group and run["recorded"]), None),
            gr.update(interactive=any(run["state"] in LIVE for run in obeying)),
            gr.update(interactive=any(run["resumable"] for run in obeying)),
            gr.update(visible=any(line.slot == INK for line in lines)),
            gr.update(choices=_curves(measure_name(run["data"] for run in runs))),
        )

    def see(self, event: gr.EventData, lanes: list[Lane], owner: str, group: str, names: str) -> list[Sentence]:
        """What is seen in what the runs measured on held-out images."""
        lines = group_into_lines(self._to_show(lanes, owner, group, names), lanes)
        return findings(lines, read_tests(getattr(event, "tests", None)))

    def stop(self, event: gr.EventData, owner: str) -> None:
        """Stop the run of the button that was pressed."""
        self.runs.stop(str(event.run), owner)

    def resume(self, event: gr.EventData, owner: str) -> None:
        """Go on with the run of the button that was pressed."""
        self.runs.resume(str(event.run), owner)

    def remove(self, event: gr.EventData, owner: str) -> None:
        """Remove the run of the button that was pressed, for good."""
        self.runs.remove(str(event.run), owner)

    def stop_shown(self, lanes: list[Lane], owner: str, group: str, names: str) -> None:
        """Stop all runs in the picture."""
        runs = self._to_show(lanes, owner, group, names)
        for run in self._obeying([run for run in runs if run["state"] in LIVE]):
            self.runs.stop(run, owner)

    def resume_shown(self, lanes: list[Lane], owner: str, group: str, names: str) -> None:
        """Go on with all runs in the picture that were stopped or interrupted."""
        runs = self._to_show(lanes, owner, group, names)
        for run in self._obeying([run for run in runs if run["resumable"]]):
            self.runs.resume(run, owner)

    def open_recorded(self, group: str) -> tuple[list[Lane], str, str]:
        """The lanes of a recorded set, and the set itself in the picture."""
        return lanes_of(self.shown.named(group, "", "")), group, ""

    def lanes_of_runs(self, lanes: list[Lane], owner: str, group: str, names: str) -> list[Lane]:
        """The lanes of the runs in the picture."""
        return lanes_of(self._to_show(lanes, owner, group, names))

    def _to_show(self, lanes: list[Lane], owner: str, group: str, names: str) -> list[RunAnswer]:
        if group or names:
            return self.shown.named(group, names, owner)
        return self.shown.matching(lanes, owner)

    def _obeying(self, runs: Sequence[RunAnswer]) -> list[str]:
        """The runs that this visitor may stop and resume."""
        return [run["run"] for run in runs if not run["recorded"] and (run["mine"] or not self.runs.shared)]


def build(page: Page) -> None:
    """Place the view's parts and say what they depend on."""
    TrainView(page).build()


def _curves(measure: str) -> list[tuple[Any, str]]:
    """The curves to choose from, where the share right is called so."""
    return [(i18n(label), name) for name, label in named(TITLES, measure).items()]


def _hidden_labels(event: gr.EventData) -> str:
    return ",".join(str(label) for label in event.hidden)

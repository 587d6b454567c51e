"""Sweeps on the page: one is written down and launched, and each fills in as a matrix of any two axes."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from resnet_explorer.api.sweep_answers import MEASURES, SweepAnswer
from resnet_explorer.api.sweep_matrix import Cell, Matrix, axes_of, sweep_matrix, usual_axes
from resnet_explorer.api.sweeps import Sweeps
from resnet_explorer.errors import ExplorerError
from resnet_explorer.figures.sweep_matrix import Square, draw, height
from resnet_explorer.figures.theme import PAGE
from resnet_explorer.runs.events import LIVE, RESUMABLE
from resnet_explorer.runs.sweep import read_sweep_text, sweep_text
from resnet_explorer.ui.components.figure.figure import Figure, FigureValue, Table
from resnet_explorer.ui.components.lanes.lanes import Lane
from resnet_explorer.ui.components.refresh import Refresh
from resnet_explorer.ui.components.sentences.sentences import Sentence, Sentences
from resnet_explorer.ui.i18n import i18n
from resnet_explorer.ui.page import Page, as_handler
from resnet_explorer.ui.views.runs.run_list import SILENT

# seconds between two looks for news, while the view is in sight
LOOK = 1.0
NONE_YET = "No sweep is here yet: write one below and launch it."
COLUMNS = ("row", "column", "mean", "standard deviation", "ended", "of", "lost")


class SweepPanel:
    """The parts about sweeps, and what happens when one of them is used."""

    def __init__(self, page: Page, owner: gr.HTML) -> None:
        self.page, self.owner = page, owner
        self.sweeps = Sweeps(page.services.runs)

    def build(self) -> None:
        """Place the parts and say what they depend on."""
        keep = self.page.keep
        gr.Markdown(i18n("## Sweeps"))
        with gr.Row(elem_classes=["run-tools", "controls"]):
            self.run = keep(
                "sweep", gr.Dropdown([], value="", label=i18n("Sweep"), allow_custom_value=True, min_width=240)
            )
            self.down = keep("sweep_down", gr.Dropdown([], value="", label=i18n("Down"), allow_custom_value=True))
            self.across = keep("sweep_across", gr.Dropdown([], value="", label=i18n("Across"), allow_custom_value=True))
            measures = [(i18n(words), name) for name, (words, _) in MEASURES.items()]
            self.measure = keep("sweep_measure", gr.Dropdown(measures, value="accuracy", label=i18n("Colour")))
        self.figure = Figure(FigureValue(name="sweep", empty=NONE_YET), height=280)
        with gr.Row(elem_classes=["run-acts", "controls"]):
            self.standing = Sentences(role="status", min_height=24, elem_classes=["sweep-standing"])
            self.stop = gr.Button(i18n("Stop the sweep"), size="sm", scale=0, min_width=120, interactive=False)
            self.resume = gr.Button(i18n("Resume the sweep"), size="sm", scale=0, min_width=120, interactive=False)
        with gr.Accordion(i18n("A sweep of one's own"), open=False):
            self.text = gr.Textbox(label=i18n("Networks, data, recipes, seeds and settings, as TOML"), lines=14)
            with gr.Row(elem_classes=["run-acts", "controls"]):
                self.fill = gr.Button(i18n("Write down the lanes"), size="sm", scale=0, min_width=160)
                self.launch = gr.Button(i18n("Launch the sweep"), size="sm", scale=0, min_width=160)
            self.refused = Sentences(elem_classes=["refused"], role="alert")
        self.news = gr.Textbox("", visible="hidden")
        self.clock = Refresh(seconds=LOOK, elem_classes=["refresh"])
        self._wire()

    def _wire(self) -> None:
        inputs = [self.run, self.down, self.across, self.measure, self.owner]
        outputs = [self.run, self.down, self.across, self.figure, self.standing, self.stop, self.resume, self.news]
        assert self.page.shown is not None, "a view is built inside its tab"
        changes = [self.page.shown.refresh, *(control.change for control in inputs[:4])]
        gr.on(changes, as_handler(self.show), inputs, outputs, trigger_mode="always_last", **SILENT)
        self.clock.refresh(as_handler(self.look), [self.news, *inputs], outputs, trigger_mode="once", **SILENT)
        self.fill.click(_written, self.page.lanes, self.text, **SILENT)
        launched = [self.run, self.refused]
        self.launch.click(as_handler(self.begin), [self.text, self.run, self.owner], launched, **self.page.launching)
        for button, do in ((self.stop, self.sweeps.runs.stop), (self.resume, self.sweeps.runs.resume)):
            button.click(as_handler(do), [self.run, self.owner], None, **self.page.launching)

    def look(self, news: str, *values: str) -> tuple[Any, ...]:
        """What `show` has, if anything has happened since."""
        if news == self.sweeps.runs.reader.news():
            return (gr.skip(),) * 8
        return self.show(*values)

    def show(self, run: str, down: str, across: str, measure: str, owner: str) -> tuple[Any, ...]:
        """The sweep that is chosen, or the newest, as a matrix, and what it can have across and down."""
        news = self.sweeps.runs.reader.news()
        listed = self.sweeps.sweeps(owner)
        chosen = next((one for one in listed if run and one["run"].startswith(run)), listed[0] if listed else None)
        if chosen is None:
            off = gr.update(interactive=False)
            return gr.skip(), gr.skip(), gr.skip(), FigureValue(name="sweep", empty=NONE_YET), [], off, off, news
        answer = self.sweeps.sweep_results(chosen["run"], measure, owner)
        axes, usual = axes_of(answer), usual_axes(answer)
        down, across = (now if now in axes else one for now, one in zip((down, across), usual, strict=True))
        choices = [(f"{one['title'] or one['short']} · {one['done']} / {one['of']}", one["short"]) for one in listed]
        return (
            gr.update(choices=choices, value=answer["short"]),
            gr.update(choices=axes, value=down),
            gr.update(choices=axes, value=across),
            matrix_figure(answer, sweep_matrix(answer, down, across)),
            [standing(answer)],
            gr.update(interactive=answer["state"] in LIVE),
            gr.update(interactive=answer["state"] in RESUMABLE),
            news,
        )

    def begin(self, text: str, run: str, owner: str) -> tuple[str, list[Sentence]]:
        """Launch the sweep that is written down; a refusal stands below it."""
        try:
            return self.sweeps.launch(read_sweep_text(text), owner)["short"], []
        except ExplorerError as error:
            return run, [Sentence("{error}", {"error": str(error)})]


def matrix_figure(answer: SweepAnswer, matrix: Matrix) -> FigureValue:
    """A matrix as a heat map, with its numbers as a table."""
    short = dict(zip(matrix.rows, _without_common(matrix.rows), strict=True))
    squares = [
        Square(short[place[0]], place[1], cell.mean, _number(cell), _words(place, cell))
        for place, cell in matrix.cells.items()
    ]
    rows = [(*place, cell.mean, cell.spread, cell.ended, cell.of, cell.lost) for place, cell in matrix.cells.items()]
    done = (answer["done"], answer["of"]) if answer["state"] in LIVE else None
    return FigureValue(
        draw(tuple(short.values()), matrix.columns, squares, answer["measure"], PAGE),
        name=f"sweep-{answer['short']}",
        alt=f"{len(matrix.rows)} by {len(matrix.columns)} cells of a sweep: {answer['words']}",
        table=Table(COLUMNS, tuple(rows)),
        progress=done,
        height=height(matrix.rows),
        sentences=(Sentence("{words}: the mean of the runs of a cell that have ended.", {"words": answer["words"]}),),
    )


def _without_common(names: Sequence[str]) -> list[str]:
    """The orderings alone of networks that are otherwise the same, as narrow pages have little place."""
    heads = {name.partition(":")[0] for name in names}
    tails = [name.partition(":")[2] for name in names]
    return tails if len(heads) == 1 and all(tails) else list(names)


def standing(answer: SweepAnswer) -> Sentence:
    """How far a sweep is, and how long it still takes where earlier runs say so."""
    values = {"state": Sentence(answer["state"]), "done": answer["done"], "of": answer["of"]}
    if answer["remaining"] and answer["state"] in LIVE:
        words = "{state}: {done} of {of} runs, about {minutes} minutes to go."
        return Sentence(words, {**values, "minutes": f"{answer['remaining'] / 60:.0f}"})
    return Sentence("{state}: {done} of {of} runs.", values)


def _written(lanes: list[Lane]) -> str:
    return sweep_text([lane.spec for lane in lanes if lane.spec])


def _number(cell: Cell) -> str:
    if cell.mean is None:
        return "lost" if cell.lost else f"{cell.ended} / {cell.of}"
    return f"{cell.mean:.3g}"


def _words(place: tuple[str, str], cell: Cell) -> str:
    spread = f", standard deviation {cell.spread:.2g}" if cell.spread is not None else ""
    lost = f", {cell.lost} lost" if cell.lost else ""
    value = f"{cell.mean:.4g}{spread}" if cell.mean is not None else "nothing yet"
    return f"{place[0]}<br>{place[1]}<br>{value}<br>{cell.ended} of {cell.of} runs{lost}"

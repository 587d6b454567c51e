"""The view Atlas: all orderings of a few words as a map, who leads, and what grammar and the start explain."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import gradio as gr

from resnet_explorer.api.atlas_answers import MEASURES, AtlasAnswer
from resnet_explorer.api.atlases import Atlases
from resnet_explorer.errors import ExplorerError, NetworkError
from resnet_explorer.networks.atlas_grammar import PROPERTIES
from resnet_explorer.runs.atlas import ATLAS_DATA
from resnet_explorer.runs.events import LIVE, RESUMABLE
from resnet_explorer.ui.components.facts.facts import Facts
from resnet_explorer.ui.components.figure.figure import Figure, FigureValue
from resnet_explorer.ui.components.lanes.lanes import Lane, lane_of
from resnet_explorer.ui.components.owner import Owner
from resnet_explorer.ui.components.refresh import Refresh
from resnet_explorer.ui.components.sentences.sentences import Sentence, Sentences
from resnet_explorer.ui.components.unit_diagram.unit_diagram import UnitDiagram
from resnet_explorer.ui.i18n import IN_LANGUAGE, i18n
from resnet_explorer.ui.page import Page, as_handler
from resnet_explorer.ui.views.atlas import shown
from resnet_explorer.ui.views.atlas.shown import Choice

NAME, TITLE = "atlas", "Atlas"
SILENT: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
DEPTHS = ("8", "14", "20", "32", "44", "56", "110")
WORDS = {
    "222": "2 conv, 2 bn, 2 relu",
    "221": "2 conv, 2 bn, 1 relu",
    "212": "2 conv, 1 bn, 2 relu",
    "211": "2 conv, 1 bn, 1 relu",
    "202": "2 conv, no bn, 2 relu",
    "322": "3 conv, 2 bn, 2 relu",
}
# seconds between two looks for news, while the view is in sight
LOOK = 1.0


class Question(NamedTuple):
    """What the widgets say."""

    owner: str
    number: str
    depth: str
    data: str
    words: str
    x: str
    y: str
    colour: str
    has: list[str]
    lacks: list[str]
    language: str = ""

    @property
    def arguments(self) -> tuple[int, str, int, int, int]:
        """Depth, data, and how many conv, bn and relu: as the verbs take them."""
        if self.depth not in DEPTHS or self.words not in WORDS:
            raise NetworkError(f"an atlas has depth {', '.join(DEPTHS)}, and words {', '.join(WORDS)}")
        convs, bns, relus = map(int, self.words)
        return int(self.depth), self.data, convs, bns, relus

    @property
    def choice(self) -> Choice:
        """What is drawn of it."""
        if unknown := [name for name in (self.x, self.y, self.colour) if name not in MEASURES]:
            raise NetworkError(f"an atlas has no measure {unknown[0][:40]!r}; it has {', '.join(MEASURES)}")
        return Choice(self.x, self.y, self.colour, tuple(self.has or ()), tuple(self.lacks or ()))

    @property
    def entry(self) -> int:
        """The number of the ordering that is looked at; -1 for none."""
        return int(self.number) if self.number.isdecimal() and len(self.number) < 6 else -1


class AtlasView:
    """The parts of the view, and what happens when one of them is used."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.atlases = Atlases(page.services.runs)

    def build(self) -> None:
        """Place the parts and say what they depend on."""
        with gr.Row(elem_classes=["view", "atlas-view"]):
            with gr.Column(elem_classes=["figure"]):
                self._build_tools()
                self.figure = Figure(FigureValue(name="atlas", empty="The map is coming."))
                self._build_below()
            with gr.Column(elem_classes=["aside"]):
                self._build_acts()
                gr.Markdown(i18n("## What is seen"))
                self.sentences = Sentences(min_height=240)
                gr.Markdown(i18n("## One ordering"))
                self.about = Sentences([Sentence("Point at a dot or choose a row; a click opens it as a lane.")])
                self.open = gr.Button(i18n("Open as a lane"), size="sm", interactive=False)
                self.diagram = UnitDiagram(follows=False, min_height=40)
                self.facts = Facts(min_height=120, elem_classes=["atlas-entry"])
            self.owner = Owner(elem_classes=["owner"])
            self.number = self.page.keep("atlas_entry", gr.Textbox("", visible="hidden"))
            self.clock = Refresh(seconds=LOOK, elem_classes=["refresh"])
            self.news, self.language = gr.Textbox("", visible="hidden"), gr.Textbox("", visible="hidden")
        self._wire()

    def _build_tools(self) -> None:
        keep = self.page.keep
        with gr.Row(elem_classes=["controls"]):
            self.depth = keep("atlas_depth", gr.Dropdown(list(DEPTHS), value="20", label=i18n("Depth"), min_width=96))
            self.data = keep(
                "atlas_data", gr.Dropdown(list(ATLAS_DATA), value="shapes", label=i18n("Data"), min_width=120)
            )
            words = [(i18n(text), name) for name, text in WORDS.items()]
            self.words = keep("atlas_words", gr.Dropdown(words, value="222", label=i18n("Words"), min_width=240))
        measures = [(i18n(measure.label), name) for name, measure in MEASURES.items()]
        with gr.Row(elem_classes=["controls"]):
            self.x = keep("atlas_x", gr.Dropdown(measures, value="spread", label=i18n("Across"), min_width=200))
            self.y = keep("atlas_y", gr.Dropdown(measures, value="short", label=i18n("Up"), min_width=200))
            self.colour = keep(
                "atlas_colour", gr.Dropdown(measures, value="growth", label=i18n("Colour"), min_width=200)
            )
        properties = [(i18n(one.label), name) for name, one in PROPERTIES.items()]
        with gr.Row(elem_classes=["controls"]):
            self.has = keep("atlas_has", gr.Dropdown(properties, value=[], multiselect=True, label=i18n("Only with")))
            self.lacks = keep("atlas_lacks", gr.Dropdown(properties, value=[], multiselect=True, label=i18n("Without")))

    def _build_below(self) -> None:
        """Who leads, and what grammar and the start explain."""
        gr.Markdown(i18n("## Who leads"))
        self.leaders = gr.Dataframe(
            headers=list(shown.LEADERS),
            label=i18n("Who leads"),
            show_label=False,
            interactive=False,
            type="array",
            max_height=440,
            buttons=[],
            elem_classes=["run-table", "atlas-leaders"],
        )
        gr.Markdown(i18n("## What grammar explains"))
        self.effects = Figure(FigureValue(name="atlas-effects"), height=shown.FIGURE_HEIGHT)
        gr.Markdown(i18n("## What the start foretells"))
        self.ranks = Figure(FigureValue(name="atlas-ranks"), height=shown.FIGURE_HEIGHT)

    def _build_acts(self) -> None:
        with gr.Row(elem_classes=["run-acts", "controls"]):
            self.probe = gr.Button(i18n("Probe all at their start"), size="sm", min_width=160)
            self.hold = gr.Button(i18n("Hold the tournament"), size="sm", min_width=160)
            self.stop = gr.Button(i18n("Stop"), size="sm", min_width=72, interactive=False)
            self.resume = gr.Button(i18n("Resume"), size="sm", min_width=72, interactive=False)
        self.standing = Sentences(role="status", min_height=48, elem_classes=["atlas-standing"])
        self.refused = Sentences(elem_classes=["refused"], role="alert")

    def _wire(self) -> None:
        controls = [self.number, self.depth, self.data, self.words, self.x, self.y, self.colour, self.has, self.lacks]
        inputs = [self.owner, *controls, self.language]
        outputs = [self.figure, self.leaders, self.sentences, self.effects, self.ranks, self.standing]
        outputs += [self.stop, self.resume, self.news, self.refused]
        looked_at = [self.facts, self.diagram, self.open]
        assert self.page.shown is not None, "a view is built inside its tab"
        # what is pointed at changes nothing of the map
        changes = [self.page.shown.refresh, *(control.change for control in controls[1:])]
        gr.on(changes, as_handler(self.show), inputs, outputs, trigger_mode="always_last", js=IN_LANGUAGE, **SILENT)
        looked = [self.news, *inputs]
        self.clock.refresh(as_handler(self.look), looked, outputs, trigger_mode="once", js=IN_LANGUAGE, **SILENT)
        for button, act in ((self.probe, self.atlases.probe_atlas), (self.hold, self.atlases.hold_tournament)):
            button.click(as_handler(self._launch(act)), inputs, outputs, js=IN_LANGUAGE, **self.page.launching)
        for button, do in ((self.stop, self.page.services.runs.stop), (self.resume, self.page.services.runs.resume)):
            button.click(as_handler(self._ruled(do)), inputs, outputs, js=IN_LANGUAGE, **self.page.launching)
        self.figure.hover(_pointed, None, self.number, trigger_mode="always_last", **SILENT)
        self.leaders.select(as_handler(self.pick), inputs, self.number, **SILENT)
        gr.on(
            [self.page.shown.refresh, *(control.change for control in controls[:4])],
            as_handler(self.look_at),
            inputs,
            looked_at,
            trigger_mode="always_last",
            **SILENT,
        )
        opened = [self.page.lanes, *inputs]
        self.open.click(as_handler(self.open_entry), opened, [self.page.lanes, self.about], **SILENT)
        self.figure.click(as_handler(self.open_point), opened, [self.page.lanes, self.about, self.number], **SILENT)

    def look(self, news: str, *values: Any) -> Any:
        """What `show` has, if anything has happened since."""
        if news == self.page.services.runs.reader.news():
            return (gr.skip(),) * 10
        return self.show(*values)

    def show(self, *values: Any) -> tuple[Any, ...]:
        """The map, who leads, what follows, and how far it is."""
        return self._shown(values, "")

    def _shown(self, values: Sequence[Any], refusal: str) -> tuple[Any, ...]:
        question = Question(*values)
        answer, choice = self._answer(question), question.choice
        return (
            shown.atlas_map(answer, choice, question.entry),
            shown.leader_table(answer, choice, question.language),
            [Sentence(text) for text in answer["sentences"]],
            shown.effect_figure(answer),
            shown.rank_figure(answer),
            shown.standing(answer),
            gr.update(interactive=answer["state"] in LIVE),
            gr.update(interactive=answer["state"] in RESUMABLE),
            self.page.services.runs.reader.news(),
            [Sentence("{error}", {"error": refusal})] if refusal else [],
        )

    def look_at(self, *values: Any) -> tuple[Any, ...]:
        """The ordering that is pointed at, in full, with its drawing."""
        question = Question(*values)
        answer = self._answer(question)
        facts = shown.entry(answer, question.entry)
        if facts is None:
            return None, None, gr.update(interactive=False)
        lane = lane_of(0, answer["rows"][question.entry]["line"])
        return facts, [lane], gr.update(interactive=True)

    def pick(self, event: gr.SelectData, *values: Any) -> str:
        """The number of the ordering whose row was chosen."""
        sentence = str(event.row_value[1]) if event.row_value else ""
        rows = self._answer(Question(*values))["rows"]
        return next((str(row["number"]) for row in rows if row["sentence"] == sentence), "")

    def open_entry(self, lanes: list[Lane], *values: Any) -> tuple[list[Lane], list[Sentence]]:
        """The lanes with the ordering that is looked at."""
        question = Question(*values)
        rows = self._answer(question)["rows"]
        if not 0 <= question.entry < len(rows):
            raise NetworkError(f"the atlas has no ordering {question.entry}; it has 0 to {len(rows) - 1}")
        return shown.with_lane(lanes, rows[question.entry])

    def open_point(self, event: gr.EventData, lanes: list[Lane], *values: Any) -> tuple[Any, ...]:
        """The same for the dot that was pressed."""
        number = _pointed(event)
        if not number:
            return gr.skip(), gr.skip(), gr.skip()
        return *self.open_entry(lanes, values[0], number, *values[2:]), number

    def _launch(self, act: Callable[..., AtlasAnswer]) -> Callable[..., tuple[Any, ...]]:
        def launch(*values: Any) -> tuple[Any, ...]:
            question = Question(*values)
            return self._after(lambda: act(*question.arguments, owner=question.owner), values)

        return launch

    def _ruled(self, do: Callable[[str, str], object]) -> Callable[..., tuple[Any, ...]]:
        def rule(*values: Any) -> tuple[Any, ...]:
            question = Question(*values)
            answer = self._answer(question)
            return self._after(lambda: do(answer["tournament"] or answer["probe"], question.owner), values)

        return rule

    def _after(self, do: Callable[[], object], values: Sequence[Any]) -> tuple[Any, ...]:
        """What is there after something was done, with the sentence of a refusal."""
        try:
            do()
        except ExplorerError as error:
            return self._shown(values, str(error))
        return self.show(*values)

    def _answer(self, question: Question) -> AtlasAnswer:
        return self.atlases.atlas(*question.arguments, owner=question.owner)


def build(page: Page) -> None:
    """Place the view's parts and say what they depend on."""
    AtlasView(page).build()


def _pointed(event: gr.EventData) -> str:
    """The number of the ordering whose dot is pointed at."""
    number = event.customdata
    return str(number) if isinstance(number, int) and not isinstance(number, bool) else ""

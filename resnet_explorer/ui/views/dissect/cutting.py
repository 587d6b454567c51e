"""One network of the lesion analysis as a picture: a unit that is pressed is cut, and the accuracy follows."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from resnet_explorer.analyses.request import INITIAL, RECORDED, SubjectRequest
from resnet_explorer.api.lesions import CutAnswer, Lesions
from resnet_explorer.api.planning import build_plan
from resnet_explorer.errors import ExplorerError
from resnet_explorer.networks.request import LETTERS
from resnet_explorer.ui.components.lanes.lanes import MAX_LANES
from resnet_explorer.ui.components.network_picture.network_picture import NetworkPicture, NetworkView
from resnet_explorer.ui.components.sentences.sentences import Sentence, Sentences
from resnet_explorer.ui.i18n import i18n
from resnet_explorer.ui.page import Page, as_handler
from resnet_explorer.ui.views.dissect.answers import subject
from resnet_explorer.ui.views.dissect.questions import Question, Questions, read_widgets

ANALYSIS = "lesion"
SILENT: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}


class Cutting:
    """The parts; `places` is the text of what is cut, such as "1.2,3.4", which the link keeps."""

    def __init__(self, page: Page, questions: Questions) -> None:
        self.page, self.questions = page, questions
        self.lesions = Lesions(questions.analyses, page.services.runner.computer)

    def build(self) -> None:
        """Place the parts, which are in sight while the analysis is chosen."""
        keep = self.page.keep
        self.places: gr.Textbox = keep("cut", gr.Textbox("", visible="hidden"))
        with gr.Column(elem_classes=["dissect-cut", f"of-{ANALYSIS}"]):
            with gr.Row(elem_classes=["part-head"]):
                gr.Markdown(i18n("## Cut units of one lane"))
                choices = [(LETTERS[slot], str(slot)) for slot in range(MAX_LANES)]
                look = ["lane-choice", "plain", "controls"]
                self.lane: gr.Radio = keep(
                    "cut_lane", gr.Radio(choices, value="0", label=i18n("Lane"), elem_classes=look)
                )
                self.whole = gr.Button(i18n("Cut nothing"), size="sm", elem_classes=["quiet"])
            self.left = Sentences(elem_classes=["dissect-left"], role="status", min_height=48)
            self.picture = NetworkPicture(min_height=160)
            self.about = Sentences(elem_classes=["caption"], min_height=24)

    def wire(self, question: Sequence[Any], inputs: Sequence[Any]) -> None:
        """Say what the parts depend on; `inputs` are the widgets of a question."""
        assert self.page.shown is not None, "a view is built inside its tab"
        changes = [self.page.shown.refresh, *(control.change for control in (*question, self.lane, self.places))]
        every = [self.places, self.lane, *inputs]
        # Gradio answers a deferred event by all that follow it: two that defer would set each other off for ever
        for handler, outputs in ((self.show, [self.lane, self.picture]), (self.measure, [self.left, self.about])):
            gr.on(changes, as_handler(handler), every, outputs, trigger_mode="multiple", **SILENT)
        self.picture.select(_toggle, self.places, self.places, **SILENT)
        self.whole.click(lambda: "", None, self.places, **SILENT)

    def show(self, places: str, slot: str, *values: Any) -> Any:
        """The lanes that there are, and the picture of the chosen one, with what is cut."""
        lanes = self._lanes(read_widgets(*values))
        if not lanes:
            return gr.skip(), gr.skip()
        lane = _chosen(lanes, slot)
        choices = [(lane.letter, str(lane.slot)) for lane in lanes]
        return gr.update(choices=choices, value=str(lane.slot)), NetworkView(
            [lane.line], [lane.slot], cut=_existing(places, lane)
        )

    def measure(self, places: str, slot: str, *values: Any) -> Any:
        """What is left of the accuracy."""
        lanes = self._lanes(read_widgets(*values))
        if not lanes:
            return gr.skip(), gr.skip()
        lane = _chosen(lanes, slot)
        numbers = _unit_numbers(lane)
        cut = _existing(places, lane)
        try:
            answer = self.lesions.cut(
                "" if lane.run else lane.line,
                [numbers[place] for place in cut],
                f"{lane.run}@{lane.step}" if lane.run else "",
                lane.seed,
                lane.data,
                RECORDED if lane.recorded else INITIAL,
            )
        except ExplorerError as error:
            return [Sentence("{error}", {"error": str(error)})], []
        return [_left(answer, cut)], _about(answer, bool(lane.run or lane.recorded))

    def _lanes(self, question: Question) -> Sequence[SubjectRequest]:
        """The lanes of the question; none where it is another analysis or cannot be put, which is said elsewhere."""
        if question.analysis != ANALYSIS or not question.owner:
            return ()
        try:
            return self.questions.request(question).lanes
        except ExplorerError:
            return ()


def _toggle(event: gr.EventData, places: str) -> str:
    """The places that are cut after one was pressed."""
    cut, pressed = [place for place in places.split(",") if place], str(event.unit)
    return ",".join(place for place in cut if place != pressed) if pressed in cut else ",".join([*cut, pressed])


def _chosen(lanes: Sequence[SubjectRequest], slot: str) -> SubjectRequest:
    return next((lane for lane in lanes if str(lane.slot) == slot), lanes[0])


def _unit_numbers(lane: SubjectRequest) -> dict[str, int]:
    """The number of each unit through the whole network, by its place, such as 2.3."""
    positions = build_plan(lane.line)[1].units()
    return {f"{position.stage}.{position.index}": number for number, position in enumerate(positions, start=1)}


def _existing(places: str, lane: SubjectRequest) -> list[str]:
    """The places of the text that the network has, in its order."""
    wanted = set(places.split(","))
    return [place for place in _unit_numbers(lane) if place in wanted]


def _left(answer: CutAnswer, cut: Sequence[str]) -> Sentence:
    whole, left = f"{answer['whole']:.1%}", f"{answer['accuracy']:.1%}"
    if not cut:
        return Sentence("Nothing is cut: {whole} right. Press a unit to cut it.", {"whole": whole})
    points = f"{100 * (answer['accuracy'] - answer['whole']):+.1f}"
    values = {"units": ", ".join(cut), "left": left, "whole": whole, "points": points}
    if len(cut) == 1:
        return Sentence("Without unit {units}: {left} right, {points} points from {whole}.", values)
    return Sentence("Without units {units}: {left} right, {points} points from {whole}.", values)


def _about(answer: CutAnswer, trained: bool) -> list[Sentence]:
    values = {
        "images": f"{answer['images']:,}",
        "of": f"{answer['of']:,}",
        "subject": subject(answer["subject"].split(", ")),
    }
    sentences = [Sentence("Of {images} of {of} held-out images, drawn once; {subject}.", values)]
    if not trained:
        sentences.append(
            Sentence("Initial weights know nothing that a cut could take; choose weights of runs, or recorded ones.")
        )
    return sentences

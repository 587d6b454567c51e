"""One claim in full, as widgets: what is compared, the figure, the rule, the seeds, and buttons that judge it again."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import gradio as gr

from resnet_explorer.api.studies import Studies
from resnet_explorer.api.study_answers import ClaimAnswer
from resnet_explorer.runs.run_folder import ANALYSE, TRAIN
from resnet_explorer.studies.request import FULL_FORM, SHORT_FORM
from resnet_explorer.studies.rules import INCONCLUSIVE, LOOKS
from resnet_explorer.ui.components.claim_parts.claim_parts import ClaimParts
from resnet_explorer.ui.components.claim_seeds.claim_seeds import ClaimSeeds
from resnet_explorer.ui.components.facts.facts import Facts
from resnet_explorer.ui.components.figure.figure import Figure
from resnet_explorer.ui.components.sentences.sentences import Sentence, Sentences
from resnet_explorer.ui.components.unit_diagram.unit_diagram import UnitDiagram
from resnet_explorer.ui.i18n import i18n
from resnet_explorer.ui.views.claims import known, opened

HEIGHT = 360
SILENT: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
# new seeds begin so many after those of the verdict that is shown
APART = 100
ACTS = {"judge": "Judge", "full": "Full form", "more": "With more seeds", "fresh": "With new seeds"}
Act = Callable[..., tuple[Any, ...]]


class ClaimDetail:
    """The parts about the claim whose id the text `claim` holds, at the part that `part` names."""

    def __init__(self, studies: Studies, claim: gr.Textbox, part: gr.Textbox) -> None:
        self.studies, self.claim, self.part = studies, claim, part

    def build(self) -> None:
        """Place the parts."""
        with gr.Row(elem_classes=["claim-head"]):
            self.back = gr.Button(i18n("All claims"), size="sm", scale=0, min_width=104, elem_classes=["claim-back"])
        with gr.Row(elem_classes=["view"]):
            with gr.Column(elem_classes=["figure"]):
                self.title = gr.Markdown(min_height=64, elem_classes=["claim-title"])
                self.figure = Figure(height=HEIGHT)
                gr.Markdown(i18n("## What is compared"))
                self.units = UnitDiagram(follows=False, elem_classes=["claim-units"])
                gr.Markdown(i18n("## Each seed"))
                self.seeds = ClaimSeeds(min_height=64)
            with gr.Column(elem_classes=["aside"]):
                self._build_acts()
                gr.Markdown(i18n("## Parts and rules"))
                self.parts = ClaimParts(min_height=160)
                gr.Markdown(i18n("## Where the numbers come from"))
                self.facts = Facts()

    def _build_acts(self) -> None:
        with gr.Row(elem_classes=["run-acts", "controls"]):
            self.acts = {name: gr.Button(i18n(label), size="sm", scale=0, min_width=80) for name, label in ACTS.items()}
            self.stop = gr.Button(i18n("Stop"), size="sm", scale=0, min_width=72, interactive=False)
            self.resume = gr.Button(i18n("Resume"), size="sm", scale=0, min_width=80, interactive=False)
        self.time = Sentences(elem_classes=["caption"], min_height=24)
        self.refused = Sentences(elem_classes=["refused"], role="alert")
        self.says = Sentences(elem_classes=["claim-says"], role="status", min_height=64)

    @property
    def outputs(self) -> list[Any]:
        """What `show` fills, in its order."""
        shown = [self.title, self.figure, self.units, self.seeds, self.parts, self.facts]
        return [*shown, self.time, self.refused, self.says, *self.acts.values(), self.stop, self.resume]

    def wire(self, act: Act, inputs: Sequence[Any], outputs: Sequence[Any], launching: dict[str, Any]) -> None:
        """Say what the parts depend on; `act` does something and gives what is to be shown then.

        `launching` is how an event that may launch runs is sent.
        """
        self.back.click(None, None, self.claim, js="() => ''", api_visibility="private")
        self.parts.select(_pick, None, self.part, **SILENT)
        for name, button in self.acts.items():
            button.click(partial(_pressed, act, partial(self.judge, name)), inputs, outputs, **launching)
        for button, do in ((self.stop, self.studies.runs.stop), (self.resume, self.studies.runs.resume)):
            button.click(partial(_pressed, act, partial(self._run, do)), inputs, outputs, **launching)

    def show(self, claim: ClaimAnswer, part_name: str, refusal: str) -> tuple[Any, ...]:
        """Everything about a claim."""
        part = opened.chosen_part(claim, part_name)
        live = known.state_of(claim) == "live"
        forms = known.forms_of(claim)
        able = {
            "judge": not live and SHORT_FORM in forms,
            "full": not live and FULL_FORM in forms,
            "more": not live and bool(more_seeds(claim)),
            "fresh": not live and bool(claim["verdict"] and claim["verdict"]["verdict"]),
        }
        return (
            opened.title(claim),
            opened.figure(claim, part),
            opened.lanes(part),
            opened.seeds(claim, part),
            opened.parts(claim, part),
            opened.provenance(claim),
            [known.time_of(claim)],
            [Sentence("{error}", {"error": refusal})] if refusal else [],
            opened.says(claim, self._at_work(claim) if live else 0),
            *(gr.update(interactive=able[name]) for name in self.acts),
            gr.update(interactive=live),
            gr.update(interactive=known.state_of(claim) == "stopped"),
        )

    def nothing(self, name: str) -> tuple[Any, ...]:
        """Everything stays as it is where no claim is opened; one that there is not is said."""
        count = len(self.outputs)
        if not name:
            return (gr.skip(),) * count
        says = [Sentence("There is no claim {name}.", {"name": name})]
        off = (gr.update(interactive=False),) * (len(self.acts) + 2)
        return ("", None, [], None, [], None, [], says, [], *off)

    def judge(self, how: str, name: str, owner: str) -> None:
        """Judge the claim: as a press on its card does, in its full form, with more seeds, or with others."""
        claim = self.studies.claim(name, owner)
        shown = known.shown_verdict(claim)
        form, first = known.shown_form(claim), shown["first_seed"] if shown else None
        if how in ("judge", "full"):
            self.studies.judge([name], FULL_FORM if how == "full" else SHORT_FORM, owner=owner, again=True)
        elif how == "more" and first is not None:
            self.studies.judge([name], form, more_seeds(claim), first, owner=owner)
        elif first is not None:
            self.studies.judge([name], form, shown["asked_seeds"] if shown else 0, first + APART, owner=owner)

    def _run(self, do: Callable[[str, str], Any], name: str, owner: str) -> None:
        """Stop or resume the newest study of the claim."""
        here = self.studies.claim(name, owner)["verdict"]
        if here:
            do(here["run"], owner)

    def _at_work(self, claim: ClaimAnswer) -> int:
        """How many runs of the study wait or are at work."""
        here = claim["verdict"]
        reader = self.studies.runs.reader
        study, kinds = (here["run"], (TRAIN, ANALYSE)) if here else ("", ())
        return sum(len(reader.runs(state="live", text=study, kind=kind)["runs"]) for kind in kinds)


def more_seeds(claim: ClaimAnswer) -> int:
    """How many seeds the next look takes, after those of the verdict that is shown; 0 where no look is open."""
    verdict = known.shown_verdict(claim)
    parts = verdict["parts"] if verdict and verdict["verdict"] else []
    undecided = [part for part in parts if part["interval"] and part["verdict"] == INCONCLUSIVE]
    if not undecided:
        return 0
    seen = max(len(part["seeds"]) for part in undecided)
    return next((look for look in LOOKS if look > seen), 0)


def _pressed(act: Act, do: Callable[[str, str], None], owner: str, name: str, *chosen: str) -> tuple[Any, ...]:
    return act(partial(do, name, owner), owner, name, *chosen)


def _pick(event: gr.EventData) -> str:
    """The part that was chosen."""
    return str(event.part)

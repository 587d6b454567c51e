"""The view Claims: a gallery of what the papers say with what came out here, and one claim opened in full."""

from typing import Any

import gradio as gr

from resnet_explorer.api.studies import Studies
from resnet_explorer.api.study_answers import ClaimAnswer
from resnet_explorer.errors import ExplorerError
from resnet_explorer.ui.components.claim_list.claim_list import ClaimList
from resnet_explorer.ui.components.owner import Owner
from resnet_explorer.ui.components.refresh import Refresh
from resnet_explorer.ui.components.sentences.sentences import Sentence, Sentences
from resnet_explorer.ui.i18n import i18n
from resnet_explorer.ui.page import Page, as_handler
from resnet_explorer.ui.views.claims import cards, known
from resnet_explorer.ui.views.claims.detail import ClaimDetail

NAME, TITLE = "claims", "Claims"
SILENT: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
# seconds between two looks while something is judged
LOOK = 1.0
# the gallery or the claim that is opened, whichever is meant, and where the keyboard goes on
FOLD = """(claim) => {
  const view = document.querySelector(".claims-view");
  const was = view?.classList.contains("opened");
  view?.classList.toggle("opened", Boolean(claim));
  if (claim && was === false && view.contains(document.activeElement)) setTimeout(() => view.querySelector(".claim-back").focus());
}"""


class ClaimsView:
    """The parts of the view, and what happens when one of them is used."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.studies = Studies(page.services.runs)
        self.owner = Owner(elem_classes=["owner"])
        self.opened: gr.Textbox = page.keep("claim", gr.Textbox("", visible="hidden"))
        self.part: gr.Textbox = page.keep("claim_part", gr.Textbox("", visible="hidden"))
        self.detail = ClaimDetail(self.studies, self.opened, self.part)

    def build(self) -> None:
        """Place the parts and say what they depend on."""
        with gr.Column(elem_classes=["claims-view"]):
            with gr.Column(elem_classes=["claim-gallery"]):
                self._build_tools()
                self.list = ClaimList(min_height=640)
            with gr.Column(elem_classes=["claim-detail"]):
                self.detail.build()
            self.clock = Refresh("idle", seconds=LOOK, elem_classes=["refresh"])
            self.news = gr.Textbox("", visible="hidden")
        self._wire()

    def _build_tools(self) -> None:
        with gr.Row(elem_classes=["claim-tools", "controls"]):
            papers = [(i18n("all papers"), ""), *((i18n(paper), paper) for paper in cards.PAPERS)]
            keep = self.page.keep
            self.paper = keep("claim_paper", gr.Dropdown(papers, value="", label=i18n("Paper"), min_width=200))
            words = [(i18n("any verdict"), ""), *((i18n(word), word) for word in known.MARKS)]
            self.word = keep("claim_verdict", gr.Dropdown(words, value="", label=i18n("Verdict"), min_width=168))
            self.all = gr.Button(i18n("Judge all, cheap ones first"), scale=0, min_width=200)
            self.stop_all = gr.Button(i18n("Stop"), scale=0, min_width=72, interactive=False)
            self.resume_all = gr.Button(i18n("Resume"), scale=0, min_width=88, interactive=False)
        self.about = Sentences(elem_classes=["claim-about"], role="status", min_height=24)
        self.refused = Sentences(elem_classes=["refused"], role="alert")

    def _wire(self) -> None:
        chosen = [self.opened, self.part, self.paper, self.word]
        inputs = [self.owner, *chosen]
        buttons = [self.all, self.stop_all, self.resume_all]
        outputs = [self.list, self.about, *buttons, self.clock, self.refused, *self.detail.outputs]
        assert self.page.shown is not None, "a view is built inside its tab"
        shown = self.page.shown.refresh
        changes = [shown, self.news.change, *(control.change for control in chosen)]
        gr.on(changes, as_handler(self.show), inputs, outputs, trigger_mode="always_last", **SILENT)
        gr.on([shown, self.opened.change], None, self.opened, None, js=FOLD, api_visibility="private")
        self.clock.refresh(self.page.services.runs.reader.news, None, self.news, trigger_mode="once", **SILENT)
        self.list.open(_pick, None, [self.opened, self.part], **SILENT)
        self.list.judge(as_handler(self.judge_card), inputs, outputs, **SILENT)
        self.list.stop(as_handler(self.stop_card), inputs, outputs, **SILENT)
        self.list.resume(as_handler(self.resume_card), inputs, outputs, **SILENT)
        self.all.click(as_handler(self.judge_all), inputs, outputs, **SILENT)
        self.stop_all.click(as_handler(self.stop_each), inputs, outputs, **SILENT)
        self.resume_all.click(as_handler(self.resume_each), inputs, outputs, **SILENT)
        self.detail.wire(self.act, inputs, outputs)

    def show(self, owner: str, opened: str, part: str, paper: str, word: str, refusal: str = "") -> tuple[Any, ...]:
        """The gallery, or the claim that is opened; what is out of sight stays as it is."""
        claims = self.studies.claims(owner)
        states = [known.state_of(claim) for claim in claims]
        clock = "live" if "live" in states else "idle"
        refused = [Sentence("{error}", {"error": refusal})] if refusal else []
        found = next((claim for claim in claims if claim["id"] == opened), None)
        if found:
            return (*(gr.skip(),) * 5, clock, [], *self.detail.show(found, part, refusal))
        shown = cards.matching(claims, paper, word)
        return (
            [cards.card(claim) for claim in shown],
            [cards.summary(claims, len(shown))],
            gr.update(interactive=bool(_unjudged(shown))),
            gr.update(interactive="live" in states),
            gr.update(interactive="stopped" in states),
            clock,
            refused,
            *self.detail.nothing(opened),
        )

    def act(self, act: Any, owner: str, *chosen: str) -> tuple[Any, ...]:
        """Do something, and show what is there then, with the sentence of a refusal."""
        try:
            act()
        except ExplorerError as error:
            return self.show(owner, *chosen, refusal=str(error))
        return self.show(owner, *chosen)

    def judge_card(self, event: gr.EventData, owner: str, *chosen: str) -> tuple[Any, ...]:
        """Judge the claim whose button was pressed."""
        claim, form = str(event.claim), str(event.form)
        return self.act(lambda: self.studies.judge([claim], form, owner=owner, again=True), owner, *chosen)

    def stop_card(self, event: gr.EventData, owner: str, *chosen: str) -> tuple[Any, ...]:
        """Stop the study of a card; what it trained stays."""
        return self.act(lambda: self.studies.runs.stop(str(event.run), owner), owner, *chosen)

    def resume_card(self, event: gr.EventData, owner: str, *chosen: str) -> tuple[Any, ...]:
        """Let the study of a card go on."""
        return self.act(lambda: self.studies.runs.resume(str(event.run), owner), owner, *chosen)

    def judge_all(self, owner: str, opened: str, part: str, paper: str, word: str) -> tuple[Any, ...]:
        """Judge all that is in sight and has no verdict of this machine under its rule, the cheap ones first."""
        waiting = _unjudged(cards.matching(self.studies.claims(owner), paper, word))
        names = [name for name in self.studies.cheapest_first() if name in waiting]
        return self.act(lambda: self.studies.judge(names, owner=owner), owner, opened, part, paper, word)

    def stop_each(self, owner: str, *chosen: str) -> tuple[Any, ...]:
        """Stop every study that is live."""
        return self.act(lambda: self._each("live", self.studies.runs.stop, owner), owner, *chosen)

    def resume_each(self, owner: str, *chosen: str) -> tuple[Any, ...]:
        """Let every study go on that was stopped."""
        return self.act(lambda: self._each("stopped", self.studies.runs.resume, owner), owner, *chosen)

    def _each(self, state: str, act: Any, owner: str) -> None:
        for claim in self.studies.claims(owner):
            if claim["verdict"] and known.state_of(claim) == state:
                act(claim["verdict"]["run"], owner)


def build(page: Page) -> None:
    """Place the view's parts and say what they depend on."""
    ClaimsView(page).build()


def _pick(event: gr.EventData) -> tuple[str, str]:
    """The claim that was opened, at the part that decides it."""
    return str(event.claim), ""


def _unjudged(claims: list[ClaimAnswer]) -> set[str]:
    """The claims with a short form and neither a verdict of this machine under the rules now nor a study at work."""
    return {
        claim["id"]
        for claim in claims
        if "short" in known.forms_of(claim)
        and known.state_of(claim) != "live"
        and not (claim["verdict"] and claim["verdict"]["verdict"] and not claim["verdict"]["older_rule"])
    }

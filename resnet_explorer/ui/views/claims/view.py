"""The view Claims: a gallery of what the papers say with what came out here, and one claim opened in full."""

from collections.abc import Callable
from typing import Any, NamedTuple

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
# seconds between two looks for news, while the view is in sight
LOOK = 1.0
# the gallery or the claim that is opened, whichever is meant, and where the keyboard goes on
FOLD = """(claim) => {
  const view = document.querySelector(".claims-view");
  if (!view) return;
  const before = view.dataset.claim;
  const pressed = view.contains(document.activeElement) || document.activeElement === document.body;
  view.classList.toggle("opened", Boolean(claim));
  view.dataset.claim = claim;
  if (before === undefined || before === claim || !pressed) return;
  const next = claim ? ".claim-back" : `.card[data-claim="${before}"] .open`;
  // the gallery of a claim that a link opened is yet to come
  const go = (tries) => {
    view.querySelector(next)?.focus();
    if (tries && document.activeElement === document.body) setTimeout(go, 100, tries - 1);
  };
  setTimeout(go, 0, 50);
}"""


class Chosen(NamedTuple):
    """What the widgets say: whose runs, which claim is opened at which part, and which claims are in sight."""

    owner: str
    opened: str
    part: str
    paper: str
    word: str


class ClaimsView:
    """The parts of the view, and what happens when one of them is used."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.studies = Studies(page.services.runs)
        self.owner = Owner(elem_classes=["owner"], render=False)
        self.opened: gr.Textbox = page.keep("claim", gr.Textbox("", visible="hidden", render=False))
        self.part: gr.Textbox = page.keep("claim_part", gr.Textbox("", visible="hidden", render=False))
        self.detail = ClaimDetail(self.studies, self.opened, self.part)

    def build(self) -> None:
        """Place the parts and say what they depend on."""
        with gr.Column(elem_classes=["claims-view"]):
            with gr.Column(elem_classes=["claim-gallery"]):
                self._build_tools()
                self.list = ClaimList(min_height=640)
            with gr.Column(elem_classes=["claim-detail"]):
                self.detail.build()
            for hidden in (self.owner, self.opened, self.part):
                hidden.render()  # type: ignore[no-untyped-call]
            self.clock = Refresh(seconds=LOOK, elem_classes=["refresh"])
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
        outputs = [self.list, self.about, self.all, self.stop_all, self.resume_all, self.news, self.refused]
        outputs += self.detail.outputs
        assert self.page.shown is not None, "a view is built inside its tab"
        shown = self.page.shown.refresh
        changes = [shown, *(control.change for control in chosen)]
        gr.on(changes, as_handler(self.show), inputs, outputs, trigger_mode="always_last", **SILENT)
        gr.on([shown, self.opened.change], None, self.opened, None, js=FOLD, api_visibility="private")
        self.clock.refresh(self.look, [self.news, *inputs], outputs, trigger_mode="once", **SILENT)
        self.list.open(_pick, None, [self.opened, self.part], **SILENT)
        presses = (
            (self.list.judge, self.judge_card),
            (self.list.stop, self.stop_card),
            (self.list.resume, self.resume_card),
            (self.all.click, self.judge_all),
            (self.stop_all.click, self.stop_each),
            (self.resume_all.click, self.resume_each),
        )
        for event, handler in presses:
            event(as_handler(handler), inputs, outputs, **self.page.launching)
        self.detail.wire(self.act, inputs, outputs, self.page.launching)

    def look(self, news: str, *values: str) -> tuple[Any, ...]:
        """What `show` has, if anything has happened since."""
        if news == self.page.services.runs.reader.news():
            return (gr.skip(),) * (7 + len(self.detail.outputs))
        return self.show(*values)

    def show(self, *values: str) -> tuple[Any, ...]:
        """The gallery, or the claim that is opened; what is out of sight stays as it is."""
        return self._shown(Chosen(*values), "")

    def _shown(self, chosen: Chosen, refusal: str) -> tuple[Any, ...]:
        news = self.page.services.runs.reader.news()
        claims = self.studies.claims(chosen.owner)
        states = [known.state_of(claim) for claim in claims]
        opened = next((claim for claim in claims if claim["id"] == chosen.opened), None)
        if opened:
            return (*(gr.skip(),) * 5, news, [], *self.detail.show(opened, chosen.part, refusal))
        shown = cards.matching(claims, chosen.paper, chosen.word)
        return (
            [cards.card(claim) for claim in shown],
            [cards.summary(claims, len(shown))],
            gr.update(interactive=bool(_unjudged(shown))),
            gr.update(interactive="live" in states),
            gr.update(interactive="stopped" in states),
            news,
            [Sentence("{error}", {"error": refusal})] if refusal else [],
            *self.detail.nothing(chosen.opened),
        )

    def act(self, do: Callable[[], object], *values: str) -> tuple[Any, ...]:
        """Do something, and show what is there then, with the sentence of a refusal."""
        try:
            do()
        except ExplorerError as error:
            return self._shown(Chosen(*values), str(error))
        return self.show(*values)

    def judge_card(self, event: gr.EventData, *values: str) -> tuple[Any, ...]:
        """Judge the claim whose button was pressed."""
        claim, form, owner = str(event.claim), str(event.form), values[0]
        return self.act(lambda: self.studies.judge([claim], form, owner=owner, again=True), *values)

    def stop_card(self, event: gr.EventData, *values: str) -> tuple[Any, ...]:
        """Stop the study of a card; what it trained stays."""
        return self.act(lambda: self.studies.runs.stop(str(event.run), values[0]), *values)

    def resume_card(self, event: gr.EventData, *values: str) -> tuple[Any, ...]:
        """Let the study of a card go on."""
        return self.act(lambda: self.studies.runs.resume(str(event.run), values[0]), *values)

    def judge_all(self, *values: str) -> tuple[Any, ...]:
        """Judge all that is in sight and has no verdict of this machine under its rule, the cheap ones first."""
        chosen = Chosen(*values)
        waiting = _unjudged(cards.matching(self.studies.claims(chosen.owner), chosen.paper, chosen.word))
        names = [name for name in self.studies.cheapest_first() if name in waiting]
        return self.act(lambda: self.studies.judge(names, owner=chosen.owner), *values)

    def stop_each(self, *values: str) -> tuple[Any, ...]:
        """Stop every study that is live."""
        return self.act(lambda: self._each("live", self.studies.runs.stop, values[0]), *values)

    def resume_each(self, *values: str) -> tuple[Any, ...]:
        """Let every study go on that was stopped."""
        return self.act(lambda: self._each("stopped", self.studies.runs.resume, values[0]), *values)

    def _each(self, state: str, do: Callable[[str, str], object], owner: str) -> None:
        for claim in self.studies.claims(owner):
            if claim["verdict"] and known.state_of(claim) == state:
                do(claim["verdict"]["run"], owner)


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

"""The gallery: which claims are in sight, each as a card, and what is said of all of them."""

from collections import Counter
from collections.abc import Sequence

from resnet_explorer.api.study_answers import ClaimAnswer, VerdictAnswer
from resnet_explorer.describe.sentence import Sentence
from resnet_explorer.figures.verdict import verdict_svg, verdict_words
from resnet_explorer.studies.catalog import STUDIES
from resnet_explorer.ui.components.claim_list.claim_list import ClaimCard
from resnet_explorer.ui.views.claims import known
from resnet_explorer.ui.views.claims.known import MARKS

# in the order of the catalog, each once
PAPERS = tuple(dict.fromkeys(study.paper for study in STUDIES))


def matching(claims: Sequence[ClaimAnswer], paper: str, word: str) -> list[ClaimAnswer]:
    """The claims of a paper that have a verdict; empty is any."""
    return [claim for claim in claims if paper in ("", claim["paper"]) and word in ("", known.mark_of(claim))]


def card(claim: ClaimAnswer) -> ClaimCard:
    """A claim as a card."""
    part = known.deciding_part(claim)
    here = claim["verdict"]
    return ClaimCard(
        id=claim["id"],
        claim=claim["claim"],
        source=Sentence("{paper}, {place}", {"paper": claim["paper"], "place": claim["place"]}),
        arxiv=claim["arxiv"],
        word=known.mark_of(claim),
        svg=picture(part),
        picture=_in_words(part, len(claim["parts"])),
        about=_about(claim),
        time=known.time_of(claim),
        state=known.state_of(claim),
        run=here["run"] if here else "",
        forms=known.forms_of(claim),
        done=here["done"] if here else 0,
        of=here["of"] if here else 0,
    )


def summary(claims: Sequence[ClaimAnswer], shown: int) -> Sentence:
    """How many claims came to which verdict."""
    counts = Counter(map(known.mark_of, claims))
    words = {f"n{place}": counts[word] for place, word in enumerate(MARKS)}
    says = (
        "{shown} of {all} claims: {n0} supported, {n1} contradicted, {n2} inconclusive, "
        "{n3} not measured here, {n4} not judged yet."
    )
    return Sentence(says, {"shown": shown, "all": len(claims), **words})


def standing(verdict: VerdictAnswer) -> Sentence:
    """How far a study is that is live, or why it is not."""
    state = known.state_of_verdict(verdict)
    if verdict["state"] == "queued":
        return Sentence("It waits for its turn")
    if state == "live":
        return Sentence("It is judged: {done} of {of} seeds", {"done": verdict["done"], "of": verdict["of"]})
    if state == "stopped":
        return Sentence("It was stopped; resume takes what is there")
    return Sentence("It failed: {reason}", {"reason": verdict["reason"]})


def picture(part: known.KnownPart) -> str:
    """A part in small, as SVG: the rule alone while nothing is measured of it, nothing where its rule was another."""
    if part.form is None or (part.verdict["statistics"] and not part.is_drawn):
        return ""
    return verdict_svg(part.verdict, part.form)


def in_words(part: known.KnownPart) -> Sentence:
    """The same as a sentence."""
    if part.form is None:
        return Sentence("{reason}", {"reason": part.verdict["reason"]})
    if part.verdict["statistics"] and not part.is_drawn:
        return Sentence("under an older rule")
    return verdict_words(part.verdict, part.form)


def _in_words(part: known.KnownPart, parts: int) -> Sentence:
    words = in_words(part)
    return Sentence("The weakest of {n} parts. {words}", {"n": parts, "words": words}) if parts > 1 else words


def _about(claim: ClaimAnswer) -> list[Sentence]:
    """When and where it was measured, and how far a study is that is at work."""
    verdict, here = known.shown_verdict(claim), claim["verdict"]
    says: list[Sentence] = []
    if here and known.state_of(claim):
        says.append(standing(here))
    if verdict and verdict["verdict"]:
        says.append(known.when(verdict))
        if verdict["older_rule"]:
            says.append(Sentence("under an older rule"))
    elif not known.forms_of(claim):
        says.append(Sentence("{reason}", {"reason": known.deciding_part(claim).verdict["reason"]}))
    return says

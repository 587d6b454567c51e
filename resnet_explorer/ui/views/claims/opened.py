"""One claim that is opened: its parts with their rules, the figure, the seeds, and where its numbers come from."""

from collections.abc import Sequence

from resnet_explorer.api.run_compare import duration
from resnet_explorer.api.study_answers import ClaimAnswer, VerdictAnswer
from resnet_explorer.describe.sentence import Sentence
from resnet_explorer.figures.theme import PAGE
from resnet_explorer.figures.verdict import is_finite, verdict_words
from resnet_explorer.figures.verdict_panels import HEIGHT, draw
from resnet_explorer.runs.run_folder import SHORT
from resnet_explorer.studies.rules import CONTRADICTED, INCONCLUSIVE
from resnet_explorer.ui.components.claim_parts.claim_parts import ClaimPart
from resnet_explorer.ui.components.claim_seeds.claim_seeds import SeedRow, SeedTable
from resnet_explorer.ui.components.facts.facts import Fact, FactTable
from resnet_explorer.ui.components.figure.figure import FigureValue, Table
from resnet_explorer.ui.components.lanes.lanes import Lane, lane_of
from resnet_explorer.ui.views.claims import known
from resnet_explorer.ui.views.claims.cards import in_words, picture, standing
from resnet_explorer.ui.views.claims.known import NOT_JUDGED, KnownPart
from resnet_explorer.ui.views.claims.links import links_of

NOTHING = "Nothing is measured yet. Press Judge."
AT_WORK = "The first seed is measured."
OLDER = "The numbers are those of an older rule. Press Judge for the rule as it is."


def chosen_part(claim: ClaimAnswer, name: str) -> KnownPart:
    """The part of a name, or else that which decides the verdict."""
    return next((part for part in known.known_parts(claim) if part.part["name"] == name), known.deciding_part(claim))


def title(claim: ClaimAnswer) -> str:
    """The claim and its source, in Markdown."""
    source = f"{claim['paper']}, {claim['place']}, [arXiv {claim['arxiv']}](https://arxiv.org/abs/{claim['arxiv']})"
    return f"## {claim['claim']}\n\n{source}"


def parts(claim: ClaimAnswer, chosen: KnownPart) -> list[ClaimPart]:
    """The parts; the chosen one says how it is judged."""
    return [
        ClaimPart(
            name=part.part["name"],
            statement=part.part["statement"],
            word=_word(claim, part),
            svg=picture(part),
            picture=in_words(part),
            reason=Sentence("{reason}", {"reason": part.verdict["reason"]}),
            facts=_rule(part) if part.part["name"] == chosen.part["name"] else (),
            chosen=part.part["name"] == chosen.part["name"],
        )
        for part in known.known_parts(claim)
    ]


def lanes(part: KnownPart) -> list[Lane]:
    """The networks that are compared."""
    return [lane_of(slot, lane["network"]) for slot, lane in enumerate(part.form["lanes"])] if part.form else []


def figure(claim: ClaimAnswer, part: KnownPart) -> FigureValue:
    """The seeds of a part by lane, its statistic and its rule; a study at work adds to it."""
    name = f"claim-{claim['id']}"
    here = claim["verdict"]
    live = known.state_of(claim) == "live"
    progress = (here["done"], here["of"]) if here and live and here["of"] else None
    coming = tuple(range(len(part.form["lanes"]))) if part.form and live and not part.verdict["statistics"] else ()
    if part.form is None or not part.is_drawn:
        empty = part.verdict["reason"] if part.form is None else OLDER if part.verdict["statistics"] else NOTHING
        return FigureValue(name=name, empty=AT_WORK if live else empty, coming=coming, progress=progress)
    counted = (
        Sentence("Counted: {counts}.", {"counts": part.form["number"]}),
        Sentence(
            "Right, in ink: {statistic} with its interval; dashed: the rule.", {"statistic": part.form["statistic"]}
        ),
        Sentence("One dot a seed, those of one seed joined."),
    )
    alt = str(verdict_words(part.verdict, part.form))
    return FigureValue(
        draw(part.verdict, part.form, PAGE), name, "", alt, _table(part), "", coming, progress, HEIGHT, counted
    )


def seeds(claim: ClaimAnswer, part: KnownPart) -> SeedTable:
    """Each seed with its runs, and the same lanes in other views."""
    form, verdict = part.form, part.verdict
    if form is None:
        return SeedTable([], "", [])
    links = links_of(claim, part, known.shown_form(claim))
    if not part.is_drawn:
        return SeedTable([], "", [], links)
    names = [" ".join([lane["network"], *(f"{k}={v}" for k, v in lane["settings"].items())]) for lane in form["lanes"]]
    rows = [
        SeedRow(
            seed, [_text(number) for number in numbers], _text(statistic), [[r[:SHORT] for r in lane] for lane in runs]
        )
        for seed, numbers, statistic, runs in zip(
            verdict["seeds"], verdict["numbers"], verdict["statistics"], verdict["runs"], strict=True
        )
    ]
    return SeedTable(names, form["statistic"], rows, links)


def says(claim: ClaimAnswer, at_work: int) -> list[Sentence]:
    """Where the study stands, and what differs from the paper where its verdict is against it."""
    here, verdict = claim["verdict"], known.shown_verdict(claim)
    sentences = []
    if here and known.state_of(claim):
        sentences.append(standing(here))
    if at_work:
        sentences.append(Sentence("{n} of its runs wait or are at work.", {"n": at_work}))
    if verdict and verdict["verdict"]:
        sentences.append(known.when(verdict))
        if verdict["older_rule"]:
            sentences.append(Sentence("This verdict is under an older rule; judge it once more for the rule below."))
        if verdict["verdict"] == CONTRADICTED:
            sentences.append(_against(claim, verdict))
    return sentences


def provenance(claim: ClaimAnswer) -> FactTable:
    """What the paper says, what is easily missed, and what the verdict was made from."""
    verdict = known.shown_verdict(claim)
    facts = [("Published", claim["published"]), ("Pitfalls", claim["pitfalls"])]
    if verdict:
        count = max((len(part["seeds"]) for part in verdict["parts"]), default=0)
        facts += [
            ("Seeds", f"{count}, from {verdict['first_seed']} on"),
            ("Data", verdict["data"]),
            ("Hardware", known.hardware_of(verdict)),
            ("Wall time", duration(verdict["seconds"])),
            ("Time of its runs", duration(sum(_seconds(part["run_seconds"]) for part in verdict["parts"]))),
            ("torch", verdict["torch"]),
            ("Commit", verdict["commit"][:12]),
            ("Run", "" if verdict["recorded"] else verdict["short"]),
        ]
    return FactTable("Provenance", [Fact(name, [text]) for name, text in facts if text])


def _word(claim: ClaimAnswer, part: KnownPart) -> str:
    """The verdict on a part; what a study that has not ended leaves open is not judged yet."""
    verdict, word = known.shown_verdict(claim), part.verdict["verdict"]
    is_open = word == INCONCLUSIVE and not (verdict and verdict["verdict"])
    return NOT_JUDGED if is_open or not word else word


def _against(claim: ClaimAnswer, verdict: VerdictAnswer) -> Sentence:
    """What differs from what the paper did."""
    part = known.deciding_part(claim)
    differs = (
        [part.form["number"], f"on {verdict['data']}" if verdict["data"] else "", part.form["cannot"]]
        if part.form
        else []
    )
    return Sentence(
        "This goes against the paper as far as this was measured: {differs}.",
        {"differs": "; ".join(filter(None, differs))},
    )


def _rule(part: KnownPart) -> Sequence[tuple[str, str]]:
    """How a part is judged, as names and texts."""
    form, verdict = part.form, part.verdict
    if form is None:
        return [(f"{name} form", reason) for name, reason in part.part["reasons"].items()]
    compared = "; ".join(f"{lane['letter']} {lane['network']}" for lane in form["lanes"])
    facts = [
        ("Compared", compared),
        ("Number", form["number"]),
        ("Judged", form["statistic"]),
        ("Rule", form["rule"]),
        ("Rule's hash", f"{form['rule_hash']}, of the part {part.part['hash']}"),
        ("Cannot show", form["cannot"]),
    ]
    if is_finite(verdict["p"]):
        facts.append(("p", f"{float(str(verdict['p'])):.2g}; {_holm(verdict['holm'])}"))
    return [(name, text) for name, text in facts if text]


def _holm(corrected: object) -> str:
    if not is_finite(corrected):
        return "not corrected"
    return f"{float(str(corrected)):.2g} after Holm, for all that was judged here"


def _table(part: KnownPart) -> Table:
    """The numbers behind the figure."""
    assert part.form
    columns = ("seed", *(f"{lane['letter']} {lane['network']}" for lane in part.form["lanes"]), part.form["statistic"])
    verdict = part.verdict
    rows = zip(verdict["seeds"], verdict["numbers"], verdict["statistics"], strict=True)
    return Table(columns, tuple((seed, *numbers, statistic) for seed, numbers, statistic in rows))


def _text(number: object) -> str:
    return f"{float(str(number)):.4g}" if is_finite(number) else str(number)


def _seconds(number: object) -> float:
    return float(str(number)) if is_finite(number) else 0.0

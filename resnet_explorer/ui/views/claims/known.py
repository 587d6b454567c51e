"""What is known of a claim: which of its verdicts counts, which part decides it, and in which form it was measured."""

from datetime import datetime
from typing import NamedTuple

from resnet_explorer.api.run_compare import duration
from resnet_explorer.api.study_answers import ClaimAnswer, FormAnswer, PartAnswer, PartVerdict, VerdictAnswer
from resnet_explorer.describe.sentence import Sentence
from resnet_explorer.runs.events import LIVE
from resnet_explorer.studies.request import FORMS, FULL_FORM, SHORT_FORM
from resnet_explorer.studies.rules import NOT_MEASURED, WORDS

NOT_JUDGED = "not judged yet"
MARKS = (*WORDS, NOT_JUDGED)


class KnownPart(NamedTuple):
    """A part with its form, and what was measured of it; `form` is None where there is a reason instead."""

    part: PartAnswer
    form: FormAnswer | None
    verdict: PartVerdict

    @property
    def is_drawn(self) -> bool:
        """Whether numbers stand against the rule as it is: those of an older one may have been others."""
        measured = bool(self.verdict["statistics"]) and self.form is not None
        return measured and self.verdict["hash"] == self.part["hash"]


def shown_verdict(claim: ClaimAnswer) -> VerdictAnswer | None:
    """The newest verdict here; while nothing is measured of it, the recorded one if there is one."""
    here, recorded = claim["verdict"], claim["recorded"]
    if here and (here["verdict"] or not recorded or any(part["statistics"] for part in here["parts"])):
        return here
    return recorded


def mark_of(claim: ClaimAnswer) -> str:
    """The word of the verdict that is shown."""
    known = shown_verdict(claim)
    if known and known["verdict"]:
        return known["verdict"]
    # where no form can measure it, no press helps
    return NOT_JUDGED if forms_of(claim) else NOT_MEASURED


def forms_of(claim: ClaimAnswer) -> tuple[str, ...]:
    """The forms that a claim can be judged in."""
    answers = {SHORT_FORM: [part["short"] for part in claim["parts"]]}
    answers[FULL_FORM] = [part["full"] for part in claim["parts"]]
    return tuple(name for name in FORMS if any(answers[name]))


def shown_form(claim: ClaimAnswer) -> str:
    """The form of the verdict that is shown; without one, that which a press judges."""
    known = shown_verdict(claim)
    return known["form"] if known else next(iter(forms_of(claim)), SHORT_FORM)


def known_parts(claim: ClaimAnswer) -> list[KnownPart]:
    """Every part, with nothing measured where nothing is known."""
    known, name = shown_verdict(claim), shown_form(claim)
    verdicts = {part["name"]: part for part in known["parts"]} if known else {}
    return [
        KnownPart(part, _form(part, name), verdicts.get(part["name"]) or _unmeasured(part, name))
        for part in claim["parts"]
    ]


def deciding_part(claim: ClaimAnswer) -> KnownPart:
    """The first part that has the verdict of the whole, with something to see if one has."""
    parts = known_parts(claim)
    word = mark_of(claim)
    same = [part for part in parts if part.verdict["verdict"] == word and part.form]
    seen = [part for part in same or parts if part.verdict["statistics"]]
    return next(iter(seen or same or [part for part in parts if part.form] or parts))


def state_of(claim: ClaimAnswer) -> str:
    """Whether the newest study of a claim here is live, stopped or failed; empty where it is none of that."""
    return state_of_verdict(claim["verdict"]) if claim["verdict"] else ""


def state_of_verdict(verdict: VerdictAnswer) -> str:
    """Whether a study is live, stopped or failed; empty where it is finished."""
    if verdict["state"] == "finished":
        return ""
    if verdict["state"] in LIVE:
        return "live"
    return "stopped" if verdict["resumable"] else "failed"


def when(verdict: VerdictAnswer) -> Sentence:
    """When a verdict was measured, and in which form; a recorded one also says on what."""
    date = datetime.fromtimestamp(verdict["date"] / 1000).strftime("%Y-%m-%d")
    values = {"date": date, "form": Sentence(f"{verdict['form']} form")}
    if not verdict["recorded"]:
        return Sentence("Measured here {date}, {form}", values)
    return Sentence("Recorded {date}, {form}, on {hardware}", {**values, "hardware": hardware_of(verdict) or "–"})


def hardware_of(verdict: VerdictAnswer) -> str:
    """What the runs of a verdict ran on."""
    return ", ".join(dict.fromkeys(name for part in verdict["parts"] for name in part["hardware"]))


def _time(seconds: object) -> str:
    """A time in words that a hand could have stopped."""
    total = round(float(str(seconds or 0)))
    return f"{total} s" if total < 60 else duration(total)


def time_of(claim: ClaimAnswer) -> Sentence:
    """How long a press takes, as far as anything says so."""
    form = next(iter(forms_of(claim)), "")
    seconds = claim["expected_seconds"].get(form)
    if seconds:
        return Sentence("about {time} here", {"time": _time(seconds)})
    here, recorded = claim["verdict"], claim["recorded"]
    for verdict, says in ((here, "{time} the last time here"), (recorded, "{time} where it was recorded")):
        if verdict and verdict["verdict"] and verdict["form"] == form:
            return Sentence(says, {"time": _time(verdict["seconds"])})
    return Sentence("")


def _form(part: PartAnswer, name: str) -> FormAnswer | None:
    return part["short"] if name == SHORT_FORM else part["full"]


def _unmeasured(part: PartAnswer, form: str) -> PartVerdict:
    """A part of which nothing is known."""
    return PartVerdict(
        name=part["name"],
        verdict="" if _form(part, form) else NOT_MEASURED,
        reason=part["reasons"].get(form, ""),
        seeds=[],
        numbers=[],
        statistics=[],
        interval=None,
        p=None,
        holm=None,
        runs=[],
        run_seconds=0,
        hardware=[],
        hash=part["hash"],
    )

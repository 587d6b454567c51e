"""What the verbs about claims answer, as JSON; floats that are not finite are the texts NaN, Infinity, -Infinity."""

from typing import Any, TypedDict

from resnet_explorer.api.run_answers import Number
from resnet_explorer.runs.analysis_results import Results
from resnet_explorer.runs.event_json import to_json
from resnet_explorer.runs.events import RESUMABLE
from resnet_explorer.runs.run_folder import SHORT, Job
from resnet_explorer.studies.measuring import measured_in_words, trainings
from resnet_explorer.studies.request import StudyRequest
from resnet_explorer.studies.rules import NOT_MEASURED
from resnet_explorer.studies.study import Form, FromPlan, Study, StudyPart, headline, letters


class FormAnswer(TypedDict):
    """How a part is measured: its lanes by letter, the number of each, the statistic, and the rule in words.

    `least` and `most` are the bounds that the interval is held against, null where there is none.
    """

    lanes: list[dict[str, Any]]
    number: str
    statistic: str
    rule: str
    rule_hash: str
    least: float | None
    most: float | None
    seeds: int
    cannot: str
    trains: bool


class PartAnswer(TypedDict):
    """One statement of a claim; a form that there is not is null, and `reasons` says why."""

    name: str
    statement: str
    hash: str
    short: FormAnswer | None
    full: FormAnswer | None
    reasons: dict[str, str]


class PartVerdict(TypedDict):
    """What is known of a part: each seed's numbers by lane, its statistic, its runs, and the verdict with its interval.

    `holm` is the p value of the part's statistic, corrected for all that the gallery judged; null without one.
    """

    name: str
    verdict: str
    reason: str
    seeds: list[int]
    numbers: list[list[Number]]
    statistics: list[Number]
    interval: dict[str, Number] | None
    p: Number
    holm: Number
    runs: list[list[list[str]]]
    run_seconds: Number
    hardware: list[str]
    hash: str


class VerdictAnswer(TypedDict):
    """What a study came to, or knows so far: the verdict on the claim is that of its weakest part."""

    study: str
    verdict: str
    parts: list[PartVerdict]
    form: str
    data: str
    asked_seeds: int
    first_seed: int
    run: str
    short: str
    state: str
    reason: str
    done: int
    of: int
    seconds: Number
    remaining: Number
    resumable: bool
    mine: bool
    date: int
    commit: str
    torch: str
    older_rule: bool
    recorded: bool


class ClaimAnswer(TypedDict):
    """A claim: who says it and where, what is measured and by which rule, and the newest verdict, if there is one.

    `expected_seconds` is what each form would take here, all of it trained anew; null where nothing says how long.
    """

    id: str
    claim: str
    paper: str
    place: str
    arxiv: str
    published: str
    pitfalls: str
    parts: list[PartAnswer]
    verdict: VerdictAnswer | None
    recorded: VerdictAnswer | None
    expected_seconds: dict[str, float | None]


def claim_answer(
    study: Study,
    verdict: VerdictAnswer | None,
    recorded: VerdictAnswer | None,
    expected_seconds: dict[str, float | None],
) -> ClaimAnswer:
    """A study as it is told."""
    return ClaimAnswer(
        id=study.id,
        claim=study.claim,
        paper=study.paper,
        place=study.place,
        arxiv=study.arxiv,
        published=study.published,
        pitfalls=study.pitfalls,
        parts=[_part(part) for part in study.parts],
        verdict=verdict,
        recorded=recorded,
        expected_seconds=expected_seconds,
    )


def verdict_answer(job: Job, study: Study, known: Results, mine: bool) -> VerdictAnswer:
    """What the run of a study knows."""
    request = StudyRequest.from_json(job.what["request"])
    now = known.progress
    parts = [_part_verdict(known.values[place]) for place in sorted(known.values)]
    return VerdictAnswer(
        study=study.id,
        verdict=headline([part["verdict"] for part in parts]) if now.state == "finished" else "",
        parts=parts,
        form=request.form,
        data=_data(study, request),
        asked_seeds=request.seeds,
        first_seed=request.first_seed,
        run=job.run,
        short=job.run[:SHORT],
        state=now.state,
        reason=now.reason,
        done=now.step,
        of=now.steps,
        seconds=to_json(now.seconds),
        remaining=to_json(now.remaining),
        resumable=now.state in RESUMABLE,
        mine=mine,
        date=now.ended or job.created,
        commit=job.what.get("commit", ""),
        torch=", ".join(sorted({each for values in known.values.values() for each in values.get("torch", ())})),
        older_rule=request.rules != tuple(part.hash for part in study.parts),
        recorded=False,
    )


def _data(study: Study, request: StudyRequest) -> str:
    """The images that the parts are measured on; nothing where all is counted."""
    names = set()
    for part in study.parts:
        form = part.form(request.form)
        if isinstance(form, Form) and not isinstance(form.measure, FromPlan):
            names.add(form.measure.data or request.data)
    return ", ".join(sorted(names))


def _part(part: StudyPart) -> PartAnswer:
    forms = {name: part.form(name) for name in ("short", "full")}
    return PartAnswer(
        name=part.name,
        statement=part.statement,
        hash=part.hash,
        short=_form(forms["short"]),
        full=_form(forms["full"]),
        reasons={name: form for name, form in forms.items() if isinstance(form, str)},
    )


def _form(form: Form | str) -> FormAnswer | None:
    if isinstance(form, str):
        return None
    named = letters(form)
    least, most = form.rule.bounds
    return FormAnswer(
        lanes=[
            {"letter": letter, "network": lane.line, "settings": dict(lane.settings)}
            for letter, lane in zip(named, form.lanes, strict=True)
        ],
        number=measured_in_words(form.measure),
        statistic=form.contrast.words(named),
        rule=form.rule.words,
        rule_hash=form.rule.hash,
        least=least,
        most=most,
        seeds=form.seeds,
        cannot=form.cannot,
        trains=bool(trainings(form, "shapes")),
    )


def _part_verdict(values: Any) -> PartVerdict:
    verdict = values.get("verdict", {})
    return PartVerdict(
        name=values["part"],
        verdict=verdict.get("word", NOT_MEASURED),
        reason=verdict.get("reason", ""),
        seeds=values["seeds"],
        numbers=values["numbers"],
        statistics=values["statistics"],
        interval=verdict.get("interval"),
        p=verdict.get("p"),
        holm=None,
        runs=values["runs"],
        run_seconds=values["run_seconds"],
        hardware=values["hardware"],
        hash=values["hash"],
    )

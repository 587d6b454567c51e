"""What the verbs about analyses answer, as JSON; floats that are not finite are the texts NaN, Infinity, -Infinity."""

from dataclasses import fields
from typing import Any, TypedDict

from resnet_explorer.analyses.catalog import Analysis
from resnet_explorer.analyses.request import AnalysisRequest
from resnet_explorer.api.run_answers import Number
from resnet_explorer.networks.request import LETTERS
from resnet_explorer.runs.analysis_results import Results
from resnet_explorer.runs.event_json import to_json
from resnet_explorer.runs.events import RESUMABLE
from resnet_explorer.runs.run_folder import SHORT


class SettingAnswer(TypedDict):
    """A setting: its default, its bounds or its choices, and what it does."""

    name: str
    default: Any
    bounds: list[float] | None
    choices: list[str]
    help: str


class AnalysisRow(TypedDict):
    """An analysis: its question, where it comes from, what can be set, what it needs, and what its numbers are."""

    name: str
    title: str
    question: str
    citation: str
    arxiv: str
    settings: list[SettingAnswer]
    needs: str
    counts: str
    values: dict[str, str]


class AnalysedLane(TypedDict):
    """A lane and what is known of it; `subject` says in words what weights and images were looked at."""

    letter: str
    slot: int
    network: str
    run: str
    step: int
    subject: str
    values: dict[str, Any]


class AnalysisAnswer(TypedDict):
    """What an analysis knows so far: `done` of `of` pieces, values by lane, and what follows in sentences."""

    run: str
    short: str
    analysis: str
    settings: dict[str, Any]
    lanes: list[AnalysedLane]
    findings: list[str]
    counts: str
    state: str
    reason: str
    done: int
    of: int
    seconds: Number
    remaining: Number
    resumable: bool
    hardware: str


def row(analysis: Analysis) -> AnalysisRow:
    """A row of the table of analyses."""
    texts = {name: getattr(analysis, name) for name in AnalysisRow.__annotations__ if name != "settings"}
    settings = [
        SettingAnswer(
            name=each.name,
            default=each.default,
            bounds=list(each.metadata["bounds"]) if "bounds" in each.metadata else None,
            choices=list(each.metadata.get("choices", ())),
            help=each.metadata["help"],
        )
        for each in fields(analysis.settings)
    ]
    return AnalysisRow(**{**texts, "settings": settings})  # type: ignore[typeddict-item]


def answer(run: str, request: AnalysisRequest, counts: str, known: Results) -> AnalysisAnswer:
    """What a run knows of its question."""
    now = known.progress
    return AnalysisAnswer(
        run=run,
        short=run[:SHORT],
        analysis=request.analysis,
        settings=dict(request.settings),
        lanes=[_lane(request, known, lane) for lane in range(_lane_count(request, known))],
        findings=list(known.sentences),
        counts=counts,
        state=now.state,
        reason=now.reason,
        done=now.step,
        of=now.steps,
        seconds=to_json(now.seconds),
        remaining=to_json(now.remaining),
        resumable=now.state in RESUMABLE,
        hardware=now.hardware,
    )


def _lane_count(request: AnalysisRequest, known: Results) -> int:
    """An analysis that was asked about no lanes may name some itself."""
    return max([len(request.lanes), *(lane + 1 for lane in known.values)])


def _lane(request: AnalysisRequest, known: Results, lane: int) -> AnalysedLane:
    subject = request.lanes[lane] if lane < len(request.lanes) else None
    slot = subject.slot if subject else lane
    return AnalysedLane(
        letter=LETTERS[slot],
        slot=slot,
        network=subject.line if subject else "",
        run=subject.run if subject else "",
        step=subject.step if subject else 0,
        subject=known.subjects[lane] if lane < len(known.subjects) else "",
        values=to_json(dict(known.values.get(lane, {}))),
    )

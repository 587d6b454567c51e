"""An analysis as the page shows it: the figure, what it counts, its values as a table, and where it stands."""

import re
from collections.abc import Sequence
from importlib import import_module

from resnet_explorer.analyses.catalog import WITHOUT_WEIGHTS, Analysis, find_analysis
from resnet_explorer.analyses.request import LaneResult
from resnet_explorer.analyses.setting_fields import read_settings
from resnet_explorer.api.analysis_answers import AnalysedLane, AnalysisAnswer
from resnet_explorer.api.analysis_table import listing
from resnet_explorer.api.run_compare import duration
from resnet_explorer.describe.sentence import joined
from resnet_explorer.executors.dotted_name import resolve
from resnet_explorer.figures.theme import PAGE
from resnet_explorer.runs.event_json import from_json
from resnet_explorer.runs.events import LIVE
from resnet_explorer.ui.components.figure.figure import FigureValue, Table
from resnet_explorer.ui.components.sentences.sentences import Sentence

# what the words of a subject may say
SUBJECT = (
    "initial weights of seed {seed}",
    "run {run} after step {step}",
    "weights that come with the program",
    "{steps} steps on {data}",
    "{right} of {images} held-out images right",
    "recorded {date}",
    "commit {commit}",
)


def figure_of(answer: AnalysisAnswer) -> FigureValue:
    """The figure so far; lanes of which nothing is known yet keep their older traces, faded."""
    row = find_analysis(answer["analysis"])
    lanes = known_lanes(answer)
    live = answer["state"] in LIVE
    coming = tuple(lane["slot"] for lane in answer["lanes"]) if live else ()
    progress = (answer["done"], answer["of"]) if answer["of"] else None
    if not lanes:
        empty = "" if live else "Nothing was measured."
        return FigureValue(name=row.name, empty=empty, coming=coming, progress=progress)
    draw = import_module(f"resnet_explorer.figures.{row.name.replace('-', '_')}").draw
    names = _short_names(lanes)
    drawn = draw(
        [(lane["slot"], name, from_json(lane["values"])) for lane, name in zip(lanes, names, strict=True)],
        answer["settings"],
        PAGE,
    )
    # of some no weights of the lanes are looked at
    counted = [Sentence("Counted: {counts}.", {"counts": answer["counts"]})]
    counted += [] if row.needs in WITHOUT_WEIGHTS else subjects(lanes)
    alt = " ".join([row.question, *answer["findings"]])
    columns, rows = listing(answer)
    table = None if live else Table(tuple(columns), tuple(map(tuple, rows)))
    height = drawn["layout"]["height"]
    return FigureValue(drawn, row.name, "", alt, table, "", coming, progress, height, tuple(counted))


def findings(answer: AnalysisAnswer) -> list[Sentence]:
    """What the run found, said anew from its values, so that it can be said in any language."""
    row = find_analysis(answer["analysis"])
    lanes = [
        LaneResult(lane["slot"], lane["letter"], lane["network"], lane["subject"], from_json(lane["values"]))
        for lane in known_lanes(answer)
    ]
    sentences: list[Sentence] = resolve(f"{row.module}_findings:findings")(
        lanes, read_settings(row.settings, answer["settings"])
    )
    return sentences


def known_lanes(answer: AnalysisAnswer) -> list[AnalysedLane]:
    """The lanes of which something is known."""
    return [lane for lane in answer["lanes"] if lane["values"]]


def standing(answer: AnalysisAnswer) -> Sentence:
    """Where the run stands, in one sentence without numbers that change while somebody reads."""
    state = answer["state"]
    if state == "queued":
        return Sentence("It waits for its turn.")
    if state in LIVE:
        return Sentence("It is measured; the picture sharpens.")
    if state == "finished":
        words = {"time": duration(answer["seconds"]) or "0 s", "hardware": answer["hardware"] or "–"}
        return Sentence("Measured in {time} on {hardware}.", words)
    if state == "failed":
        return Sentence("It could not be measured: {reason}", {"reason": answer["reason"]})
    return Sentence("It was stopped; the picture shows what is known.")


def meanings(analysis: Analysis) -> str:
    """What each value is, as a table in Markdown."""
    rows = [f"| `{name}` | {meaning} |" for name, meaning in analysis.values.items()]
    return "\n".join(["| value | what it is |", "|---|---|", *rows])


def subjects(lanes: Sequence[AnalysedLane]) -> list[Sentence]:
    """What weights and images were looked at, in one sentence: what is the same for all is said once."""
    words = {lane["letter"]: lane["subject"].split(", ") for lane in lanes if lane["subject"]}
    if not words:
        return []
    shared = [part for part in next(iter(words.values())) if all(part in parts for parts in words.values())]
    rest = {letter: [part for part in parts if part not in shared] for letter, parts in words.items()}
    own = [
        Sentence("{lane}: {said}", {"lane": letter, "said": subject(parts)}) for letter, parts in rest.items() if parts
    ]
    together = [subject(shared)] if shared else []
    return [Sentence("Looked at: {said}.", {"said": joined([*together, *own], "; ")})]


def subject(parts: Sequence[str]) -> Sentence:
    """What a subject's words say, part by part."""
    return joined([_part(part) for part in parts], ", ")


def _part(text: str) -> Sentence | str:
    for known in SUBJECT:
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(known))
        if match := re.fullmatch(pattern, text):
            return Sentence(known, match.groupdict())
    return text


def _short_names(lanes: list[AnalysedLane]) -> list[str]:
    """What tells the lanes apart: without the network's name where all share it, with the run's where there is one."""
    heads = {lane["network"].partition(":")[0] for lane in lanes}
    names = [lane["network"].partition(":")[2] if len(heads) == 1 else "" for lane in lanes]
    names = [name or lane["network"] for name, lane in zip(names, lanes, strict=True)]
    return [f"{name}, run {lane['run'][:6]}" if lane["run"] else name for name, lane in zip(names, lanes, strict=True)]

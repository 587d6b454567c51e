"""An analysis as the page shows it: the figure, what it counts, its values as a table, and where it stands."""

from importlib import import_module

from resnet_explorer.analyses.catalog import WITHOUT_WEIGHTS, Analysis, find_analysis
from resnet_explorer.api.analysis_answers import AnalysedLane, AnalysisAnswer
from resnet_explorer.api.analysis_table import listing
from resnet_explorer.api.run_compare import duration
from resnet_explorer.figures.theme import PAGE
from resnet_explorer.runs.event_json import from_json
from resnet_explorer.runs.events import LIVE
from resnet_explorer.ui.components.figure.figure import FigureValue, Table
from resnet_explorer.ui.components.sentences.sentences import Sentence


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
    weights = "" if row.needs in WITHOUT_WEIGHTS else subjects(lanes)
    counted = Sentence("Counted: {counts}.", {"counts": answer["counts"]}), Sentence("{text}", {"text": weights})
    alt = " ".join([row.question, *answer["findings"]])
    columns, rows = listing(answer)
    table = None if live else Table(tuple(columns), tuple(map(tuple, rows)))
    height = drawn["layout"]["height"]
    return FigureValue(drawn, row.name, "", alt, table, "", coming, progress, height, counted)


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


def subjects(lanes: list[AnalysedLane]) -> str:
    """What weights and images were looked at: what is the same for all is said once."""
    words = {lane["letter"]: lane["subject"].split(", ") for lane in lanes if lane["subject"]}
    if not words:
        return ""
    shared = [part for part in next(iter(words.values())) if all(part in parts for parts in words.values())]
    rest = {letter: ", ".join(part for part in parts if part not in shared) for letter, parts in words.items()}
    together = ", ".join(shared)
    own = [f"{letter}: {text}" for letter, text in rest.items() if text]
    return "; ".join([*filter(None, [together[:1].upper() + together[1:]]), *own]) + "."


def _short_names(lanes: list[AnalysedLane]) -> list[str]:
    """What tells the lanes apart: without the network's name where all share it, with the run's where there is one."""
    heads = {lane["network"].partition(":")[0] for lane in lanes}
    names = [lane["network"].partition(":")[2] if len(heads) == 1 else "" for lane in lanes]
    names = [name or lane["network"] for name, lane in zip(names, lanes, strict=True)]
    return [f"{name}, run {lane['run'][:6]}" if lane["run"] else name for name, lane in zip(names, lanes, strict=True)]

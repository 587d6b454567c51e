"""The runs as rows of a table, a part at a time, and the sentence that says which part."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from resnet_explorer.api.run_answers import FoundRuns, RunAnswer
from resnet_explorer.api.run_compare import duration
from resnet_explorer.runs.datasets import CLASSES, FOLDERS
from resnet_explorer.runs.events import LIVE
from resnet_explorer.runs.measures import MEASURES
from resnet_explorer.ui.components.sentences.sentences import Sentence
from resnet_explorer.ui.i18n import translate

PART = 50
COLUMNS = {
    "Run": ("str", "68px"),
    "Network": ("str", "196px"),
    "Data": ("str", "124px"),
    "Recipe": ("str", "100px"),
    "Seed": ("number", "56px"),
    "State": ("str", "88px"),
    "Steps": ("number", "64px"),
    "Test, %": ("number", "72px"),
    "Launched": ("str", "132px"),
    "Time": ("str", "84px"),
}


def table(runs: Sequence[RunAnswer], language: str) -> dict[str, Any]:
    """A header and a row a run, in the order of COLUMNS."""
    return {"headers": [translate(name, language) for name in COLUMNS], "data": [_row(run, language) for run in runs]}


def _row(run: RunAnswer, language: str) -> list[Any]:
    accuracy = None if run["test_accuracy"] is None else round(100 * float(str(run["test_accuracy"])), 2)
    return [
        run["short"],
        run["line"],
        _measured_data(run),
        " ".join((run["recipe"], *(f"{name}={text}" for name, text in run["settings"].items()))),
        run["seed"],
        _state(run, language),
        run["step"],
        accuracy,
        datetime.fromtimestamp(run["created"] / 1000).strftime("%Y-%m-%d %H:%M"),
        duration(run["seconds"]),
    ]


def _data_name(data: str) -> str:
    """Of a folder or archive its own name."""
    name, _, path = data.partition(":")
    return path.rpartition("/")[2] if name in FOLDERS else data


def _measured_data(run: RunAnswer) -> str:
    """The data; where the share right is not an accuracy, what it is."""
    name = _data_name(run["data"])
    return name if run["measure"] == MEASURES[CLASSES].name else f"{name} · {run['measure']}"


def _state(run: RunAnswer, language: str) -> str:
    """The state; of a run at work how far it is, of a recorded one that it is."""
    if run["state"] == "running" and run["steps"]:
        return f"{translate('running', language)} {100 * run['step'] // run['steps']} %"
    return translate("recorded" if run["recorded"] else run["state"], language)


def sentence(answer: FoundRuns, offset: int) -> Sentence:
    """Which part of the runs is shown, and how many of the home's live."""
    live = sum(answer["states"].get(state, 0) for state in LIVE)
    if not answer["runs"]:
        return Sentence("No such run.")
    counts = {"first": offset + 1, "last": offset + len(answer["runs"])}
    texts = {name: f"{count:,}" for name, count in (counts | {"total": answer["total"], "live": live}).items()}
    return Sentence("{first} to {last} of {total} runs; {live} wait or train.", texts)

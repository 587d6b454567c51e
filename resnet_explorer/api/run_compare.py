"""The verb that sets runs side by side: their settings, cost and results."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypedDict

from resnet_explorer.api.run_answers import RunAnswer, RunDetail
from resnet_explorer.api.run_reader import RunReader
from resnet_explorer.errors import RunError
from resnet_explorer.runs.measures import MEASURES
from resnet_explorer.runs.run_folder import TRAIN

MOST_COMPARED = 12


class ComparedFact(TypedDict):
    """One thing that is known of every run, as a text each; `differs` where they are not the same."""

    name: str
    values: list[str]
    differs: bool


class ComparedRuns(TypedDict):
    """Runs side by side; fields of the recipe stand there only where they differ."""

    runs: list[RunAnswer]
    facts: list[ComparedFact]


def compare_runs(runs: list[str], *, reader: RunReader) -> ComparedRuns:
    """Set runs side by side: their settings where they differ, and what each measured.

    Args:
        runs: the ids of 1 to 12 runs, or their first letters
    """
    if not 1 <= len(runs) <= MOST_COMPARED:
        raise RunError(f"1 to {MOST_COMPARED} runs are compared, not {len(runs)}")
    details = [reader.show(run) for run in runs]
    for detail in details:
        if detail["run"]["kind"] != TRAIN:
            raise RunError(f"run {detail['run']['short']} trains nothing; runs that train are compared")
    facts = [_fact(name, [read(detail["run"]) for detail in details]) for name, read in FACTS.items()]
    known = [fact for fact in facts if any(fact["values"])]
    return ComparedRuns(runs=[detail["run"] for detail in details], facts=[*known, *_recipe_facts(details)])


def percent(share: object) -> str:
    """A share as text in per cent; nothing where there is none."""
    return "" if share is None else f"{100 * float(str(share)):.2f} %"


def duration(seconds: object) -> str:
    """Seconds as text, in seconds, minutes or hours."""
    total = float(str(seconds or 0))
    if total < 60:
        return f"{total:.1f} s" if total else ""
    minutes, rest = divmod(round(total), 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min {rest} s"


def _number(value: object) -> str:
    return "" if value is None else f"{float(str(value)):.4g}"


def _share_right(measure: str, run: RunAnswer) -> str:
    """What a run reached, if that is measured so."""
    return percent(run["test_accuracy"]) if run["measure"] == measure else ""


FACTS: dict[str, Callable[[RunAnswer], str]] = {
    "Network": lambda run: run["line"],
    "Data": lambda run: run["data"],
    "Recipe": lambda run: " ".join((run["recipe"], *(f"{name}={text}" for name, text in run["settings"].items()))),
    "Seed": lambda run: str(run["seed"]),
    "State": lambda run: run["state"] + (f": {run['reason']}" if run["reason"] else ""),
    "Steps": lambda run: f"{run['step']:,} / {run['steps']:,}" if run["steps"] else "",
    **{f"Test {measure.name}": partial(_share_right, measure.name) for measure in MEASURES.values()},
    "Test images": lambda run: f"{run['test_images']:,}" if run["test_images"] else "",
    "Test loss": lambda run: _number(run["test_loss"]),
    "Training loss": lambda run: _number(run["loss"]),
    "Parameters": lambda run: f"{run['parameters']:,}" if run["parameters"] else "",
    "Time of training": lambda run: duration(run["seconds"]),
    "Images a second": lambda run: _number(run["rate"]),
    "Device": lambda run: ", ".join(part for part in (run["hardware"], run["precision"], run["engine"]) if part),
    "Recorded": lambda run: run["recorded"].removeprefix("recorded "),
}


def _recipe_facts(details: Sequence[RunDetail]) -> list[ComparedFact]:
    """The fields of the recipes that are not the same in all."""
    names = dict.fromkeys(name for detail in details for name in detail["recipe"])
    facts = [_fact(name, [detail["recipe"].get(name, "") for detail in details]) for name in names]
    return [fact for fact in facts if fact["differs"]]


def _fact(name: str, values: Sequence[Any]) -> ComparedFact:
    return ComparedFact(name=name, values=list(values), differs=len(set(values)) > 1)

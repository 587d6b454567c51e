"""A run as a file to take away: JSON Lines, CSV, and a run card that repeats it."""

import csv
import io
import json
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from resnet_explorer.errors import RunError
from resnet_explorer.runs.event_json import format_record, to_json
from resnet_explorer.runs.events import Evaluated, Record, Started, Stepped, merge_attempts
from resnet_explorer.runs.experiment import Experiment
from resnet_explorer.runs.run_folder import SHORT, Job

CARD = "resnet-explorer-run-card"
HEADER = ("step", "seconds", "loss", "accuracy", "lr", "rate", "gradient", "test_loss", "test_accuracy")


def jsonl(records: Sequence[Record]) -> str:
    """Every event as it stands in the journal, one a line."""
    return "".join(format_record(record) + "\n" for record in records)


def table(records: Sequence[Record]) -> str:
    """One row a step, with the evaluations beside the steps they followed."""
    events = [record.event for record in merge_attempts(records)]
    tests = {event.step: event for event in events if isinstance(event, Evaluated)}
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(HEADER)
    for event in events:
        if isinstance(event, Stepped):
            test = tests.get(event.step)
            own = [getattr(event, name) for name in HEADER[:7]]
            rows.writerow(to_json([*own, test.loss if test else "", test.accuracy if test else ""]))
    return text.getvalue()


def command(job: Job) -> str:
    """The command line that repeats a run."""
    what = job.what
    parts = ["train", what["line"], "--data", what["data"], "--recipe", what["recipe"]]
    seed = what["experiment"].get("seed", 0)
    settings = [f"{name}={value}" for name, value in what["settings"].items()]
    return "python -m resnet_explorer " + shlex.join(
        [*parts, "--seeds", str(seed), *(part for one in settings for part in ("--set", one))]
    )


def card(job: Job, records: Sequence[Record], commit: str) -> str:
    """Everything that is needed to repeat a run, and what came out of it, as JSON."""
    starts = [record.event for record in records if isinstance(record.event, Started)]
    tests = [record.event for record in records if isinstance(record.event, Evaluated)]
    started = starts[-1] if starts else None
    told = {
        "kind": CARD,
        "version": 1,
        "experiment": job.what["experiment"],
        "id": Experiment.from_json(json.dumps(job.what["experiment"])).id,
        "run": job.run,
        "seed": job.what["experiment"].get("seed", 0),
        "line": job.what["line"],
        "data": job.what["data"],
        "recipe": job.what["recipe"],
        "settings": job.what["settings"],
        "versions": dict(started.versions) if started else {},
        "hardware": started.hardware if started else "",
        "device": started.device if started else "",
        "precision": started.precision if started else "",
        "commit": commit,
        "command": command(job),
        "created": job.created,
        "result": to_json(vars(tests[-1])) if tests else {},
    }
    return json.dumps(told, indent=1, sort_keys=True, allow_nan=False) + "\n"


def read_card(text: str) -> Mapping[str, Any]:
    """The job that a run card describes, checked against the experiment it names."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict) or told.get("kind") != CARD:
        raise RunError(f"this is no run card: a JSON object whose kind is {CARD}")
    if told.get("version") != 1:
        raise RunError(f"the run card is of version {str(told.get('version'))[:20]}; this program reads version 1")
    experiment = Experiment.from_json(json.dumps(told.get("experiment")))
    if experiment.id != told.get("id"):
        raise RunError(f"the run card names experiment {str(told.get('id'))[:20]}, but describes {experiment.id}")
    what = {name: _text(told, name) for name in ("line", "data", "recipe")}
    return {**what, "settings": _settings(told), "experiment": experiment.changes()}


def file_name(job: Job, form: str) -> str:
    """A name for the file, of safe letters alone."""
    line = "".join(one if one.isalnum() or one == "-" else "-" for one in job.what["line"])[:60]
    ending = "card.json" if form == "card" else form
    return f"{line.strip('-')}-{job.run[:SHORT]}.{ending}"


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str) or len(value) > 1000:
        raise RunError(f"{name} of a run card is text")
    return value


def _settings(told: Mapping[str, Any]) -> dict[str, str]:
    value = told.get("settings")
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise RunError("settings of a run card are texts by name")
    return {str(name): one for name, one in value.items()}

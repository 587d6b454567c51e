"""A run as a file to take away: JSON Lines, CSV, and a run card that repeats it."""

import json
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from resnet_explorer.describe.spreadsheet import comma_separated
from resnet_explorer.errors import RunError
from resnet_explorer.runs.event_json import format_record, to_json
from resnet_explorer.runs.events import Evaluated, Record, Started, Stepped, merge_attempts
from resnet_explorer.runs.experiment import Experiment, settings_of
from resnet_explorer.runs.measures import measure_of
from resnet_explorer.runs.run_folder import ANALYSE, SHORT, Job, require_training

CARD = "resnet-explorer-run-card"
HEADER = ("step", "seconds", "loss", "accuracy", "lr", "rate", "gradient", "test_loss", "test_accuracy")


def jsonl(records: Sequence[Record]) -> str:
    """Every event as the journal has it, one a line."""
    return "".join(format_record(record) + "\n" for record in records)


def table(records: Sequence[Record], measure: str = "accuracy") -> str:
    """One row a step, with the evaluations beside the steps they followed; the share right is called what it is."""
    events = [record.event for record in merge_attempts(records)]
    tests = {event.step: event for event in events if isinstance(event, Evaluated)}
    rows = []
    for event in events:
        if isinstance(event, Stepped):
            test = tests.get(event.step)
            values = [getattr(event, name) for name in HEADER[:7]]
            rows.append(to_json([*values, test.loss if test else "", test.accuracy if test else ""]))
    return comma_separated([name.replace("accuracy", measure) for name in HEADER], rows) + "\n"


def command(job: Job) -> str:
    """The command line that repeats a run."""
    what = job.what
    if job.kind == ANALYSE:
        return _analysis_command(what)
    parts = ["train", what["line"], "--data", what["data"], "--recipe", what["recipe"]]
    seed = what["experiment"].get("seed", 0)
    settings = [f"{name}={value}" for name, value in what["settings"].items()]
    return "python -m resnet_explorer " + shlex.join(
        [*parts, "--seeds", str(seed), *(part for setting in settings for part in ("--set", setting))]
    )


def recipe_of(job: Job) -> dict[str, str]:
    """Every field of a training's recipe as text, or every setting of an analysis."""
    settings = {name: str(value) for name, value in job.what["settings"].items()}
    return settings if job.kind == ANALYSE else settings_of(job.what["recipe"]) | settings


def _analysis_command(what: Mapping[str, Any]) -> str:
    lanes = what["request"]["lanes"]
    untrained = [lane for lane in lanes if not lane["run"]]
    parts = [what["analysis"], *(lane["line"] for lane in untrained)]
    for lane in lanes:
        parts += ["--run", f"{lane['run']}@{lane['step']}"] if lane["run"] else []
    for name in ("seed", "data"):
        parts += [f"--{name}", str(untrained[0][name])] if untrained else []
    parts += ["--weights", "recorded"] if any(lane.get("recorded") for lane in untrained) else []
    for name, value in what["settings"].items():
        parts += ["--set", f"{name}={value}"]
    return f"python -m resnet_explorer analyse {shlex.join(parts)}"


def card(job: Job, records: Sequence[Record], commit: str) -> str:
    """The run card: everything that is needed to repeat a run, and its last evaluation, as JSON."""
    require_training(job)
    starts = [record.event for record in records if isinstance(record.event, Started)]
    tests = [record.event for record in records if isinstance(record.event, Evaluated)]
    started = starts[-1] if starts else None
    values = {
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
        "measure": measure_of(job.what["data"]).name,
        "command": command(job),
        "created": job.created,
        "result": to_json(vars(tests[-1])) if tests else {},
    }
    return json.dumps(values, indent=1, sort_keys=True, allow_nan=False) + "\n"


def read_card(text: str) -> Mapping[str, Any]:
    """The job's arguments from a run card; raises RunError for any other text, and for an id that does not fit."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict) or values.get("kind") != CARD:
        raise RunError(f"this is no run card: a JSON object whose kind is {CARD}")
    if values.get("version") != 1:
        raise RunError(f"the run card is of version {str(values.get('version'))[:20]}; this program reads version 1")
    experiment = Experiment.from_json(json.dumps(values.get("experiment")))
    if experiment.id != values.get("id"):
        raise RunError(f"the run card names experiment {str(values.get('id'))[:20]}, but describes {experiment.id}")
    texts = {name: _text(values, name) for name in ("line", "data", "recipe")}
    return {**texts, "settings": _settings(values), "experiment": experiment.changes()}


def file_name(job: Job, form: str) -> str:
    """A name for the file: the network's line in letters, digits and hyphens, and the run's id."""
    line = "".join(letter if letter.isalnum() or letter == "-" else "-" for letter in job.what["line"])[:60]
    ending = "card.json" if form == "card" else form
    return f"{line.strip('-')}-{job.run[:SHORT]}.{ending}"


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    if not isinstance(value, str) or len(value) > 1000:
        raise RunError(f"{name} of a run card is text")
    return value


def _settings(values: Mapping[str, Any]) -> dict[str, str]:
    settings = values.get("settings")
    if not isinstance(settings, dict) or not all(isinstance(text, str) for text in settings.values()):
        raise RunError("settings of a run card are texts by name")
    return {str(name): text for name, text in settings.items()}

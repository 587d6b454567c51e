"""The verbs about runs: train and watch, list, show, stop, resume, remove, export and import."""

import argparse
import json
import os
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from resnet_explorer.api.run_answers import RunAnswer
from resnet_explorer.cli import trackers
from resnet_explorer.cli.arguments import Verb, add_json, settings
from resnet_explorer.cli.braille_plot import plot
from resnet_explorer.describe.text_tables import aligned
from resnet_explorer.errors import RunError
from resnet_explorer.runs.datasets import DATA_SETS, FOLDERS
from resnet_explorer.runs.events import LIVE
from resnet_explorer.runs.measures import measure_name
from resnet_explorer.runs.recipes import RECIPES
from resnet_explorer.runs.run_folder import KINDS, TRAIN, find_run, resolve_home

if TYPE_CHECKING:
    from resnet_explorer.api.run_reader import RunReader
    from resnet_explorer.api.runs import Runs
    from resnet_explorer.cli.live_progress import ProgressView

RUN_HELP = "the first letters of its id"
FORMS = ("jsonl", "csv", "card", "tensorboard", "trackio")
# seconds between two looks at runs that train
PAUSE = 0.2


def add(verb: Verb) -> None:
    """Add the verbs to a parser."""
    _add_train_options(verb("train", "train networks for a while, side by side, and see their curves", _train))
    _add_list_options(verb("runs", "the runs there are, the newest first", _runs))
    _add_run(verb("show", "one run: what was asked, where it stands, its curves", _show))
    for name, meaning, run in (
        ("stop", "stop a run, or all, between two steps; it can be resumed", _stop),
        ("resume", "go on with a stopped or interrupted run, or with all, from the last checkpoint", _resume),
    ):
        _add_run_or_all(verb(name, meaning, run))
    _add_run(verb("remove", "remove a run that has ended, with its curves and checkpoints", _remove))
    curves = _add_run(verb("curves", "what a run has measured, column by column", _curves))
    curves.add_argument("--since", type=int, default=0, metavar="N", help="only what came after event N (0)")
    export = verb("export-run", "a run as a file: jsonl, csv, card, tensorboard or trackio", _export)
    export.add_argument("run", metavar="RUN", help=RUN_HELP)
    export.add_argument("--form", default="card", choices=FORMS, help="which file (card)")
    export.add_argument("--output", default=".", metavar="FOLDER", help="where TensorBoard's log goes (.)")
    repeat = verb("import-run", "launch the run that a run card describes", _import)
    repeat.add_argument("card", metavar="CARD", help="a file that export-run wrote")
    add_json(repeat)


def _add_train_options(train: argparse.ArgumentParser) -> None:
    train.add_argument("networks", nargs="+", metavar="NETWORK[:ORDERING]")
    train.add_argument("--data", default="shapes", metavar="D", help=f"{', '.join(DATA_SETS)}:PATH (shapes)")
    train.add_argument("--recipe", default="short", metavar="R", help=f"{', '.join(RECIPES)} (short)")
    train.add_argument("--seeds", default="0", metavar="S", help="one run for each, such as 0,1,2 (0)")
    train.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help="such as lr=0.05")
    several = train.add_mutually_exclusive_group()
    several.add_argument(
        "--gpus", type=int, default=1, metavar="N", help="train each run on N GPUs of this machine (1)"
    )
    several.add_argument(
        "--processes", type=int, default=1, metavar="N", help="the same on N processors, without GPUs (1)"
    )
    add_json(train)


def _add_list_options(runs: argparse.ArgumentParser) -> None:
    runs.add_argument("--state", default="", help="live, queued, running, finished, stopped, failed, interrupted")
    runs.add_argument("--text", default="", help="only runs whose network, data or id holds this")
    runs.add_argument("--kind", default=TRAIN, choices=KINDS, help="trainings, analyses, studies or sweeps (train)")
    runs.add_argument("--recorded", action="store_true", help="those that came with the program, too")
    runs.add_argument("--limit", type=int, default=30, metavar="N", help="how many at most (30)")
    add_json(runs)


def _add_run(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("run", metavar="RUN", help=RUN_HELP)
    add_json(parser)
    return parser


def _add_run_or_all(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("run", metavar="RUN", nargs="?", help=RUN_HELP)
    which.add_argument("--all", action="store_true", help="every run of this home that it can be done to")
    add_json(parser)


def runs_of(options: argparse.Namespace) -> "Runs":
    """The runs of the home; imported when a verb is called, since their index loads sqlite."""
    runs: Runs = import_module("resnet_explorer.api.runs").Runs(resolve_home(options.home))
    return runs


def _reader_of(options: argparse.Namespace) -> "RunReader":
    return runs_of(options).reader


def _train(options: argparse.Namespace) -> str:
    runs = runs_of(options)
    seeds = _seeds(options.seeds)
    parallel = {"gpus": options.gpus, "processes": options.processes}
    launched = runs.train(options.networks, options.data, options.recipe, seeds, settings(options.set), **parallel)
    return _watch(runs, [run["run"] for run in launched["runs"]], options.json)


def _resume(options: argparse.Namespace) -> str:
    runs = runs_of(options)
    if not options.all:
        return _watch(runs, [runs.resume(options.run)["run"]], options.json)
    # what a process that died has left is interrupted first
    with _supervised(runs.home, frozenset()):
        resumed = [run["run"] for run in runs.resume_all()["runs"]]
    return _watch(runs, resumed, options.json) if resumed else "there are no runs that can be resumed"


def _import(options: argparse.Namespace) -> str:
    try:
        text = Path(options.card).read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise RunError(f"{options.card} cannot be read: {getattr(error, 'strerror', '') or 'it is no text'}") from None
    runs = runs_of(options)
    return _watch(runs, [run["run"] for run in runs.import_run(text)["runs"]], options.json)


def _watch(runs: "Runs", ids: Sequence[str], as_json: bool) -> str:
    """The runs as a text when they have ended."""
    watch(runs, ids)
    answers = [runs.reader.show(run)["run"] for run in ids]
    live_progress = import_module("resnet_explorer.cli.live_progress")
    return _json(answers) if as_json else f"{live_progress.table(answers)}\n{_notes(answers)}"


def watch(runs: "Runs", ids: Sequence[str], anything: bool = False) -> None:
    """Work on the runs here, or watch while the process that has the home open does; to the end, or to Ctrl-C.

    With `anything`, also on all else that waits: a study asks for runs of its own.
    """
    live_progress = import_module("resnet_explorer.cli.live_progress")
    with _supervised(runs.home, None if anything else frozenset(ids)) as take_over:
        view = live_progress.progress_view()
        try:
            while _any_live(runs, ids, view):
                time.sleep(PAUSE)
                # a page that ends meanwhile leaves its runs to this process
                take_over()
        except KeyboardInterrupt:
            pass
        finally:
            view.close()


def _supervised(home: Path, ids: frozenset[str] | None) -> "AbstractContextManager[Callable[[], None]]":
    """Train these runs here while the home is free; gives a function that takes the home over once it is."""
    guest = import_module("resnet_explorer.executors.guest")
    local = import_module("resnet_explorer.executors.local").Local()
    executor = import_module("resnet_explorer.executors.choice").choose_executor(os.environ, home, local)
    context: AbstractContextManager[Callable[[], None]] = guest.supervised(home, executor, ids)
    return context


def _any_live(runs: "Runs", ids: Sequence[str], view: "ProgressView") -> bool:
    """Show where the runs stand, and say whether any is queued or at work."""
    rows = runs.reader.current_rows(ids)
    view.show(rows)
    return any(run["state"] in LIVE for run in rows)


def _notes(runs: Sequence[RunAnswer]) -> str:
    """What the numbers in the table are, and how to go on with runs that did not finish."""
    notes = []
    if any(run["kind"] == TRAIN and 0 < run["steps"] < 5000 for run in runs):
        measure = measure_name(run["data"] for run in runs)
        notes.append(f"These are differences in early optimisation speed, not in final {measure}.")
    if any(run["data"].startswith(FOLDERS) for run in runs):
        notes.append("Where the images are JPEG copies, errors come out a little above those of the originals.")
    notes += [f"python -m resnet_explorer resume {run['short']}" for run in runs if run["resumable"]]
    notes += [f"run {run['short']} goes on in the process that trains it" for run in runs if run["state"] in LIVE]
    return "\n".join(notes)


def _runs(options: argparse.Namespace) -> str:
    # a supervisor records what runs of a process that died have come to
    with _supervised(resolve_home(options.home), frozenset()):
        answer = _reader_of(options).runs(options.state, options.text, limit=options.limit, kind=options.kind)
    answer["runs"] = [run for run in answer["runs"] if options.recorded or not run["recorded"]]
    if options.json:
        return _json(answer)
    rows = [_row(run) for run in answer["runs"]]
    header = ["run", "network", "data", "recipe", "seed", "state", "step"]
    header.append(f"test {measure_name(run['data'] for run in answer['runs'])}")
    return aligned(header, rows) if rows else "there are no such runs"


def _row(run: RunAnswer) -> list[str]:
    recipe = " ".join(
        (run["analysis"] or run["recipe"], *(f"{name}={value}" for name, value in run["settings"].items()))
    )
    test = f"{float(run['test_accuracy']):.3f}" if run["test_accuracy"] is not None else ""
    step = f"{run['step']:,} of {run['steps']:,}" if run["steps"] else ""
    return [run["short"], run["line"], run["data"], recipe, str(run["seed"]), run["state"], step, test]


def _show(options: argparse.Namespace) -> str:
    reader = _reader_of(options)
    detail = reader.show(options.run)
    if options.json:
        return _json(detail)
    run, curves = detail["run"], reader.curves(options.run)
    parts = [f"{run['run']}  {run['line']}  {run['state']}", detail["command"], *detail["history"]]
    test = f"test {run['measure']}"
    for name, column, columns in (("loss", "loss", curves["steps"]), (test, "accuracy", curves["evaluations"])):
        values = [float(value) for value in columns[column]]
        if len(values) > 1:
            parts.append(f"\n{name} against steps\n{plot(columns['step'], values)}")
    tests = curves["evaluations"]["accuracy"]
    parts += [f"\n{test} {float(tests[-1]):.3f} on {run['test_images']:,} images"] if tests else []
    return "\n".join(parts)


def _stop(options: argparse.Namespace) -> str:
    runs = runs_of(options)
    if options.all:
        answer = runs.stop_all()
        return _json(answer) if options.json else f"{len(answer['runs'])} runs stop after the step they are in"
    stopped = runs.stop(options.run)
    return _json(stopped) if options.json else f"run {stopped['short']} stops after the step it is in"


def _remove(options: argparse.Namespace) -> str:
    removed = runs_of(options).remove(options.run)
    return _json(removed) if options.json else f"run {removed['short']} is removed"


def _curves(options: argparse.Namespace) -> str:
    curves = _reader_of(options).curves(options.run, options.since)
    if options.json:
        return _json(curves)
    steps = curves["steps"]
    rows = [
        [f"{value:.5g}" if isinstance(value, float) else str(value) for value in row] for row in zip(*steps.values())
    ]
    return f"{aligned(list(steps), rows)}\ncursor {curves['cursor']}, {curves['state']}"


def _export(options: argparse.Namespace) -> str:
    folder = find_run(resolve_home(options.home), options.run)
    if options.form == "tensorboard":
        return f"written to {trackers.tensorboard(folder.job(), folder.records()[0], Path(options.output))}"
    if options.form == "trackio":
        return f"logged to the project {trackers.trackio(folder.job(), folder.records()[0])}"
    return _reader_of(options).export_run(folder.run, options.form)["text"].rstrip("\n")


def _seeds(text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise RunError(f"--seeds are whole numbers like 0,1,2, not {text[:40]!r}") from None


def _json(answer: object) -> str:
    return json.dumps(answer, indent=1, allow_nan=False)

"""The verbs about runs on the command line: launch and watch, list, show, stop, resume, take away."""

import argparse
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resnet_explorer.api.run_answers import RunAnswer
from resnet_explorer.cli import trackers
from resnet_explorer.cli.arguments import Verb, settings
from resnet_explorer.cli.braille_plot import plot
from resnet_explorer.describe import text_tables as formats
from resnet_explorer.errors import RunError
from resnet_explorer.executors.lock import GUEST
from resnet_explorer.runs.datasets import DATA_SETS, FOLDER
from resnet_explorer.runs.events import LIVE
from resnet_explorer.runs.recipes import RECIPES
from resnet_explorer.runs.run_folder import find_run, resolve_home

if TYPE_CHECKING:
    from resnet_explorer.api.runs import Runs

NAMED = "the first letters of its id"
FORMS = ("jsonl", "csv", "card", "tensorboard", "trackio")
# how often the journals are looked at, in seconds
GLANCE = 0.2


def add(verb: Verb) -> None:
    """Add the verbs to a parser."""
    _launching(verb("train", "train networks for a while, side by side, and see their curves", _train))
    _listing(verb("runs", "the runs there are, the newest first", _runs))
    for name, meaning, run in (
        ("show", "one run: what was asked, where it stands, its curves", _show),
        ("stop", "stop a run between two steps; it can be resumed", _stop),
        ("resume", "go on with a stopped or interrupted run from its last checkpoint", _resume),
        ("remove", "remove a run that has ended, with its curves and checkpoints", _remove),
    ):
        _one(verb(name, meaning, run))
    curves = _one(verb("curves", "what a run has measured, column by column", _curves))
    curves.add_argument("--since", type=int, default=0, metavar="N", help="only what came after event N (0)")
    export = verb("export-run", "a run as a file: jsonl, csv, card, tensorboard or trackio", _export)
    export.add_argument("run", metavar="RUN", help=NAMED)
    export.add_argument("--form", default="card", choices=FORMS, help="which file (card)")
    export.add_argument("--output", default=".", metavar="FOLDER", help="where TensorBoard's log goes (.)")
    again = verb("import-run", "launch the run that a run card describes", _import)
    again.add_argument("card", metavar="CARD", help="a file that export-run wrote")
    again.add_argument("--json", action="store_true", help="as JSON")


def _launching(train: argparse.ArgumentParser) -> None:
    train.add_argument("networks", nargs="+", metavar="NETWORK[:ORDERING]")
    train.add_argument("--data", default="shapes", metavar="D", help=f"{', '.join(DATA_SETS)}:PATH (shapes)")
    train.add_argument("--recipe", default="short", metavar="R", help=f"{', '.join(RECIPES)} (short)")
    train.add_argument("--seeds", default="0", metavar="S", help="one run for each, such as 0,1,2 (0)")
    train.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help="such as lr=0.05")
    train.add_argument("--json", action="store_true", help="as JSON")


def _listing(runs: argparse.ArgumentParser) -> None:
    runs.add_argument("--state", default="", help="live, queued, running, finished, stopped, failed, interrupted")
    runs.add_argument("--text", default="", help="only runs whose network, data or id holds this")
    runs.add_argument("--recorded", action="store_true", help="those that came with the program, too")
    runs.add_argument("--limit", type=int, default=30, metavar="N", help="how many at most (30)")
    runs.add_argument("--json", action="store_true", help="as JSON")


def _one(verb: argparse.ArgumentParser) -> argparse.ArgumentParser:
    verb.add_argument("run", metavar="RUN", help=NAMED)
    verb.add_argument("--json", action="store_true", help="as JSON")
    return verb


def _opened(given: argparse.Namespace) -> "Runs":
    """The runs of the home; the index is loaded only when a verb needs it."""
    found: Runs = import_module("resnet_explorer.api.runs").Runs(resolve_home(given.home))
    return found


def _train(given: argparse.Namespace) -> str:
    runs = _opened(given)
    found = runs.train(given.networks, given.data, given.recipe, _seeds(given.seeds), settings(given.set))
    return _watched(runs, [run["run"] for run in found["runs"]], given.json)


def _resume(given: argparse.Namespace) -> str:
    runs = _opened(given)
    return _watched(runs, [runs.resume(given.run)["run"]], given.json)


def _import(given: argparse.Namespace) -> str:
    try:
        text = Path(given.card).read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise RunError(f"{given.card} cannot be read: {getattr(error, 'strerror', '') or 'it is no text'}") from None
    runs = _opened(given)
    return _watched(runs, [run["run"] for run in runs.import_run(text)["runs"]], given.json)


def _watched(runs: "Runs", wanted: Sequence[str], as_json: bool) -> str:
    """Train the runs here, or watch while the process that has the home open trains them; to the end."""
    screens = import_module("resnet_explorer.cli.live_progress")
    with _desk(runs.home, frozenset(wanted)) as owned:
        screen = screens.progress_view()
        try:
            # a page that ends meanwhile leaves its runs to us
            while owned() and any(run["state"] in LIVE for run in _look(runs, wanted, screen)):
                time.sleep(GLANCE)
        except KeyboardInterrupt:
            pass
        finally:
            screen.close()
    found = [runs.reader.show(run)["run"] for run in wanted]
    return _json(found) if as_json else f"{screens.table(found)}\n{_after(found)}"


def _look(runs: "Runs", wanted: Sequence[str], screen: Any) -> list[RunAnswer]:
    found = runs.reader.current_rows(wanted)
    screen.show(found)
    return found


def _after(found: Sequence[RunAnswer]) -> str:
    """What these numbers are, and how to go on with what did not end."""
    notes = []
    if any(0 < run["steps"] < 5000 for run in found):
        notes.append("These are differences in early optimisation speed, not in final accuracy.")
    if any(run["data"].startswith(FOLDER) for run in found):
        notes.append("Where the images are JPEG copies, errors come out a little above those of the originals.")
    notes += [f"python -m resnet_explorer resume {run['short']}" for run in found if run["resumable"]]
    notes += [f"run {run['short']} goes on in the process that trains it" for run in found if run["state"] in LIVE]
    return "\n".join(notes)


def _runs(given: argparse.Namespace) -> str:
    with _desk(resolve_home(given.home), frozenset()):
        found = _opened(given).reader.runs(given.state, given.text, limit=given.limit)
    found["runs"] = [run for run in found["runs"] if given.recorded or not run["recorded"]]
    if given.json:
        return _json(found)
    rows = [_row(run) for run in found["runs"]]
    header = ["run", "network", "data", "recipe", "seed", "state", "step", "test accuracy"]
    return formats.aligned(header, rows) if rows else "there are no such runs"


def _row(run: RunAnswer) -> list[str]:
    recipe = " ".join((run["recipe"], *(f"{name}={value}" for name, value in run["settings"].items())))
    test = f"{float(run['test_accuracy']):.3f}" if run["test_accuracy"] is not None else ""
    step = f"{run['step']:,} of {run['steps']:,}" if run["steps"] else ""
    return [run["short"], run["line"], run["data"], recipe, str(run["seed"]), run["state"], step, test]


def _show(given: argparse.Namespace) -> str:
    runs = _opened(given)
    shown = runs.reader.show(given.run)
    if given.json:
        return _json(shown)
    run, curves = shown["run"], runs.reader.curves(given.run)
    parts = [f"{run['run']}  {run['line']}  {run['state']}", shown["command"], *shown["history"]]
    for name, told in (("loss", curves["steps"]), ("test accuracy", curves["evaluations"])):
        values = [float(value) for value in told[name.split()[-1]]]
        if len(values) > 1:
            parts.append(f"\n{name} against steps\n{plot(told['step'], values)}")
    tests = curves["evaluations"]["accuracy"]
    parts += [f"\ntest accuracy {float(tests[-1]):.3f} on {run['test_images']:,} images"] if tests else []
    return "\n".join(parts)


def _stop(given: argparse.Namespace) -> str:
    stopped = _opened(given).stop(given.run)
    return _json(stopped) if given.json else f"run {stopped['short']} stops after the step it is in"


def _remove(given: argparse.Namespace) -> str:
    removed = _opened(given).remove(given.run)
    return _json(removed) if given.json else f"run {removed['short']} is removed"


def _curves(given: argparse.Namespace) -> str:
    told = _opened(given).reader.curves(given.run, given.since)
    if given.json:
        return _json(told)
    steps = told["steps"]
    rows = [
        [f"{value:.5g}" if isinstance(value, float) else str(value) for value in row] for row in zip(*steps.values())
    ]
    return f"{formats.aligned(list(steps), rows)}\ncursor {told['cursor']}, {told['state']}"


def _export(given: argparse.Namespace) -> str:
    folder = find_run(resolve_home(given.home), given.run)
    if given.form == "tensorboard":
        return f"written to {trackers.tensorboard(folder.job(), folder.records()[0], Path(given.output))}"
    if given.form == "trackio":
        return f"logged to the project {trackers.trackio(folder.job(), folder.records()[0])}"
    return _opened(given).reader.export_run(folder.run, given.form)["text"].rstrip("\n")


def _seeds(text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise RunError(f"--seeds are whole numbers like 0,1,2, not {text[:40]!r}") from None


def _json(told: object) -> str:
    return json.dumps(told, indent=1, allow_nan=False)


@contextmanager
def _desk(home: Path, only: frozenset[str]) -> Iterator[Callable[[], bool]]:
    """Train here what is named, unless another process has the home open: then it does, and we ask again."""
    local = import_module("resnet_explorer.executors.local").Local()
    desk = import_module("resnet_explorer.executors.supervisor").Supervisor(home, local, only, GUEST)
    with ExitStack() as opened:

        def owned() -> bool:
            """Take the home if it is free; true, so that a loop can ask it."""
            if not desk.started:
                with suppress(RunError):
                    opened.enter_context(desk)
            return True

        owned()
        yield owned

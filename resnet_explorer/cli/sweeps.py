"""The verbs about sweeps: train every combination that a file names, and show or write what came out."""

import argparse
import json
from collections.abc import Collection
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from resnet_explorer.api.sweep_answers import MEASURES
from resnet_explorer.cli.arguments import Verb, add_json
from resnet_explorer.cli.runs import runs_of, watch
from resnet_explorer.describe.text_tables import aligned
from resnet_explorer.errors import RunError
from resnet_explorer.runs.events import LIVE

if TYPE_CHECKING:
    from resnet_explorer.api.sweep_answers import SweepAnswer
    from resnet_explorer.api.sweeps import Sweeps

# the form of a file by its ending
TABLE_FORMS = (".csv", ".tex", ".md")
FORMS = {".csv": "csv", ".tex": "latex", ".md": "markdown", ".json": "cards"}


def add(verb: Verb) -> None:
    """Add the verbs to a parser."""
    sweep = verb("sweep", "train every combination of networks, data, recipes, settings and seeds", _sweep)
    sweep.add_argument(
        "file", metavar="FILE", help="a TOML or JSON file, or the first letters of a sweep's run to go on"
    )
    sweep.add_argument("--measure", default="accuracy", choices=tuple(MEASURES), help="what the table shows (accuracy)")
    sweep.add_argument("--output", type=Path, metavar="FILE", help="the table: .csv, .tex or .md; .json: all run cards")
    add_json(sweep)
    table = verb("paper-table", "train a table of a paper anew, at a scale, beside the paper's numbers", _paper_table)
    table.add_argument(
        "table", nargs="?", default="", metavar="ID", help="such as he2016-2; without one they are listed"
    )
    table.add_argument("--scale", type=float, default=0.01, metavar="S", help="of images and steps, to 1 (0.01)")
    table.add_argument("--seeds", type=int, default=0, metavar="N", help="of each network (as many as the paper has)")
    table.add_argument("--data", default="", metavar="D", help="another data set than the paper's")
    table.add_argument("--output", type=Path, metavar="FILE", help="the table: .csv, .tex or .md")
    add_json(table)
    add_json(verb("sweeps", "the sweeps of this home, and how far each is", _sweeps))


def _sweep(options: argparse.Namespace) -> str:
    sweeps = _sweeps_of(options)
    _check_output(options.output)
    run = _launched(sweeps, options.file)
    watch(sweeps.runs, [run], anything=True)
    answer = sweeps.sweep_results(run, options.measure)
    if options.output:
        text = sweeps.export_sweep(run, FORMS[options.output.suffix], options.measure)["text"]
        options.output.write_text(text + "\n")
    if options.json:
        return json.dumps(answer, indent=1)
    written = [f"written to {options.output}"] if options.output else []
    return "\n".join([sweep_text(answer), *written])


def sweep_text(answer: "SweepAnswer") -> str:
    """The table for a terminal, what its numbers are, and how to go on."""
    tables = import_module("resnet_explorer.api.sweep_tables")
    header, rows = tables.listing(answer)
    lines = [aligned(header, rows), tables.caption(answer)]
    if answer["state"] in LIVE:
        lines.append(f"sweep {answer['short']} goes on in the process that trains it{_to_go(answer)}")
    elif answer["state"] != "finished":
        lines.append(f"sweep {answer['short']} is {answer['state']}; python -m resnet_explorer sweep {answer['short']}")
    return "\n".join(lines)


def _paper_table(options: argparse.Namespace) -> str:
    module = import_module("resnet_explorer.api.paper_tables")
    sweeps = _sweeps_of(options)
    tables = module.PaperTables(sweeps)
    if not options.table:
        known = tables.paper_tables()
        rows = [[each["id"], each["title"], each["place"]] for each in known]
        return json.dumps(known, indent=1) if options.json else aligned(["table", "what it shows", "where"], rows)
    _check_output(options.output, TABLE_FORMS)
    question = (options.table, options.scale, options.seeds, options.data)
    watch(sweeps.runs, [tables.paper_table(*question)["sweep"]["run"]], anything=True)
    answer = tables.paper_table(*question)
    header, rows = module.listing(answer)
    if options.output:
        write = import_module("resnet_explorer.api.sweep_tables").FORMATS[FORMS[options.output.suffix]].write
        options.output.write_text(f"{write(header, rows)}\n")
    return json.dumps(answer, indent=1) if options.json else f"{aligned(header, rows)}\n{answer['caption']}"


def _sweeps(options: argparse.Namespace) -> str:
    answers = _sweeps_of(options).sweeps()
    if options.json:
        return json.dumps(answers, indent=1)
    rows = [[each["short"], each["state"], f"{each['done']} of {each['of']}", each["title"]] for each in answers]
    return aligned(["sweep", "state", "runs", "title"], rows)


def _launched(sweeps: "Sweeps", named: str) -> str:
    """The run of a sweep: of a file, or one that goes on."""
    path = Path(named)
    if path.suffix in (".toml", ".json") or path.exists():
        return sweeps.launch(import_module("resnet_explorer.runs.sweep").read_sweep(path))["run"]
    answer = sweeps.sweep_results(named)
    if answer["state"] in ("stopped", "interrupted"):
        sweeps.runs.resume(answer["run"])
    return answer["run"]


def _check_output(output: Path | None, endings: Collection[str] = FORMS) -> None:
    if output and output.suffix not in endings:
        raise RunError(f"a table is a file that ends in {', '.join(endings)}, not {output.name[:40]!r}")
    if output and not output.absolute().parent.is_dir():
        raise RunError(f"there is no folder {output.absolute().parent} to write {output.name} to")


def _to_go(answer: "SweepAnswer") -> str:
    remaining = answer["remaining"]
    return f", about {remaining / 60:.0f} minutes to go" if remaining else ""


def _sweeps_of(options: argparse.Namespace) -> "Sweeps":
    sweeps: Sweeps = import_module("resnet_explorer.api.sweeps").Sweeps(runs_of(options))
    return sweeps

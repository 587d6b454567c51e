"""The verbs about analyses: ask one and wait for what it finds, and the table of those there are."""

import argparse
import json
from base64 import b64encode
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from resnet_explorer.analyses.catalog import ANALYSES, find_analysis
from resnet_explorer.analyses.request import INITIAL, WEIGHTS
from resnet_explorer.analyses.setting_fields import LETTERS
from resnet_explorer.api import analysis_table
from resnet_explorer.cli.arguments import Verb, add_json, settings
from resnet_explorer.cli.runs import runs_of, watch
from resnet_explorer.describe.text_tables import Cell, aligned, markdown
from resnet_explorer.errors import AnalysisError

if TYPE_CHECKING:
    from resnet_explorer.api.analyses import Analyses
    from resnet_explorer.api.analysis_answers import AnalysisAnswer


def add(verb: Verb) -> None:
    """Add the verbs to a parser."""
    ask = verb("analyse", "measure what happens inside networks, at init or trained", _analyse)
    ask.add_argument("analysis", metavar="NAME", help=f"{', '.join(row.name for row in ANALYSES)}")
    ask.add_argument(
        "networks", nargs="*", metavar="NETWORK[:ORDERING]", help="a lane with initial or recorded weights"
    )
    ask.add_argument("--run", action="append", default=[], metavar="RUN", help="a lane with a run's weights; RUN@STEP")
    ask.add_argument("--seed", type=int, default=0, metavar="N", help="of initial weights (0)")
    ask.add_argument("--data", default="shapes", metavar="D", help="images for networks with initial weights (shapes)")
    ask.add_argument("--weights", default=INITIAL, choices=WEIGHTS, help="recorded: those that come with the program")
    ask.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help="such as images=64")
    ask.add_argument("--csv", type=Path, metavar="FILE", help="also write every number to a CSV file")
    ask.add_argument("--again", action="store_true", help="compute it once more even if it is known")
    table = verb("analyses", "what can be measured inside networks", _analyses)
    table.add_argument("--markdown", action="store_true", help="as a Markdown table")
    for parser in (ask, table):
        add_json(parser)


def _analyses_of(options: argparse.Namespace) -> "Analyses":
    """The analyses of the home; imported when a verb is called, since the index of runs loads sqlite."""
    analyses: Analyses = import_module("resnet_explorer.api.analyses").Analyses(runs_of(options))
    return analyses


def _analyse(options: argparse.Namespace) -> str:
    analyses = _analyses_of(options)
    if options.csv and not options.csv.absolute().parent.is_dir():
        raise AnalysisError(f"there is no folder {options.csv.absolute().parent} to write {options.csv.name} to")
    answer = analyses.analyse(
        options.analysis,
        options.networks,
        _with_pictures(options.analysis, settings(options.set)),
        runs=options.run,
        seed=options.seed,
        data=options.data,
        weights=options.weights,
        again=options.again,
    )
    if answer["state"] != "finished":
        watch(analyses.runs, [answer["run"]])
        answer = analyses.analysis(answer["run"])
    if answer["state"] == "failed":
        raise AnalysisError(answer["reason"])
    if options.csv:
        options.csv.write_text(analysis_table.csv_file(answer)["text"])
    return json.dumps(answer, indent=1, allow_nan=False) if options.json else _text(answer)


def _with_pictures(analysis: str, values: dict[str, str]) -> dict[str, str | bool | int | float]:
    """The settings, with the pixels of an image in the place of the name of its file."""
    for each in fields(find_analysis(analysis).settings):
        file = values.get(each.name, "")
        # a longer text is a picture itself
        if "picture" in each.metadata and 0 < len(file) < LETTERS and Path(file).is_file():
            thumbnails = import_module("resnet_explorer.training.data.thumbnails")
            values[each.name] = b64encode(thumbnails.thumbnail(Path(file))).decode()
    return dict(values)


def _text(answer: "AnalysisAnswer") -> str:
    """The lanes, what was found, what the numbers count and where the question comes from; then how to go on."""
    row = find_analysis(answer["analysis"])
    lanes = [[lane["letter"], lane["network"], lane["subject"]] for lane in answer["lanes"] if lane["network"]]
    parts = [row.question, aligned(["lane", "network", "weights and images"], lanes) if lanes else ""]
    parts += ["\n".join(answer["findings"]), f"Counted: {answer['counts']}.\n{row.citation}, arXiv {row.arxiv}"]
    if answer["state"] != "finished":
        done = f"{answer['done']:,} of {answer['of']:,} done" if answer["of"] else "nothing done yet"
        parts.append(f"run {answer['short']} is {answer['state']}, {done}; the same command begins it anew")
    return "\n\n".join(part for part in parts if part)


def _analyses(options: argparse.Namespace) -> str:
    if options.json:
        return json.dumps(_analyses_of(options).analyses(), indent=1, allow_nan=False)
    header = ["analysis", "question", "from"]
    if options.markdown:
        return markdown(
            header, [[f"`{row.name}`", row.question, f"{row.citation}, arXiv {row.arxiv}"] for row in ANALYSES]
        )
    rows: list[list[Cell]] = [[row.name, row.question, f"arXiv {row.arxiv}"] for row in ANALYSES]
    return aligned(header, rows)

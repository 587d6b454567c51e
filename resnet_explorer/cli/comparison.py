"""The verbs that look at many runs: find-runs, compare-runs, cost-error."""

import argparse
import json
from importlib import import_module
from typing import TYPE_CHECKING

from resnet_explorer.cli.arguments import Verb, add_json
from resnet_explorer.describe.text_tables import Cell, aligned
from resnet_explorer.runs.measures import measure_name
from resnet_explorer.runs.run_folder import resolve_home

if TYPE_CHECKING:
    from resnet_explorer.api.run_answers import RunAnswer
    from resnet_explorer.api.run_reader import RunReader


def add(verb: Verb) -> None:
    """Add the verbs to a parser."""
    runs = verb("find-runs", "runs among thousands, searched and in an order, a part at a time", _find)
    runs.add_argument("text", nargs="*", metavar="WORD", help="only runs whose texts hold every word")
    runs.add_argument("--state", default="", help="live, queued, running, finished, stopped, failed, recorded ...")
    runs.add_argument("--order", default="newest", help="newest, oldest, network, accuracy, seconds (newest)")
    runs.add_argument("--offset", type=int, default=0, metavar="N", help="how many to pass over (0)")
    runs.add_argument("--limit", type=int, default=30, metavar="N", help="how many at most (30)")
    compare = verb("compare-runs", "runs side by side: settings where they differ, and what came out", _compare)
    compare.add_argument("runs", nargs="+", metavar="RUN", help="the first letters of its id")
    cost = verb("cost-error", "parameters and multiply-adds beside the test error, published and measured", _cost)
    cost.add_argument(
        "--data", default="cifar10", metavar="D", help="cifar10, cifar100, imagenet, shapes ... (cifar10)"
    )
    for parser in (runs, compare, cost):
        add_json(parser)


def _reader_of(options: argparse.Namespace) -> "RunReader":
    """The reader of the home's runs; imported when a verb is called, since their index loads sqlite."""
    reader: RunReader = import_module("resnet_explorer.api.run_reader").RunReader(resolve_home(options.home))
    return reader


def _find(options: argparse.Namespace) -> str:
    reader = _reader_of(options)
    answer = reader.find_runs(" ".join(options.text), options.state, options.order, options.offset, options.limit)
    if options.json:
        return json.dumps(answer, indent=1, allow_nan=False)
    rows: list[list[Cell]] = [
        [run["short"], run["line"], run["data"], run["recipe"], run["seed"], run["state"], _percent(run)]
        for run in answer["runs"]
    ]
    measure = measure_name(run["data"] for run in answer["runs"])
    table = aligned(["run", "network", "data", "recipe", "seed", "state", f"test {measure}, %"], rows)
    return f"{table}\n{len(rows)} of {answer['total']:,} runs" if rows else "there are no such runs"


def _compare(options: argparse.Namespace) -> str:
    compare_runs = import_module("resnet_explorer.api.run_compare").compare_runs
    answer = compare_runs(options.runs, reader=_reader_of(options))
    if options.json:
        return json.dumps(answer, indent=1, allow_nan=False)
    rows: list[list[Cell]] = [
        ["*" if fact["differs"] else "", fact["name"], *fact["values"]] for fact in answer["facts"]
    ]
    return aligned(["", "", *(run["short"] for run in answer["runs"])], rows)


def _cost(options: argparse.Namespace) -> str:
    cost_error = import_module("resnet_explorer.api.cost_error").cost_error
    answer = cost_error(options.data, reader=_reader_of(options))
    if options.json:
        return json.dumps(answer, indent=1, allow_nan=False)
    rows: list[list[Cell]] = [
        [
            point["network"],
            point["params"],
            point["macs"],
            f"{point['error']:.2f}",
            point["paper"] or f"measured, {point['recipe']}, {point['steps']:,} steps",
        ]
        for point in answer["points"]
    ]
    header = ["network", "parameters", "multiply-adds", "test error, %", "source"]
    return aligned(header, rows) if rows else f"nothing is published or measured on {answer['data']}"


def _percent(run: "RunAnswer") -> str:
    return "" if run["test_accuracy"] is None else f"{100 * float(run['test_accuracy']):.2f}"

"""What an analysis knows as a table with a number a row, for the command line, for programs and for the page."""

from collections.abc import Iterator, Mapping
from typing import Any

from resnet_explorer.api.analysis_answers import AnalysisAnswer
from resnet_explorer.api.answer_tables import Listing
from resnet_explorer.api.run_answers import FileAnswer
from resnet_explorer.describe.spreadsheet import comma_separated
from resnet_explorer.describe.text_tables import Cell

HEADER = ["lane", "network", "value", "index", "number"]


def listing(answer: AnalysisAnswer) -> Listing:
    """A row for each number of each lane.

    `index` leads to it in its value: places in lists, from 0, and names, with / between; it is empty where the value
    is a number itself. A number that is not known is an empty cell.
    """
    rows: list[list[Cell]] = []
    for lane in answer["lanes"]:
        for name, value in lane["values"].items():
            rows += [[lane["letter"], lane["network"], name, *cells] for cells in _leaves(value)]
    return list(HEADER), rows


def csv_file(answer: AnalysisAnswer) -> FileAnswer:
    """The table as a CSV file, named after the analysis and its run."""
    name = f"resnet-explorer-{answer['analysis']}-{answer['short']}.csv"
    return FileAnswer(name=name, text=comma_separated(*listing(answer)) + "\n")


def _leaves(value: Any, way: tuple[str, ...] = ()) -> Iterator[tuple[str, Cell]]:
    if isinstance(value, Mapping | list):
        places = value.items() if isinstance(value, Mapping) else enumerate(value)
        for place, inner in places:
            yield from _leaves(inner, (*way, str(place)))
    else:
        yield "/".join(way), _cell(value)


def _cell(value: Any) -> Cell:
    if isinstance(value, bool):
        return "true" if value else "false"
    cell: Cell = "" if value is None else value
    return cell

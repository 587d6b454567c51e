"""Every CSV that leaves the program: whatever names, folders, owners and sentences are in it, no cell is a formula."""

import csv
import io
import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from resnet_explorer.api import analysis_table, answer_tables
from resnet_explorer.api.networks import compare, describe
from resnet_explorer.api.run_answers import RunAnswer
from resnet_explorer.describe.spreadsheet import FORMULA_STARTS, comma_separated
from resnet_explorer.runs.events import Record, Stepped
from resnet_explorer.runs.export import table
from resnet_explorer.ui.views.runs.files import COLUMNS, list_text
from tests.fixtures.cases import Count
from tests.fixtures.paths import PACKAGE

HOSTILE = (
    "=1+1", "+1+1", "-1+1", "@SUM(1+1)", "\t=1+1", "\r=1+1", '=cmd|"/c calc"!A1', '=HYPERLINK("http://x.example")',
    "＝1+1", '","=1+1', "\n=1+1", "x\r=1+1", "imagefolder:=1+1", "=imagefolder:/data", "-conv bn + relu", "+ relu",
)  # fmt: skip


def layers(text: str) -> str:
    answer: Any = describe("cifar-basic-8")
    for row in answer["layers"]:
        row |= {"part": text, "op": text, "stage": text, "unit": text}
    return comma_separated(*answer_tables.layers(answer, plain=True))


def totals(text: str) -> str:
    one: Any = compare(["cifar-basic-8", "cifar-basic-8:plain"])["networks"][0]
    one |= {"name": text, "trunk": {"exact": False, "ops": [text]}}
    return comma_separated(*answer_tables.totals([one], plain=True))


def difference(text: str) -> str:
    rows: Any = compare(["cifar-basic-8", "cifar-basic-8:plain"])["difference"]
    for row in rows:
        row |= {"part": text, "op": text}
    return comma_separated(*answer_tables.difference(rows, plain=True))


def analysis(text: str) -> str:
    lane = {"letter": text, "network": text, "values": {text: {text: [text, -1.5]}}}
    answer: Any = {"analysis": text, "short": text, "lanes": [lane]}
    return analysis_table.csv_file(answer)["text"]


def run_list(text: str) -> str:
    runs: Sequence[RunAnswer] = [{**dict.fromkeys(COLUMNS, text), "settings": {text: text}, "seed": -1}]  # type: ignore[typeddict-item]
    return list_text(runs, "csv")


def curve(text: str) -> str:
    records = [Record(step, 1, 1, Stepped(step, 0.1, -0.5, 0.5, 0.1, 1.0, float("-inf"))) for step in (1, 2)]
    return table(records, text)


WRITERS: dict[str, Callable[[str], str]] = {
    "layers": layers,
    "totals": totals,
    "difference": difference,
    "analysis": analysis,
    "list of runs": run_list,
    "curve": curve,
}


def is_formula(cell: str) -> bool:
    return len(cell) > 1 and cell.startswith(FORMULA_STARTS) and not re.fullmatch(r"-(\d+(\.\d+)?|Infinity)", cell)


@pytest.mark.parametrize("writer", WRITERS)
def test_no_text_of_anybody_becomes_a_formula(writer: str, count: Count) -> None:
    for text in HOSTILE:
        with count():
            rows = list(csv.reader(io.StringIO(WRITERS[writer](text), newline="")))
            assert len({len(row) for row in rows}) == 1
            assert [cell for row in rows for cell in row if is_formula(cell)] == []


def test_numbers_below_nought_stay_numbers() -> None:
    assert "\n1,0.1,-0.5,0.5,0.1,1.0,-Infinity,," in curve("accuracy")
    assert analysis("x").endswith("x,x/1,-1.5\n")


def test_csv_is_written_in_one_place() -> None:
    writes = [
        path.name for path in PACKAGE.rglob("*.py") if re.search(r"^\s*(import|from) csv\b", path.read_text(), re.M)
    ]
    assert writes == ["spreadsheet.py"]
    scripts = [path.name for path in PACKAGE.rglob("*.js") if re.search(r"function csv\b", path.read_text())]
    assert scripts == ["csv.js"]

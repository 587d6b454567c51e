"""Numbers of an analysis as rows: lists, names, and what is no number."""

from typing import Any

from resnet_explorer.api.analysis_answers import AnalysedLane, AnalysisAnswer
from resnet_explorer.api.analysis_table import csv_file, listing


def answer(**values: Any) -> AnalysisAnswer:
    lane = AnalysedLane(letter="B", slot=1, network="a, b", run="", step=0, subject="", values=values)
    fields: Any = dict.fromkeys(AnalysisAnswer.__annotations__, "")
    fields |= {"analysis": "signal", "short": "k3w7ab", "lanes": [lane]}
    known: AnalysisAnswer = fields
    return known


def test_lists_and_names_lead_to_a_number() -> None:
    rows = listing(answer(loss=[[0.5, None], [2]], theory={"moment": [1.5], "gradient": None}, units=9, trained=True))[
        1
    ]
    assert [row[2:] for row in rows] == [
        ["loss", "0/0", 0.5],
        ["loss", "0/1", ""],
        ["loss", "1/0", 2],
        ["theory", "moment/0", 1.5],
        ["theory", "gradient", ""],
        ["units", "", 9],
        ["trained", "", "true"],
    ]
    assert {(row[0], row[1]) for row in rows} == {("B", "a, b")}


def test_the_file_is_named_and_quoted() -> None:
    file = csv_file(answer(largest=["Infinity"], empty=[]))
    assert file["name"] == "resnet-explorer-signal-k3w7ab.csv"
    assert file["text"] == 'lane,network,value,index,number\nB,"a, b",largest,0,Infinity\n'

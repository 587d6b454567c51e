"""What the view Runs says of runs: rows, which part is shown, files, and the words of the figure."""

import json
from pathlib import Path

import pytest

from resnet_explorer.api.cost_error import cost_error
from resnet_explorer.api.run_answers import RunAnswer
from resnet_explorer.api.run_reader import RunReader
from resnet_explorer.api.runs import Runs
from resnet_explorer.figures.cost_error import draw
from resnet_explorer.ui.components.facts.facts import Fact, Facts, FactTable
from resnet_explorer.ui.components.lanes.lanes import Lane, lane_of
from resnet_explorer.ui.components.pictures.pictures import Picture, PictureRow, Pictures
from resnet_explorer.ui.views.runs import listed
from resnet_explorer.ui.views.runs.comparison import _mark, cost_figure, run_of_point
from resnet_explorer.ui.views.runs.files import list_text
from resnet_explorer.ui.views.runs.run_list import _offset


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> RunReader:
    """A home of its own with one run that waits, and the recorded runs."""
    runs = Runs(tmp_path_factory.mktemp("home"))
    runs.train(["cifar-basic-8:plain"], settings={"lr": "0.05"})
    return runs.reader


@pytest.fixture(scope="module")
def recorded(reader: RunReader) -> list[RunAnswer]:
    return reader.find_runs("1202 JPEG")["runs"]


def test_a_row_says_that_a_run_was_recorded_in_the_visitors_language(recorded: list[RunAnswer]) -> None:
    for language, network, state in (("en", "Network", "recorded"), ("zh-CN", "网络", "已记录")):
        table = listed.table(recorded, language)
        assert network in table["headers"]
        assert all(state in row for row in table["data"])
        assert {len(row) for row in table["data"]} == {len(listed.COLUMNS)}


def test_a_part_is_named_by_its_first_and_last_run(reader: RunReader) -> None:
    answer = reader.find_runs(offset=20, limit=10)
    total = len(reader.runs()["runs"])
    assert total > 100
    assert str(listed.sentence(answer, 20)).startswith(f"21 to 30 of {total} ")
    assert str(listed.sentence(reader.find_runs("nothing of the kind"), 0)) == "No such run."


def test_another_search_begins_at_its_first_run() -> None:
    place = "50|plain||newest"
    assert _offset(place, "plain", "", "newest") == 50
    assert _offset(place, "plain", "live", "newest") == _offset("", "", "", "newest") == _offset("x|", "") == 0


def test_a_list_is_taken_away_whole_or_as_a_table(recorded: list[RunAnswer]) -> None:
    header, *rows = list_text(recorded, "csv").splitlines()
    assert header.startswith("run,line,data")
    assert [row.split(",")[0] for row in rows] == [run["run"] for run in recorded]
    assert json.loads(list_text(recorded, "json")) == recorded


def test_the_figure_says_what_is_published_and_what_was_measured(reader: RunReader) -> None:
    points = cost_error(reader=reader)["points"]
    value = cost_figure("cifar10", "macs", points)
    assert "Open circles: published" in value.caption
    assert "Filled circles: measured, 103 finished runs of 60 to 4,000 steps" in value.caption
    assert "came with the program: recorded 20" in value.caption
    assert "CIFAR-10 as JPEG" in value.caption
    assert value.table
    assert len(value.table.rows) == len(points)
    assert "Filled" not in cost_figure("imagenet", "params", cost_error("imagenet", reader=reader)["points"]).caption
    assert cost_figure("mnist", "params", []).figure is None


def test_a_measured_point_names_its_run_and_a_published_one_none(reader: RunReader) -> None:
    points = cost_error(reader=reader)["points"]
    measured = [point for point in points if point["source"] == "measured"]
    traces = {
        trace["name"]: trace for trace in draw([_mark(point, "params") for point in points])["data"] if "name" in trace
    }
    assert traces["measured"]["customdata"][3] == measured[3]["network"]
    assert measured[3]["runs"][0].startswith(run_of_point(points, "measured", 3))
    assert len(run_of_point(points, "measured", 3)) == 6
    assert run_of_point(points, "published", 3) == run_of_point(points, "measured", 10_000) == ""


def test_the_lane_of_a_line_has_its_unit_and_fields() -> None:
    assert lane_of(2, "cifar-basic-56:original;shortcut=B") == Lane(2, "cifar-basic-56", "original", {"shortcut": "B"})
    assert lane_of(0, "wrn-16-4") == Lane(0, "wrn-16-4")


def test_facts_and_pictures_are_one_text_each(tmp_path: Path) -> None:
    facts = FactTable("Two runs", [Fact("Seed", ["0", "1"])], ["a", "b"])
    assert json.loads(Facts().postprocess(facts)) == ["Two runs", ["a", "b"], [["Seed", ["0", "1"]]]]
    picture = Picture("data:,", "star", "a star", "3", wrong=True)
    assert json.loads(Pictures().postprocess([PictureRow("Wrong", [picture])])) == [["Wrong", [picture._asdict()]]]

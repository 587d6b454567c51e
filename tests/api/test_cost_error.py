"""Cost against error: published points agree with the papers' own counts, and runs are those of the home."""

from pathlib import Path

import pytest

from resnet_explorer.api.cost_error import DATA, _is_of, cost_error
from resnet_explorer.api.runs import Runs
from resnet_explorer.executors.inline import Inline
from resnet_explorer.executors.supervisor import Supervisor
from resnet_explorer.networks.published import TABLE, published_errors
from resnet_explorer.networks.request import parse_request
from tests.fixtures.launches import NET, TINY, runs_of
from tests.fixtures.runs import until


@pytest.mark.parametrize("data", ["cifar10", "cifar100", "imagenet"])
def test_every_published_network_is_in_the_catalogue_once(data: str) -> None:
    lines = [point.line for point in published_errors(data)]
    assert len(lines) == len(set(lines)) > 5
    assert all(parse_request(line) for line in lines)
    assert {point.data for point in TABLE} <= set(DATA)


def test_published_points_have_the_papers_counts_and_errors(tmp_path: Path) -> None:
    points = {point["network"]: point for point in cost_error(reader=runs_of(tmp_path).reader)["points"]}
    wide, deep = points["wrn-28-10"], points["cifar-basic-110:original"]
    assert (wide["params"], wide["macs"], wide["error"]) == (36_479_194, 5_243_328_768, 4.17)
    assert (deep["paper"], deep["note"], deep["error"]) == ("He, Zhang, Ren, Sun 2015", "mean of 5 runs", 6.61)
    assert points["cifar-bottleneck-164:bn-after-addition"]["error"] == 6.50
    assert {point["source"] for point in points.values()} == {"published"}
    hundred = {point["network"]: point for point in cost_error("cifar100", reader=runs_of(tmp_path).reader)["points"]}
    assert hundred["wrn-28-10"]["params"] == 36_536_884


def test_seeds_are_one_measured_point_with_their_range(tmp_path: Path) -> None:
    runs = runs_of(tmp_path)
    with Supervisor(tmp_path, Inline()):
        launched = runs.train([NET, f"{NET}:plain"], seeds=[0, 1], settings=TINY)["runs"]
        until(lambda: len(runs.reader.runs("finished")["runs"]) == 4)
    points = cost_error("shapes", reader=runs.reader)["points"]
    assert {point["network"] for point in points} == {NET, f"{NET}:plain"}
    for point in points:
        mine = [runs.reader.show(run["run"])["run"] for run in launched if run["line"] == point["network"]]
        errors = [100 * (1 - float(str(run["test_accuracy"]))) for run in mine]
        assert (point["low"], point["high"]) == (min(errors), max(errors))
        assert set(point["runs"]) == {run["run"] for run in mine}
        assert (point["steps"], point["params"]) == (6, mine[0]["parameters"])
        assert point["recipe"].startswith("short ")
        assert "size=8" in point["recipe"]


def test_recorded_runs_are_points_that_say_so() -> None:
    points = cost_error(reader=Runs(Path("nowhere")).reader)["points"]
    recorded = [point for point in points if point["source"] == "measured"]
    assert len(recorded) > 5
    assert all("recorded 20" in point["recorded"] for point in recorded)


def test_a_folder_counts_where_it_is_named_after_the_data_set() -> None:
    assert _is_of("imagefolder:/pictures/cifar10-jpeg.tar.xz", "cifar10")
    assert not _is_of("imagefolder:/pictures/cifar100-jpeg.tar.xz", "cifar10")
    assert not _is_of("shapes:hard", "shapes")

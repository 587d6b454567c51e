"""Tables of the papers: each can be trained, is scaled by one rule, and is set beside what the paper says."""

from pathlib import Path

import pytest

from resnet_explorer.api.paper_tables import PaperTables, listing
from resnet_explorer.api.runs import Runs
from resnet_explorer.api.sweeps import Sweeps
from resnet_explorer.cli.main import main
from resnet_explorer.errors import StudyError
from resnet_explorer.executors.inline import Inline
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.published import published_errors
from resnet_explorer.networks.request import parse_request
from resnet_explorer.runs.datasets import CLASSES, DATA_SETS
from resnet_explorer.runs.events import LIVE
from resnet_explorer.studies import paper_tables as module
from resnet_explorer.studies.paper_tables import TABLES, PaperTable, Row, find_table, table_sweep
from tests.fixtures.runs import supervised, until

each_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.id)
TINY = PaperTable(
    "tiny",
    "Two tiny networks",
    "nowhere, table 0",
    (Row("eight", "cifar-basic-8", 12.5), Row("plain", "cifar-basic-8:plain", "fail")),
    data=("shapes",),
    settings=(("steps", "400"), ("milestones", "200/300"), ("size", "8"), ("width", "1/4"), ("test", "64")),
    seeds=2,
)


@pytest.fixture
def tables(tmp_path: Path) -> PaperTables:
    return PaperTables(Sweeps(Runs(tmp_path, bundled_dir=tmp_path / "bundled")))


@each_table
def test_every_row_is_a_network_with_a_number_or_a_word_of_the_paper(table: PaperTable) -> None:
    assert all(plan(parse_request(row.line).network).params > 0 for row in table.rows)
    assert all(table.published(row, table.data[0]) is not None for row in table.rows)
    assert len({row.line for row in table.rows}) == len(table.rows)


@each_table
def test_a_number_of_a_paper_that_stands_in_two_places_is_the_same(table: PaperTable) -> None:
    paper = table.id.rpartition("-")[0]
    for data in table.data:
        known = {point.line: point.error for point in published_errors(data) if point.paper == paper}
        shared = [row for row in table.rows if row.line in known and row.published is not None]
        assert [row.published for row in shared] == [known[row.line] for row in shared]


@each_table
def test_each_image_is_seen_as_often_whatever_the_scale(table: PaperTable) -> None:
    data = "cifar10" if table.data[0] not in DATA_SETS else ""
    seen = []
    for scale in (0.02, 0.1, 1.0):
        sweep = table_sweep(table, scale, 1, data)
        experiment = sweep.experiment(sweep.cells[0], 0)
        images = experiment.data.subset or DATA_SETS[sweep.data[0]].train
        epochs = experiment.recipe.epochs or experiment.recipe.steps * experiment.recipe.batch / images
        seen.append((epochs, experiment.recipe.milestones[0] * experiment.recipe.batch / images))
    assert seen[0] == pytest.approx(seen[2], rel=0.02)
    assert seen[1] == pytest.approx(seen[2], rel=0.01)


def test_the_whole_recipe_of_a_paper_is_the_recipe_itself() -> None:
    sweep = table_sweep(find_table("he2016-2"), 1.0)
    recipe = sweep.experiment(sweep.cells[0], 0).recipe
    assert (recipe.steps, recipe.milestones, recipe.warmup, recipe.lr) == (64_000, (32_000, 48_000), 400, 0.1)
    assert (len(sweep.cells), sweep.seeds) == (10, (0, 1, 2, 3, 4))


@pytest.mark.parametrize(
    ("table", "scale", "data", "sentence"),
    [
        ("he2016-3", 0.1, "", "there is no table 'he2016-3'; there are he2015-6, he2016-1"),
        ("he2016-2", 0.001, "", "scale is 0.0026 or more: with less, cifar10 has no batch of 128 images"),
        ("he2016-2", 1.5, "", "scale is above 0 and at most 1, not 1.5"),
        ("he2016-2", float("nan"), "", "scale is above 0"),
        ("resnext-3", 0.1, "", "name a copy as imagefolder:PATH"),
        ("he2016-2", 0.1, "nowhere", "nowhere"),
        ("resnext-3", 0.1, "imagefolder:/", "its scale is 1"),
    ],
)
def test_what_cannot_be_trained_is_refused(
    tables: PaperTables, table: str, scale: float, data: str, sentence: str
) -> None:
    with pytest.raises(Exception, match=sentence):
        tables.paper_table(table, scale, 1, data)
    with pytest.raises(StudyError, match="seeds are 1 to 20"):
        tables.paper_table("he2016-2", seeds=21)


def test_a_table_is_trained_once_and_stands_beside_the_papers(
    tables: PaperTables, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(module._BY_ID, "tiny", TINY)
    with supervised(tables.sweeps.runs.home, Inline(slots=2)):
        run = tables.paper_table("tiny", 0.02)["sweep"]["run"]
        until(lambda: tables.sweeps.sweep_results(run)["state"] not in LIVE)
    answer = tables.paper_table("tiny", 0.02)
    assert answer["sweep"]["state"] == "finished"
    assert [row["published"] for row in answer["rows"]] == [12.5, "fail"]
    first = answer["rows"][0]
    values = [run["value"] for run in answer["sweep"]["rows"][0]["runs"]]
    assert first["error"] == pytest.approx(100 - 50 * sum(value or 0 for value in values))
    assert (first["low"] or 0) <= (first["error"] or 0) <= (first["high"] or 0)
    assert "0.02 times the paper's" in answer["caption"]
    assert listing(answer)[1][1][:2] == ["plain", "fail"]
    assert tables.paper_table("tiny", 0.03)["sweep"]["run"] != run


def test_other_data_than_the_papers_is_said(tables: PaperTables) -> None:
    answer = tables.paper_table("he2015-6", 0.02, 1, "shapes")
    assert "The paper's numbers are of cifar10, those here of shapes." in answer["caption"]
    assert answer["rows"][0]["published"] == 8.75


def test_there_is_data_for_every_table_but_that_of_imagenet() -> None:
    known = {name for name, row in DATA_SETS.items() if row.task == CLASSES}
    assert [table.id for table in TABLES if not set(table.data) <= known] == ["resnext-3"]


def test_the_command_lists_the_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RESNET_EXPLORER_HOME", str(tmp_path))
    assert main(["paper-table"]) == 0
    assert all(table.id in capsys.readouterr().out for table in TABLES[:1])
    assert main(["paper-table", "he2016-2", "--scale", "2"]) == 2

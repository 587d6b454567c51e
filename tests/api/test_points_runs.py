"""A run that learned to find points, by the verbs: PCK is named wherever it stands, and pictures have marks."""

import io
import json
from base64 import b64decode

import pytest
from PIL import Image

from resnet_explorer.api.analyses import Analyses
from resnet_explorer.api.run_compare import compare_runs
from resnet_explorer.api.run_images import RunImages
from resnet_explorer.api.runs import Runs
from resnet_explorer.cli import live_progress
from resnet_explorer.cli.main import main
from resnet_explorer.cli.trackers import scalars_of
from resnet_explorer.errors import AnalysisError, RunError
from resnet_explorer.executors.inline import Inline
from resnet_explorer.executors.supervisor import Supervisor
from resnet_explorer.figures.curves import drawing
from resnet_explorer.ui.components.curves.lines import group_into_lines
from resnet_explorer.ui.views.runs.listed import table
from resnet_explorer.ui.views.train.caption import caption
from resnet_explorer.ui.views.train.seen import findings
from tests.fixtures.launches import ended, launch, runs_of

LINE = "cifar-basic-8;head=conv1(bias=true)"
SETTINGS = {
    "size": "8", "batch": "16", "steps": "8", "subset": "64", "test": "40", "evaluate": "4", "save": "0",
}  # fmt: skip


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """A home with one finished run on points, and one on shapes."""
    home = tmp_path_factory.mktemp("home")
    runs = runs_of(home)
    with Supervisor(home, Inline()):
        for data, line in (("points", LINE), ("shapes", "cifar-basic-8")):
            assert ended(runs, launch(runs, line, settings=SETTINGS, data=data)[0])["state"] == "finished"
    return runs


@pytest.fixture
def run(runs: Runs) -> str:
    return next(run["run"] for run in runs.reader.runs()["runs"] if run["data"] == "points")


def test_as_many_points_are_found_as_the_run_itself_counted(runs: Runs, run: str) -> None:
    answer = RunImages(runs).predictions(run, count=6)
    row = runs.reader.show(run)["run"]
    assert (answer["of"], answer["test"], answer["measure"], row["measure"]) == (120, 40, "PCK@0.1", "PCK@0.1")
    assert answer["right"] == round(float(str(row["test_accuracy"])) * 120)
    assert answer["classes"] == ["disc", "plus", "ring"]
    for image in answer["images"]:
        right = [point["name"] for point in image["points"] if point["right"]]
        assert (image["label"], image["predicted"]) == ("disc, plus, ring", ", ".join(right))
        assert image["right"] == (len(right) == 3)
        for point in image["points"]:
            assert point["x"] is not None
            assert point["y"] is not None
            off = (point["x"] - point["found_x"]) ** 2 + (point["y"] - point["found_y"]) ** 2
            assert point["right"] == (off <= 0.1**2)


def test_pictures_have_marks_where_points_are(runs: Runs, run: str) -> None:
    images = RunImages(runs)
    for answer in (images.predictions(run, count=2), images.training_images("points", settings=SETTINGS, count=2)):
        for image in answer["images"]:
            picture = Image.open(io.BytesIO(b64decode(image["png"].partition(",")[2])))
            assert picture.size == (96, 96)
            assert (251, 251, 249) in {colour for _, colour in picture.getcolors(96 * 96) or ()}
    assert images.feature_maps(run)["label"] == "disc, plus, ring"


def test_files_and_tables_say_what_is_measured(
    runs: Runs, run: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESNET_EXPLORER_HOME", str(runs.home))
    header = runs.reader.export_run(run, "csv")["text"].splitlines()[0]
    assert header == "step,seconds,loss,PCK@0.1,lr,rate,gradient,test_loss,test_PCK@0.1"
    assert json.loads(runs.reader.export_run(run, "card")["text"])["measure"] == "PCK@0.1"
    records = runs.reader.find(run).records()[0]
    tags = {tag for _, _, scalars in scalars_of(records, "PCK@0.1") for tag in scalars}
    assert {"train/PCK@0.1", "test/PCK@0.1"} <= tags
    assert not any("accuracy" in tag for tag in tags)
    facts = {fact["name"]: fact["values"] for fact in compare_runs([run], reader=runs.reader)["facts"]}
    assert "Test accuracy" not in facts
    assert facts["Test PCK@0.1"][0].endswith(" %")
    assert "test PCK@0.1" in live_progress.table([runs.reader.show(run)["run"]]).splitlines()[0]
    assert "points · PCK@0.1" in str(table(runs.reader.runs()["runs"], "en"))
    assert main(["show", run]) == 0
    assert "test PCK@0.1 against steps" in capsys.readouterr().out
    assert main(["predictions", run, "--count", "3"]) == 0
    assert "of 120 points are found after step 8 (PCK@0.1)" in capsys.readouterr().out
    assert main(["runs"]) == 0
    assert "test accuracy or PCK@0.1" in capsys.readouterr().out


def test_the_page_names_curves_captions_and_findings_by_what_is_measured(runs: Runs, run: str) -> None:
    rows = [row for row in runs.reader.runs()["runs"] if row["run"] == run]
    lines = group_into_lines(rows, [])
    words = " ".join(map(str, [*caption(rows), *findings(lines, {run: [(8, 0.05)]})]))
    assert "PCK@0.1 is the share of points found within 0.1 of the image's side; on 40 held-out images" in words
    assert "PCK@0.1 on held-out images after 8 steps" in words
    assert "Still at chance (12.2 %)" in words
    assert "final PCK@0.1" in words
    assert "ccuracy" not in words
    assert "Published" not in words
    drawn = drawing("test", "steps", measure="PCK@0.1")
    assert (drawn["title"], drawn["layout"]["yaxis"]["title"]["text"]) == ("Test PCK@0.1", "PCK@0.1, held-out images")


def test_a_folder_of_the_machine_is_read_for_nobody_where_strangers_share_it(runs: Runs) -> None:
    with pytest.raises(RunError, match="strangers share it"):
        Runs(runs.home, shared=True).train([LINE], data="pointfolder:/etc")


def test_analyses_refuse_a_network_that_finds_points(runs: Runs, run: str) -> None:
    analyses = Analyses(runs)
    for arguments in ({"networks": [LINE], "data": "points"}, {"runs": [run]}):
        with pytest.raises(AnalysisError, match="points has points to be found; analyses look at data with classes"):
            analyses.analyse("lesion", **arguments)

"""The atlas from its probe to its table: real runs of a small one, stopped and resumed, with numbers that agree."""

import csv
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from resnet_explorer.api.atlas_answers import MEASURES, AtlasAnswer
from resnet_explorer.api.atlases import Atlases, atlas_table
from resnet_explorer.api.networks import describe
from resnet_explorer.api.runs import Runs
from resnet_explorer.cli.main import main
from resnet_explorer.errors import ExplorerError
from resnet_explorer.executors.inline import Inline
from resnet_explorer.executors.supervisor import Supervisor
from resnet_explorer.runs.atlas import Atlas, Tournament
from resnet_explorer.runs.events import LIVE
from resnet_explorer.runs.run_folder import TRAIN, run_folders
from resnet_explorer.studies.recorded_atlases import RecordedAtlas, find_recorded, pack, recorded_atlases
from resnet_explorer.studies.tournament import sample
from tests.fixtures.runs import supervised, until

# eight orderings of two convolutions, a relu and the addition
SMALL: dict[str, Any] = {"depth": 8, "bns": 0, "relus": 1}
ROUNDS: dict[str, Any] = {"short": 2, "long": 3, "seeds": 2}


@pytest.fixture
def atlases(tmp_path: Path) -> Atlases:
    return Atlases(Runs(tmp_path, bundled_dir=tmp_path / "bundled"))


@pytest.fixture
def owner(atlases: Atlases) -> Iterator[Supervisor]:
    with supervised(atlases.runs.home, Inline(slots=2)) as owner:
        yield owner


def ended(atlases: Atlases) -> AtlasAnswer:
    def answer() -> AtlasAnswer | None:
        now = atlases.atlas(**SMALL, **ROUNDS)
        return now if now["state"] and now["state"] not in LIVE else None

    return until(answer) or atlases.atlas(**SMALL, **ROUNDS)


def test_before_anything_is_measured_the_plan_is_known(atlases: Atlases) -> None:
    answer = atlases.atlas(**SMALL)
    assert (answer["state"], answer["recorded"], len(answer["rows"])) == ("", {}, 8)
    assert all(row["numbers"].keys() == {"params", "macs", "words"} for row in answer["rows"])
    (row, *_) = answer["rows"]
    totals = describe(row["line"], settings={"width": "1/2", "image": "16"})
    assert (row["numbers"]["params"], row["numbers"]["macs"]) == (totals["params"], totals["macs"])
    assert answer["leaders"] == []


@pytest.mark.usefixtures("owner")
def test_a_probe_measures_every_ordering_at_its_start(atlases: Atlases) -> None:
    launched = atlases.probe_atlas(**SMALL, owner="me")
    assert launched["mine"]
    answer = ended(atlases)
    assert (answer["state"], answer["done"], answer["of"]) == ("finished", 8, 8), answer["reason"]
    for row in answer["rows"]:
        assert row["numbers"]["spread"] is not None
        assert row["numbers"]["spread"] >= 0
        assert row["runs"] == {}
    assert len({row["numbers"]["spread"] for row in answer["rows"]}) == 8


@pytest.mark.usefixtures("owner")
def test_a_tournament_trains_in_rounds_and_its_numbers_are_those_of_its_runs(atlases: Atlases) -> None:
    atlases.hold_tournament(**SMALL, **ROUNDS)
    answer = ended(atlases)
    assert answer["state"] == "finished", answer["reason"]
    first = [row for row in answer["rows"] if "short" in row["runs"]]
    assert set(sample(Atlas(2, 0, 1, 8))) <= {row["number"] for row in first}
    (last,) = [row for row in answer["rows"] if "final" in row["runs"]]
    shown = [float(str(atlases.runs.reader.show(run)["run"]["test_accuracy"])) for run in last["runs"]["final"]]
    assert len(shown) == ROUNDS["seeds"]
    assert last["numbers"]["final"] == pytest.approx(sum(shown) / len(shown))
    assert answer["leaders"] == [last["number"]]
    # the second round and the first seed of the last are the same training
    assert last["runs"]["long"][0] == last["runs"]["final"][0]
    trainings = [folder for folder in run_folders(atlases.runs.home) if folder.job().kind == TRAIN]
    assert len(trainings) == len(first) + 1 + 1
    # without rounds named, those that were held here are meant
    assert atlases.atlas(**SMALL)["tournament"] == answer["tournament"]
    assert json.loads(atlases.export_atlas(**SMALL, form="json")["text"])["leaders"] == answer["leaders"]


@pytest.mark.usefixtures("owner")
def test_a_tournament_that_was_stopped_goes_on_without_a_second_training(atlases: Atlases) -> None:
    run = atlases.hold_tournament(**SMALL, **ROUNDS)["tournament"]
    until(lambda: atlases.atlas(**SMALL, **ROUNDS)["done"] >= 1)
    atlases.runs.stop(run)
    stopped = ended(atlases)
    before = {folder.run for folder in run_folders(atlases.runs.home)}
    if stopped["state"] == "stopped":
        atlases.runs.resume(run)
    answer = ended(atlases)
    assert answer["state"] == "finished", answer["reason"]
    assert before <= {folder.run for folder in run_folders(atlases.runs.home)}
    runs = [run for row in answer["rows"] for run in row["runs"].get("short", [])]
    assert len(runs) == len(set(runs))


def test_a_table_has_a_row_an_ordering_and_a_column_a_measure(atlases: Atlases) -> None:
    rows = list(csv.DictReader(StringIO(atlas_table(atlases.atlas(**SMALL)))))
    assert len(rows) == 8
    assert MEASURES.keys() <= rows[0].keys()
    assert rows[0]["params"] == str(atlases.atlas(**SMALL)["rows"][0]["numbers"]["params"])


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"depth": 21}, "6n\\+2"),
        ({"convs": 4}, "2 or 3"),
        ({"bns": 3}, "0 to 2"),
        ({"data": "points"}, "not on points"),
        ({"data": "imagefolder:/etc"}, "not on imagefolder"),
        ({"seed": -1}, "seed"),
        ({"short": 200, "long": 100}, "from 200"),
        ({"seeds": 99}, "1 to 20"),
    ],
)
def test_what_there_is_not_is_refused_in_a_sentence(atlases: Atlases, values: dict[str, object], sentence: str) -> None:
    with pytest.raises(ExplorerError, match=sentence):
        atlases.atlas(**values)  # type: ignore[arg-type]
    assert list(run_folders(atlases.runs.home)) == []


def test_strangers_hold_no_tournament_and_probe_few(tmp_path: Path) -> None:
    atlases = Atlases(Runs(tmp_path, shared=True))
    with pytest.raises(ExplorerError, match="for one's own"):
        atlases.hold_tournament(**SMALL)
    with pytest.raises(ExplorerError, match="too many to probe"):
        atlases.probe_atlas(depth=110)
    assert list(run_folders(tmp_path)) == []
    assert atlases.probe_atlas(**SMALL, owner="ann")["probe"]


def test_a_recorded_atlas_survives_its_file(tmp_path: Path) -> None:
    atlas = Atlas(2, 0, 1, 8)
    trained = ({"round": "short", "entry": 3, "seed": 0, "run": "", "state": "finished", "test_accuracy": 0.5},)
    one = RecordedAtlas(Tournament(atlas), {0: {"spread": 1.5}, 3: {"spread": None}}, trained, {"date": "2026-01-01"})
    path = tmp_path / "atlases.json.gz"
    path.write_bytes(pack((one,)))
    assert recorded_atlases(path) == (one,)
    assert find_recorded(atlas, path) == one
    assert find_recorded(Atlas(depth=14), path) is None
    (tmp_path / "torn.json.gz").write_bytes(path.read_bytes()[:-9])
    with pytest.raises(ExplorerError, match="cannot be read"):
        find_recorded(atlas, tmp_path / "torn.json.gz")


def test_the_command_lists_orderings_and_writes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RESNET_EXPLORER_HOME", str(tmp_path / "home"))
    output = tmp_path / "atlas.csv"
    assert main(["atlas", "--depth", "8", "--bns", "0", "--relus", "1", "--output", str(output)]) == 0
    text = capsys.readouterr().out
    assert "8 sentences of these words compute 8 different functions" in text
    assert len(output.read_text().splitlines()) == 9
    assert main(["atlas", "--output", "atlas.xls"]) == 2
    assert ".csv or .json" in capsys.readouterr().err

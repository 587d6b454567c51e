"""A sweep from its launch to its table: real runs, none twice, stopped and resumed, numbers that agree with them."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from statistics import mean, stdev

import pytest

from resnet_explorer.api.runs import Runs
from resnet_explorer.api.sweep_answers import SweepAnswer
from resnet_explorer.api.sweeps import Sweeps
from resnet_explorer.cli.main import main
from resnet_explorer.errors import ExplorerError, RunError
from resnet_explorer.executors.inline import Inline
from resnet_explorer.executors.supervisor import Supervisor
from resnet_explorer.runs.events import LIVE
from resnet_explorer.runs.run_folder import TRAIN, RunFolder, run_folders
from resnet_explorer.studies.statistics import paired_interval
from tests.fixtures.runs import supervised, until

NETS = ["cifar-basic-8", "cifar-basic-8:plain"]
TINY = {"steps": "4", "size": "8", "batch": "8", "subset": "64", "test": "32", "width": "1/4", "warmup": "0"}


@pytest.fixture
def sweeps(tmp_path: Path) -> Sweeps:
    return Sweeps(Runs(tmp_path, bundled_dir=tmp_path / "bundled"))


@pytest.fixture
def owner(sweeps: Sweeps) -> Iterator[Supervisor]:
    with supervised(sweeps.runs.home, Inline(slots=2)) as owner:
        yield owner


def ended(sweeps: Sweeps, run: str) -> SweepAnswer:
    return until(lambda: (answer := sweeps.sweep_results(run))["state"] not in LIVE and answer) or sweeps.sweep_results(
        run
    )


def trainings(sweeps: Sweeps) -> list[RunFolder]:
    return [folder for folder in run_folders(sweeps.runs.home) if folder.job().kind == TRAIN]


@pytest.mark.usefixtures("owner")
def test_every_combination_is_trained_once_and_the_table_is_what_the_runs_measured(sweeps: Sweeps) -> None:
    launched = sweeps.sweep(NETS, settings=TINY, vary={"lr": ["0.05", "0.1"]}, title="two rates", owner="me")
    assert (launched["done"], launched["of"], launched["mine"]) == (0, 12, True)
    answer = ended(sweeps, launched["run"])
    assert (answer["state"], answer["done"], answer["remaining"]) == ("finished", 12, 0.0)
    assert len(trainings(sweeps)) == 12
    first, second, *_ = answer["rows"]
    assert (first["varied"], first["difference"]) == ({"lr": "0.05"}, None)
    values = [[run["value"] for run in row["runs"]] for row in (first, second)]
    shown = [
        [sweeps.runs.reader.show(run["run"])["run"]["test_accuracy"] for run in row["runs"]] for row in (first, second)
    ]
    assert values == shown
    numbers = [[float(value or 0) for value in row] for row in values]
    assert (first["mean"], first["spread"]) == pytest.approx((mean(numbers[0]), stdev(numbers[0])))
    interval = paired_interval([b - a for a, b in zip(*numbers, strict=True)])
    difference = second["difference"]
    assert difference
    assert (difference["mean"], difference["low"]) == pytest.approx((interval.mean, interval.low))
    assert (difference["against"], difference["seeds"]) == (NETS[0], 3)
    # what is there is taken: another sweep of the same networks trains one seed more of each
    more = ended(sweeps, sweeps.sweep(NETS, seeds=[0, 1, 2, 3], settings=TINY, vary={"lr": ["0.05", "0.1"]})["run"])
    assert len(trainings(sweeps)) == 16
    assert [run["run"] for run in more["rows"][0]["runs"][:3]] == [run["run"] for run in first["runs"]]
    # and the same sweep is the same run
    assert sweeps.sweep(NETS, settings=TINY, vary={"lr": ["0.05", "0.1"]})["run"] == answer["run"]
    assert {each["title"] for each in sweeps.sweeps("me")} == {"two rates", ""}


@pytest.mark.usefixtures("owner")
def test_a_stopped_sweep_goes_on_and_ends_as_one_that_was_not(sweeps: Sweeps) -> None:
    run = sweeps.sweep(NETS, settings=TINY | {"steps": "30"})["run"]
    until(lambda: sweeps.sweep_results(run)["done"])
    sweeps.runs.stop(run)
    stopped = ended(sweeps, run)
    assert stopped["state"] == "stopped"
    assert 0 < stopped["done"] < stopped["of"]
    until(lambda: all(row["state"] not in LIVE for row in sweeps.runs.reader.runs()["runs"]))
    known = {one["run"]: one["value"] for row in stopped["rows"] for one in row["runs"]}
    sweeps.runs.resume(run)
    answer = ended(sweeps, run)
    assert (answer["state"], answer["done"]) == ("finished", 6)
    values = {one["run"]: one["value"] for row in answer["rows"] for one in row["runs"]}
    assert values | known == values
    assert all(value is not None for value in values.values())


@pytest.mark.usefixtures("owner")
def test_a_run_that_diverges_is_counted_as_lost_and_not_averaged(sweeps: Sweeps) -> None:
    settings = TINY | {"steps": "30", "lr": "1000", "momentum": "0.99"}
    answer = ended(sweeps, sweeps.sweep(["cifar-basic-8:conv conv +"], settings=settings, seeds=[0])["run"])
    (row,) = answer["rows"]
    assert answer["state"] == "finished"
    assert (row["lost"], row["mean"]) == (1, None)
    assert row["runs"][0]["reason"]


@pytest.mark.usefixtures("owner")
def test_the_table_and_the_cards_are_files(sweeps: Sweeps) -> None:
    run = ended(sweeps, sweeps.sweep(NETS, settings=TINY, seeds=[0, 1])["run"])["run"]
    rows = list(csv.DictReader(sweeps.export_sweep(run)["text"].splitlines()))
    assert [row["network"] for row in rows] == NETS
    assert float(rows[1]["difference"]) == pytest.approx(
        float(rows[1]["accuracy"]) - float(rows[0]["accuracy"]), abs=2e-4
    )
    assert r"\toprule" in sweeps.export_sweep(run, "latex", "loss")["text"]
    assert sweeps.export_sweep(run, "markdown")["text"].startswith("| network |")
    cards = json.loads(sweeps.export_sweep(run, "cards")["text"])
    assert {card["line"] for card in cards} == set(NETS)
    with pytest.raises(RunError, match="form"):
        sweeps.export_sweep(run, "xlsx")


def test_how_long_it_takes_is_said_once_a_run_has_ended(sweeps: Sweeps) -> None:
    with supervised(sweeps.runs.home, Inline(slots=1)):
        first = ended(sweeps, sweeps.sweep(NETS[:1], settings=TINY | {"steps": "20"}, seeds=[0])["run"])
    assert first["remaining"] == 0.0
    waiting = sweeps.sweep(NETS, settings=TINY | {"steps": "20"})
    assert waiting["remaining"]
    twice = sweeps.sweep(NETS, settings=TINY | {"steps": "40"})
    assert twice["remaining"]
    # the first run of the shorter one is there already
    assert twice["remaining"] / waiting["remaining"] == pytest.approx(2 * 6 / 5, rel=0.01)


def test_what_cannot_be_trained_is_refused_before_anything_is_launched(sweeps: Sweeps) -> None:
    for networks, more, sentence in (
        (["cifar-basic-8", "cifar-basic-8:konv"], {}, "konv"),
        (NETS, {"data": ["shapes", "nowhere"]}, "nowhere"),
        (NETS, {"recipes": ["slow"]}, "slow"),
        (NETS, {"vary": {"lr": ["0.1", "fast"]}}, "lr is a number, not 'fast'"),
        (["cifar-basic-1202"], {"settings": {"batch": "4096", "width": "64"}}, "the limit is"),
    ):
        with pytest.raises(ExplorerError, match=sentence):
            sweeps.sweep(networks, **more)
    assert not (sweeps.runs.home / "runs").exists()


def test_strangers_share_a_machine_in_small_sweeps(tmp_path: Path) -> None:
    sweeps = Sweeps(Runs(tmp_path, shared=True))
    with pytest.raises(RunError, match="a sweep has at most 72 runs here, not 80"):
        sweeps.sweep(NETS, seeds=list(range(40)), owner="me")
    with pytest.raises(RunError, match="name an owner"):
        sweeps.sweep(NETS)


def test_the_command_trains_a_file_and_writes_its_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RESNET_EXPLORER_HOME", str(tmp_path / "home"))
    path, table = tmp_path / "sweep.json", tmp_path / "table.csv"
    path.write_text(json.dumps({"networks": NETS, "seeds": 2, "settings": TINY, "title": "a sweep"}))
    assert main(["sweep", str(path), "--output", str(table)]) == 0
    shown = capsys.readouterr().out
    assert "4 of 4 runs have ended" in shown
    assert len(table.read_text().splitlines()) == 3
    assert main(["sweeps"]) == 0
    assert "4 of 4  a sweep" in capsys.readouterr().out
    assert main(["sweep", str(path), "--output", str(tmp_path / "table.xlsx")]) == 2
    assert "ends in .csv, .tex, .md, .json" in capsys.readouterr().err

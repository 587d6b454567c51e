"""Runs on several processes, as the verb `train` launches or refuses them."""

from pathlib import Path

import pytest

from resnet_explorer.errors import RunError
from resnet_explorer.runs.processes import processes_of
from resnet_explorer.runs.run_folder import RunFolder
from tests.fixtures.launches import launch, runs_of


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_how_many_processes_train_a_run_is_no_part_of_its_experiment(home: Path) -> None:
    alone, together = launch(runs_of(home)), launch(runs_of(home), processes=2)
    jobs = [RunFolder(home / "runs" / run["run"]).job() for run in (*alone, *together)]
    assert [processes_of(job) for job in jobs] == [1, 2]
    assert jobs[0].what["experiment"] == jobs[1].what["experiment"]


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        ({"gpus": 0}, "gpus is a whole number from 1 to 64, not 0"),
        ({"processes": 65}, "processes is a whole number from 1 to 64, not 65"),
        ({"gpus": 2, "processes": 2}, "not both"),
    ],
)
def test_a_number_of_processes_that_cannot_be_is_refused(home: Path, wanted: dict[str, int], refusal: str) -> None:
    with pytest.raises(RunError, match=refusal):
        launch(runs_of(home), **wanted)  # type: ignore[arg-type]


def test_strangers_get_one_process_a_run(home: Path) -> None:
    with pytest.raises(RunError, match="strangers share this machine"):
        launch(runs_of(home, shared=True), gpus=2)

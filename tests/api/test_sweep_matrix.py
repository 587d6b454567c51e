"""A sweep as a matrix: every run in one cell, means of what is left, and what is not there yet."""

from statistics import mean

import pytest

from resnet_explorer.api.sweep_answers import SweepAnswer, sweep_answer
from resnet_explorer.api.sweep_matrix import axes_of, sweep_matrix, usual_axes
from resnet_explorer.errors import RunError
from resnet_explorer.runs.analysis_results import Results
from resnet_explorer.runs.sweep import Sweep, read_sweep_text, sweep_text
from resnet_explorer.studies.sweep_runner import sweep_job

SWEEP = Sweep(("cifar-basic-8", "cifar-basic-8:plain"), seeds=(0, 1), vary=(("lr", ("0.05", "0.1", "0.2")),))


def known(ended: int, lost: int = -1) -> SweepAnswer:
    """The sweep after so many of its runs, of which each came to its number, but for a lost one."""
    runs = {
        number: {
            "run": f"run{number}",
            "seed": seed,
            "state": "failed" if number == lost else "finished",
            "reason": "",
            "test_accuracy": number / 100,
            "test_loss": 1.0,
            "loss": 1.0,
            "seconds": 2.0,
        }
        for number, _, seed in SWEEP.runs()
        if number < ended
    }
    return sweep_answer(sweep_job(SWEEP, {}), Results(values=runs), "accuracy", None, mine=False)


@pytest.mark.parametrize("down", ["network", "lr", "seed", "data", "recipe"])
@pytest.mark.parametrize("across", ["network", "lr", "seed"])
def test_every_run_is_in_one_cell_whatever_the_axes(down: str, across: str) -> None:
    matrix = sweep_matrix(known(12), down, across)
    assert sum(cell.of for cell in matrix.cells.values()) == 12
    assert sum(cell.ended for cell in matrix.cells.values()) == 12
    assert matrix.cells.keys() <= {(row, column) for row in matrix.rows for column in matrix.columns}


def test_a_cell_is_the_mean_of_what_is_left() -> None:
    answer = known(12)
    matrix = sweep_matrix(answer, "lr", "network")
    row = next(row for row in answer["rows"] if (row["network"], row["varied"]) == ("cifar-basic-8", {"lr": "0.1"}))
    values = [run["value"] for run in row["runs"] if run["value"] is not None]
    cell = matrix.cells["0.1", "cifar-basic-8"]
    assert cell.mean == pytest.approx(mean(values))
    assert (cell.of, cell.ended, cell.lost) == (2, 2, 0)


def test_what_has_not_ended_is_empty_and_what_came_to_nothing_is_lost() -> None:
    matrix = sweep_matrix(known(2, lost=1), "network", "seed")
    assert [cell.ended for cell in matrix.cells.values()] == [1, 0, 1, 0]
    assert matrix.cells["cifar-basic-8:plain", "0"].lost == 1
    assert matrix.cells["cifar-basic-8:plain", "0"].mean is None


def test_the_usual_axes_are_the_networks_and_what_else_varies() -> None:
    assert axes_of(known(0)) == ["network", "data", "recipe", "lr", "seed"]
    assert usual_axes(known(0)) == ("network", "lr")
    with pytest.raises(RunError, match="width"):
        sweep_matrix(known(0), "network", "width")


def test_lanes_that_are_written_down_are_read_again() -> None:
    lines = ["cifar-basic-8:original", 'cifar-basic-8:conv bn + relu;shortcut="B"']
    assert read_sweep_text(sweep_text(lines)).networks == tuple(lines)
    with pytest.raises(RunError, match="no TOML"):
        read_sweep_text("networks = [")

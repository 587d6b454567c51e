"""A sweep as a matrix: any two of what it varies across and down, and in each cell the mean of all that is left."""

from collections.abc import Mapping, Sequence
from statistics import mean, stdev
from typing import NamedTuple

from resnet_explorer.api.sweep_answers import SweepAnswer, SweepRow
from resnet_explorer.runs.datasets import require_known

SEED = "seed"


class Cell(NamedTuple):
    """The runs of a cell: how many there are to be, have ended and came to nothing, their mean and their spread."""

    of: int
    ended: int
    lost: int
    mean: float | None
    spread: float | None


class Matrix(NamedTuple):
    """The labels of rows and columns, and a cell for each pair; of runs that no combination asks for there are none."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], Cell]


def axes_of(answer: SweepAnswer) -> list[str]:
    """What a sweep varies: the names that a matrix can have across and down."""
    varied = list(answer["rows"][0]["varied"]) if answer["rows"] else []
    return ["network", "data", "recipe", *varied, SEED]


def usual_axes(answer: SweepAnswer) -> tuple[str, str]:
    """Down the networks; across what else has more than one value, or the seeds."""
    several = [name for name in axes_of(answer)[1:-1] if len({_label(row, name) for row in answer["rows"]}) > 1]
    return "network", several[0] if several else SEED


def sweep_matrix(answer: SweepAnswer, down: str, across: str) -> Matrix:
    """The cells of two axes; raises RunError for an axis that the sweep does not have."""
    axes = axes_of(answer)
    require_known("axis of the sweep", down, axes)
    require_known("axis of the sweep", across, axes)
    values: dict[tuple[str, str], list[float | None]] = {}
    counts: dict[tuple[str, str], int] = {}
    for row in answer["rows"]:
        for seed in answer["seeds"]:
            place = _place(row, seed, down, across)
            counts[place] = counts.get(place, 0) + 1
        for run in row["runs"]:
            values.setdefault(_place(row, run["seed"], down, across), []).append(run["value"])
    cells = {place: _cell(of, values.get(place, [])) for place, of in counts.items()}
    rows, columns = (tuple(dict.fromkeys(place[side] for place in counts)) for side in (0, 1))
    return Matrix(rows, columns, cells)


def _place(row: SweepRow, seed: int, down: str, across: str) -> tuple[str, str]:
    labels = [str(seed) if name == SEED else _label(row, name) for name in (down, across)]
    return labels[0], labels[1]


def _label(row: SweepRow, name: str) -> str:
    fields = {"network": row["network"], "data": row["data"], "recipe": row["recipe"], **row["varied"]}
    return fields[name]


def _cell(of: int, values: Sequence[float | None]) -> Cell:
    known = [value for value in values if value is not None]
    spread = stdev(known) if len(known) > 1 else None
    return Cell(of, len(values), len(values) - len(known), mean(known) if known else None, spread)

"""What the verbs about sweeps answer, as JSON: how far a sweep is, and a row for each network and setting."""

from collections.abc import Mapping, Sequence
from statistics import mean, stdev
from typing import Any, TypedDict

from resnet_explorer.runs.analysis_results import Results
from resnet_explorer.runs.run_folder import SHORT, Job
from resnet_explorer.runs.sweep import Cell, Sweep
from resnet_explorer.studies.statistics import paired_interval, paired_p

# of each measure its words, the number of a run, and how it is shown
MEASURES: Mapping[str, tuple[str, str]] = {
    "accuracy": ("share right on held-out images", "test_accuracy"),
    "test_loss": ("loss on held-out images", "test_loss"),
    "loss": ("training loss at the end", "loss"),
    "seconds": ("seconds of training", "seconds"),
}


class SweepRun(TypedDict):
    """One run of a sweep that has ended; `value` is None where it came to nothing, and `reason` says why."""

    run: str
    seed: int
    state: str
    reason: str
    value: float | None


class Difference(TypedDict):
    """How far a row is above another on the same seeds, with the ends of its 95 % t interval and its p value."""

    against: str
    seeds: int
    mean: float
    low: float | None
    high: float | None
    p: float


class SweepRow(TypedDict):
    """A network under one data set, recipe and settings: what its seeds came to; `lost` came to nothing."""

    network: str
    data: str
    recipe: str
    varied: dict[str, str]
    runs: list[SweepRun]
    of: int
    lost: int
    mean: float | None
    spread: float | None
    low: float | None
    high: float | None
    difference: Difference | None


class SweepAnswer(TypedDict):
    """A sweep: where it stands, how many of its runs have ended, seconds to go as earlier runs say, and its rows."""

    run: str
    short: str
    title: str
    state: str
    reason: str
    mine: bool
    done: int
    of: int
    remaining: float | None
    measure: str
    words: str
    seeds: list[int]
    rows: list[SweepRow]


def sweep_answer(job: Job, known: Results, measure: str, remaining: float | None, mine: bool) -> SweepAnswer:
    """What a sweep knows now, by one measure."""
    sweep = Sweep.from_json(job.what["request"])
    words, number = MEASURES[measure]
    runs: dict[Cell, list[SweepRun]] = {cell: [] for cell in sweep.cells}
    for place, cell, _ in sweep.runs():
        if values := known.values.get(place):
            runs[cell].append(_run(values, number))
    return SweepAnswer(
        run=job.run,
        short=job.run[:SHORT],
        title=sweep.title,
        state=known.progress.state,
        reason=known.progress.reason,
        mine=mine,
        done=sum(map(len, runs.values())),
        of=len(sweep.cells) * len(sweep.seeds),
        remaining=remaining,
        measure=measure,
        words=words,
        seeds=list(sweep.seeds),
        rows=[_row(sweep, cell, runs) for cell in sweep.cells],
    )


def _run(values: Mapping[str, Any], number: str) -> SweepRun:
    """A number that is not finite is none: a run that diverged has no accuracy that could be averaged."""
    value = values[number]
    fine = values["state"] == "finished" and isinstance(value, int | float)
    return SweepRun(
        run=values["run"],
        seed=values["seed"],
        state=values["state"],
        reason=values["reason"],
        value=float(value) if fine else None,
    )


def _row(sweep: Sweep, cell: Cell, runs: Mapping[Cell, Sequence[SweepRun]]) -> SweepRow:
    values = [run["value"] for run in runs[cell] if run["value"] is not None]
    first = cell._replace(network=sweep.networks[0])
    return SweepRow(
        network=cell.network,
        data=cell.data,
        recipe=cell.recipe,
        varied=dict(cell.varied),
        runs=list(runs[cell]),
        of=len(sweep.seeds),
        lost=len(runs[cell]) - len(values),
        mean=mean(values) if values else None,
        spread=stdev(values) if len(values) > 1 else None,
        low=min(values, default=None),
        high=max(values, default=None),
        difference=_difference(first.network, runs[first], runs[cell]) if first != cell else None,
    )


def _difference(against: str, first: Sequence[SweepRun], other: Sequence[SweepRun]) -> Difference | None:
    """The paired difference on the seeds that both have a number of; None where there is none."""
    known = {run["seed"]: run["value"] for run in first if run["value"] is not None}
    pairs = [run["value"] - known[run["seed"]] for run in other if run["value"] is not None and run["seed"] in known]
    if not pairs:
        return None
    interval = paired_interval(pairs)
    ends = (interval.low, interval.high) if len(pairs) > 1 else (None, None)
    return Difference(
        against=against, seeds=len(pairs), mean=interval.mean, low=ends[0], high=ends[1], p=paired_p(pairs)
    )

"""Runs in a terminal while they train: a bar for each, or lines in a file or a pipe; at the end a table."""

from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from resnet_explorer.api.run_answers import RunAnswer
from resnet_explorer.describe.text_tables import aligned
from resnet_explorer.runs.measures import measure_name

BUSY = ("queued", "preparing", "running")


class ProgressView(Protocol):
    """Shows how far runs are."""

    def show(self, runs: Sequence[RunAnswer]) -> None:
        """Show where the runs stand now."""
        ...

    def close(self) -> None:
        """Leave the terminal to what is printed next."""
        ...


def progress_view() -> ProgressView:
    """Bars for a person at a terminal, lines for a file or a pipe."""
    console = Console(stderr=True)
    return Bars(console) if console.is_terminal else Lines(console)


class Bars:
    """A bar for each run."""

    def __init__(self, console: Console) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(24), MofNCompleteColumn(), TimeRemainingColumn())
        self.progress = Progress(*columns, TextColumn("{task.fields[now]}"), console=console)
        self.tasks: dict[str, TaskID] = {}
        self.progress.start()

    def show(self, runs: Sequence[RunAnswer]) -> None:
        for run in runs:
            if run["run"] not in self.tasks:
                self.tasks[run["run"]] = self.progress.add_task(_title(run), total=None, start=False, now="")
            task = self.tasks[run["run"]]
            if run["state"] == "running":
                self.progress.start_task(task)
            self.progress.update(task, completed=run["step"], total=run["steps"] or None, now=_status(run))

    def close(self) -> None:
        self.progress.stop()


class Lines:
    """A line whenever a run changes its state, or was evaluated."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.printed: dict[str, tuple[object, ...]] = {}

    def show(self, runs: Sequence[RunAnswer]) -> None:
        for run in runs:
            # a run that takes turns with others is not news each time
            now = "running" if run["state"] == "queued" and run["step"] else run["state"]
            state = (now, run["test_accuracy"], run["reason"])
            if self.printed.get(run["run"]) != state:
                self.printed[run["run"]] = state
                self.console.print(
                    f"{_title(run)}  step {run['step']} of {run['steps']}  {_status(run)}", markup=False, soft_wrap=True
                )

    def close(self) -> None:
        """Nothing is held open."""


def table(runs: Sequence[RunAnswer]) -> str:
    """A row for each network: mean over its seeds, and the lowest and highest where there are several."""
    lines = dict.fromkeys(run["line"] for run in runs)
    rows = [_row(line, [run for run in runs if run["line"] == line]) for line in lines]
    measure = measure_name(run["data"] for run in runs)
    header = ["network", "seeds", f"test {measure}", "lowest to highest", "training loss", "seconds", "state"]
    # one seed has no spread
    columns = [column for column in range(len(header)) if any(row[column] for row in rows)]
    return aligned([header[column] for column in columns], [[row[column] for column in columns] for row in rows])


def _row(line: str, runs: Sequence[RunAnswer]) -> list[str]:
    tests = _numbers(run["test_accuracy"] for run in runs)
    losses = _numbers(run["loss"] for run in runs)
    seconds = _numbers(run["seconds"] for run in runs)
    states = dict.fromkeys(f"{run['state']}: {run['reason']}" if run["reason"] else run["state"] for run in runs)
    return [
        line,
        ", ".join(str(run["seed"]) for run in runs),
        f"{fmean(tests):.3f}" if tests else "",
        f"{min(tests):.3f} to {max(tests):.3f}" if len(tests) > 1 else "",
        f"{fmean(losses):.3f}" if losses else "",
        f"{fmean(seconds):.1f}" if seconds else "",
        "; ".join(states),
    ]


def _numbers(values: Iterable[float | str | None]) -> list[float]:
    return [float(value) for value in values if value is not None]


def _title(run: RunAnswer) -> str:
    return f"{run['short']} {run['analysis'] or run['line']}" + ("" if run["analysis"] else f" seed {run['seed']}")


def _status(run: RunAnswer) -> str:
    """What a run is doing now, in a few words."""
    if run["state"] == "preparing":
        return f"{run['preparing']} {run['done']:,} of {run['of']:,}" if run["of"] else run["preparing"]
    if run["state"] == "queued":
        place = f"waits{' its turn' if run['step'] else ''}, place {run['position']}" if run["position"] else "waits"
        return f"{place}: {run['waiting']}" if run["waiting"] else place
    if run["reason"]:
        return f"{run['state']}: {run['reason']}"
    parts = [
        f"loss {float(run['loss']):.3f}" if run["loss"] is not None else "",
        f"test {run['measure']} {float(run['test_accuracy']):.3f}" if run["test_accuracy"] is not None else "",
        f"{float(run['rate']):,.0f} images/s" if run["rate"] is not None and run["state"] == "running" else "",
        run["state"] if run["state"] not in BUSY else "",
    ]
    return "  ".join(part for part in parts if part)

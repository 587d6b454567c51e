"""A sweep as a run: it asks for its trainings, takes those that are there, and says of each what came out.

It computes nothing itself, so it starts from the beginning each time; what it asked for earlier is there.
"""

import platform
from collections.abc import Generator, Mapping
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from resnet_explorer.runs.commit import program_commit
from resnet_explorer.runs.event_json import to_json
from resnet_explorer.runs.events import Computed, Concluded, Event, Finished, Started
from resnet_explorer.runs.progress import Progress
from resnet_explorer.runs.run_folder import SWEEP, Job
from resnet_explorer.runs.sweep import Cell, Sweep
from resnet_explorer.studies.child_runs import ChildRuns, training_job

# seconds between two looks at the runs
PAUSE = 0.2
MEASURED = ("test_accuracy", "test_loss", "loss", "accuracy", "seconds")


def sweep_job(sweep: Sweep, classes: Mapping[str, int], owner: str = "") -> Job:
    """The job of a sweep, with the texts that lists show and search; `classes` are those of folders of images."""
    what = {
        "line": sweep.title or f"{len(sweep.cells)} networks and settings",
        "data": sweep.data[0],
        "recipe": sweep.recipes[0],
        "settings": dict(sweep.settings),
        "commit": program_commit(),
        "classes": dict(classes),
        "request": sweep.to_json(),
    }
    return Job(sweep.id, SWEEP, what, owner, sweep.id)


def sweep(job: Job, home: Path, at_once: int) -> Generator[Event | None, None, None]:
    """The events of a sweep until all its runs have ended; None between them while they are at work."""
    request = Sweep.from_json(job.what["request"])
    yield Started(0, 0, versions={"python": platform.python_version()})
    waiting = [(number, seed, _training(request, cell, seed, job)) for number, cell, seed in request.runs()]
    of, begun, live = len(waiting), monotonic(), dict[int, tuple[int, Job]]()
    ended: dict[int, Progress] = {}
    with ChildRuns(home) as runs:
        while waiting or live:
            while waiting and runs.live < max(1, at_once):
                number, seed, training = waiting.pop(0)
                runs.ask(training)
                live[number] = seed, training
            news = {number: now for number, (_, each) in live.items() if (now := runs.ended(each.run))}
            for number, now in news.items():
                seed, training = live.pop(number)
                ended[number] = now
                yield Computed(len(ended), of, monotonic() - begun, number, row_values(training, seed, now))
            if not news:
                yield None
                if not runs.poll():
                    sleep(PAUSE)
    yield Concluded((_conclusion(ended),))
    yield Finished(of, monotonic() - begun)


def row_values(training: Job, seed: int, now: Progress) -> dict[str, Any]:
    """What is known of a run that has ended, by plain names."""
    measured = {name: to_json(getattr(now, name)) for name in MEASURED}
    return {"run": training.run, "seed": seed, "state": now.state, "reason": now.reason, **measured}


def _training(sweep: Sweep, cell: Cell, seed: int, job: Job) -> Job:
    experiment = sweep.experiment(cell, seed, job.what["classes"].get(cell.data, 0))
    settings = sweep.settings_of(cell)
    return training_job(cell.network, cell.data, cell.recipe, settings, experiment, job.owner, job.run)


def _conclusion(ended: dict[int, Progress]) -> str:
    failed = sum(now.state != "finished" for now in ended.values())
    return f"{len(ended)} runs have ended, {failed} of them without a result."

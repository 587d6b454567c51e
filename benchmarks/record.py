"""Train what comes with the program as recorded runs, and pack it.

python -m benchmarks.record --data imagefolder:PATH

Real runs on this machine, by the same worker processes as any other; nothing is chosen among them or bent.
"""

import argparse
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from resnet_explorer.api.runs import Runs
from resnet_explorer.executors.local import Local
from resnet_explorer.executors.supervisor import Supervisor
from resnet_explorer.language.orderings import ORDERINGS
from resnet_explorer.runs.bundled import BUNDLED_DIR, Provenance, record
from resnet_explorer.runs.commit import program_commit
from resnet_explorer.runs.datasets import FOLDER
from resnet_explorer.runs.events import ENDED, Record, Started
from resnet_explorer.runs.run_folder import Job, RunFolder

PAUSE = 0.5
# depth, seeds, orderings, and what differs from the recipe
SETS: tuple[tuple[int, Sequence[int], Sequence[str], Mapping[str, str]], ...] = (
    (20, (0, 1, 2), tuple(ORDERINGS), {}),
    (56, (0, 1, 2), tuple(ORDERINGS), {}),
    (110, (0,), tuple(ORDERINGS), {}),
    (164, (0,), tuple(ORDERINGS), {}),
    (1202, (0,), ("original", "full-preactivation"), {"steps": "60", "warmup": "6", "evaluate": "30"}),
)


def main() -> None:
    """Train the sets that are asked for, and pack those that ended."""
    arguments = _arguments()
    home = Path(arguments.home).absolute()
    started_from = program_commit()
    with Supervisor(home, Local()):
        runs = Runs(home)
        run_ids = [
            run
            for runs_of_depth in SETS
            if runs_of_depth[0] in arguments.depths
            for run in _launch(runs, runs_of_depth, arguments.data)
        ]
        while live := [run for run in run_ids if runs.reader.show(run)["run"]["state"] not in ENDED]:
            print(f"{len(run_ids) - len(live)} of {len(run_ids)} runs have ended", flush=True)
            time.sleep(PAUSE * 10)
    for run in run_ids:
        pack_run(RunFolder(home / "runs" / run), started_from, arguments.note)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="shapes")
    parser.add_argument("--home", default="recording", help="a folder for the runs while they train")
    parser.add_argument("--note", default="", help="what a reader should know of the data")
    parser.add_argument("--depths", type=int, nargs="+", default=[depth for depth, *_ in SETS])
    return parser.parse_args()


def _launch(
    runs: Runs, runs_of_depth: tuple[int, Sequence[int], Sequence[str], Mapping[str, str]], data: str
) -> list[str]:
    depth, seeds, orderings, settings = runs_of_depth
    lines = [f"cifar-basic-{depth}:{ordering}" for ordering in orderings]
    slots = [list(ORDERINGS).index(ordering) for ordering in orderings]
    launched = runs.train(lines, data, "short", list(seeds), {"test": "2000", **settings}, slots=slots)
    return [run["run"] for run in launched["runs"]]


def pack_run(
    folder: RunFolder,
    started_from: str,
    note: str,
    out: Path = BUNDLED_DIR,
    chosen: Callable[[Sequence[Record]], Sequence[Record]] = tuple,
    group: str = "",
) -> None:
    """Write a run, or those of its records that are chosen, as a file that comes with the program."""
    job = folder.job()
    records = [_rename_data(one) for one in chosen(folder.records()[0])]
    started = next(one.event for one in records if isinstance(one.event, Started))
    day = datetime.fromtimestamp(records[-1].time / 1000, UTC).date().isoformat()
    label = Provenance(day, f"{started.hardware}, {started.device}", started_from, note)
    made = record(out, label, _without_paths(replace(job, group=group or job.group)), records)
    print(f"{made.run[:6]} {records[-1].kind}, {made.path.stat().st_size:,} bytes")


def _without_paths(job: Job) -> Job:
    """A folder by its last name: where it was on the machine is nobody's business."""
    what = dict(job.what)
    name, _, path = what["data"].partition(":")
    if name == FOLDER:
        what["data"] = f"{FOLDER}:{Path(path).name}"
        data = what["experiment"]["data"] | {"path": Path(path).name}
        what["experiment"] = what["experiment"] | {"data": data}
    return replace(job, what=what, owner="")


def _rename_data(record: Record) -> Record:
    event = record.event
    if not isinstance(event, Started) or not event.data.startswith(FOLDER):
        return record
    return record._replace(event=replace(event, data=f"{FOLDER}:{Path(event.data.partition(':')[2]).name}"))


if __name__ == "__main__":
    main()

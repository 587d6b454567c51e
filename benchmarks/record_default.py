"""Train what the page trains when nothing is changed, with ten seeds, and pack the first three.

python -m benchmarks.record_default --home recording

The ten seeds say whether the recipe tells the lanes apart: their accuracies go to results/default.json. A home that has
some of the runs already goes on with them.
"""

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

from benchmarks.record import pack_run
from resnet_explorer.api.run_answers import RunAnswer
from resnet_explorer.api.runs import Runs
from resnet_explorer.executors.local import Local
from resnet_explorer.executors.supervisor import Supervisor
from resnet_explorer.language.orderings import ORDERINGS
from resnet_explorer.runs.commit import program_commit
from resnet_explorer.runs.events import ENDED
from resnet_explorer.runs.run_folder import RunFolder

DEPTH, DATA, RECIPE = 56, "shapes", "steady"
PACKED = range(3)
PAUSE = 5.0
OUT = Path(__file__).parent / "results" / "default.json"


def main() -> None:
    """Train what is not there yet, seed by seed, write the accuracies after each, and pack the first seeds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", default="recording", help="a folder for the runs while they train")
    parser.add_argument("--seeds", type=int, default=10, help="how many are trained; the first three are packed")
    options = parser.parse_args()
    home = Path(options.home).absolute()
    started_from = program_commit()
    with Supervisor(home, Local()):
        runs = Runs(home)
        for seed in range(options.seeds):
            _train_missing(runs, seed)
            done = _own(runs)
            OUT.write_text(json.dumps(_summary(done, started_from), indent=1) + "\n")
            print(f"seed {seed} is there", flush=True)
    for run in done:
        if run["seed"] in PACKED:
            pack_run(RunFolder(home / "runs" / run["run"]), started_from, "", group=done[0]["group"])


def _own(runs: Runs) -> list[RunAnswer]:
    return [run for run in runs.reader.runs(limit=200)["runs"] if not run["recorded"] and run["recipe"] == RECIPE]


def _train_missing(runs: Runs, seed: int) -> None:
    """Train the lanes that have no run with this seed yet, and wait for them."""
    there = {run["line"] for run in _own(runs) if run["seed"] == seed}
    lines = {f"cifar-basic-{DEPTH}:{ordering}": slot for slot, ordering in enumerate(ORDERINGS)}
    missing = {line: slot for line, slot in lines.items() if line not in there}
    if missing:
        runs.train(list(missing), DATA, RECIPE, [seed], slots=list(missing.values()))
    time.sleep(PAUSE)
    while any(run["state"] not in ENDED for run in _own(runs)):
        time.sleep(PAUSE)


def _summary(own: Sequence[RunAnswer], commit: str) -> dict[str, object]:
    """The share right of each lane by seed, lowest and highest, and on what machine."""
    lanes = {}
    for line in dict.fromkeys(run["line"] for run in sorted(own, key=lambda run: run["slot"])):
        reached = {run["seed"]: run["test_accuracy"] for run in own if run["line"] == line}
        values = [reached[seed] for seed in sorted(reached) if reached[seed] is not None]
        known = [float(value) for value in values if value is not None]
        lanes[line] = {"by_seed": values, "mean": fmean(known), "lowest": min(known), "highest": max(known)}
    return {"recipe": RECIPE, "data": DATA, "commit": commit, "hardware": own[0]["hardware"], "lanes": lanes}


if __name__ == "__main__":
    main()

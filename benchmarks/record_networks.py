"""Train the networks that come with the program with their weights, and pack them: make record-networks.

Real runs on this machine, by the same worker processes as any other, two at a time; each is packed when it ends, and
those that are packed already are left, so that ending it early loses nothing that was made.
"""

import argparse
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import torch

from resnet_explorer.api.runs import Runs
from resnet_explorer.executors.local import Local
from resnet_explorer.executors.supervisor import Supervisor
from resnet_explorer.language.orderings import ORDERINGS
from resnet_explorer.runs.bundled import Provenance
from resnet_explorer.runs.commit import program_commit
from resnet_explorer.runs.events import ENDED, Started
from resnet_explorer.runs.experiment import Experiment
from resnet_explorer.runs.recorded_networks import NETWORKS_DIR, RECIPE, RecordedNetwork, checksum, file_name
from resnet_explorer.runs.run_folder import RunFolder
from resnet_explorer.training import checkpoint, packed_weights
from resnet_explorer.training.data.images import Images
from resnet_explorer.training.data.normalise import normaliser_for
from resnet_explorer.training.predictions import CPU, load_present
from resnet_explorer.training.state import build_network

PAUSE, PIECE = 2.0, 500
LINES = (
    *(f"cifar-basic-20:{ordering}" for ordering in ("plain", "full-preactivation")),
    *(f"cifar-basic-56:{ordering}" for ordering in reversed(ORDERINGS)),
)
# how each differs from the recipe
SETTINGS = {"augment": "crop-flip", "warmup": "200", "evaluate": "500", "save": "500", "measure": "0"}
STEPS = {"cifar10": 4000, "shapes": 1000}


def main() -> None:
    """Train and pack what is not packed yet."""
    arguments = _arguments()
    home = Path(arguments.home).absolute()
    settings = {**SETTINGS, "steps": str(arguments.steps or STEPS[arguments.data])}
    lines = [
        line for line in arguments.lines if not (NETWORKS_DIR / f"{file_name(line, arguments.data)}.json").exists()
    ]
    with Supervisor(home, Local()):
        for pair in (lines[at : at + 2] for at in range(0, len(lines), 2)):
            for line, run in _trained(Runs(home), pair, arguments.data, settings):
                origin = Origin(home, NETWORKS_DIR, program_commit(), arguments.note)
                pack_network(line, arguments.data, settings, RunFolder(home / "runs" / run), origin)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="shapes", choices=list(STEPS))
    parser.add_argument("--lines", nargs="+", default=LINES)
    parser.add_argument("--steps", type=int, default=0)
    parser.add_argument("--home", default="recording", help="a folder for the runs while they train")
    parser.add_argument("--note", default="", help="what a reader should know of the data")
    return parser.parse_args()


def _trained(runs: Runs, lines: list[str], data: str, settings: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Each line with its run, when that has finished."""
    launched = runs.train(lines, data, RECIPE, [0], settings)["runs"]
    waiting = {run["run"]: line for line, run in zip(lines, launched, strict=True)}
    while waiting:
        time.sleep(PAUSE)
        for run in list(waiting):
            state = runs.reader.show(run)["run"]["state"]
            if state == "finished":
                yield waiting.pop(run), run
            elif state in ENDED:
                print(f"{waiting.pop(run)} is {state} and not packed", flush=True)


@dataclass(frozen=True)
class Origin:
    """Where the images are, where a network is written, by which commit, and what a reader should know of the data."""

    home: Path
    out: Path
    commit: str
    note: str


def pack_network(line: str, data: str, settings: dict[str, str], folder: RunFolder, origin: Origin) -> None:
    """Write the weights, and beside them what was trained and how well it does as it is kept."""
    records = folder.records()[0]
    started = next(one.event for one in records if isinstance(one.event, Started))
    experiment = Experiment.from_json(json.dumps(folder.job().what["experiment"]))
    saved = checkpoint.load_step(folder.path, experiment.id, 0)
    path = origin.out / f"{file_name(line, data)}.npz"
    packed_weights.write(path, saved.state["average"] or saved.state["net"])
    accuracy, images = _accuracy(experiment, path, origin.home)
    day = datetime.fromtimestamp(records[-1].time / 1000, UTC).date().isoformat()
    provenance = Provenance(day, f"{started.hardware}, {started.device}", origin.commit, origin.note)
    recorded = RecordedNetwork(
        line, data, settings, experiment.seed, saved.step, accuracy, images, provenance, checksum(path)
    )
    path.with_suffix(".json").write_text(recorded.to_json())
    print(f"{line} {recorded.words}, {path.stat().st_size:,} bytes", flush=True)


@torch.no_grad()
def _accuracy(experiment: Experiment, path: Path, home: Path) -> tuple[float, int]:
    """The share of all held-out images that is right, with the weights as they are kept."""
    loaded = load_present(experiment, home)
    net = build_network(experiment, CPU)
    net.load_state_dict(packed_weights.read(path))
    normaliser = normaliser_for(loaded.train.pixels, experiment.data.normalise)
    pieces: list[Images] = [loaded.test.part(slice(at, at + PIECE)) for at in range(0, len(loaded.test.labels), PIECE)]
    right = sum(int((net.eval()(normaliser(one.pixels)).argmax(1) == one.labels).sum()) for one in pieces)
    return right / len(loaded.test.labels), len(loaded.test.labels)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()

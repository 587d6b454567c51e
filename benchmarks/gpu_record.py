"""Record on a GPU what comes with the program: trained networks, and the runs of the papers' orderings.

python -m benchmarks.gpu_record --home DIR --out DIR [--seconds 560] [--runs 12] [--commit C] [--note TEXT]

By the same worker processes as any run, many at once on the one GPU, the sets in this order until the time is over;
what has ended by then is packed below OUT. A run's file keeps its first and last steps and each KEPTth between, or it
would be a hundred times as large as its picture needs; what is told of all its steps is in runs.json.
"""

import argparse
import json
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean

from benchmarks.record import pack_run
from benchmarks.record_networks import LINES, SETTINGS, Origin, pack_network
from resnet_explorer.api.runs import Runs
from resnet_explorer.executors.local import Local
from resnet_explorer.executors.supervisor import Supervisor
from resnet_explorer.executors.turns import TurnLength
from resnet_explorer.language.orderings import ORDERINGS
from resnet_explorer.runs.events import ENDED, Evaluated, Record, Stepped, state_of
from resnet_explorer.runs.run_folder import RunFolder

PAUSE = 0.5
KEPT, ENDS = 40, 50
# the loss of chance, and of a run that broke
CHANCE = math.log(10)
SHORTENED = {"steps": "4000", "milestones": "2000/3000", "evaluate": "500", "save": "0", "measure": "80"}


@dataclass(frozen=True)
class RunSet:
    """Runs that are launched together; networks are kept with their weights, others as curves."""

    lines: Sequence[str]
    data: str
    recipe: str
    seeds: Sequence[int]
    settings: Mapping[str, str]
    networks: bool = False


def sets() -> Iterator[RunSet]:
    """In the order of their worth: what is cut off at the end is missed least."""
    for data, steps in (("cifar10", "8000"), ("shapes", "2000")):
        yield RunSet(LINES, data, "short", (0,), {**SETTINGS, "steps": steps}, networks=True)
    for seed in range(100, 108):
        for depth in (110, 20, 56):
            lines = [f"cifar-basic-{depth}:{ordering}" for ordering in ORDERINGS]
            yield RunSet(lines, "cifar10", "he2015", (seed,), SHORTENED)


@dataclass
class Recording:
    """The runs of a home that are to be packed, by id, and what is known of those that are."""

    runs: Runs
    out: Path
    commit: str
    note: str
    waiting: dict[str, tuple[str, RunSet]] = field(default_factory=dict)
    rows: list[dict[str, object]] = field(default_factory=list)
    groups: dict[str, str] = field(default_factory=dict)

    def launch(self, chosen: RunSet) -> None:
        slots = [list(ORDERINGS).index(line.split(":")[1]) for line in chosen.lines]
        launched = self.runs.train(
            list(chosen.lines), chosen.data, chosen.recipe, list(chosen.seeds), dict(chosen.settings), slots=slots
        )
        lines = [line for _ in chosen.seeds for line in chosen.lines]
        self.waiting |= {run["run"]: (line, chosen) for line, run in zip(lines, launched["runs"], strict=True)}

    def pack_ended(self) -> None:
        for run in [run for run in self.waiting if self._state(run) in ENDED]:
            line, chosen = self.waiting.pop(run)
            self._pack(line, chosen, RunFolder(self.runs.home / "runs" / run))
            (self.out / "runs.json").write_text(json.dumps(self.rows, indent=1) + "\n")

    def _state(self, run: str) -> str:
        return str(self.runs.reader.show(run)["run"]["state"])

    def _pack(self, line: str, chosen: RunSet, folder: RunFolder) -> None:
        records = folder.records()[0]
        state = state_of(records)
        what = folder.job().what
        seed = what["experiment"].get("seed", 0)
        row = {"line": line, "data": chosen.data, "recipe": chosen.recipe, "seed": seed, "run": folder.run}
        self.rows.append(row | {"state": state} | dict(what["settings"]) | summarise(records))
        print(json.dumps(self.rows[-1]), flush=True)
        if chosen.networks and state == "finished":
            origin = Origin(self.runs.home, self.out / "networks", self.commit, self.note)
            pack_network(line, chosen.data, dict(chosen.settings), folder, origin)
        elif state == "finished":
            # the seeds of a depth are shown together
            depth = line.split(":")[0]
            group = self.groups.setdefault(depth, folder.job().group)
            pack_run(folder, self.commit, self.note, self.out / "recorded", thinned, group)


def summarise(records: Sequence[Record]) -> dict[str, float | None]:
    """What a run came to, of all steps that it reported: a loss that is not finite counts as chance."""
    steps = [one.event for one in records if isinstance(one.event, Stepped)]
    looks = [one.event for one in records if isinstance(one.event, Evaluated)]
    if not steps:
        return {}
    losses = [min(one.loss, CHANCE) if math.isfinite(one.loss) else CHANCE for one in steps]
    last = [loss for one, loss in zip(steps, losses, strict=True) if one.step > steps[-1].step - ENDS]
    return {
        "last_loss": mean(last),
        "mean_loss": mean(losses),
        "train_error": 100 - 100 * mean(one.accuracy for one in steps if one.step > steps[-1].step - 10 * ENDS),
        "test_error": 100 - 100 * looks[-1].accuracy if looks else None,
        "seconds": steps[-1].seconds,
    }


def thinned(records: Sequence[Record]) -> list[Record]:
    """The records but for most of the steps between the first and the last ones."""
    last = max((one.event.step for one in records if isinstance(one.event, Stepped)), default=0)
    return [one for one in records if not isinstance(one.event, Stepped) or _kept(one.event.step, last)]


def _kept(step: int, last: int) -> bool:
    return step <= ENDS or step > last - ENDS or step % KEPT == 0


def main() -> None:
    """Launch set after set while slots are free, pack what ends, and stop in time."""
    arguments = _arguments()
    end = time.monotonic() + arguments.seconds
    home, out = Path(arguments.home).absolute(), Path(arguments.out)
    out.mkdir(parents=True, exist_ok=True)
    executor = Local(slots=arguments.runs)
    with Supervisor(home, executor, turn=TurnLength(seconds=1e9)):
        recording = Recording(Runs(home), out, arguments.commit, arguments.note)
        to_launch = sets()
        while time.monotonic() < end:
            # a few more than there are slots, so that no slot is ever empty
            if len(recording.waiting) < arguments.runs + 2:
                chosen = next(to_launch, None)
                if chosen is None:
                    break
                recording.launch(chosen)
            recording.pack_ended()
            time.sleep(PAUSE)
        wait(recording, end - time.monotonic())
    recording.pack_ended()
    print(f"{len(recording.rows)} packed, {len(recording.waiting)} left", flush=True)


def wait(recording: Recording, seconds: float) -> None:
    """Pack what ends until nothing is left, or the time is over."""
    end = time.monotonic() + seconds
    while recording.waiting and time.monotonic() < end:
        recording.pack_ended()
        time.sleep(PAUSE)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", required=True, help="a folder for the runs while they train")
    parser.add_argument("--out", required=True, help="a folder for what is packed")
    parser.add_argument("--seconds", type=float, default=560.0)
    parser.add_argument("--runs", type=int, default=12, help="so many at once")
    parser.add_argument("--commit", default="", help="where there is no git to say it")
    parser.add_argument("--note", default="", help="what a reader should know of the data")
    return parser.parse_args()


if __name__ == "__main__":
    main()

"""How many runs are trained on one GPU at once: what was measured there decides, within the GPU's memory."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

from resnet_explorer.errors import RunError

PER_GPU, MAX_PER_GPU = "RESNET_EXPLORER_PER_GPU", 64
FILE = "sharing.json"
# more workers are not worth what they gain beyond this part of the best
GOOD_ENOUGH = 0.95
# bytes that a process takes on a GPU before its first tensor, with the kernels and workspaces of torch; a guess above
# what is usually seen
CONTEXT_BYTES = 1 << 30


class Gpu(NamedTuple):
    """A GPU by its product's name, and the bytes of its memory; 0 where they are not known."""

    name: str
    memory: int


class Share(NamedTuple):
    """How many runs have each GPU, and a sentence that says why; none on a processor, whose slots are its cores."""

    runs: int
    reason: str


@dataclass(frozen=True)
class Measurement:
    """Steps a second of all workers together, by their number on one device, and the bytes that each took there."""

    device: str
    curve: Mapping[int, float]
    run_bytes: int
    date: str
    torch: str
    commit: str

    @property
    def gains(self) -> dict[int, float]:
        """How many times the steps of one worker there are, by the number of workers; empty without that of one."""
        alone = self.curve.get(1, 0.0)
        return {workers: rate / alone for workers, rate in self.curve.items()} if alone > 0 else {}


@dataclass(frozen=True)
class Sharing:
    """What a home says about it: what was measured, and a number that comes before it; 0: none."""

    measurement: Measurement | None = None
    fixed: int = 0

    def share(self, gpus: Sequence[Gpu]) -> Share:
        """The runs that each of these GPUs has at once."""
        measured = self.measurement
        if not gpus:
            return Share(1, "")
        if self.fixed:
            return Share(self.fixed, f"{_runs(self.fixed)}, as {PER_GPU} says")
        if len(gpus) > 1:
            # a run of several GPUs has to find a free slot on each
            return Share(1, f"{_runs(1)}, as there are several GPUs")
        if measured is None:
            return Share(1, f"{_runs(1)}: what sharing gains was not measured")
        if measured.device != gpus[0].name:
            return Share(1, f"{_runs(1)}: what sharing gains was measured on {measured.device}")
        runs = workers_on_one_gpu(measured.curve, measured.run_bytes, gpus[0].memory)
        gain = measured.gains.get(runs)
        times = f"{gain:.1f} times the steps of one, " if gain and runs > 1 else ""
        return Share(runs, f"{_runs(runs)}: {times}measured {measured.date}")


def workers_on_one_gpu(curve: Mapping[int, float], run_bytes: int, memory: int) -> int:
    """The smallest number whose throughput is nearly the best of those that the memory allows; else one."""
    allowed = {workers: rate for workers, rate in curve.items() if workers == 1 or workers * run_bytes <= memory}
    best = max(allowed.values(), default=0.0)
    return min((workers for workers, rate in allowed.items() if rate >= GOOD_ENOUGH * best), default=1)


def slot_names(gpus: int, each: int, slots: int = 0) -> list[str]:
    """A name for each run that has a GPU, different GPUs first; `slots` of them where that is not 0."""
    return [f"cuda:{number % gpus}#{number}" for number in range(slots or gpus * each)]


def read_sharing(variables: Mapping[str, str], home: Path) -> Sharing:
    """What the variables and the home say; a measurement that cannot be read is none. Raises RunError for no number."""
    return Sharing(_read_measurement(home / FILE), _fixed(variables.get(PER_GPU, "")))


def write_measurement(home: Path, measurement: Measurement) -> Path:
    """Keep it in the home for the executors that are started after it, instead of an earlier one."""
    path, draft = home / FILE, home / f"{FILE}.draft"
    home.mkdir(parents=True, exist_ok=True)
    draft.write_text(json.dumps(asdict(measurement), indent=2) + "\n")
    draft.replace(path)
    return path


def _read_measurement(path: Path) -> Measurement | None:
    """The measurement in a file; None where there is none, or it is damaged."""
    try:
        fields = json.loads(path.read_text())
        curve = {int(workers): float(rate) for workers, rate in fields["curve"].items()}
        texts = [str(fields[name]) for name in ("device", "date", "torch", "commit")]
        if not all(1 <= workers <= MAX_PER_GPU for workers in curve):
            return None
        return Measurement(texts[0], curve, int(fields["run_bytes"]), *texts[1:])
    except (OSError, ValueError, TypeError, LookupError, AttributeError):
        return None


def _fixed(text: str) -> int:
    if not text:
        return 0
    if not text.isdecimal() or not 1 <= int(text) <= MAX_PER_GPU:
        raise RunError(f"{PER_GPU} is a whole number from 1 to {MAX_PER_GPU}, not {text[:40]!r}")
    return int(text)


def _runs(count: int) -> str:
    return "one run has it" if count == 1 else f"{count} runs share it"

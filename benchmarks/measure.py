"""Timing side by side: the candidates take turns, so that a machine that drifts drifts for all of them."""

import gc
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median

TURN = 0.05
RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Ratio:
    """Ours against another way, from one interleaved run: medians in seconds, and the spread of the pairs' ratios."""

    what: str
    against: str
    ours: float
    other: float
    ratio: float
    low: float
    high: float
    runs: int
    goal: str = ""

    def line(self) -> str:
        goal = f"; goal {self.goal}" if self.goal else ""
        return (
            f"{self.what}: {self.ratio:.4g} x the time of {self.against} [{self.low:.4g}, {self.high:.4g}], "
            f"so {1 / self.ratio:.4g} times as fast; {_seconds(self.ours)} against {_seconds(self.other)}, "
            f"medians of {self.runs}{goal}"
        )


@dataclass(frozen=True)
class Value:
    """A measured number that stands for itself: median, lowest and highest of so many."""

    what: str
    unit: str
    value: float
    low: float
    high: float
    runs: int
    goal: str = ""

    def line(self) -> str:
        goal = f"; goal {self.goal}" if self.goal else ""
        return f"{self.what}: {self.value:.4g} {self.unit} [{self.low:.4g}, {self.high:.4g}], of {self.runs}{goal}"


def value(what: str, unit: str, numbers: Sequence[float], goal: str = "") -> Value:
    """The median of what was measured."""
    return Value(what, unit, median(numbers), min(numbers), max(numbers), len(numbers), goal)


def interleaved(candidates: dict[str, Callable[[], object]], runs: int, warm: int = 1) -> dict[str, list[float]]:
    """Seconds of each candidate in each round, after rounds that do not count.

    As timeit does, a quick candidate is repeated within its turn, so that it is timed warm; what one
    leaves behind is collected before the next, so that nobody pays for another's garbage but all for their own.
    """
    times: dict[str, list[float]] = {name: [] for name in candidates}
    repeats = dict.fromkeys(candidates, 1)
    for count in range(runs + warm):
        for name, run in candidates.items():
            seconds = _turn(run, repeats[name])
            if count >= warm:
                times[name].append(seconds)
            repeats[name] = max(1, min(1000, round(TURN / seconds)))
    return times


def _turn(run: Callable[[], object], repeats: int) -> float:
    gc.collect()
    start = time.perf_counter()
    for _ in range(repeats):
        run()
    return (time.perf_counter() - start) / repeats


def ratios(what: str, times: dict[str, list[float]], goals: dict[str, str] | None = None) -> list[Ratio]:
    """The first candidate against each of the others."""
    (_, ours), *others = times.items()
    compared = []
    for name, theirs in others:
        pairs = sorted(a / b for a, b in zip(ours, theirs, strict=True))
        medians = median(ours), median(theirs)
        compared.append(
            Ratio(what, name, *medians, median(pairs), pairs[0], pairs[-1], len(pairs), (goals or {}).get(name, ""))
        )
    return compared


def report(name: str, ratios: Sequence[Ratio], values: Sequence[Value] = ()) -> None:
    """Print what was measured, and write it with the machine, the versions and the commit."""
    for line in [ratio.line() for ratio in ratios] + [value.line() for value in values]:
        print(line, flush=True)
    RESULTS.mkdir(exist_ok=True)
    record: dict[str, object] = {"machine": machine(), "commit": commit()}
    record["ratios"] = [asdict(ratio) for ratio in ratios]
    if values:
        record["values"] = [asdict(value) for value in values]
    (RESULTS / f"{name}.json").write_text(json.dumps(record, indent=1) + "\n")


def machine() -> dict[str, str]:
    """The processor, its load, and the versions of what is installed."""
    model = next(
        (line.split(":")[1].strip() for line in _cpuinfo() if line.startswith("model name")), platform.machine()
    )
    packages = {name: _version(name) for name in ("torch", "torchvision", "torchinfo")}
    load = f"{os.getloadavg()[0]:.1f} before"
    return {"cpu": model, "cores": str(os.cpu_count()), "load": load, "python": sys.version.split()[0], **packages}


def _cpuinfo() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text().splitlines() if path.exists() else []


def commit() -> str:
    """The commit that is checked out; nothing where there is no git or no history."""
    try:
        shown = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return shown.stdout.strip()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not there"


def _seconds(value: float) -> str:
    return f"{value * 1e3:.3g} ms" if value < 1 else f"{value:.3g} s"

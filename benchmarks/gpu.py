"""All that is measured on a GPU, in one call of less than ten minutes, with no network and nothing but torch.

python -m benchmarks.gpu [--out FILE] [--data imagefolder:PATH] [--minutes 9.3] [--parts NAME ...] [--small]

Every part has its own share of the time and is left out when the whole runs out; one that fails says so and the
others go on. What is known is written after each part, so a call that is cut short leaves its results.
"""

import argparse
import gc
import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path

# as the entry points do, before torch is loaded
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("GOMP_SPINCOUNT", "10000")

import torch

from benchmarks import gpu_epoch, gpu_floor, gpu_levers, gpu_many, gpu_same, gpu_target, gpu_works
from benchmarks.gpu_turns import SMALL, Clock, Row, Rows, Size
from benchmarks.measure import RESULTS, commit, machine

# a part needs so much of its share to begin at all
LEAST = 0.3


@dataclass(frozen=True)
class Part:
    """What is measured, in how many seconds at most."""

    run: Callable[[Size, Clock], Rows]
    seconds: float


@dataclass
class Report:
    """What came of a part."""

    state: str = "skipped"
    note: str = ""
    seconds: float = 0.0
    rows: list[Row] = field(default_factory=list)


def parts(size: Size) -> dict[str, Part]:
    """In this order."""
    epochs = {f"epoch-{depth}": Part(partial(gpu_epoch.part, depth), 50) for depth in size.depths}
    return {
        "works": Part(gpu_works.part, 60),
        "ceilings": Part(gpu_floor.part, 20),
        "same": Part(gpu_same.part, 40),
        **epochs,
        "statistics": Part(gpu_epoch.statistics, 40),
        "orderings": Part(gpu_many.orderings, 70),
        "seeds": Part(gpu_many.seeds, 50),
        "target": Part(gpu_target.part, 150),
        "levers": Part(gpu_levers.part, 40),
        "compile": Part(gpu_levers.through_compiler, 100),
        "kernels": Part(gpu_levers.kernels, 20),
    }


def main() -> None:
    """Measure, print, write."""
    given = _arguments()
    size = replace(SMALL if given.small else Size(), data=given.data)
    if size.device == "cuda" and not torch.cuda.is_available():
        raise SystemExit("no GPU here; --small walks the same paths on a processor")
    chosen = {name: part for name, part in parts(size).items() if name in given.parts or not given.parts}
    measure(chosen, size, given.minutes * 60, Path(given.out), given.commit)


def measure(chosen: dict[str, Part], size: Size, seconds: float, out: Path, version: str = "") -> dict[str, Report]:
    """Every part in turn, and a file that is whole after each."""
    whole = Clock(seconds)
    reports = {name: Report(note="not reached") for name in chosen}
    for name, part in chosen.items():
        _measured(name, part, reports[name], size, whole)
        _write(reports, size, out, version)
        gc.collect()
    return reports


def _measured(name: str, part: Part, report: Report, size: Size, whole: Clock) -> None:
    print(f"\n{name}, {whole.left():.0f} s left", flush=True)
    report.note = _obstacle(name, part, size, whole)
    if report.note:
        print(report.note, flush=True)
        return
    start = time.monotonic()
    try:
        for row in part.run(size, Clock(part.seconds, whole)):
            report.rows.append(row)
            print(row.line(), flush=True)
        report.state = "done"
    except Exception as error:
        report.state, report.note = "failed", f"{type(error).__name__}: {error}"[:2000]
        print(f"failed: {report.note}", flush=True)
    report.seconds = round(time.monotonic() - start, 1)


def _obstacle(name: str, part: Part, size: Size, whole: Clock) -> str:
    if name == "target" and not size.data:
        return "skipped: it needs images, --data imagefolder:PATH"
    if whole.left() < LEAST * part.seconds:
        return f"skipped: {whole.left():.0f} s are left, and it takes up to {part.seconds:.0f} s"
    return ""


def _write(reports: dict[str, Report], size: Size, out: Path, version: str) -> None:
    cuda = size.place.device.type == "cuda"
    # where the images lay on that machine is nobody's business
    values = asdict(replace(size, data=Path(size.data).name))
    record = {
        "machine": machine() | {"device": torch.cuda.get_device_name() if cuda else "processor"},
        "cuda": torch.version.cuda,
        "cudnn": torch.backends.cudnn.version() if cuda else None,  # type: ignore[no-untyped-call]
        "commit": version or commit(),
        "size": values,
        "parts": {name: asdict(report) for name, report in reports.items()},
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(record, indent=1) + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", default=str(RESULTS / "gpu.json"))
    parser.add_argument("--data", default="", help="imagefolder:PATH, of 32 pixels, for the times to an accuracy")
    parser.add_argument("--minutes", type=float, default=9.3)
    parser.add_argument("--parts", nargs="+", default=(), choices=parts(Size("cpu")))
    parser.add_argument("--commit", default="", help="where there is no git to say it")
    parser.add_argument("--small", action="store_true", help="a little of each, on a processor")
    return parser.parse_args()


if __name__ == "__main__":
    main()

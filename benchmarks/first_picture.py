"""How soon each analysis of six default lanes shows a first picture, and how much memory it holds.

Each is asked in a process of its own that has torch loaded, as workers have; the time counts from the question, so the
lanes are loaded in it, and ends where every lane has something to show. Memory is the highest of its first eight
seconds.
"""

import resource
import sys
import tempfile
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic

from benchmarks.measure import Value, value
from resnet_explorer.analyses.catalog import ANALYSES, Analysis
from resnet_explorer.analyses.request import AnalysisRequest, SubjectRequest
from resnet_explorer.executors.dotted_name import resolve
from resnet_explorer.runs.events import Computed

ORDERINGS = (
    "original",
    "bn-after-addition",
    "relu-before-addition",
    "relu-only-preactivation",
    "full-preactivation",
    "plain",
)
LANES = tuple(SubjectRequest(f"cifar-basic-56:{ordering}", slot) for slot, ordering in enumerate(ORDERINGS))
RUNS, WATCHED, GIGA = 2, 8.0, 1e9


def first_pictures(home: str) -> list[Value]:
    """Seconds to the first picture of the first lane and of all, and bytes, of each analysis."""
    results = []
    for row in ANALYSES:
        if row.needs != "trained":
            one, all_lanes, bytes_held = zip(*(_in_a_process(row.name, home) for _ in range(RUNS)), strict=True)
            what = f"{row.name} of six lanes at depth 56"
            results += [
                value(f"{what}, first picture", "s", one, "at most 3"),
                value(f"{what}, something of every lane", "s", all_lanes),
                value(f"{what}, memory of the process", "GB", [held / GIGA for held in bytes_held], "at most 1.5"),
            ]
    return results


def _in_a_process(name: str, home: str) -> tuple[float, float, float]:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_ask, args=(name, home, theirs))
    process.start()
    # the child's end is closed here, so that a child that dies ends the wait
    theirs.close()
    first, whole, held = ours.recv()
    process.join()
    return first, whole, held


def _ask(name: str, home: str, answer: Connection) -> None:
    """In the child: the events of an analysis until the time to watch is over."""
    row: Analysis = next(row for row in ANALYSES if row.name == name)
    analyse = resolve("resnet_explorer.analyses.runner:analyse")
    measure, findings = (resolve(f"{row.module}:{part}") for part in ("measure", "findings"))
    request = AnalysisRequest(row.name, row.version, row.defaults(), LANES)
    begun, seen, times = monotonic(), set[int](), list[float]()
    for event in analyse(request, measure, findings, Path(home), "cpu", 2):
        if isinstance(event, Computed) and event.lane not in seen:
            seen.add(event.lane)
            times.append(monotonic() - begun)
        if len(seen) == len(LANES) and monotonic() - begun > WATCHED:
            break
    answer.send((times[0], times[-1], 1024.0 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        for result in first_pictures(sys.argv[1] if len(sys.argv) > 1 else home):
            print(result.line(), flush=True)

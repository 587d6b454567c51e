"""Measure the ratio of first to last unit against depth, and pack it with the program: make record-depths.

What was measured is packed after each depth, the shallow ones first, so that ending it early loses one depth.
"""

import argparse
import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version

from resnet_explorer.api.probe_runner import DEPTHS, DepthResult, ProbeRunner, parse_lanes
from resnet_explorer.api.recorded_depths import PATH, write
from resnet_explorer.gradients.profile import ProbeConfig
from resnet_explorer.language.orderings import ORDERINGS
from resnet_explorer.runs.bundled import Provenance
from resnet_explorer.runs.commit import program_commit

# the conditions with which the page begins
CONFIG = ProbeConfig(seeds=1, batch=8)


def main() -> None:
    """Measure the six orderings at each depth of the figure, or down to one that is asked for."""
    depths = [depth for depth in DEPTHS if depth <= _deepest()]
    lanes = parse_lanes([f"cifar-basic-56:{ordering}" for ordering in ORDERINGS])
    runner, results = ProbeRunner(), list[DepthResult]()
    for depth in depths:
        for result in runner.at_depth(lanes, CONFIG, depth):
            results.append(result)
            print(f"{result.lane.request.ordering} {result.depth}: {result.mean:.4g} {result.refused}", flush=True)
        write(PATH, _provenance(depth), CONFIG, results)


def _deepest() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deepest", type=int, default=DEPTHS[-1], metavar="LAYERS")
    deepest: int = parser.parse_args().deepest
    return deepest


def _provenance(deepest: int) -> Provenance:
    """Where and when, and under which conditions."""
    hardware = f"{os.cpu_count()} CPU cores, {platform.machine()}"
    note = f"{CONFIG.seeds} seed, batch of {CONFIG.batch}, {deepest} layers at most, torch {version('torch')}"
    return Provenance(datetime.now(UTC).date().isoformat(), hardware, program_commit(), note)


if __name__ == "__main__":
    main()

"""Measure the ratio of first to last unit against depth, and pack it with the program: make record-depths."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version

from resnet_explorer.api.probe_runner import DEPTHS, ProbeRunner, parse_lanes
from resnet_explorer.api.recorded_depths import PATH, write
from resnet_explorer.api.run_launch import program_commit
from resnet_explorer.gradients.profile import ProbeConfig
from resnet_explorer.language.orderings import ORDERINGS
from resnet_explorer.runs.bundled import Provenance

# the conditions with which the page begins
CONFIG = ProbeConfig(seeds=1, batch=8)


def main() -> None:
    """Measure the six orderings at each depth of the figure."""
    lanes = parse_lanes([f"cifar-basic-56:{ordering}" for ordering in ORDERINGS])
    results = []
    for result in ProbeRunner().depths(lanes, CONFIG, DEPTHS):
        results.append(result)
        print(f"{result.lane.request.ordering} {result.depth}: {result.mean:.4g} {result.refused}", flush=True)
    hardware = f"{os.cpu_count()} CPU cores, {platform.machine()}"
    day = datetime.now(UTC).date().isoformat()
    write(PATH, Provenance(day, hardware, program_commit(), f"torch {version('torch')}"), CONFIG, results)


if __name__ == "__main__":
    main()

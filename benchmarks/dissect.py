"""Analyses against the loops that everybody writes: one thread, each in turn with the other."""

import copy
import os
from collections.abc import Callable, Sequence

# as the entry points do, before torch is loaded
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("GOMP_SPINCOUNT", "10000")

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from benchmarks.measure import Ratio, interleaved, ratios, report
from resnet_explorer.analyses.directions import Direction, draw_directions
from resnet_explorer.analyses.plane import Plane
from resnet_explorer.networks.memory import largest_activation
from resnet_explorer.networks.plan import plan
from resnet_explorer.runs.experiment import prepare
from resnet_explorer.training.predictions import CPU
from resnet_explorer.training.state import build_network

WIDE = {"size": "32", "width": "1"}


def main() -> None:
    """Measure each in turn."""
    torch.set_num_threads(1)
    report("dissect", _landscape())


def _landscape() -> list[Ratio]:
    """A point of a landscape against setting all parameters and evaluating, both with 128 images at most."""
    results = []
    nets: list[tuple[str, dict[str, str], str]] = [
        ("cifar-basic-56", {}, "width 8, 16 px"),
        ("cifar-basic-56:full-preactivation", {}, "width 8, 16 px"),
        ("cifar-basic-20", WIDE, "width 16, 32 px"),
        ("cifar-basic-20:full-preactivation", WIDE, "width 16, 32 px"),
    ]
    for line, settings, size in nets:
        experiment = prepare(line, "shapes", "short", 0, settings)
        net = build_network(experiment, CPU).eval()
        x = torch.randn(128, 3, experiment.network.image, experiment.network.image)
        labels = torch.randint(0, 10, (len(x),))
        directions = draw_directions(net, 2, 0)
        plane = Plane(net, directions, largest_activation(plan(experiment.network)))
        name = "a loop that sets parameters and evaluates"
        candidates: dict[str, Callable[[], object]] = {
            "ours": lambda plane=plane, x=x, labels=labels: plane.loss((0.1, 0.2), x, labels),  # type: ignore[misc]
            name: _plain_point(net, directions, x, labels),
        }
        times = interleaved(candidates, runs=9, warm=2)
        results += ratios(f"a landscape's point, 128 images, {line}, {size}", times, {name: "at most 0.8"})
    return results


def _plain_point(net: nn.Module, directions: Sequence[Direction], x: Tensor, labels: Tensor) -> Callable[[], object]:
    moved = copy.deepcopy(net)
    centre = {name: weight.detach().clone() for name, weight in net.named_parameters()}

    @torch.no_grad()
    def point() -> float:
        for name, weight in moved.named_parameters():
            if name in directions[0]:
                weight.copy_(centre[name] + 0.1 * directions[0][name] + 0.2 * directions[1][name])
        return float(F.cross_entropy(moved(x), labels))

    return point


if __name__ == "__main__":
    main()

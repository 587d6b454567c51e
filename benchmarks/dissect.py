"""Analyses against the loops that everybody writes: one thread, each in turn with the other."""

import copy
import os
from collections.abc import Callable, Sequence
from tempfile import TemporaryDirectory

# as the entry points do, before torch is loaded
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("GOMP_SPINCOUNT", "10000")

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from benchmarks.first_picture import first_pictures
from benchmarks.measure import Ratio, Value, interleaved, ratios, report, value
from resnet_explorer.analyses import gradient_paths
from resnet_explorer.analyses import paths as path_lengths
from resnet_explorer.analyses.directions import Direction, draw_directions
from resnet_explorer.analyses.lesion import PIECE
from resnet_explorer.analyses.plane import Plane
from resnet_explorer.analyses.pullback import follow
from resnet_explorer.analyses.request import SubjectRequest
from resnet_explorer.analyses.schedules import Cuttable, Schedule, cut, cuttable, score, shortcut
from resnet_explorer.analyses.settings import GradientPathsSettings, PathsSettings
from resnet_explorer.analyses.subject import Subject
from resnet_explorer.models.units import Network
from resnet_explorer.networks.memory import largest_activation
from resnet_explorer.networks.plan import plan
from resnet_explorer.runs.experiment import prepare
from resnet_explorer.training.predictions import CPU
from resnet_explorer.training.state import build_network

PARTS, PATHS = GradientPathsSettings(images=4), PathsSettings(trials=1, images=4)
WIDE = {"size": "32", "width": "1"}


def main() -> None:
    """Measure each in turn."""
    torch.set_num_threads(1)
    with TemporaryDirectory() as home:
        pictures = first_pictures(home)
    report("dissect", [*_landscape(), *_lesion(), *_paths()], [*_click(), *pictures])


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


def _lesion() -> list[Ratio]:
    """All units cut in turn, 1,000 images, against a pass of the whole network for each cut."""
    results = []
    for line in ("cifar-basic-56", "cifar-basic-56:full-preactivation"):
        lane, images = cuttable(_random_subject(line)), 1000
        x = torch.randn(images, 3, 16, 16)
        labels = torch.randint(0, 10, (images,))
        schedules = [lane.without([unit]) for unit in lane.whole]
        name = "a pass of the cut network for each"

        candidates: dict[str, Callable[[], object]] = {
            "ours": _our_lesions(lane, schedules, x, labels),
            name: _plain_lesions(lane, x),
        }
        times = interleaved(candidates, runs=3, warm=0)
        results += ratios(f"all units cut, 1,000 images, {line}, width 8, 16 px", times, {name: "at most 0.6"})
    return results


def _our_lesions(lane: Cuttable, schedules: Sequence[Schedule], x: Tensor, labels: Tensor) -> Callable[[], object]:
    """In pieces as the analysis takes them."""

    def lesions() -> None:
        for images, own in zip(torch.split(x, PIECE), torch.split(labels, PIECE), strict=True):
            score(lane, schedules, images, own)

    return lesions


def _plain_lesions(lane: Cuttable, x: Tensor) -> Callable[[], object]:
    """What everybody writes: each unit replaced in turn, and all images sent through, 100 at a time."""

    @torch.no_grad()
    def lesions() -> None:
        for cut_unit in lane.whole:
            for part in torch.split(x, 100):
                y = lane.net.stem(part)
                for place, unit in enumerate(lane.units):
                    if place != cut_unit:
                        y = unit(y)
                    elif not lane.keeps_shape[place]:
                        y = shortcut(unit, y)
                lane.net.head(y)

    return lesions


def _click() -> list[Value]:
    """One cut of a depth-20 net, on the images that it takes for itself."""
    subject = _random_subject("cifar-basic-20")
    answer = cut(subject, [1])
    times = interleaved({"cut": lambda: cut(subject, [1])}, runs=9, warm=2)["cut"]
    return [value(f"one cut of cifar-basic-20 on {answer.images} images", "s", times, "at most 0.5")]


def _random_subject(line: str) -> Subject:
    experiment = prepare(line, "shapes", "short", 0)
    net = build_network(experiment, CPU).eval()
    assert isinstance(net, Network)
    x, labels = torch.randn(1000, 3, 16, 16), torch.randint(0, 10, (1000,))
    return Subject(SubjectRequest(line), experiment, net, x, labels, tuple("abcdefghij"), "")


def _paths() -> list[Ratio]:
    """Parts and paths of the gradient against the products through branches that they need, one after the other."""
    results = []
    for line in ("cifar-basic-56", "cifar-basic-56:full-preactivation"):
        experiment = prepare(line, "shapes", "short", 0)
        net = build_network(experiment, CPU).eval()
        assert isinstance(net, Network)
        x = torch.randn(4, 3, experiment.network.image, experiment.network.image)
        labels = torch.randint(0, 10, (4,))
        subject = Subject(SubjectRequest(line), experiment, net, x, labels, tuple("abcdefghij"), "noise")
        ours: list[tuple[str, Callable[[], object]]] = [
            ("the gradient in parts", lambda subject=subject: list(gradient_paths.measure([subject], PARTS))),  # type: ignore[misc]
            ("a path of each length", lambda subject=subject: list(path_lengths.measure([subject], PATHS))),  # type: ignore[misc]
        ]
        # through the branch of the unit at place i from the end go i + 1 parts; and half of the paths go through each
        count = len(subject.units)
        needed = ([count - number for number in range(count)], [(count + 1) // 2] * count)
        for (what, run), products in zip(ours, needed, strict=True):
            name = f"{sum(products)} vector-Jacobian products, each by itself"
            times = interleaved({"ours": run, name: _products(subject, products)}, runs=9, warm=1)
            results += ratios(f"{what}, {line}, 4 images", times, {name: "at most 1.5"})
    return results


def _products(subject: Subject, products: Sequence[int]) -> Callable[[], object]:
    """So many products through each unit's branch, with its graph at hand."""
    graph = follow(subject.net, subject.x, subject.labels)
    gradients = [torch.randn_like(unit.branch) for unit in graph.units]

    def run() -> None:
        for unit, gradient, count in zip(graph.units, gradients, products, strict=True):
            for _ in range(count):
                torch.autograd.grad(unit.branch, unit.x, gradient, retain_graph=True)

    return run


if __name__ == "__main__":
    main()

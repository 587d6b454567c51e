"""What `signal` measures at depth 110 before training, against the facts sheet: batch 32 of N(0, 1), random labels.

About a minute on one core, in `make test` alone.
"""

from functools import cache
from math import prod

import pytest
import torch
from torch import Generator

from resnet_explorer.analyses.request import SubjectRequest
from resnet_explorer.analyses.settings import SignalSettings
from resnet_explorer.analyses.signal import measure
from resnet_explorer.analyses.subject import Subject
from resnet_explorer.models.units import Network
from resnet_explorer.runs.experiment import prepare
from resnet_explorer.training.predictions import CPU
from resnet_explorer.training.state import build_network

A, B, C, D, E, PLAIN = (
    "original",
    "bn-after-addition",
    "relu-before-addition",
    "relu-only-preactivation",
    "full-preactivation",
    "plain",
)
WHERE = (0, 1, 2, 9, 18, 19, 36, 37, 54)
SEEDS = range(3)


@cache
def curves(ordering: str) -> tuple[dict[str, list[float]], ...]:
    return tuple(measured(ordering, seed) for seed in SEEDS)


def measured(ordering: str, seed: int) -> dict[str, list[float]]:
    line = f"cifar-basic-110:{ordering}"
    setup = prepare(line, "shapes", "short", seed, {"size": "32", "width": "1"})
    net = build_network(setup, CPU).eval()
    assert isinstance(net, Network)
    labels = torch.randint(0, 10, (32,), generator=Generator().manual_seed(seed))
    lane = Subject(SubjectRequest(line), setup, net, torch.zeros(32, 3, 32, 32), labels, tuple("abcdefghij"), "")
    settings = SignalSettings(images=32, batches=1, batch="noise", of="loss", steps=0, seed=seed)
    (part,) = measure([lane], settings)
    return {name: part.values[name] for name in ("moment", "gradient")}


def growth(ordering: str, first: int, last: int) -> float:
    """Of the gradient from the output of one unit to an earlier one's: the geometric mean over seeds."""
    ratios = [one["gradient"][first] / one["gradient"][last] for one in curves(ordering)]
    return prod(ratios) ** (1 / len(ratios))


def near(value: float, expected: float, factor: float) -> bool:
    return expected / factor <= value <= expected * factor


@pytest.mark.parametrize(
    ("ordering", "whole", "stages", "factor"),
    [
        (A, 80.8, (24.2, 2.79, 1.64), 1.15),
        (B, 7125, (68.5, 16.9, 4.56), 1.35),
        (C, 32.0, (19.9, 2.03, 1.34), 2.5),
        (D, 75.5, (23.0, 3.03, 2.19), 1.15),
        (E, 300, (20.1, 11.8, 9.72), 1.15),
        (PLAIN, 6.0e7, (781, 280, 138), 2.5),
    ],
)
def test_gradients_grow_toward_the_input_as_on_the_sheet(
    ordering: str, whole: float, stages: tuple[float, ...], factor: float
) -> None:
    assert near(growth(ordering, 0, 54), whole, factor)
    for (first, last), expected in zip([(0, 18), (19, 36), (37, 54)], stages, strict=True):
        assert near(growth(ordering, first, last), expected, factor)


def test_the_orderings_stand_in_the_order_of_the_sheet() -> None:
    plain, b, e, a, d, c = (growth(ordering, 0, 54) for ordering in (PLAIN, B, E, A, D, C))
    assert plain > 100 * b > 100 * e > 100 * a
    assert max(a, d) / min(a, d) < 1.2
    assert min(a, d) > c


@pytest.mark.parametrize(
    ("ordering", "moments", "factor"),
    [
        (A, (0.500, 1.16, 1.88, 7.65, 15.4, 8.43, 23.1, 12.2, 27.2), 1.15),
        (B, (0.500, 0.545, 0.561, 0.596, 0.671, 0.585, 0.711, 0.631, 0.745), 1.15),
        (C, (0.500, 1.32, 2.46, 19.3, 63.5, 35.3, 143, 76.0, 207), 1.15),
        (D, (0.500, 1.51, 2.50, 9.58, 18.4, 6.31, 23.1, 8.86, 26.0), 1.15),
        (E, (0.500, 1.56, 2.52, 9.79, 17.6, 1.24, 16.1, 1.15, 15.8), 1.15),
        (PLAIN, (0.500, 0.495, 0.500, 0.489, 0.525, 0.499, 0.474, 0.511, 0.491), 1.2),
    ],
)
def test_second_moments_are_those_of_the_sheet(ordering: str, moments: tuple[float, ...], factor: float) -> None:
    for place, expected in zip(WHERE, moments, strict=True):
        mean = sum(one["moment"][place] for one in curves(ordering)) / len(SEEDS)
        assert near(mean, expected, factor), place

"""The settings of a probe, and the arithmetic of its results, on made-up numbers."""

from math import isnan, nan
from typing import Any

import pytest

from resnet_explorer.errors import NetworkError
from resnet_explorer.gradients.metrics import METRICS
from resnet_explorer.gradients.profile import (
    GradientProfile,
    ProbeConfig,
    decades,
    safe_ratio,
    spread,
    unit_positions,
    with_depth,
)
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.request import parse_request

PLACES = ((0, 0), (1, 1), (1, 2), (2, 1), (2, 2))
FLOW = GradientProfile(METRICS["gradient"], PLACES, ((16.0, 8.0, 4.0, 2.0, 1.0), (48.0, 8.0, 4.0, 2.0, 2.0)))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"metrics": ("gradiant",)}, "unknown metric 'gradiant'; did you mean 'gradient'?"),
        ({"init": "zzz"}, "unknown init 'zzz'; it is one of he-fan-out, he-fan-in"),
        ({"loss": "sums"}, "unknown loss 'sums'; did you mean 'sum'?"),
        ({"source": "cats"}, "unknown source 'cats'; it is one of noise"),
        ({"seeds": 0}, "seeds must be a whole number from 1 to 10, not 0"),
        ({"seeds": 11}, "seeds must be a whole number from 1 to 10, not 11"),
        ({"seeds": True}, "seeds must be a whole number from 1 to 10, not True"),
        ({"batch": 2.5}, "batch must be a whole number from 1 to 1,024, not 2.5"),
        ({"batch": -1}, "batch must be a whole number from 1 to 1,024, not -1"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_sentence(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(NetworkError) as caught:
        ProbeConfig(**settings)
    assert str(caught.value).startswith(message)


def test_a_reading_is_mean_and_range_over_seeds() -> None:
    first = FLOW.readings[0]
    assert (first.stage, first.unit, first.mean, first.low, first.high) == (0, 0, 32, 16, 48)


def test_the_ratio_is_the_mean_of_the_seeds_own_ratios() -> None:
    assert FLOW.ratio == (20, 16, 24)


def test_the_tensor_that_enters_belongs_to_the_first_stage() -> None:
    assert FLOW.stages() == [(0, 2), (3, 4)]


def test_one_seed_without_a_number_leaves_none() -> None:
    broken = GradientProfile(METRICS["gradient"], PLACES, (FLOW.rows[0], (nan, 8.0, 4.0, 2.0, 1.0)))
    assert [reading.finite for reading in broken.readings] == [False, True, True, True, True]
    assert isnan(broken.ratio[0])


def test_nothing_over_nothing_is_no_number() -> None:
    assert isnan(safe_ratio(0, 0))
    assert isnan(spread([1.0, float("inf")])[0])
    assert isnan(decades(0))
    assert decades(1000) == pytest.approx(3)


@pytest.mark.parametrize("name", METRICS)
def test_a_place_for_every_unit_and_for_what_enters_where_it_counts(name: str) -> None:
    positions = unit_positions(plan(parse_request("cifar-basic-20").network), METRICS[name])
    assert len(positions) == 9 + METRICS[name].boundary
    assert positions[-1] == (3, 3)


@pytest.mark.parametrize(
    ("text", "depth", "reached"),
    [
        ("cifar-basic-56", 110, 110),
        ("cifar-basic-56:plain", 1202, 1202),
        ("cifar-basic-1202", 20, 20),
        ("cifar-basic-20", 57, 56),
        ("cifar-bottleneck-29", 164, 164),
        ("imagenet-18", 50, 50),
        ("wrn-16-2", 28, 26),
        ("cifar-basic-20", 1, 8),
    ],
)
def test_a_network_is_deepened_in_proportion(text: str, depth: int, reached: int) -> None:
    assert plan(with_depth(parse_request(text).network, depth)).depth == reached


def test_dilations_spelled_out_unit_by_unit_stay() -> None:
    deeper = with_depth(parse_request("unipose").network, 300)
    assert deeper.depths[-1] == len(deeper.grid) == 3
    assert plan(deeper).depth > 200

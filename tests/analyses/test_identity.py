"""Stacks that learn the identity: as a hand-written loop has it, and never below what a ReLU leaves."""

import json
from dataclasses import replace
from math import isclose

import pytest
import torch
from torch import nn

from resnet_explorer.analyses.identity import BATCH, SIDE, depths, lower_alike, measure, noise, twins
from resnet_explorer.analyses.identity_findings import findings
from resnet_explorer.analyses.request import LaneResult, Part
from resnet_explorer.analyses.settings import IdentitySettings
from resnet_explorer.errors import AnalysisError
from resnet_explorer.figures.identity import draw
from resnet_explorer.figures.plotly_figure import to_plotly
from resnet_explorer.figures.plotly_json import to_json
from resnet_explorer.networks.network import Network
from tests.fixtures.findings import texts
from tests.fixtures.subjects import subject

SETTINGS = IdentitySettings(deepest=3, steps=12, channels=4)
ORIGINAL, PREACTIVATED = "conv bn relu conv bn + relu", "bn relu conv bn relu conv +"


def last(line: str, settings: IdentitySettings = SETTINGS, init: str = "he-fan-out") -> Part:
    return list(measure([subject(line, 2, init=init)], settings))[-1]


def test_the_errors_are_those_of_a_loop_written_by_hand() -> None:
    """One pre-activated unit without a shortcut and one with it, from the same weights."""
    settings = replace(SETTINGS, deepest=1, steps=6)
    values = last("cifar-basic-8:full-preactivation", settings).values
    for kind in ("plain", "residual"):
        layers = [nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 4, 3, padding=1, bias=False)]
        unit = nn.Sequential(*layers, nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 4, 3, padding=1, bias=False))
        generator = torch.Generator().manual_seed(settings.seed)
        for weight in (unit.get_parameter("2.weight"), unit.get_parameter("5.weight")):
            nn.init.normal_(weight, std=(2 / (4 * 9)) ** 0.5, generator=generator)
        adam = torch.optim.Adam(unit.parameters(), lr=settings.rate, foreach=False)
        expected = []
        for step in range(6):
            x = noise(0, step, 4)
            y = unit(x) if kind == "plain" else x + unit(x)
            error = ((y - x) ** 2).sum() / (x**2).sum()
            expected.append(error.item())
            adam.zero_grad()
            error.backward()
            adam.step()
        assert values["error"][kind] == [pytest.approx(expected, rel=1e-4)]
        assert values["final_error"][kind] == [values["error"][kind][0][-1]]


def test_a_unit_that_starts_as_the_identity_errs_by_nothing_and_its_plain_twin_does() -> None:
    values = last("cifar-basic-8:bn relu conv bn +", init="zero-gamma").values
    assert values["final_error"]["residual"] == [0.0, 0.0]
    assert values["gap"] == [None, None]
    assert min(values["final_error"]["plain"]) > 0.05


def test_nothing_that_ends_with_a_relu_errs_less_than_the_negative_half() -> None:
    settings = replace(SETTINGS, steps=40, rate=0.02)
    ended, free = last("cifar-basic-8", settings).values, last("cifar-basic-8:full-preactivation", settings).values
    assert isclose(ended["floor"], 0.5, abs_tol=0.1)
    assert free["floor"] == 0
    assert min(error for curves in ended["error"].values() for curve in curves for error in curve) > 0.4
    assert free["final_error"]["residual"][0] < 0.2


@pytest.mark.parametrize(
    ("block", "plain", "residual"),
    [
        (ORIGINAL, "conv bn relu conv bn relu", ORIGINAL),
        ("conv bn relu conv bn relu", "conv bn relu conv bn relu", ORIGINAL),
        ("bn relu conv rk2", "bn relu conv bn relu conv", "bn relu conv rk2"),
        ("relu | conv conv blend", "relu conv conv", "relu | conv conv blend"),
    ],
)
def test_both_twins_have_the_layers_of_the_unit(block: str, plain: str, residual: str) -> None:
    network = Network(block=block)
    assert [str(one.unit) for one in twins(network)] == [str(Network(block=text).unit) for text in (plain, residual)]


def test_channels_are_doubled_until_the_words_can_split_them_and_a_unit_that_cannot_stack_is_refused() -> None:
    (unit,) = lower_alike([Network(block="conv1 bn relu conv(groups=32) bn relu conv1 bn + relu")], 8)
    assert unit.x.dims == (32, SIDE, SIDE)
    with pytest.raises(AnalysisError, match="stack"):
        lower_alike([Network(block="conv bn relu conv(groups=3) +")], 8)


def test_stacks_in_common_are_trained_once_and_each_part_draws() -> None:
    lanes = [subject("cifar-basic-8", 2), subject("cifar-basic-8:plain", 2), subject("horesnet-rk4-26", 2)]
    parts = list(measure(lanes, SETTINGS))
    assert [part.done for part in parts] == list(range(1, parts[-1].of + 1))
    assert parts[-3].values == parts[-2].values != parts[-1].values
    assert list(measure(lanes, SETTINGS)) == parts
    for part in (parts[0], parts[-1]):
        results = [LaneResult(part.lane, "ABC"[part.lane], "a net", "", part.values)]
        assert "with 3 units" in texts(findings(results, SETTINGS))[0]
        figure = draw([(part.lane, "a net", json.loads(json.dumps(part.values)))], {})
        assert len(to_plotly(json.loads(to_json(figure))).data) == 5
    assert texts(findings([], SETTINGS)) == []
    assert draw([(0, "a net", {})], {})["data"] == []


def test_depths_grow_by_thirds_and_noise_is_that_of_its_step() -> None:
    assert (depths(9), depths(1), depths(2), depths(20)) == ((1, 3, 9), (1,), (2,), (2, 6, 20))
    assert noise(0, 1, 4).shape == (BATCH, 4, SIDE, SIDE)
    assert not torch.equal(noise(0, 1, 4), noise(0, 2, 4))
    assert torch.equal(noise(3, 1, 4), noise(3, 1, 4))


def test_the_lane_itself_is_left_as_it_was() -> None:
    lane, state = subject("cifar-basic-8", 2), torch.random.get_rng_state()
    before = {name: tensor.clone() for name, tensor in lane.net.state_dict().items()}
    list(measure([lane], replace(SETTINGS, steps=10)))
    assert all(torch.equal(tensor, before[name]) for name, tensor in lane.net.state_dict().items())
    assert torch.equal(state, torch.random.get_rng_state())

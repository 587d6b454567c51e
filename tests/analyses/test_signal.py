"""Signal and gradient by unit: as loops by hand have them, as theory has them, and where numbers end."""

import copy
import json
from dataclasses import replace
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from resnet_explorer.analyses.request import LaneResult, SubjectRequest
from resnet_explorer.analyses.settings import SignalSettings
from resnet_explorer.analyses.signal import CURVES, correlation, measure
from resnet_explorer.analyses.signal_findings import findings
from resnet_explorer.analyses.subject import Subject
from resnet_explorer.figures.plotly_figure import to_plotly
from resnet_explorer.figures.plotly_json import to_json
from resnet_explorer.figures.signal import PANELS, draw
from resnet_explorer.models.units import Network
from resnet_explorer.runs.experiment import prepare
from resnet_explorer.training.predictions import CPU
from resnet_explorer.training.state import build_network
from tests.fixtures.findings import texts
from tests.fixtures.subjects import CLASSES, subject

SETTINGS = SignalSettings(images=12, batches=2, steps=0)
NOISE = SignalSettings(images=32, batches=2, batch="noise", steps=0)


def last(line: str, settings: SignalSettings = SETTINGS, double: bool = False, init: str = "he-fan-out") -> Any:
    return list(measure([subject(line, 64, double, init)], settings))[-1].values


def wide(line: str, settings: SignalSettings) -> Any:
    """16 channels, 16 pixels: wide enough for theory."""
    setup = prepare(line, "shapes", "short", 0, {"size": "16", "width": "1"})
    net = build_network(setup, CPU).eval()
    assert isinstance(net, Network)
    x, labels = torch.zeros(settings.images, 3, 16, 16), torch.zeros(settings.images, dtype=torch.int64)
    lane = Subject(SubjectRequest(line), setup, net, x, labels, CLASSES, "")
    return list(measure([lane], settings))[-1].values


@pytest.mark.parametrize("batch_norm", [True, False])
def test_the_curves_are_those_of_a_loop_written_by_hand(batch_norm: bool) -> None:
    lane = subject("cifar-basic-8", 64, double=True)
    settings = replace(SETTINGS, batches=1, batch_norm=batch_norm)
    values = list(measure([lane], settings))[-1].values
    generator = Generator().manual_seed(0)
    x = lane.x[torch.randperm(64, generator=generator)[:12]]
    direction = torch.randn(10, generator=generator).double()
    signs = torch.randint(0, 2, (12,), generator=generator) * 2.0 - 1
    net: Any = copy.deepcopy(lane.net)
    units: list[Any] = list(lane.units)

    def norm(layer: Any, y: Tensor) -> Tensor:
        return F.batch_norm(y, None, None, layer.weight, layer.bias, training=True) if batch_norm else y

    responses = [norm(net.stem[1], net.stem[0](x))]
    trunk, shares = [responses[0].relu()], []
    for unit in units:
        conv1, bn1, _, conv2, bn2 = unit.branch
        responses.append(norm(bn1, conv1(trunk[-1])))
        responses.append(norm(bn2, conv2(responses[-1].relu())))
        trunk.append((unit.skip(trunk[-1]) + responses[-1]).relu())
        shares.append((responses[-1].std(correction=0) / trunk[-1].std(correction=0)).item())
    gradients = torch.autograd.grad((net.head(trunk[-1]) @ direction * signs).sum(), trunk)
    assert values["responses"] == pytest.approx([y.std(correction=0).item() for y in responses], rel=1e-5)
    assert values["sorted_responses"] == sorted(values["responses"], reverse=True)
    assert values["share"] == pytest.approx(shares, rel=1e-5)
    assert values["moment"] == pytest.approx([y.square().mean().item() for y in trunk], rel=1e-5)
    assert values["gradient"] == pytest.approx([g.norm().item() for g in gradients], rel=1e-5)
    variances = [(y - y.mean((0, 2, 3), keepdim=True)).square().mean().item() for y in trunk]
    assert values["variance"] == pytest.approx(variances, rel=1e-5)
    cosines = [
        [
            (signs[a] * signs[b] * F.cosine_similarity(g[a].flatten(), g[b].flatten(), dim=0)).item()
            for a in range(12)
            for b in range(a)
        ]
        for g in gradients
    ]
    assert values["correlation"] == pytest.approx([sum(row) / len(row) for row in cosines], rel=1e-4)


def test_two_inputs_agree_on_the_gradient_past_a_last_bn() -> None:
    """The closing BN takes nothing away that all images have in common."""
    values = wide("cifar-basic-20:full-preactivation", NOISE)
    assert values["correlation"][-1] > 0.2
    assert values["correlation"][0] < values["correlation"][-1] / 2


def test_responses_after_bn_are_1_before_training() -> None:
    """He 2015, figure 7, is flat then: the deviation of a BN's output is gamma."""
    assert last("cifar-basic-14", NOISE)["responses"] == pytest.approx([1] * 13, abs=0.01)
    # the last layer of a pre-activated branch has no BN after it
    assert last("cifar-basic-8:full-preactivation", NOISE)["responses"][1::2] == pytest.approx([1] * 3, abs=0.01)


@pytest.mark.parametrize("ordering", ["original", "full-preactivation", "relu-only-preactivation", "plain"])
def test_measured_moments_are_those_of_theory(ordering: str) -> None:
    values = wide(f"cifar-basic-20:{ordering}", NOISE)
    for name in ("moment", "variance"):
        assert values[name] == pytest.approx(values["theory"][name], rel=0.3)


def test_without_bn_each_unit_doubles_the_signal_until_numbers_end() -> None:
    settings = replace(NOISE, batches=1, batch_norm=False, images=8)
    values = wide("cifar-basic-56:relu-only-preactivation", settings)
    predicted = values["theory"]["moment"][-1]
    # so few channels scatter around it by several times (Hanin & Nica 2018)
    assert predicted / 10 < values["moment"][-1] < predicted * 10
    line = "cifar-basic-56:conv bn relu conv bn +"
    values = wide(line, settings)
    assert 1e8 < values["moment"][-1] / values["moment"][0] < 1e12
    text = " ".join(texts(findings([LaneResult(0, "A", line, "", values)], settings)))
    assert "without BN" in text
    assert "beyond half precision's 65,504" in text
    tamed = wide(line, replace(settings, init="torch"))
    assert tamed["redrawn"]
    assert tamed["moment"][-1] / tamed["moment"][0] < 100
    assert wide(line, replace(settings, batch_norm=True))["moment"][-1] < 100


def test_numbers_that_are_none_are_null_and_said() -> None:
    lane = subject("cifar-basic-8", 16)
    with torch.no_grad():
        lane.units[1].branch.get_parameter("0.weight").fill_(torch.inf)
    values = list(measure([lane], replace(SETTINGS, batch_norm=False)))[-1].values
    assert values["moment"][1] is not None
    assert values["moment"][2:] == [None, None]
    text = " ".join(texts(findings([LaneResult(0, "A", "a net", "", values)], SETTINGS)))
    assert "A: from unit 2 on there are numbers that are infinite or none (NaN)." in text
    assert len(to_plotly(json.loads(to_json(draw([(0, "a net", json.loads(json.dumps(values)))], {})))).data) >= 7


@pytest.mark.parametrize(
    "line",
    [
        "horesnet-rk4-26",
        "cifar-basic-8:bn relu conv blend",
        "cifar-basic-8:relu | conv bn scale(0.5, learned=true) +",
        "cifar-bottleneck-29:conv1 bn relu res2(scale=4) conv1 bn + relu",
        "cifar-basic-8:plain",
    ],
)
def test_every_kind_of_unit_is_measured_and_left_as_it_was(line: str) -> None:
    lanes = [subject(line, 16), subject("cifar-basic-8", 16)]
    before = {name: tensor.clone() for name, tensor in lanes[0].net.state_dict().items()}
    state = torch.random.get_rng_state()
    parts = list(measure(lanes, SETTINGS))
    assert parts == list(measure(lanes, SETTINGS))
    assert [(part.lane, part.done, part.of) for part in parts] == [(0, 1, 4), (1, 2, 4), (0, 3, 4), (1, 4, 4)]
    assert torch.equal(state, torch.random.get_rng_state())
    assert all(torch.equal(tensor, before[name]) for name, tensor in lanes[0].net.state_dict().items())
    assert not any(module.training for module in lanes[0].net.modules())
    values = json.loads(json.dumps(parts[2].values))
    assert {len(values[name]) for name in ("branch", "share")} == {values["units"]}
    assert all(None not in values[name] for name in CURVES)
    figure = draw([(0, "a net", values)], {})
    assert len(to_plotly(json.loads(to_json(figure))).data) >= len(PANELS)
    assert texts(findings([LaneResult(0, "A", "a net", "", values)], SETTINGS))[0].startswith(
        "A, at initialisation, with BN"
    )


def test_equal_gradients_agree_and_opposed_ones_do_not() -> None:
    one = torch.tensor([[1.0, 2.0], [2.0, 4.0]])
    assert correlation(one) == pytest.approx(1)
    assert correlation(one * torch.tensor([[1.0], [-1.0]])) == pytest.approx(-1)
    assert texts(findings([LaneResult(0, "A", "a net", "", {})], SETTINGS)) == []
    assert draw([(0, "a net", {})], {})["data"] == []

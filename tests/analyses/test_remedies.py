"""Remedies against explosion: against a loop with torch's own optimiser, and what each is known to do."""

import copy
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from resnet_explorer.analyses.remedies import WAYS, prepared, try_way
from resnet_explorer.analyses.request import LaneResult
from resnet_explorer.analyses.settings import SignalSettings
from resnet_explorer.analyses.signal import measure
from resnet_explorer.analyses.signal_findings import HALF, findings
from resnet_explorer.figures.signal import PANELS, REMEDY_PANELS, draw
from resnet_explorer.models.init import initialise_from_seed
from resnet_explorer.models.units import Residual
from tests.fixtures.findings import texts
from tests.fixtures.subjects import subject

BARE = "cifar-basic-110:conv bn relu conv bn +"


def ways(line: str, steps: int = 3) -> dict[str, Any]:
    lane = subject(line, 16)
    return {name: list(try_way(lane, way, lane.x, lane.labels, steps))[-1] for name, way in WAYS.items()}


@pytest.mark.parametrize("name", WAYS)
def test_losses_are_those_of_torchs_own_optimiser(name: str) -> None:
    lane, way = subject("cifar-basic-8", 16, double=True), WAYS[name]
    net: Any = copy.deepcopy(lane.net)
    for unit in [*net.modules()]:
        for child, layer in list(unit.named_children()):
            if isinstance(layer, nn.BatchNorm2d) and not way.batch_norm:
                setattr(unit, child, nn.Identity())
    initialise_from_seed(net, way.init, 0)
    recipe = lane.experiment.recipe
    optimiser = torch.optim.SGD(net.parameters(), recipe.lr, recipe.momentum)
    losses = []
    for _ in range(4):
        loss = F.cross_entropy(net.train()(lane.x), lane.labels)
        losses.append(loss.item())
        for weight, gradient in zip(net.parameters(), torch.autograd.grad(loss, [*net.parameters()]), strict=True):
            weight.grad = gradient
        if way.clip:
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
    (*_, last) = try_way(lane, way, lane.x, lane.labels, 3)
    assert last["loss"] == pytest.approx(losses, rel=1e-4)


def test_clipping_leaves_the_signal_and_the_others_tame_it() -> None:
    tried = ways(BARE)
    growth = {name: way["moment"] / way["first"] for name, way in tried.items()}
    assert growth["nothing"] > 1e6
    assert tried["clipping"]["moment"] == tried["nothing"]["moment"]
    assert tried["clipping"]["gradient"] == tried["nothing"]["gradient"]
    assert max(growth[name] for name in ("BN", "torch", "fixup")) < 100
    assert tried["nothing"]["beyond_half"] is not None
    assert tried["BN"]["beyond_half"] is None


def test_the_first_unit_beyond_half_precision_is_the_first_that_half_precision_cannot_hold() -> None:
    lane = subject(BARE, 16)
    net = prepared(lane.net, WAYS["nothing"], 0)
    lost: list[bool] = []
    units = [module for module in net.modules() if isinstance(module, Residual)]
    units[0].register_forward_pre_hook(lambda unit, inputs: lost.append(bool(inputs[0].half().isinf().any())))
    for unit in units:
        unit.register_forward_hook(lambda unit, inputs, y: lost.append(bool(y.half().isinf().any())))
    with torch.no_grad():
        net(lane.x)
    assert torch.finfo(torch.half).max == HALF
    assert next(try_way(lane, WAYS["nothing"], lane.x, lane.labels, 1))["beyond_half"] == lost.index(True)


def test_units_without_bn_get_it_as_a_remedy() -> None:
    tried = ways("cifar-basic-56:conv relu conv +", 1)
    assert tried["nothing"]["moment"] > 1e6
    assert tried["BN"]["moment"] < 100


def test_the_unit_and_each_remedy_are_said_and_drawn_and_trained_lanes_are_not_tried() -> None:
    settings = SignalSettings(images=16, batches=1, steps=2)
    lane = subject(BARE, 16)
    before = copy.deepcopy(lane.net.state_dict())
    parts = list(measure([lane], settings))
    assert all(torch.equal(tensor, before[name]) for name, tensor in lane.net.state_dict().items())
    assert (parts[-1].done, parts[-1].of) == (1 + len(WAYS), 1 + len(WAYS))
    values: Any = parts[-1].values
    result = LaneResult(0, "A", BARE, "", values)
    sentence, remedies = texts(findings([result], settings))[-2:]
    assert f"from unit {values['remedies']['nothing']['beyond_half']} on" in sentence
    assert all(word in remedies for word in ("batch normalisation", "torch's", "Fixup's", "clipped", "as before"))
    drawn = draw([(0, BARE, values)], vars(settings))
    panels = {trace["xaxis"] for trace in drawn["data"]}
    assert len(panels) == len(PANELS) + len(REMEDY_PANELS)
    assert len(draw([(0, BARE, parts[0].values)], vars(settings))["layout"]) == len(drawn["layout"])


def test_a_loss_that_is_no_number_ends_a_try_and_is_said() -> None:
    lane = subject("cifar-basic-110:conv bn relu conv bn +", 8)
    tried = list(try_way(lane, WAYS["nothing"], lane.x, lane.labels, 9))
    assert tried[-1]["loss"][-1] is None
    assert len(tried) < 10
    known = {"remedies": {"nothing": tried[-1]}}
    values: Any = {**list(measure([subject("cifar-basic-8")], SignalSettings(batches=1, steps=0)))[-1].values, **known}
    assert "is lost (NaN) after" in texts(findings([LaneResult(0, "A", "a net", "", values)], SignalSettings()))[-1]

"""Lesions: as networks rebuilt without the units have them, one pass for all, and in a stated order."""

import copy
import json
from itertools import combinations

import pytest
import torch
from torch import nn

from resnet_explorer.analyses.lesion import exchanged, kendall_tau, measure
from resnet_explorer.analyses.lesion_findings import findings
from resnet_explorer.analyses.request import LaneResult, Part
from resnet_explorer.analyses.schedules import CUT, cut, cuttable, logits, mixed, score
from resnet_explorer.analyses.settings import LesionSettings
from resnet_explorer.analyses.subject import Subject
from resnet_explorer.errors import AnalysisError
from resnet_explorer.figures.lesion import draw
from resnet_explorer.figures.plotly_figure import to_plotly
from resnet_explorer.figures.plotly_json import to_json
from resnet_explorer.models.units import Add, RungeKutta
from tests.fixtures.findings import texts
from tests.fixtures.subjects import subject

SETTINGS = LesionSettings(images=24, trials=3)
LINES = [
    "cifar-basic-14",
    "cifar-basic-14:full-preactivation",
    "cifar-basic-14:bn-after-addition",
    "cifar-basic-14:plain",
    "horesnet-rk4-26",
    "wrn-16-2",
]


def rebuilt(lane: Subject, order: list[int], cut: set[int]) -> nn.Module:
    """Another network, its units in this order, without those that are cut."""
    net = copy.deepcopy(lane.net)
    units = [unit for stage in net.stages for unit in stage]  # type: ignore[attr-defined]
    kept: list[nn.Module] = []
    for place, unit in enumerate(order):
        layers = units[place]
        if place not in cut:
            kept.append(units[unit])
        elif layers.skip or layers.pre:
            assert isinstance(layers.merge, Add | RungeKutta)
            kept.append(nn.Sequential(*layers.pre, *layers.skip, *layers.post))
    return nn.Sequential(net.stem, *kept, net.head)


@pytest.mark.parametrize("line", LINES)
@torch.no_grad()
def test_cut_and_reordered_networks_are_those_rebuilt_by_hand(line: str) -> None:
    lane = subject(line, 3, double=True)
    parts = cuttable(lane)
    whole = list(parts.whole)
    able = [unit for unit in whole if parts.can_cut(unit)]
    schedules = [parts.whole, *(parts.without([unit]) for unit in able)]
    schedules += [parts.without(pair) for pair in combinations(able, 2)]
    alike = [unit for unit in whole[1:-1] if parts.keeps_shape[unit] and parts.keeps_shape[unit + 1]]
    alike = [unit for unit in alike if parts.stages[unit] == parts.stages[unit + 1]]
    schedules += [exchanged(parts.whole, unit, unit + 1) for unit in alike]
    outputs = logits(parts, schedules, lane.x)
    for schedule, output in zip(schedules, outputs, strict=True):
        removed = {place for place, unit in enumerate(schedule) if unit == CUT}
        order = [place if unit == CUT else unit for place, unit in enumerate(schedule)]
        assert torch.allclose(output, rebuilt(lane, order, removed)(lane.x), rtol=1e-10, atol=1e-10)
    assert len({tuple(output[0].tolist()) for output in outputs}) == len(schedules)


@torch.no_grad()
def test_a_cut_blend_keeps_its_shares_of_the_shortcut() -> None:
    lane = subject("cifar-basic-8:bn relu conv blend", 4, double=True)
    parts = cuttable(lane)
    zeroed = copy.deepcopy(lane.net)
    for parameter in zeroed.get_submodule("stages.1.0.branch").parameters():
        parameter.zero_()
    assert torch.allclose(logits(parts, [parts.without([1])], lane.x)[0], zeroed(lane.x), atol=1e-12)


def test_accuracies_count_the_images_that_the_settings_name() -> None:
    lane = subject("cifar-basic-14", 40)
    values = list(measure([lane], SETTINGS))[-1].values
    chosen = mixed(40, 0)[:24]
    for unit, accuracy in enumerate(values["deleted"]):
        parts = cuttable(lane)
        (right,), (loss,) = score(parts, [parts.without([unit])], lane.x[chosen], lane.labels[chosen])
        assert accuracy == right / 24
        assert values["deleted_loss"][unit] == pytest.approx(loss / 24, rel=1e-4)
    assert values["images"] == 24
    assert values["changes_shape"] == [2, 4]
    assert [one is None for one in values["swapped"]] == [False, True, True, True, True, True]
    assert values["counts"] == [1, 2, 3, 4]
    # all four that keep the shape are cut in each trial of four
    assert {len(set(row)) for row in values["several"][-1:]} == {1}
    # one cut of a trial is one of those cut alone
    assert set(values["several"][0]) <= {values["deleted"][unit] for unit in (0, 1, 3, 5)}


def test_parts_grow_together_and_the_same_question_has_the_same_answer() -> None:
    lanes = [subject("cifar-basic-14", 24), subject("cifar-basic-14:plain", 24)]
    before = {name: tensor.clone() for name, tensor in lanes[0].net.state_dict().items()}
    state = torch.random.get_rng_state()
    parts = list(measure(lanes, SETTINGS))
    assert parts == list(measure(lanes, SETTINGS))
    assert {part.lane for part in parts[:2]} == {0, 1}
    assert [part.done for part in parts] == sorted(part.done for part in parts)
    assert parts[-1].done == parts[-1].of
    assert torch.equal(state, torch.random.get_rng_state())
    assert all(torch.equal(tensor, before[name]) for name, tensor in lanes[0].net.state_dict().items())
    plain = next(part for part in parts[::-1] if part.lane == 1)
    assert [unit for unit, one in enumerate(plain.values["deleted"]) if one is None] == [2, 4]
    for part in (parts[0], parts[-1]):
        check_shown(part)


def check_shown(part: Part) -> None:
    values = json.loads(json.dumps(part.values))
    for measured in ("accuracy", "loss"):
        figure = draw([(part.lane, "a net", values)], {"measure": measured})
        assert len(to_plotly(json.loads(to_json(figure))).data) == 5
    assert texts(findings([LaneResult(part.lane, "AB"[part.lane], "a net", "", values)], SETTINGS))


def test_findings_name_what_a_cut_costs_and_what_cannot_be_cut() -> None:
    values = list(measure([subject("cifar-basic-14:plain", 24)], SETTINGS))[-1].values
    trained = {**values, "trained": True, "baseline": 0.9, "deleted": [0.8, 0.1, None, 0.7, None, 0.9]}
    lanes = [LaneResult(0, "A", "a net", "", trained), LaneResult(1, "B", "a net", "", values)]
    text = " ".join(texts(findings(lanes, SETTINGS)))
    assert "A: 90.0% of 24 images are right; to cut one unit that keeps the shape costs 27.5 points" in text
    assert "the worst cut, of unit 2, leaves 10.0%; 1 of 4 cuts" in text
    assert "A: each of units 3, 5 changes the shape and has no shortcut, so it cannot be cut." in text
    assert "B is not trained" in text
    assert texts(findings([], SETTINGS)) == []
    assert texts(findings([LaneResult(0, "A", "a net", "", {})], SETTINGS)) == []


def test_a_click_cuts_units_and_says_on_how_many_images() -> None:
    lane = subject("cifar-basic-8", 20)
    answer, whole = cut(lane, [1]), cut(lane, [])
    parts = cuttable(lane)
    (right,), (loss,) = score(parts, [parts.without([1])], lane.x, lane.labels)
    assert (answer.images, answer.accuracy, answer.whole) == (20, right / 20, whole.accuracy)
    assert answer.loss == pytest.approx(loss / 20, rel=1e-5)
    with pytest.raises(AnalysisError, match="there is no unit 4"):
        cut(lane, [3])
    with pytest.raises(AnalysisError, match="unit 2 changes the shape"):
        cut(subject("cifar-basic-8:plain", 4), [1])


def test_tau_is_one_less_what_two_thirds_of_a_pair_turned_round_take() -> None:
    assert [kendall_tau(order) for order in ([0, 1, 2], [2, 1, 0], [1, 0, 2])] == pytest.approx([1, -1, 1 / 3])
    assert kendall_tau([0]) == 1
    order = mixed(9, 3)
    turned = sum(int(a > b) for a, b in combinations(order.tolist(), 2))
    assert kendall_tau(order.tolist()) == pytest.approx(1 - 4 * turned / (9 * 8))

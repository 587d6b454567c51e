"""Latency: plans against what modules do, turns that are fair, and sentences that say no more than the times."""

from math import comb
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from resnet_explorer.analyses.latency import bytes_moved, fitting_batch, layers_in_sequence, measure
from resnet_explorer.analyses.latency_findings import findings, ratio_interval
from resnet_explorer.analyses.request import LaneResult, SubjectRequest
from resnet_explorer.analyses.settings import LatencySettings
from resnet_explorer.analyses.subject import plan_subject
from resnet_explorer.models.build import build
from resnet_explorer.models.units import Through
from resnet_explorer.networks.plan import Plan, plan
from resnet_explorer.networks.request import parse_request
from resnet_explorer.training.predictions import CPU
from tests.fixtures.findings import texts

SMALL = "cifar-basic-8:{};image=8;widths=4/8/8;stem_width=4"
IN_A_ROW = [SMALL.format(unit) for unit in ("plain", "original", "full-preactivation", "bn relu conv rk4 relu")]


def planned(line: str) -> Plan:
    return plan(parse_request(line).network)


def outputs(network: Plan, batch: int) -> list[Tensor]:
    """What each innermost module gives in one pass; a plain unit's `Through` only hands on what its branch gave."""
    net, given = build(network).eval(), list[Tensor]()
    for module in net.modules():
        if not list(module.children()) and not isinstance(module, (nn.Sequential, Through)):
            module.register_forward_hook(lambda module, inputs, y: given.append(y))
    with torch.no_grad():
        net(torch.zeros(batch, *network.image.dims))
    return given


def lane(letter: str, rounds: list[float], macs: int, **values: Any) -> LaneResult:
    middle = sorted(rounds)[len(rounds) // 2]
    times = {f"{kind}milliseconds{bound}": middle for kind in ("", "training_") for bound in ("", "_low", "_high")}
    known = {"rounds": rounds, "macs": macs, "gmacs_per_second": macs / middle / 1e6, "batch": 1, "threads": 2}
    known |= {"bytes": 10**6, "layers": 20, **times, **values}
    return LaneResult("ABC".index(letter), letter, "net", "", known)


@pytest.mark.parametrize("line", IN_A_ROW)
def test_bytes_are_those_of_what_the_modules_give(line: str) -> None:
    network = planned(line)
    given = sum(y.numel() for y in outputs(network, 3))
    assert bytes_moved(network, 3) == 4 * (given + network.params)


@pytest.mark.parametrize("line", IN_A_ROW)
def test_layers_in_sequence_are_all_but_those_of_the_two_short_shortcuts(line: str) -> None:
    network = planned(line)
    beside = sum(len(run.unit.skip) * run.count for run in network.runs())
    assert layers_in_sequence(network) == len(outputs(network, 1)) - beside


def test_each_round_has_each_lane_once_and_the_first_parts_need_no_time() -> None:
    lanes = [plan_subject(SubjectRequest(line, slot), CPU) for slot, line in enumerate(IN_A_ROW)]
    parts = list(measure(lanes, LatencySettings(batch=2, rounds=4)))
    rounds = [[part.lane for part in parts[start : start + 4]] for start in range(0, len(parts), 4)]
    assert len(rounds) == 5
    assert all(sorted(turns) == [0, 1, 2, 3] for turns in rounds)
    assert len({tuple(turns) for turns in rounds}) > 2
    assert all("milliseconds" not in part.values for part in parts[:4])
    last = parts[-1].values
    assert len(last["rounds"]) == 4
    assert min(last["rounds"]) <= last["milliseconds_low"] <= last["milliseconds"] <= last["milliseconds_high"]
    assert last["images_per_second"] == pytest.approx(2000 / last["milliseconds"], abs=0.1)


def test_a_lane_is_planned_at_its_own_size_and_holds_no_weights() -> None:
    lanes = [plan_subject(SubjectRequest(line), CPU) for line in ("imagenet-34;shortcut=A", "vgg-19")]
    assert [round(lane.plan.macs / 1e9, 3) for lane in lanes] == [3.644, 19.632]
    assert all(weight.device.type == "meta" for lane in lanes for weight in lane.net.parameters())
    assert fitting_batch([lane.plan for lane in lanes], 8) == 1
    assert fitting_batch([lane.plan for lane in lanes[:1]], 8) == 4
    assert fitting_batch([planned("cifar-basic-56")], 8) == 8


@pytest.mark.parametrize("count", [6, 9, 20, 51])
def test_the_interval_of_the_median_leaves_out_at_most_a_twentieth(count: int) -> None:
    interval = ratio_interval([float(number) for number in range(1, count + 1)], [1.0] * count)
    assert interval is not None
    below = sum(comb(count, k) for k in range(int(interval[0]))) / 2**count
    one_more = below + comb(count, int(interval[0])) / 2**count
    assert 2 * below <= 0.05 < 2 * one_more
    assert interval[0] + interval[2] == count + 1


def test_a_few_rounds_tell_nothing_apart() -> None:
    assert ratio_interval([2.0] * 5, [1.0] * 5) is None
    few = texts(findings([lane("A", [1.0] * 5, 10**9), lane("B", [9.0] * 5, 10**9)], LatencySettings()))
    assert not any("times as long as A" in sentence for sentence in few)


def test_flops_that_are_not_speed_are_named_with_their_reasons() -> None:
    many, few = lane("A", [10.0, 10.1] * 10, 8 * 10**9), lane("B", [5.0, 5.1] * 10, 10**9, layers=80, bytes=2 * 10**6)
    words = " ".join(texts(findings([many, few], LatencySettings())))
    assert "B has 12.5% of the multiply-adds of A and takes 50.5% of its time" in words
    assert "moves 16 times the bytes" in words
    assert "80 layers in sequence against 20" in words
    assert "still takes longer" not in words
    slower = lane("C", [20.0, 20.1] * 10, 10**9)
    assert "C has fewer multiply-adds than A" in " ".join(texts(findings([many, slower], LatencySettings())))


def test_times_that_overlap_are_not_told_apart() -> None:
    a, b = lane("A", [10.0, 11.0] * 10, 10**9), lane("B", [11.0, 10.0] * 10, 10**9)
    words = " ".join(texts(findings([a, b], LatencySettings())))
    assert "not told apart" in words
    assert "do foretell time" in words

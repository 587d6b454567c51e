"""Paths of the gradient: parts and single paths agree with the full expansion of a net of six units, and sum up."""

import json
from collections.abc import Iterator
from itertools import product
from math import comb

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from resnet_explorer.analyses import gradient_paths, gradient_paths_findings, paths, paths_findings
from resnet_explorer.analyses.request import LaneResult, Part
from resnet_explorer.analyses.settings import GradientPathsSettings, PathsSettings
from resnet_explorer.analyses.subject import Subject
from resnet_explorer.figures import gradient_paths as parts_figure
from resnet_explorer.figures import paths as paths_figure
from resnet_explorer.figures.plotly_figure import to_plotly
from resnet_explorer.figures.plotly_json import to_json
from tests.fixtures.findings import texts
from tests.fixtures.subjects import subject

SIX = ("cifar-basic-14", "cifar-basic-14:full-preactivation", "cifar-basic-14:bn-after-addition")
PARTS, ALL_PATHS = GradientPathsSettings(images=3), PathsSettings(trials=20, images=3)


def last_parts(lane: Subject, settings: GradientPathsSettings = PARTS) -> Part:
    return list(gradient_paths.measure([lane], settings))[-1]


def expand(lane: Subject, images: int) -> Iterator[tuple[int, Tensor]]:
    """Each of the 64 paths with its length and gradient: the other way of each unit is cut off in a pass of its own."""
    for ways in product((False, True), repeat=6):
        x = lane.net.stem(lane.x[:images]).detach().requires_grad_()
        y = x
        for unit, through in zip(lane.units, ways, strict=True):
            fork = unit.pre(y)
            straight, branch = unit.skip(fork), unit.branch(fork)
            y = unit.post(straight.detach() + branch if through else straight + branch.detach())
        loss = F.cross_entropy(lane.net.head(y), lane.labels[:images], reduction="sum")
        yield sum(ways), torch.autograd.grad(loss, x)[0]


@pytest.mark.parametrize("line", SIX)
def test_parts_and_paths_are_those_of_the_full_expansion(line: str) -> None:
    lane = subject(line, double=True)
    expanded = list(expand(lane, 3))
    whole = torch.stack([gradient for _, gradient in expanded]).sum(0)
    parts = last_parts(lane).values
    *_, measured = paths.measure([lane], ALL_PATHS)
    assert measured.values["paths"] == 64
    assert measured.values["products"] == 6 * 32
    for length in range(7):
        group = torch.stack([gradient for passed, gradient in expanded if passed == length])
        assert len(group) == comb(6, length) == measured.values["counts"][length]
        assert measured.values["gradient"][length] == pytest.approx(
            float(group.flatten(2).norm(dim=2).mean()), rel=1e-9
        )
        assert parts["terms"][length] == pytest.approx(float(group.sum(0).norm() / whole.norm()), rel=1e-9)
    carried = [float(g.flatten(1).norm(dim=1).mean()) for _, g in expanded]
    mean = sum(length * norm for (length, _), norm in zip(expanded, carried, strict=True)) / sum(carried)
    assert measured.values["effective"]["mean"] == pytest.approx(mean, rel=1e-9)


@pytest.mark.parametrize(
    "line",
    [
        *SIX,
        "cifar-basic-14:plain",
        "cifar-basic-8:bn relu conv bn relu conv blend",
        "cifar-basic-8:bn relu conv bn relu conv rk4",
        "cifar-basic-14:bn relu conv +;down=conv1 bn;skip=scale(0.5)",
    ],
)
def test_direct_and_branch_parts_sum_to_the_whole(line: str) -> None:
    values = last_parts(subject(line, double=True)).values
    assert values["error"] < 1e-12
    assert sum(values["term_share"]) == pytest.approx(1, abs=1e-9)
    assert values["term_share"][0] + sum(values["share"]) == pytest.approx(1, abs=1e-9)
    assert values["direct"][-1] == 1
    assert last_parts(subject(line)).values["error"] < 1e-5


def test_longer_paths_are_one_part_and_the_other_parts_stay() -> None:
    lane = subject(SIX[1], double=True)
    full, short = last_parts(lane).values, last_parts(lane, GradientPathsSettings(images=3, longest=2)).values
    assert short["lumped"]
    assert short["terms"][:2] == pytest.approx(full["terms"][:2])
    assert short["term_share"][2] == pytest.approx(sum(full["term_share"][2:]))
    assert short["error"] < 1e-12


def test_a_plain_net_has_one_path_and_sends_nothing_past_its_branches() -> None:
    lane = subject("cifar-basic-8:plain")
    parts = last_parts(lane, GradientPathsSettings(images=1)).values
    assert parts["term_share"] == pytest.approx([0, 0, 0, 1], abs=1e-5)
    assert parts["direct"][0] == 0
    (part,) = paths.measure([lane], PathsSettings(images=1))
    assert (part.values["lengths"], part.values["counts"], part.values["carried"]) == ([3], [1], [1.0])
    assert part.values["gradient"][0] == pytest.approx(parts["whole"][0], rel=1e-4)


def test_the_effective_lengths_are_the_fewest_that_carry_most() -> None:
    """54 units, all paths alike: Veit's counts, of which 19 to 35 hold 98 %."""
    carried = paths.carry(54, {0: 1.0, 54: 1.0})
    assert carried == pytest.approx([comb(54, length) / 2**54 for length in range(55)])
    reach = paths.effective(carried, 0)
    assert reach is not None
    assert reach["mean"] == pytest.approx(27)
    # 20 to 34 hold 95.98 %, and an even number of lengths cannot lie evenly
    assert (reach["low"], reach["high"]) == (20, 34)
    assert reach["share"] == pytest.approx(reach["carried"])
    assert sum(carried[19:36]) == pytest.approx(0.980166, abs=1e-6)
    assert sum(carried[5:18]) == pytest.approx(0.00453667, abs=1e-8)
    faded = paths.carry(54, {length: 3.0**-length for length in range(55)})
    assert paths.effective(faded, 0)["mean"] == pytest.approx(54 / 4)  # type: ignore[index]
    assert paths.effective([0.0, 0.0], 0) is None


def test_lengths_thin_out_in_deep_networks() -> None:
    assert paths.lengths(27) == list(range(28))
    assert (len(paths.lengths(600)), paths.lengths(600)[0], paths.lengths(600)[-1]) == (28, 0, 600)


@pytest.mark.parametrize("name", ["parts", "paths"])
def test_lanes_grow_together_and_each_part_draws_and_speaks(name: str) -> None:
    lanes, state = [subject(SIX[0]), subject(SIX[1]), subject("cifar-basic-8:plain")], torch.random.get_rng_state()
    before = [tensor.clone() for tensor in lanes[0].net.state_dict().values()]

    def run() -> list[Part]:
        if name == "parts":
            return list(gradient_paths.measure(lanes, GradientPathsSettings(images=8)))
        return list(paths.measure(lanes, PathsSettings(trials=3, images=2)))

    parts = run()
    assert [part.lane for part in parts[:3]] == [0, 1, 2]
    assert [part.done for part in parts] == list(range(1, parts[-1].of + 1))
    assert run() == parts
    assert all(torch.equal(a, b) for a, b in zip(before, lanes[0].net.state_dict().values(), strict=True))
    assert all(weight.requires_grad for weight in lanes[0].net.parameters())
    assert torch.equal(state, torch.random.get_rng_state())
    results = [LaneResult(part.lane, "ABC"[part.lane], "a net", "", part.values) for part in parts[:3]]
    values = [(part.lane, "a net", json.loads(json.dumps(part.values))) for part in parts[:3]]
    if name == "parts":
        sentences, figure = texts(gradient_paths_findings.findings(results, PARTS)), parts_figure.draw(values, {})
    else:
        sentences, figure = texts(paths_findings.findings(results, ALL_PATHS)), paths_figure.draw(values, {})
    assert "no shortcut" in sentences[-1]
    assert len(to_plotly(json.loads(to_json(figure))).data) >= 9

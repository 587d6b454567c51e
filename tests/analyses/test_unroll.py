"""The unrolled sum: exact where the plan says so, with each unit's share as a network without that branch has it."""

import json

import pytest
import torch
from torch import Tensor

from resnet_explorer.analyses.request import LaneResult
from resnet_explorer.analyses.settings import UnrollSettings
from resnet_explorer.analyses.unroll import measure
from resnet_explorer.analyses.unroll_findings import findings
from resnet_explorer.analyses.ways import split
from resnet_explorer.figures.plotly_figure import to_plotly
from resnet_explorer.figures.plotly_json import to_json
from resnet_explorer.figures.unroll import draw
from tests.fixtures.findings import texts
from tests.fixtures.subjects import subject

SETTINGS = UnrollSettings(images=6)
BOTH = ("cifar-basic-14", "cifar-basic-14:full-preactivation")


@pytest.mark.parametrize(
    ("line", "exact"),
    [
        ("cifar-basic-14", False),
        ("cifar-basic-14:full-preactivation", True),
        ("cifar-basic-14:relu-only-preactivation", True),
        ("cifar-basic-14:relu-before-addition", True),
        ("cifar-basic-14:bn-after-addition", False),
        ("cifar-basic-14:plain", False),
        ("cifar-basic-14:bn relu conv bn relu conv rk4", True),
        ("cifar-basic-14:bn relu conv bn relu conv blend", False),
        ("cifar-basic-14:bn relu conv +;skip=scale(0.5)", False),
    ],
)
def test_the_sum_is_exact_where_the_plan_says_so(line: str, exact: bool) -> None:
    *_, part = measure([subject(line)], SETTINGS)
    assert part.values["promised"] == exact
    assert (part.values["error"] < 1e-9) == exact
    for stage, direct in enumerate(part.values["direct"], start=1):
        shares = [s for s, number in zip(part.values["share"], part.values["stage"], strict=True) if number == stage]
        assert (abs(direct + sum(shares) - 1) < 1e-9) == exact


def test_a_branch_is_the_difference_to_the_unit_without_it() -> None:
    """In the last stage, whose first unit changes the shape, by hand from the outputs of the units."""
    lane = subject(BOTH[1], double=True)
    *_, part = measure([lane], SETTINGS)
    with torch.no_grad():
        x = lane.net.stages[1](lane.net.stages[0](lane.net.stem(lane.x[:6])))
        first, second = lane.units[4:]
        middle: Tensor = first(x)
        y: Tensor = second(middle)
        branches: list[Tensor] = [middle - first.skip(first.pre(x)), y - middle]
    expected = [float(branch.norm() / y.norm()) for branch in branches]
    shares = [float((branch * y).sum() / y.square().sum()) for branch in branches]
    cosine = torch.nn.functional.cosine_similarity(branches[1].flatten(), middle.flatten(), 0)
    assert part.values["terms"][4:] == pytest.approx(expected, rel=1e-9)
    assert part.values["share"][4:] == pytest.approx(shares, rel=1e-9)
    assert part.values["angle"][5] == pytest.approx(float(cosine.acos().rad2deg()), rel=1e-9)


@pytest.mark.parametrize("end", ["+", "blend", "rk2", "rk3", "rk4", "rk4(shared=True)", ""])
def test_both_ways_sum_to_the_merge_in_values_and_gradients(end: str) -> None:
    (unit, *_) = subject(f"cifar-basic-8:bn relu conv bn relu conv {end}", 4, double=True).units
    x = torch.randn(2, 4, 8, 8, dtype=torch.float64, requires_grad=True)
    straight, branch = split(unit, unit.pre(x))
    ways = branch if straight is None else straight + branch
    merged = unit.merge(unit.branch, unit.skip, unit.pre(x))
    g = torch.randn_like(merged)

    def pull(y: Tensor) -> Tensor:
        return torch.autograd.grad(y, x, g, retain_graph=True)[0]

    assert (straight is None) == (not end)
    assert torch.allclose(ways, merged, atol=1e-12)
    assert torch.allclose(pull(ways), pull(merged), atol=1e-12)


def test_lanes_grow_together_and_each_part_draws_and_speaks() -> None:
    lanes = [subject(line) for line in BOTH]
    before = [tensor.clone() for tensor in lanes[0].net.state_dict().values()]
    parts = list(measure(lanes, UnrollSettings(images=20)))
    assert [part.lane for part in parts] == [0, 1] * 3
    assert [part.done for part in parts] == list(range(1, 7))
    assert list(measure(lanes, UnrollSettings(images=20))) == parts
    assert all(torch.equal(a, b) for a, b in zip(before, lanes[0].net.state_dict().values(), strict=True))
    results = [LaneResult(part.lane, "AB"[part.lane], "a net", "", part.values) for part in parts[-2:]]
    sentences = texts(findings(results, SETTINGS))
    assert "does not hold" in sentences[0]
    assert "holds to" in sentences[1]
    figure = draw([(part.lane, "a net", json.loads(json.dumps(part.values))) for part in parts[:1]], {})
    assert len(to_plotly(json.loads(to_json(figure))).data) == 4
    assert draw([(0, "a net", {})], {})["data"] == []
    assert texts(findings([], SETTINGS)) == []

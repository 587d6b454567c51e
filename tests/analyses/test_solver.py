"""Integrators: the orders on fields that are smooth, against loops by hand, and Euler units against RK4 units."""

import json
from dataclasses import replace

import pytest
import torch
from torch import nn

from resnet_explorer.analyses.integration import (
    TABLEAUS,
    UnitField,
    end_of,
    fit_slope,
    growth,
    linear_errors,
    linear_field,
)
from resnet_explorer.analyses.request import LaneResult, Part
from resnet_explorer.analyses.settings import SolverSettings
from resnet_explorer.analyses.solver import choose_unit, enter, measure
from resnet_explorer.analyses.solver_findings import EVALUATIONS, findings
from resnet_explorer.analyses.solver_units import compare, costs
from resnet_explorer.analyses.subject import Subject
from resnet_explorer.errors import AnalysisError
from resnet_explorer.figures.plotly_figure import to_plotly
from resnet_explorer.figures.plotly_json import to_json
from resnet_explorer.figures.solver import draw
from resnet_explorer.language.layer import Shape
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.request import parse_request
from tests.fixtures.findings import texts
from tests.fixtures.subjects import subject

SMOOTH = "cifar-basic-8:bn silu conv bn silu conv +"
KINKED = "cifar-basic-8:full-preactivation"
SETTINGS = SolverSettings(halvings=5, images=2)


def last(lane: Subject, settings: SolverSettings = SETTINGS) -> Part:
    return list(measure([lane], settings))[-1]


def test_slopes_on_a_linear_field_are_the_orders() -> None:
    steps = [1, 2, 4, 8, 16, 32]
    errors = linear_errors(steps, 0)
    for scheme, order in EVALUATIONS.items():
        assert fit_slope(steps, errors[scheme], 1e-13) == pytest.approx(order, abs=0.1)


def test_errors_on_a_linear_field_are_those_of_the_power_series() -> None:
    """One step of order p gives the series of the exponential up to the power p."""
    field, start = linear_field(3)
    a = field.matrix
    terms, term = [start[0]], start[0]
    for power in range(1, 30):
        term = a @ term / power
        terms.append(term)
    exact = torch.stack(terms).sum(0)
    for scheme, order in EVALUATIONS.items():
        cut = torch.stack(terms[: order + 1]).sum(0)
        expected = float((cut - exact).norm() / exact.norm())
        assert linear_errors([1], 3)[scheme] == [pytest.approx(expected, rel=1e-5)]


def test_four_evaluations_of_growth_are_the_known_numbers() -> None:
    assert growth() == pytest.approx({"euler": 1.25**4, "midpoint": 1.625**2, "rk4": 65 / 24})


def test_a_smooth_branch_has_the_orders_and_a_kinked_one_stops_at_two() -> None:
    smooth, kinked = last(subject(SMOOTH, 2)).values, last(subject(KINKED, 2)).values
    for scheme, order in EVALUATIONS.items():
        assert smooth["branch_slopes"][scheme] == pytest.approx(order, abs=0.35)
    assert smooth["kinks"] is None
    assert kinked["kinks"] > 0
    assert kinked["branch_slopes"]["euler"] == pytest.approx(1, abs=0.2)
    assert kinked["branch_slopes"]["rk4"] < 3


def test_a_branch_is_followed_as_a_loop_by_hand_follows_it() -> None:
    lane = subject(KINKED, 2, double=True)
    unit, h = lane.units[0], 0.25
    with torch.no_grad():
        euler = classic = start = unit.pre(lane.net.stem(lane.x))
        for _ in range(4):
            euler = euler + h * unit.branch(euler)
            k1 = unit.branch(classic)
            k2 = unit.branch(classic + h / 2 * k1)
            k3 = unit.branch(classic + h / 2 * k2)
            k4 = unit.branch(classic + h * k3)
            classic = classic + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        torch.testing.assert_close(end_of("euler", UnitField(unit), start, 1.0, 4), euler, rtol=1e-12, atol=1e-12)
        torch.testing.assert_close(end_of("rk4", UnitField(unit), start, 1.0, 4), classic, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("merge", ["+", "blend(bias=-1)"])
def test_one_euler_step_of_length_one_is_the_unit(merge: str) -> None:
    lane = subject(f"cifar-basic-8:conv bn relu conv bn {merge} relu;skip=scale(0.5)", 2, double=True)
    unit = lane.units[0]
    with torch.no_grad():
        x = unit.pre(enter(lane, 0, 2))
        step = end_of("euler", UnitField(unit), x, 1.0, 1)
        torch.testing.assert_close(unit.post(step), unit(enter(lane, 0, 2)), rtol=1e-12, atol=1e-12)


def test_an_rk4_unit_of_a_network_is_the_one_that_is_compared() -> None:
    lane = subject("horesnet-rk4-26", 2, double=True)
    unit, x = lane.units[0], lane.net.stem(lane.x).detach()
    with torch.no_grad():
        four = compare(lane, 0, lambda place: enter(lane, place, 2))
        euler, energy = x, 0.0
        for branch in unit.branch.children():
            energy += float(branch(euler).square().mean() / x.square().mean())
            euler = unit.post(euler + branch(euler))
        expected = float((euler - unit(x)).norm() / unit(x).norm())
    assert four["units"] == [1, 1, 1, 1]
    assert four["difference"] == pytest.approx(expected, rel=1e-5)
    assert four["added"]["euler"] == pytest.approx(energy)


def test_euler_units_of_a_network_are_the_ones_that_are_compared() -> None:
    lane = subject("horesnet-euler-26", 2, double=True)
    with torch.no_grad():
        four = compare(lane, 1, lambda place: enter(lane, place, 2))
        x = enter(lane, 0, 2)
        euler, h, branches = nn.Sequential(*lane.units[:4])(x), x, [unit.branch for unit in lane.units[:4]]
        k1 = branches[0](h)
        k2 = branches[1](h + k1 / 2)
        k3 = branches[2](h + k2 / 2)
        k4 = branches[3](h + k3)
        step = (k1 + 2 * k2 + 2 * k3 + k4) / 6
        rk4 = (h + step).relu()
    assert four["units"] == [1, 2, 3, 4]
    assert four["difference"] == pytest.approx(float((euler - rk4).norm() / rk4.norm()), rel=1e-5)
    assert four["added"]["rk4"] == pytest.approx(float(step.square().mean() / x.square().mean()))


def test_four_euler_units_cost_what_one_rk4_unit_does_as_whole_networks_do() -> None:
    euler, rk4 = (parse_request(f"horesnet-{scheme}-26").network for scheme in ("euler", "rk4"))
    unit = costs(euler, Shape(16, 16, 16))
    assert unit == costs(rk4, Shape(16, 16, 16))
    assert unit["parameters"] == {"euler": 18_688, "rk4": 18_688}
    assert unit["macs"]["euler"] == unit["macs"]["rk4"]
    assert plan(euler).params == plan(rk4).params == 366_842
    assert plan(euler).macs == plan(rk4).macs == 13_677_184


def test_units_that_are_no_field_are_refused_and_a_network_without_one_keeps_the_rest() -> None:
    lane = subject("cifar-basic-8", 2)
    assert choose_unit(lane, 0) == choose_unit(lane, 1) == 0
    for number, reason in ((2, "unit 2 of A changes the shape"), (9, "A has 3 units; there is no unit 9")):
        with pytest.raises(AnalysisError, match=reason):
            list(measure([lane], replace(SETTINGS, unit=number)))
    none = last(subject("cifar-basic-8;widths=32/64/128", 2))
    assert none.values["unit"] is None
    assert none.done == none.of == 1
    assert "no unit keeps the shape" in texts(findings([LaneResult(0, "A", "", "", none.values)], SETTINGS))[-1]


def test_each_part_draws_and_says_what_is_known() -> None:
    lanes = [subject(KINKED, 2), subject("cifar-basic-8:plain", 2), subject(KINKED, 2, init="zero-gamma")]
    settings = SolverSettings(halvings=2, images=1)
    parts = list(measure(lanes, settings))
    assert [part.lane for part in parts[:3]] == [0, 1, 2]
    assert parts[-1].done == parts[-1].of
    values = {part.lane: json.loads(json.dumps(part.values)) for part in parts}
    for known in ({0: parts[0].values}, values):
        results = [LaneResult(lane, "ABC"[lane], "a net", "", each) for lane, each in known.items()]
        sentences = texts(findings(results, settings))
        figure = draw([(lane, "a net", each) for lane, each in known.items()], {})
        to_plotly(figure)
        assert "length of a step" in to_json(figure)
    text = " ".join(sentences)
    assert "A: along the branch of unit 1 one Euler step, which is what the unit takes, ends" in text
    assert "B: its units are plain" in text
    assert len([trace for trace in figure["data"] if trace["mode"] == "lines+markers"]) == 3 * len(TABLEAUS)
    assert texts(findings([], settings)) == []

"""The named starting points, and their links."""

from urllib.parse import parse_qs, unquote

import pytest

from resnet_explorer.language.orderings import PAPERS
from resnet_explorer.networks.examples import EXAMPLES, Example, lines_of, link
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.request import parse_request

each_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)


@each_example
def test_every_lane_has_a_plan_and_a_title(example: Example) -> None:
    assert 2 <= len(example.lanes) <= 6
    assert all(plan(parse_request(lane.line).network).params > 0 for lane in example.lanes)
    assert len({lane.title for lane in example.lanes}) == len(example.lanes)


@each_example
def test_no_two_lanes_of_an_example_are_the_same_network(example: Example) -> None:
    ids = {parse_request(lane.line).network.id for lane in example.lanes}
    assert len(ids) == len(example.lanes)


@each_example
def test_the_link_holds_every_lane(example: Example) -> None:
    query = parse_qs(link(example).removeprefix("?"))
    assert (query["view"], query["v"]) == ([example.view], ["1"])
    lanes = [lane.partition("~") for lane in query["lanes"][0].split(",")]
    assert [unquote(line) for line, _, _ in lanes] == [lane.line for lane in example.lanes]
    assert [unquote(title) for _, _, title in lanes] == [lane.title for lane in example.lanes]


@each_example
def test_the_lanes_of_a_link_are_read_back(example: Example) -> None:
    query = parse_qs(link(example).removeprefix("?"))
    assert lines_of(query["lanes"][0]) == [lane.line for lane in example.lanes]


def test_the_named_links_come_first() -> None:
    assert [example.name for example in EXAMPLES[:5]] == [
        "He 2016, five orderings",
        "Plain against residual at 56",
        "Wide against deep",
        "One step or four: Runge-Kutta",
        "Options A, B, C",
    ]


def test_wide_and_deep_have_about_as_many_parameters() -> None:
    lanes = next(example for example in EXAMPLES if example.name == "Wide against deep").lanes
    sizes = [plan(parse_request(lane.line).network).params / 1e6 for lane in lanes]
    assert 8 < min(sizes) <= max(sizes) < 12


def test_every_paper_is_there() -> None:
    assert {paper for example in EXAMPLES for paper in example.papers} <= set(PAPERS)

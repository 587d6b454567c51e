import pytest

from resnet_explorer.describe.drawing.strip import strip
from resnet_explorer.networks.families import FAMILIES
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.request import parse_request

NAMES = [*(family.example for family in FAMILIES), "cifar-basic-1202:full-preactivation", "cifar-basic-20;head=conv1"]


@pytest.mark.parametrize("name", NAMES)
def test_the_strip_holds_all_units_and_all_parameters(name: str) -> None:
    network_plan = plan(parse_request(name).network)
    sections = strip(network_plan)
    assert sum(section["params"] for section in sections) == network_plan.params
    assert sum(section["count"] for section in sections if section["stage"]) == network_plan.unit_count


def test_a_deep_network_is_as_short_as_a_shallow_one() -> None:
    deep, shallow = (strip(plan(parse_request(f"cifar-basic-{depth}").network)) for depth in (1202, 20))
    assert [len(section["runs"]) for section in deep] == [len(section["runs"]) for section in shallow]
    assert [(run["first"], run["last"]) for run in deep[2]["runs"]] == [(1, 1), (2, 200)]


def test_shapes_are_said_where_they_change() -> None:
    shapes = [section["shape"] for section in strip(plan(parse_request("cifar-basic-20").network))]
    assert shapes == ["3×32² → 16×32²", "16×32²", "16×32² → 32×16²", "32×16² → 64×8²", "64×8² → 10"]

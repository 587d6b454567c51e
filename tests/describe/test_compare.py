"""Two plans line by line."""

from itertools import pairwise

import pytest

from resnet_explorer.describe.compare import DiffRow, diff
from resnet_explorer.describe.table import layer_rows
from resnet_explorer.networks.families import FAMILIES
from resnet_explorer.networks.plan import Plan, plan
from resnet_explorer.networks.request import parse_request

WORLD = [
    "cifar-basic-20",
    "cifar-basic-32",
    "cifar-basic-20:full-preactivation",
    "cifar-basic-20:plain",
    "cifar-basic-20:conv bn relu conv bn rk4 relu",
    "cifar-basic-20;shortcut=C;classes=100",
    "cifar-basic-20;widths=16,32;depths=3,3;strides=1,2",
    "cifar-bottleneck-29",
    "vgg-16",
]
PAIRS = [*pairwise(WORLD), *((right, left) for left, right in pairwise(WORLD)), (WORLD[0], WORLD[-1])]


def planned(text: str) -> Plan:
    return plan(parse_request(text).network)


def side(rows: list[DiffRow], signs: str) -> list[tuple[object, ...]]:
    return [line[1:] for line in rows if line.sign in signs]


def table(text: str) -> list[tuple[object, ...]]:
    return [row[:-1] for row in layer_rows(planned(text))]


@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_the_difference_applied_to_one_gives_the_other(left: str, right: str) -> None:
    rows = diff(planned(left), planned(right))
    assert side(rows, " -") == table(left)
    assert side(rows, " +") == table(right)


@pytest.mark.parametrize("text", [*WORLD, *(family.example for family in FAMILIES)])
def test_nothing_differs_between_equal_networks(text: str) -> None:
    assert {line.sign for line in diff(planned(text), planned(text))} == {" "}


def test_an_ordering_differs_only_in_what_moved() -> None:
    rows = diff(planned("cifar-basic-20"), planned("cifar-basic-20:relu-before-addition"))
    assert {(line.sign, line.part, line.op) for line in rows if line.sign != " "} == {
        ("+", "branch", "relu"),
        ("-", "post", "relu"),
    }


def test_units_that_only_one_of_two_has_are_added_whole() -> None:
    rows = diff(planned("cifar-basic-20"), planned("cifar-basic-26"))
    assert {(line.stage, line.unit) for line in rows if line.sign == "+"} == {(1, 4), (2, 4), (3, 4)}
    assert not side(rows, "-")

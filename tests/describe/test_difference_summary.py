"""The difference of two networks in words."""

import pytest

from resnet_explorer.describe.compare import diff
from resnet_explorer.describe.difference_summary import ChangeGroup, summarise
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.request import parse_request
from tests.describe.test_compare import PAIRS, WORLD


def groups(left: str, right: str) -> list[ChangeGroup]:
    before, after = (plan(parse_request(text).network) for text in (left, right))
    return summarise(diff(before, after))


def sentences(left: str, right: str) -> list[str]:
    return [group.sentence for group in groups(left, right)]


def test_an_op_that_moves_in_every_unit_is_one_sentence() -> None:
    assert sentences("cifar-basic-56", "cifar-basic-56:bn-after-addition") == [
        "in each of 27 units bn moves from the end of the branch to behind the +"
    ]


def test_first_unit_transitions_and_head_of_preactivation_stand_apart() -> None:
    first, second, third, head = groups("cifar-basic-56", "cifar-basic-56:full-preactivation")
    assert first.where == "1.2-1.9, 2.2-2.9, 3.2-3.9"
    assert "bn moves from the end to the start of the branch" in first.sentence
    assert (second.where, third.where, head.where) == ("2.1, 3.1", "1.1", "")
    assert second.sentence.endswith("relu moves from behind the + to before the fork")
    assert head.sentence == "in the head bn and relu are added"


@pytest.mark.parametrize(
    ("right", "sentence"),
    [
        ("cifar-basic-32", "6 units are only in the second network"),
        ("cifar-basic-20;shortcut=B", "in each of 2 units conv1 and bn replace pad on the shortcut"),
        ("cifar-basic-20;width=2", "in each of 3 units 16×32² becomes 32×32²"),
        ("cifar-basic-20;classes=100", "in the head 10 becomes 100"),
        (
            "cifar-basic-20:conv gn relu conv gn + relu",
            "in each of 9 units gn replaces bn between the convolutions and at the end of the branch",
        ),
    ],
)
def test_a_change_is_named_for_what_it_is(right: str, sentence: str) -> None:
    assert sentences("cifar-basic-20", right)[0] == sentence


def test_ops_that_change_their_order_are_said_to() -> None:
    left, right = (f"cifar-basic-20:{text} conv bn relu conv +" for text in ("bn relu", "relu bn"))
    assert sentences(left, right)[0] == "in each of 6 units relu changes place at the start of the branch"


@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_every_unit_that_differs_is_in_one_group(left: str, right: str) -> None:
    before, after = (plan(parse_request(text).network) for text in (left, right))
    rows = diff(before, after)
    units = [unit for group in summarise(rows) for unit in group.units]
    assert len(units) == len(set(units))
    assert set(units) == {(row.stage, row.unit) for row in rows if row.sign != " " and row.stage}


@pytest.mark.parametrize("text", WORLD)
def test_equal_networks_need_no_sentence(text: str) -> None:
    assert groups(text, text) == []

"""Lanes that do the same share a sentence, and its reason is in their numbers."""

import pytest

from resnet_explorer.api.gradients import probe
from resnet_explorer.gradients.groups import LaneFlow, group, listed
from resnet_explorer.gradients.metrics import METRICS
from resnet_explorer.gradients.profile import GradientProfile

PLACES = ((0, 0), (1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3))
GROWING = (0.5, 1.0, 2.0, 4.0, 1.0, 2.0, 3.0)
LEVEL = (0.5,) * 7


def lane(
    letter: str, gradients: tuple[float, ...], moments: tuple[float, ...], shortcut: bool = True, norm: bool = True
) -> LaneFlow:
    flow, squares = (
        GradientProfile(METRICS[name], PLACES, (row,))
        for name, row in (("gradient", gradients), ("second-moment", moments))
    )
    return LaneFlow(letter, flow, squares, shortcut, norm)


FALLING = (80.0, 40.0, 20.0, 10.0, 5.0, 2.5, 1.25)


def test_equal_trends_with_equal_reasons_share_a_sentence() -> None:
    (one,) = group([lane("A", FALLING, GROWING), lane("C", (8.0, 4.0, 3.0, 2.0, 1.5, 1.2, 1.0), GROWING)])
    assert one.lanes == ("A", "C")
    assert str(one.text).startswith("gradients grow toward the input in lanes A and C: ×8 (C) to ×64 (A)")
    assert "E x² grows ×8 within a stage" in str(one.reason)
    assert "restarts lower (×0.25), which makes the kink" in str(one.reason)


def test_what_differs_in_its_reason_stands_apart() -> None:
    lanes = [lane("A", FALLING, GROWING), lane("B", FALLING, LEVEL), lane("F", FALLING, LEVEL, shortcut=False)]
    growing, level, plain = group(lanes)
    assert str(growing.reason).startswith("The scale of x grows")
    assert str(level.reason).startswith("Batch normalisation on the trunk divides")
    assert str(plain.reason).startswith("No shortcut carries")
    (bare,) = group([lane("A", FALLING, GROWING, norm=False)])
    assert str(bare.reason).startswith("Nothing divides the scale of x out: E x² grows ×8")


def test_no_reason_is_given_where_none_is_known() -> None:
    broken = group([lane("A", (float("nan"),) * 7, GROWING), lane("B", (0.0,) * 7, GROWING)])
    assert [(one.lanes, one.reason) for one in broken] == [(("A",), None), (("B",), None)]
    assert str(broken[0].text) == "gradients have no finite value anywhere in lane A."


@pytest.mark.parametrize(("letters", "text"), [("A", "lane A"), ("AB", "lanes A and B"), ("ABC", "lanes A, B and C")])
def test_lanes_are_listed_as_they_are_read(letters: str, text: str) -> None:
    assert str(listed(letters)) == text


def test_a_probe_tells_the_orderings_by_their_reasons() -> None:
    orderings = ("original", "bn-after-addition", "full-preactivation", "plain")
    answer = probe([f"cifar-basic-32:{name};image=16" for name in orderings], seeds=1, batch=4)
    assert [one["lanes"] for one in answer["groups"]] == [["A", "C"], ["B"], ["D"]]
    assert all(one["reason"] for one in answer["groups"])

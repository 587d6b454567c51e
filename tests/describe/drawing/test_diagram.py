import xml.etree.ElementTree as ElementTree

import pytest

from resnet_explorer.describe.drawing.diagram import UNITS, DrawnUnit, draw, find_unit, unit_marks
from resnet_explorer.describe.drawing.layout import BOX_WIDTH, WIDTH, Box, layout
from resnet_explorer.describe.identity_path import identity_path
from resnet_explorer.errors import NetworkError
from resnet_explorer.language.orderings import ORDERINGS
from resnet_explorer.networks.families import FAMILIES
from resnet_explorer.networks.plan import Plan, plan
from resnet_explorer.networks.request import parse_request

ORDERED = [f"cifar-basic-56:{name}" for name in ORDERINGS]
UNUSUAL = [
    "cifar-basic-20:conv bn relu conv bn + relu;skip=scale(0.5)",
    "cifar-basic-20:relu | conv bn relu conv se blend bn",
    "cifar-basic-20:conv bn relu conv bn se + relu;skip=gate",
    "cifar-basic-20:bn relu conv wasp +",
    "cifar-basic-20:bn relu conv aspp +",
    "cifar-basic-20;shortcut=C",
    "cifar-bottleneck-29:full-preactivation;share=off;bare=off;close=off",
]
NAMES = [*ORDERED, *UNUSUAL, *(family.example for family in FAMILIES)]


def planned(name: str) -> Plan:
    return plan(parse_request(name).network)


def draw_one(name: str, which: str) -> DrawnUnit:
    return draw([(name, planned(name))], which)[0]


def overlap(left: Box, right: Box) -> bool:
    beside = abs(left.x - right.x) >= BOX_WIDTH
    return not (beside or left.bottom <= right.y or right.bottom <= left.y)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("which", UNITS)
def test_every_layer_of_the_unit_is_drawn_once(name: str, which: str) -> None:
    position = find_unit(planned(name), which)
    expected = [(part, layer) for part, layers in position.unit.parts() if part != "merge" for layer in layers]
    boxes = [(box.part, box.layer) for box in draw_one(name, which).drawing.boxes if box.part != "close"]
    assert sorted(map(repr, boxes)) == sorted(map(repr, expected))


@pytest.mark.parametrize("name", NAMES)
def test_the_ops_in_the_warning_tone_are_those_of_the_trunk(name: str) -> None:
    network_plan = planned(name)
    position = find_unit(network_plan, "inside")
    if not position.unit.changes:
        assert layout(position.unit, unit_marks(network_plan, position)).on_trunk() == identity_path(network_plan).ops


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("which", UNITS)
def test_boxes_do_not_overlap_and_stay_inside(name: str, which: str) -> None:
    drawing = draw_one(name, which).drawing
    boxes = drawing.boxes
    assert not [(box, other) for i, box in enumerate(boxes) for other in boxes[i + 1 :] if overlap(box, other)]
    assert all(BOX_WIDTH // 2 <= box.x <= WIDTH - BOX_WIDTH // 2 and box.bottom < drawing.height for box in boxes)


@pytest.mark.parametrize("which", UNITS)
def test_additions_stand_at_one_height(which: str) -> None:
    units = draw([(name, planned(name)) for name in NAMES], which)
    assert len({unit.drawing.merge_y for unit in units}) == 1
    assert len({unit.drawing.height for unit in units}) == 1


@pytest.mark.parametrize("name", NAMES)
def test_the_picture_is_well_formed_and_says_what_it_shows(name: str) -> None:
    root = ElementTree.fromstring(draw_one(name, "inside").svg)
    title, description = root[0], root[1]
    assert title.text
    assert name in title.text
    assert description.text
    assert "trunk" in description.text


def test_a_plain_unit_has_only_the_line() -> None:
    drawing = draw_one("cifar-basic-56:plain", "inside").drawing
    assert drawing.branches == ()
    assert drawing.merge is None
    assert len({box.x for box in drawing.boxes}) == 1


def test_shapes_are_written_only_where_they_change() -> None:
    inside, transition = (draw_one("cifar-basic-56", which).svg for which in ("inside", "transition"))
    assert "32²" not in inside
    assert "16×32² →" in transition


@pytest.mark.parametrize(("which", "word"), [("first", "bare"), ("transition", "shared"), ("last", "close")])
def test_each_rule_of_preactivation_shows_in_its_unit(which: str, word: str) -> None:
    drawing = draw_one("cifar-basic-56:full-preactivation", which)
    assert drawing.rules[0].startswith(f"{word}: ")
    assert f">{word}</text>" in drawing.svg


@pytest.mark.parametrize(("stages", "expected"), [("midpoint-26", 2), ("rk3-20", 3), ("rk4-26", 4)])
def test_a_step_has_a_branch_for_each_stage_with_its_weight(stages: str, expected: int) -> None:
    branches = draw_one(f"horesnet-{stages}", "first").drawing.branches
    assert len(branches) == expected
    assert branches[1].sees == "h + ½k₁"
    assert [branch.leaves for branch in branches] == sorted({branch.leaves for branch in branches})


def test_the_inside_of_res2_is_a_chain_of_sums() -> None:
    boxes = draw_one("res2net-50-26w-4s", "inside").drawing.boxes
    (inside,) = [box.inside for box in boxes if box.inside]
    assert [cell.sums for cell in inside.cells] == [False, True, True, False]
    assert [cell.text for cell in inside.cells] == ["3×3", "3×3", "3×3", "as is"]


def test_many_splits_are_drawn_as_a_few() -> None:
    boxes = draw_one("cifar-basic-20:conv res2(16) conv +;widths=64/64/64;strides=1/1/1", "inside").drawing.boxes
    (inside,) = [box.inside for box in boxes if box.inside]
    assert [cell.text for cell in inside.cells][-3:] == ["3×3", "8 more", "as is"]


def test_inside_a_stage_is_where_the_shape_stays_if_there_is_such_a_unit() -> None:
    assert draw_one("horesnet-rk4-26", "inside").shape == "16×16²"


def test_a_unit_is_found_by_its_place_or_the_nearest_before() -> None:
    assert (draw_one("cifar-basic-56", "2.3").stage, draw_one("cifar-basic-56", "2.3").unit) == (2, 3)
    assert draw_one("cifar-basic-56", "2.99").unit == 9
    with pytest.raises(NetworkError, match="a place like"):
        draw_one("cifar-basic-56", "somewhere")

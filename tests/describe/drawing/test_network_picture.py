"""Whole networks as a picture: every unit once, to one scale, within the width."""

from itertools import pairwise

import pytest

from resnet_explorer.describe.drawing.colour_scale import CIVIDIS, cividis, colour_scale
from resnet_explorer.describe.drawing.network_layout import Block, lay_out
from resnet_explorer.figures.theme import heat_scale
from resnet_explorer.networks.families import FAMILIES
from resnet_explorer.networks.plan import Plan, plan
from resnet_explorer.networks.request import parse_request

NAMES = [
    *(family.example for family in FAMILIES),
    "cifar-basic-8",
    "cifar-basic-110",
    "cifar-basic-1202",
    "imagenet-152",
]
WIDTH = 1088.0


def planned(name: str) -> Plan:
    return plan(parse_request(name).network)


def row(name: str) -> list[Block]:
    return lay_out([planned(name)], WIDTH)[0]


@pytest.mark.parametrize("name", NAMES)
def test_every_unit_is_in_one_block_in_order(name: str) -> None:
    sections = [block.section for block in row(name) if block.section.stage]
    units = [(section.stage, unit) for section in sections for unit in range(section.first, section.last + 1)]
    assert units == [(position.stage, position.index) for position in planned(name).units()]


@pytest.mark.parametrize("name", NAMES)
def test_blocks_stand_beside_each_other_within_the_width(name: str) -> None:
    blocks = row(name)
    assert all(left.x + left.width < right.x for left, right in pairwise(blocks))
    assert blocks[0].x >= 0
    assert blocks[-1].x + blocks[-1].width <= WIDTH


@pytest.mark.parametrize(("name", "joined"), [("cifar-basic-8", 0), ("cifar-basic-110", 0), ("cifar-basic-1202", 3)])
def test_units_are_joined_only_where_there_is_no_room(name: str, joined: int) -> None:
    assert sum(block.section.units > 1 for block in row(name)) == joined


def test_all_networks_of_a_picture_have_one_scale() -> None:
    rows = lay_out([planned(name) for name in ("cifar-basic-20", "wrn-16-8", "cifar-basic-1202")], WIDTH)
    sizes: dict[tuple[int, ...], set[tuple[float, float]]] = {}
    for block in (block for blocks in rows for block in blocks if block.section.units == 1):
        sizes.setdefault(block.section.shape.dims, set()).add((block.width, block.height))
    assert {len(drawn_sizes) for drawn_sizes in sizes.values()} == {1}
    assert len(sizes) > 6


@pytest.mark.parametrize(
    ("name", "inside", "transition"),
    [
        ("cifar-basic-20", "identity", "padding"),
        ("cifar-basic-20;shortcut=B", "identity", "projection"),
        ("cifar-basic-20;shortcut=C", "projection", "projection"),
        ("cifar-basic-20;skip=scale(0.5)", "other", "padding"),
        ("cifar-basic-20:plain", "", ""),
    ],
)
def test_a_shortcut_is_drawn_as_what_it_is(name: str, inside: str, transition: str) -> None:
    kinds = {(b.section.stage, b.section.first): b.section.shortcut for b in row(name)}
    assert (kinds[1, 2], kinds[2, 1]) == (inside, transition)


@pytest.mark.parametrize(
    ("name", "ops", "warns"),
    [
        ("cifar-basic-20", ("relu",), False),
        ("cifar-basic-20:full-preactivation", (), False),
        ("cifar-basic-20:bn-after-addition", ("bn", "relu"), False),
        ("cifar-basic-20:conv bn relu conv bn +;skip=scale(0.5)", ("scale(0.5)",), True),
    ],
)
def test_what_stands_on_the_trunk_is_marked(name: str, ops: tuple[str, ...], warns: bool) -> None:
    section = next(block.section for block in row(name) if (block.section.stage, block.section.first) == (1, 2))
    assert (section.on_trunk, section.shortcut_warns) == (ops, warns)


def test_cividis_is_the_scale_of_the_heat_maps() -> None:
    for i, text in enumerate(heat_scale(64)):
        expected = [int(part) for part in text[4:-1].split(",")]
        colour = cividis(i / 63)
        assert [int(colour[j : j + 2], 16) for j in (1, 3, 5)] == pytest.approx(expected, abs=1)


def test_numbers_over_decades_get_a_log_scale_from_end_to_end() -> None:
    scale = colour_scale([0.0, 1.0, 10.0, 1000.0, float("nan")])
    assert scale
    assert scale.log
    assert [scale.position(value) for value in (0.0, 1.0, 1000.0)] == [0, 0, 1]
    assert scale.position(10.0) == pytest.approx(1 / 3)
    assert (scale.colour(1.0), scale.colour(1000.0)) == (CIVIDIS[0], CIVIDIS[-1])
    assert scale.ticks() == pytest.approx([1, 10, 100, 1000])


def test_numbers_that_lie_close_or_are_negative_get_a_linear_scale() -> None:
    assert [scale.log for numbers in ([1.0, 5.0], [-1.0, 100.0]) if (scale := colour_scale(numbers))] == [False, False]
    assert colour_scale([float("inf")]) is None

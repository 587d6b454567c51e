from itertools import product

import pytest

from resnet_explorer.language.parser import parse_block
from resnet_explorer.language.registry import OPS
from resnet_explorer.networks.catalog import preset_network
from resnet_explorer.networks.families import FAMILIES
from resnet_explorer.networks.options import DEEPEST, NAME_OPTIONS, PALETTE, SHALLOWEST, NameOption, legal_depths

NAMES = [family.name for family in FAMILIES]


def names(family: str) -> list[str]:
    """Every name that the knobs of a family can spell."""
    template, knobs = NAME_OPTIONS[family]
    rows = product(*[knob.values for knob in knobs if not knob.other])
    free_choices = [dict(zip([knob.name for knob in knobs if not knob.other], row)) for row in rows]
    dependent = [knob for knob in knobs if knob.other]
    choices = [
        row | {knob.name: stop} for row in free_choices for knob in dependent for stop in dict(knob.by)[row[knob.other]]
    ]
    return [template.format(**row) for row in (choices if dependent else free_choices)]


@pytest.mark.parametrize("family", NAMES)
def test_every_stop_of_every_knob_is_a_network(family: str) -> None:
    assert len(names(family)) >= 1
    for name in names(family):
        preset_network(name)


@pytest.mark.parametrize("family", NAMES)
def test_the_example_of_a_family_is_one_the_knobs_can_spell(family: str) -> None:
    _, knobs = NAME_OPTIONS[family]
    exact = any(knob.most for knob in knobs)
    example = next(entry.example for entry in FAMILIES if entry.name == family)
    assert exact or example in names(family)


def test_a_depth_slider_stops_only_at_legal_depths_from_20_to_1202() -> None:
    stops = [int(stop) for stop in legal_depths(6, 2)]
    assert stops[0] == SHALLOWEST
    assert stops[-1] == DEEPEST
    assert all(stop % 6 == 2 for stop in stops)
    assert {20, 32, 44, 56, 110, 164, 1202} <= set(stops)


def test_a_depth_slider_is_short_enough_to_sweep() -> None:
    assert all(
        len(knob.values) <= 40 for _, knobs in NAME_OPTIONS.values() for knob in knobs if isinstance(knob, NameOption)
    )


def test_the_palette_offers_words_of_the_language_once() -> None:
    offered = [word for group in PALETTE.values() for word in group]
    assert len(offered) == len(set(offered))
    for word in offered:
        assert word == "|" or word in OPS or parse_block(word)


def test_the_palette_knows_the_merge_steps() -> None:
    merges = {name for name, word in OPS.items() if word.merges}
    assert set(PALETTE["merge"]) == merges | {"|"}

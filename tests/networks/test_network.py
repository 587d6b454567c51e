"""A network as a frozen value, and the id that must never change."""

import json
from dataclasses import fields, replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_explorer.errors import ExplorerError, LanguageError, NetworkError
from resnet_explorer.networks.families import FAMILIES, Family
from resnet_explorer.networks.network import Network
from resnet_explorer.networks.request import parse_request
from tests.fixtures.sentences import Typed, sentences, typed

GOLDEN: dict[str, str] = json.loads((Path(__file__).parent / "golden" / "ids.json").read_text())
OTHERS: dict[str, object] = {
    "block": "bn relu conv +",
    "stem": "conv",
    "skip": "scale(0.5)",
    "down": "conv1",
    "head": "gap flatten dropout fc",
    "between": "maxpool2",
    "stem_width": 8,
    "widths": (16, 32, 128),
    "depths": (3, 3, 4),
    "strides": (1, 2, 1),
    "ratio": Fraction(3, 2),
    "grid": (1, 2, 4),
    "stride_at": "first",
    "channels": 1,
    "image": 28,
    "classes": 100,
    "share": False,
    "bare": False,
    "close": False,
}


def changed(name: str) -> Network:
    return replace(Network(), **{name: OTHERS[name]})  # type: ignore[arg-type]


@pytest.mark.parametrize("text", GOLDEN)
def test_the_id_of_a_network_never_changes(text: str) -> None:
    assert parse_request(text).network.id == GOLDEN[text]


def test_every_field_has_another_value_here() -> None:
    assert list(OTHERS) == [field.name for field in fields(Network)]


@pytest.mark.parametrize("name", OTHERS)
def test_a_field_at_its_default_does_not_enter_the_id(name: str) -> None:
    assert list(changed(name).changes()) == [name]
    assert replace(changed(name), **{name: getattr(Network(), name)}).id == Network().id


def test_every_field_that_differs_changes_the_id() -> None:
    assert len({Network().id, *(changed(name).id for name in OTHERS)}) == len(OTHERS) + 1


@given(st.data(), sentences())
def test_however_a_block_is_typed_the_id_is_the_same(data: st.DataObject, sentence: list[Typed]) -> None:
    one, two = (Network(block=data.draw(typed(sentence))) for _ in range(2))
    assert (one, one.id) == (two, two.id)


def test_a_shortcut_typed_in_another_way_has_the_same_id() -> None:
    assert Network(down="Conv1x1 -> batchnorm").id == Network(down="conv(1) bn").id


@pytest.mark.parametrize("name", OTHERS)
def test_a_network_reads_back_from_its_json(name: str) -> None:
    assert Network.from_json(changed(name).to_json()) == changed(name)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_a_network_of_the_catalogue_reads_back_from_its_json(family: Family) -> None:
    network = parse_request(family.example).network
    assert Network.from_json(network.to_json()).id == network.id


def test_a_field_that_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(NetworkError, match="no field 'colour'; its fields are bare, between"):
        Network.from_json('{"colour": 3}')


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("stem_width", 0, "stem_width must be whole numbers from 1"),
        ("image", -1, "image must be"),
        ("classes", True, "classes must be"),
        ("channels", 10**13, "channels must be"),
        ("widths", (16, 32), "must name the same stages, 1 to 16, not 2, 3 and 3"),
        ("widths", (16, 32, 64.0), "widths must be"),
        ("depths", (3, 3, 0), "depths must be"),
        ("strides", (), "not 3, 3 and 0"),
        ("grid", (1, 2), "grid gives 2 dilations, but the last stage has 3 units"),
        ("ratio", Fraction(0), "ratio must be above 0 and at most 1e.12, not 0"),
        ("stride_at", "last", "stride_at is spatial or first, not 'last'"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused(name: str, value: object, reason: str) -> None:
    with pytest.raises(NetworkError, match=reason):
        replace(Network(), **{name: value})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("nope", "not JSON"),
        ("[]", "object of fields"),
        ('{"ratio": "1/0"}', "ratio is a number like 4 or 32/13, not '1/0'"),
        ('{"block": 3}', "block is text, not '3'"),
        ('{"widths": 3}', "widths is a list of whole numbers, not '3'"),
        ('{"share": "x"}', "share is true or false, not 'x'"),
        ('{"image": 1.5}', "image is a whole number, not '1.5'"),
    ],
)
def test_json_of_another_kind_is_refused(text: str, reason: str) -> None:
    with pytest.raises(NetworkError, match=reason):
        Network.from_json(text)


@pytest.mark.parametrize("name", ["stem", "skip", "down", "head", "between"])
def test_a_chain_that_cannot_be_read_says_which(name: str) -> None:
    with pytest.raises(LanguageError, match=f"^{name}: unknown word 'convv' at column 4"):
        replace(Network(), **{name: "bn convv"})  # type: ignore[arg-type]


def test_a_scaled_network_has_every_width_times_the_factor() -> None:
    scaled = Network().scaled(Fraction(3, 2))
    assert (scaled.stem_width, scaled.widths) == (24, (24, 48, 96))


def test_a_width_that_would_not_be_whole_is_refused() -> None:
    with pytest.raises(ExplorerError, match=r"width 0\.3 times 16 channels is not a whole number"):
        Network().scaled(Fraction(3, 10))

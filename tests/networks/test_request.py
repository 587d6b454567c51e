"""What a person asks for, in one line or in fields."""

from contextlib import suppress
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_explorer.errors import ExplorerError, LanguageError, NetworkError
from resnet_explorer.language.orderings import ORDERINGS, Ordering
from resnet_explorer.networks.catalog import preset_network
from resnet_explorer.networks.families import FAMILIES
from resnet_explorer.networks.network import Network
from resnet_explorer.networks.request import FIELDS, SETTINGS, make_request, parse_request
from tests.fixtures.sentences import sentences, typed

BUILT_OF_UNITS = [family.example for family in FAMILIES if preset_network(family.example).convs]
ORDERED = [
    pytest.param(example, ordering, id=f"{example}:{ordering.name}")
    for example in BUILT_OF_UNITS
    for ordering in ORDERINGS.values()
    if ordering.merge or preset_network(example).merge == "+"
]
TEXTS = {
    "stem": "conv7(stride=2) bn relu",
    "skip": "dropout(0.5)",
    "down": "conv1 bn",
    "head": "gap flatten dropout fc",
    "between": "maxpool2",
    "stride_at": "first",
    "stem_width": "8",
    "channels": "1",
    "image": "64",
    "classes": "100",
    "widths": "8/16/32",
    "depths": "1, 2, 3",
    "strides": "2,2,2",
    "grid": "1/2/4/1/2/4/1/2/4",
    "ratio": "1/2",
    "share": "off",
    "bare": "no",
    "close": "False",
    "shortcut": "C",
    "width": "3/2",
}


@pytest.mark.parametrize("example", [family.example for family in FAMILIES])
def test_a_bare_name_is_the_network_of_the_catalogue(example: str) -> None:
    assert parse_request(f" {example} ").network == preset_network(example).network
    assert parse_request(example).name == example


@pytest.mark.parametrize(("example", "ordering"), ORDERED)
def test_a_typed_sentence_is_the_very_network_of_its_ordering(example: str, ordering: Ordering) -> None:
    preset = preset_network(example)
    named, written = (
        parse_request(f"{example}:{ordering.name}"),
        parse_request(f"{example}: {ordering.sentence(preset.convs, preset.merge)}"),
    )
    assert (named.network.id, named.ordering) == (written.network.id, written.ordering)


@pytest.mark.parametrize(("example", "ordering"), ORDERED)
def test_a_named_ordering_reads_back_from_its_name(example: str, ordering: Ordering) -> None:
    request = parse_request(f"{example}:{ordering.name}")
    assert parse_request(request.name) == request


@given(sentences().flatmap(typed))
def test_a_sentence_reads_back_from_its_name(text: str) -> None:
    request = make_request("cifar-basic-20", block=text)
    assert parse_request(request.name) == request
    assert parse_request(f"cifar-basic-20:{text}") == request


@pytest.mark.parametrize("unit", ["conv", "conv1", "weight", "conv1x1", "CONV1", "conv,bn,+", "conv->bn->+", "conv→+"])
def test_a_sentence_without_a_space_is_a_sentence(unit: str) -> None:
    assert parse_request(f"cifar-basic-8:{unit}") == make_request("cifar-basic-8", block=unit)


def test_every_setting_is_tried_here() -> None:
    assert set(TEXTS) == set(SETTINGS)


@pytest.mark.parametrize("field", SETTINGS)
def test_a_setting_reads_back_from_the_name(field: str) -> None:
    request = parse_request(f"cifar-basic-56; {field} = {TEXTS[field]}")
    assert parse_request(request.name) == request
    assert request.network != parse_request("cifar-basic-56").network


@pytest.mark.parametrize("field", FIELDS)
def test_a_setting_sets_its_field_and_no_other(field: str) -> None:
    network = make_request("cifar-basic-56", settings={field: TEXTS[field]}).network
    assert set(network.changes()) <= {"depths", field}


@pytest.mark.parametrize(
    ("text", "down", "skip"),
    [
        ("cifar-basic-20;shortcut=A", "pad", ""),
        ("cifar-basic-20;shortcut=B", "conv1 bn", ""),
        ("cifar-basic-20;shortcut=C", "conv1 bn", "conv1 bn"),
        ("imagenet-18;shortcut=A", "pad", ""),
        ("cifar-basic-20:full-preactivation;shortcut=B", "conv1", ""),
        ("cifar-basic-20:full-preactivation;shortcut=C", "conv1", "conv1"),
        ("wrn-16-1:original", "conv1 bn", ""),
        ("imagenet-18:full-preactivation", "conv1", ""),
        ("cifar-basic-20:bn-after-addition;shortcut=B", "conv1", ""),
    ],
)
def test_a_projection_is_normalised_as_the_branch_is(text: str, down: str, skip: str) -> None:
    network = parse_request(text).network
    assert (network.down, network.skip) == (down, skip)


def test_a_bare_stem_gets_bn_and_relu_where_the_unit_does_not_begin_with_them() -> None:
    assert parse_request("wrn-16-1").network.stem == "conv"
    assert parse_request("wrn-16-1:original").network.stem == "conv bn relu"


def test_the_number_of_stages_can_be_set() -> None:
    network = parse_request("cifar-basic-20;widths=16,32;depths=2,2;strides=1,2").network
    assert network == Network(widths=(16, 32), depths=(2, 2), strides=(1, 2))


def test_a_later_setting_wins() -> None:
    assert parse_request("cifar-basic-20;shortcut=C;skip=gate").network.skip == "gate"
    assert parse_request("cifar-basic-20;skip=gate;shortcut=B").network.skip == ""


def test_the_width_multiplies_last() -> None:
    widths = parse_request("cifar-basic-20;width=2;widths=4,8,16;stem_width=4").network.widths
    assert widths == (8, 16, 32)


@pytest.mark.parametrize("factor", ["2", "1.5", "1/16"])
def test_the_width_multiplies_stem_and_stages(factor: str) -> None:
    times = Fraction(factor)
    scaled = replace(Network(), stem_width=int(16 * times), widths=tuple(int(w * times) for w in (16, 32, 64)))
    assert parse_request(f"cifar-basic-20;width={factor}").network == scaled


def test_an_ordering_that_is_the_familys_own_is_not_named() -> None:
    assert parse_request("cifar-basic-20:original").name == "cifar-basic-20"
    assert parse_request("cifar-basic-20:weight bn relu weight bn add relu").ordering == "original"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("cifar-basic-20:", "'cifar-basic-20' is followed by ':' but no ordering"),
        ("cifar-basic-20:orignal", "unknown ordering 'orignal'; did you mean 'original'?"),
        ("cifar-basic-20:full", "unknown ordering 'full'"),
        ("cifar-basic-20;shortcut", "'shortcut' is not FIELD=VALUE"),
        ("cifar-basic-20;shortcut=D", "shortcut is A, B or C, not 'D'"),
        ("cifar-basic-20;clases=3", "unknown field 'clases'; did you mean 'classes'?"),
        ("cifar-basic-20;classes=ten", "classes is a whole number, not 'ten'"),
        ("cifar-basic-20;classes=-1", "classes is a whole number, not '-1'"),
        ("cifar-basic-20;classes=0", "classes must be whole numbers from 1 to 1e+12, not 0"),
        ("cifar-basic-20;depths=1", "not 3, 1 and 3"),
        ("cifar-basic-20;widths=16,,64", "widths is a whole number, not ''"),
        ("cifar-basic-20;share=perhaps", "share is on or off, not 'perhaps'"),
        ("cifar-basic-20;ratio=1/0", "ratio is a number like 2, 1.5 or 3/2, not '1/0'"),
        ("cifar-basic-20;width=1e9", "width is a number like"),
        ("cifar-basic-20;width=0.3", "width 0.3 times 16 channels is not a whole number"),
        ("cifar-basic-20;stride_at=last", "stride_at is spatial or first, not 'last'"),
        ("vgg-16:original", "vgg-16 has no orderings"),
        ("horesnet-rk4-26:plain", "horesnet-rk4-26 cannot be plain: its scheme rk4 needs a shortcut"),
        ("cifer-basic-20", "unknown network 'cifer-basic-20'; did you mean 'cifar-basic-20'?"),
        ("cifar-basic-20;" * 100, "a network is written in at most 1000 characters, not 1,500"),
    ],
)
def test_a_request_that_cannot_be_met_is_refused_with_what_would_be_right(text: str, reason: str) -> None:
    with pytest.raises(NetworkError) as caught:
        parse_request(text)
    assert reason in str(caught.value)


def test_a_sentence_that_cannot_be_read_keeps_its_column() -> None:
    with pytest.raises(LanguageError) as caught:
        parse_request("cifar-basic-20:bn convv +")
    assert (caught.value.column, caught.value.suggestion) == (4, "conv")


@pytest.mark.parametrize(
    ("text", "suggestions", "replaces"),
    [
        ("cifar-basic-20:orignal", ("original",), "ordering"),
        ("cifar-basic-20;clases=3", ("classes",), "field"),
        ("cifar-basic-20:convv + relu", ("conv + relu",), "sentence"),
        ("cifar-basic-20;skip=sale(0.5)", ("scale(0.5)",), "sentence"),
        ("cifar-basic-20;classes=many", (), ""),
    ],
)
def test_a_refusal_says_what_its_suggestions_replace(text: str, suggestions: tuple[str, ...], replaces: str) -> None:
    with pytest.raises(ExplorerError) as caught:
        parse_request(text)
    assert (caught.value.suggestions, caught.value.replaces) == (suggestions, replaces)


def test_a_unit_may_be_one_name_of_torch() -> None:
    assert parse_request("cifar-basic-20:Conv2d").network.block == "conv"


def test_an_ordering_and_a_sentence_together_are_refused() -> None:
    with pytest.raises(NetworkError, match="not both"):
        make_request("cifar-basic-20", "original", "conv +")


@given(st.text(max_size=60) | st.text("cifar-bs20:;=,/+ whortB", max_size=60).map("cifar-basic-20".__add__))
def test_any_line_is_refused_or_reads_back_from_its_name(text: str) -> None:
    with suppress(ExplorerError):
        request = parse_request(text)
        assert parse_request(request.name) == request

"""The families of networks and how their names are read."""

import re

import pytest

from resnet_explorer.errors import NetworkError
from resnet_explorer.language.orderings import ORDERINGS, PAPERS, Ordering
from resnet_explorer.networks.catalog import MAX_NAME_LENGTH, preset_network
from resnet_explorer.networks.families import FAMILIES, IMAGENET, SCHEMES, Family
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.request import parse_request

STEPPED = [family for family in FAMILIES if family.step]
LEGAL = [
    *(f"cifar-basic-{depth}" for depth in (8, 20, 32, 44, 56, 110, 1202)),
    *(f"cifar-bottleneck-{depth}" for depth in (11, 29, 164, 1001)),
    *(f"imagenet-{depth}" for depth in IMAGENET),
    *(f"wrn-{size}" for size in ("10-1", "16-8", "40-4", "28-12")),
    *(f"resnext-{size}" for size in ("29-8x64d", "29-16x64", "50-32x4d", "101-64x4d", "50-1x64d")),
    *(f"res2net-{size}" for size in ("50-48w-2s", "50-14w-8s", "101-26w-4s")),
    *(f"res2next-{size}" for size in ("50-8c-4w-4s", "29-6c-24w-4s")),
    *(f"horesnet-{scheme}-{6 * stages + 2}" for scheme, (stages, _) in SCHEMES.items()),
    "unipose",
    "vgg-16",
    "vgg-19",
]
NEAREST = [
    ("cifar-basic-21", "6n+2; the nearest: 20 and 26"),
    ("cifar-basic-55", "6n+2; the nearest: 50 and 56"),
    ("cifar-basic-1203", "6n+2; the nearest: 1202 and 1208"),
    ("cifar-basic-2", "6n+2; the nearest: 8"),
    ("cifar-basic-0", "6n+2; the nearest: 8"),
    ("cifar-bottleneck-163", "9n+2; the nearest: 155 and 164"),
    ("wrn-29-10", "6n+4; the nearest: 28 and 34"),
    ("horesnet-rk4-25", "24n+2; the nearest: 26"),
    ("horesnet-midpoint-27", "12n+2; the nearest: 26 and 38"),
]
UNKNOWN = {
    "cifar-basic": "D = 6n+2",
    "cifar-basic-twenty": "for example 'cifar-basic-56'",
    "cifar-basic-١٠": "D = 6n+2",
    "imagenet-51": "D = 18, 34, 50, 101, 152",
    "vgg-11": "D = 16, 19",
    "resnext-50-32x": "resnext-D-CxWd",
    "horesnet-rk5-26": "SCHEME = euler, midpoint, rk3, heun3, rk4",
    "unpose": "did you mean 'unipose'?",
    "": "for example 'cifar-basic-56'",
    "densenet": "unknown network 'densenet'",
    "wrn-28-0": "a size of 0 has no meaning",
    "resnext-50-0x4d": "a size of 0 has no meaning",
    "x" * 61: "at most 60 characters, not 61",
}


@pytest.mark.parametrize("name", [*LEGAL, *(family.example for family in FAMILIES)])
def test_a_legal_name_has_a_plan(name: str) -> None:
    assert plan(preset_network(name).network).params > 0


@pytest.mark.parametrize("name", [name for name in LEGAL if re.match("cifar|imagenet|horesnet|vgg", name)])
def test_the_depth_in_a_name_is_the_depth_of_the_plan(name: str) -> None:
    depths = [int(number) for number in re.findall(r"(?<=-)\d+", name)]
    assert plan(preset_network(name).network).depth == depths[0]


@pytest.mark.parametrize(("name", "nearest"), NEAREST)
def test_a_depth_that_does_not_exist_is_refused_with_the_nearest(name: str, nearest: str) -> None:
    with pytest.raises(NetworkError) as caught:
        preset_network(name)
    assert str(caught.value) == f"{name} does not exist: its depth must be {nearest}"


@pytest.mark.parametrize(
    ("name", "suggestions"),
    [
        ("cifar-basic-57", ("cifar-basic-56", "cifar-basic-62")),
        ("wrn-33-10", ("wrn-34-10", "wrn-28-10")),
        ("cifar-basic-2", ("cifar-basic-8",)),
        ("imagenet-51", ("imagenet-50", "imagenet-34")),
        ("resnext-51-32x4d", ("resnext-50-32x4d", "resnext-29-32x4d")),
        ("cifer-basic-57", ("cifar-basic-56", "cifar-basic-62")),
        ("resnet50", ("imagenet-50",)),
        ("ResNet-110", ("cifar-basic-110",)),
        ("resnext50_32x4d", ("resnext-50-32x4d",)),
        ("vgg16_bn", ("vgg-16",)),
        ("mobilenet", ("cifar-basic-56",)),
    ],
)
def test_a_refused_name_offers_whole_names_that_exist(name: str, suggestions: tuple[str, ...]) -> None:
    with pytest.raises(NetworkError) as caught:
        preset_network(name)
    assert (caught.value.suggestions, caught.value.replaces) == (suggestions, "network")
    assert all(exists(suggestion) for suggestion in suggestions)


@pytest.mark.parametrize("family", STEPPED, ids=lambda family: family.name)
def test_the_smallest_depth_and_the_next_exist_and_none_between(family: Family) -> None:
    rest = "-1" if family.name == "wrn" else ""
    for depth in range(family.smallest, family.smallest + family.step + 1):
        legal = depth in (family.smallest, family.smallest + family.step)
        assert exists(f"{family.name}-{depth}{rest}") == legal


@pytest.mark.parametrize(("name", "hint"), UNKNOWN.items())
def test_an_unknown_name_is_refused_with_what_would_be_right(name: str, hint: str) -> None:
    with pytest.raises(NetworkError) as caught:
        preset_network(name)
    assert hint in str(caught.value)
    assert len(name) <= MAX_NAME_LENGTH or name not in str(caught.value)


@pytest.mark.parametrize("ordering", ORDERINGS.values(), ids=lambda ordering: ordering.name)
@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_every_ordering_has_a_plan_in_every_family_it_suits(family: Family, ordering: Ordering) -> None:
    preset = preset_network(family.example)
    suits = bool(preset.convs) and (bool(ordering.merge) or preset.merge == "+")
    assert exists(f"{family.example}:{ordering.name}") == suits


@pytest.mark.parametrize("ordering", ORDERINGS.values(), ids=lambda ordering: ordering.name)
def test_all_orderings_of_a_basic_network_have_the_same_parameters(ordering: Ordering) -> None:
    assert (
        plan(parse_request(f"cifar-basic-56:{ordering.name}").network).params
        == plan(preset_network("cifar-basic-56").network).params
    )


def test_every_family_and_ordering_names_a_paper_there_is() -> None:
    assert {*(family.paper for family in FAMILIES), *(ordering.paper for ordering in ORDERINGS.values())} == set(PAPERS)


def exists(text: str) -> bool:
    try:
        return bool(plan(parse_request(text).network))
    except NetworkError:
        return False

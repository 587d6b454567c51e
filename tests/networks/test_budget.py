"""What a job needs, and the refusal of what is too much."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_explorer.errors import BudgetError, NetworkError
from resnet_explorer.networks.budget import Limits, check, estimate, format_bytes, parse_bytes
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.request import parse_request

HOSTILE = [
    "cifar-basic-1000000004",
    "cifar-basic-600000000002",
    "cifar-bottleneck-900000002",
    "cifar-basic-600002;image=1;classes=1;width=1/16",
    "wrn-28-10000000",
    "wrn-999999999994-99999999",
    "cifar-basic-20;image=999999999999",
    "cifar-basic-20;classes=999999999999",
    "cifar-basic-20;widths=999999999999,999999999999,999999999999",
    "cifar-basic-20;depths=999999999999,999999999999,999999999999",
    "cifar-basic-20;ratio=1/1000000000000000000000",
    "horesnet-rk4-600000002",
    "cifar-bottleneck-20:conv wasp(9999/9999/9999/9999/9999/9999/9999/9999, width=9999999) conv1 + relu",
    "cifar-basic-20:conv(width=9999999) conv(width=9999999) conv +",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_name_is_refused_in_one_sentence_and_little_memory(text: str) -> None:
    tracemalloc.start()
    with pytest.raises(BudgetError) as caught:
        check(text, plan(parse_request(text).network), 128)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10e6
    assert str(caught.value).startswith(text)
    assert "; the limit is " in str(caught.value)


def test_a_refusal_says_what_is_needed_and_what_the_limit_is() -> None:
    network_plan = plan(parse_request("cifar-basic-1000000004").network)
    size = format_bytes(estimate(network_plan, 128).memory)
    with pytest.raises(BudgetError, match=f"^deep needs {size} at batch 128; the limit is 1 TB$"):
        check("deep", network_plan, 128)


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(memory=10**6), " MB at batch 128; the limit is 1 MB"),
        (Limits(layers=10), "tiny has 71 layers; the limit is 10"),
        (Limits(operations=10**9), "tiny needs 3.1e+10 operations a step at batch 128; the limit is 1.0e+09"),
    ],
)
def test_each_limit_is_held(limits: Limits, reason: str) -> None:
    with pytest.raises(BudgetError) as caught:
        check("tiny", plan(parse_request("cifar-basic-20").network), 128, limits=limits)
    assert reason in str(caught.value)


def test_what_is_within_the_limits_comes_back() -> None:
    network_plan = plan(parse_request("cifar-basic-20").network)
    assert check("cifar-basic-20", network_plan, 8) == estimate(network_plan, 8)
    assert estimate(network_plan, 8).operations == 6 * 8 * network_plan.macs


@given(st.integers(1, 10**6))
def test_the_totals_of_a_plan_of_any_depth_are_those_of_the_closed_form(n: int) -> None:
    network_plan = plan(parse_request(f"cifar-basic-{6 * n + 2}").network)
    assert network_plan.params == 97_216 * n - 21_926
    assert network_plan.macs == 14_155_776 * n - 1_916_288
    assert (network_plan.depth, network_plan.unit_count) == (6 * n + 2, 3 * n)


@pytest.mark.parametrize("family", ["cifar-basic-{}", "cifar-bottleneck-{}", "wrn-{}-2", "horesnet-rk4-{}"])
def test_depth_costs_the_same_for_every_unit_added(family: str) -> None:
    step = {"c": 6, "w": 6, "h": 24}[family[0]] if "bottleneck" not in family else 9
    first = 4 if family.startswith("wrn") else 2
    spent = [estimate(plan(parse_request(family.format(first + n * step)).network), 1) for n in (2, 3, 4, 1002)]
    for size in ("memory", "layers", "operations"):
        two, three, four, many = (getattr(one, size) for one in spent)
        assert three - two == four - three
        assert many - two == 1000 * (three - two)


@pytest.mark.parametrize(
    ("text", "size"),
    [("16GB", 16 * 10**9), (" 1.5 kb ", 1500), ("0B", 0), ("999PB", 999 * 10**15), ("2.125MB", 2_125_000)],
)
def test_a_limit_is_read_in_decimal_units(text: str, size: int) -> None:
    assert parse_bytes(text) == size


@pytest.mark.parametrize("text", ["", "16", "GB", "-1GB", "16 GiB", "1e9B", "9" * 50 + "GB", "16GB 2"])
def test_a_limit_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(NetworkError, match="a limit is written like 16GB"):
        parse_bytes(text)


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1 KB"), (999_499, "999 KB"), (999_500, "1 MB"), (10**30, "1.0e+06 YB")],
)
def test_an_amount_has_three_digits_and_a_unit(size: int, text: str) -> None:
    assert format_bytes(size) == text


@given(st.integers(1, 10**17))
def test_an_amount_reads_back_to_within_half_a_percent(size: int) -> None:
    assert parse_bytes(format_bytes(size)) == pytest.approx(size, rel=0.005)

"""The statistics of few seeds: against scipy, against counts by hand, and by their definitions."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from resnet_explorer.studies.statistics import (
    fisher,
    holm,
    incomplete_beta,
    paired_interval,
    paired_p,
    rank_correlation,
    relative_drop,
    sign_test,
    t_cumulative,
    t_quantile,
)

DEGREES = st.integers(1, 200)
NUMBERS = st.floats(-1e3, 1e3, allow_nan=False).map(lambda value: round(value, 3))


@given(t=st.floats(-50, 50), degrees=DEGREES)
def test_students_t_is_scipys(t: float, degrees: int) -> None:
    assert t_cumulative(t, degrees) == pytest.approx(float(stats.t.cdf(t, degrees)), abs=1e-9)


@given(chance=st.floats(0.0005, 0.9995), degrees=DEGREES)
def test_its_quantile_is_scipys(chance: float, degrees: int) -> None:
    assert t_quantile(chance, degrees) == pytest.approx(float(stats.t.ppf(chance, degrees)), rel=1e-8, abs=1e-9)


@given(x=st.floats(0, 1), a=st.floats(0.1, 60), b=st.floats(0.1, 60))
def test_the_incomplete_beta_is_scipys(x: float, a: float, b: float) -> None:
    assert incomplete_beta(x, a, b) == pytest.approx(float(stats.beta.cdf(x, a, b)), abs=1e-10)


@given(st.lists(NUMBERS, min_size=3, max_size=10).filter(lambda values: len(set(values)) > 1))
def test_the_paired_interval_and_p_value_are_scipys(differences: list[float]) -> None:
    scipys = stats.ttest_1samp(differences, 0)
    ends = scipys.confidence_interval(0.95)
    ours = paired_interval(differences, 0.05)
    assert (ours.low, ours.high) == pytest.approx((ends.low, ends.high), rel=1e-6, abs=1e-6)
    assert paired_p(differences) == pytest.approx(scipys.pvalue, abs=1e-8)


def test_one_seed_has_no_interval() -> None:
    assert paired_interval([2.0]).low == -math.inf
    assert paired_p([2.0]) == 1


@given(st.integers(0, 8), st.integers(0, 8), st.integers(1, 8), st.integers(1, 8))
def test_fishers_test_is_scipys(first: int, second: int, of_first: int, of_second: int) -> None:
    first, second = min(first, of_first), min(second, of_second)
    table = [[first, of_first - first], [second, of_second - second]]
    assert fisher(first, of_first, second, of_second) == pytest.approx(stats.fisher_exact(table)[1], abs=1e-9)


@given(st.lists(st.sampled_from([-1.0, 0.0, 1.0]), max_size=12))
def test_the_sign_test_is_scipys_binomial(differences: list[float]) -> None:
    signs = [one for one in differences if one]
    expected = stats.binomtest(sum(one > 0 for one in signs), len(signs)).pvalue if signs else 1.0
    assert sign_test(differences) == pytest.approx(expected)


@given(st.lists(NUMBERS, min_size=3, max_size=20), st.randoms())
def test_the_rank_correlation_is_scipys(first: list[float], random: object) -> None:
    second = [round(value * 7 % 11, 2) for value in first]
    if len(set(first)) > 1 < len(set(second)):
        assert rank_correlation(first, second) == pytest.approx(stats.spearmanr(first, second).statistic, abs=1e-9)


def test_holms_correction() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == [1, 1]
    assert holm([]) == []


def test_a_lesion_is_told_as_a_share_of_what_is_above_chance() -> None:
    assert relative_drop(0.9, 0.5, 0.1) == pytest.approx(0.5)
    assert relative_drop(0.9, 0.1, 0.1) == pytest.approx(1)

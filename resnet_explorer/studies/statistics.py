"""Statistics of few seeds: Student's t, paired intervals, exact tests of counts, and Holm's correction.

In plain Python, as scipy takes a second to import for what are forty lines here; tests compare with scipy.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import atanh, comb, exp, inf, lgamma, log, log1p, sqrt, tanh
from statistics import NormalDist, mean, stdev

# an iteration that changes less is the last one
TINY, MOST_TERMS = 1e-15, 10_000


@dataclass(frozen=True)
class Interval:
    """A mean with the ends of its interval; `level` is the chance that an interval so made misses."""

    low: float
    mean: float
    high: float
    level: float
    count: int


def paired_interval(differences: Sequence[float], level: float = 0.05) -> Interval:
    """The t interval of the mean of differences by seed, which needs two of them to have ends."""
    count, middle = len(differences), mean(differences)
    if count < 2:
        return Interval(-inf, middle, inf, level, count)
    half = t_quantile(1 - level / 2, count - 1) * stdev(differences) / sqrt(count)
    return Interval(middle - half, middle, middle + half, level, count)


def paired_p(differences: Sequence[float]) -> float:
    """The two-sided p value of a mean difference of 0, by paired t."""
    count, middle = len(differences), mean(differences)
    if count < 2:
        return 1.0
    spread = stdev(differences)
    if spread == 0:
        return 1.0 if middle == 0 else 0.0
    return 2 * (1 - t_cumulative(abs(middle) * sqrt(count) / spread, count - 1))


def t_cumulative(t: float, degrees: float) -> float:
    """The chance that Student's t of so many degrees of freedom is at most `t`."""
    square = t * t
    if square < degrees:
        # near 0, where a tail would be the difference of two numbers near a half
        middle = incomplete_beta(square / (degrees + square), 0.5, degrees / 2) / 2
        return 0.5 + (middle if t > 0 else -middle)
    tail = incomplete_beta(degrees / (degrees + square), degrees / 2, 0.5) / 2
    return 1 - tail if t > 0 else tail


@lru_cache(256)
def t_quantile(chance: float, degrees: float) -> float:
    """The t that Student's t is at most with this chance, by halving an interval."""
    if chance < 0.5:
        return -t_quantile(1 - chance, degrees)
    low, high = 0.0, 1.0
    while t_cumulative(high, degrees) < chance:
        low, high = high, 2 * high
    while high - low > 1e-12 * high:
        middle = (low + high) / 2
        if t_cumulative(middle, degrees) < chance:
            low = middle
        else:
            high = middle
    return high


def incomplete_beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function, by its continued fraction (Lentz's method)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(1 - x, b, a)
    front = exp(a * log(x) + b * log1p(-x) + lgamma(a + b) - lgamma(a) - lgamma(b)) / a
    c, d, fraction = 1.0, 0.0, 1.0
    for term in range(1, MOST_TERMS):
        d = 1 / (1 + _term(term, x, a, b) * d)
        c = 1 + _term(term, x, a, b) / c
        fraction *= c * d
        if abs(c * d - 1) < TINY:
            break
    return front / fraction


def _term(term: int, x: float, a: float, b: float) -> float:
    """A coefficient of the continued fraction, the first one's number being 1."""
    half = term // 2
    if term % 2 == 0:
        return half * (b - half) * x / ((a + term - 1) * (a + term))
    return -(a + half) * (a + b + half) * x / ((a + term - 1) * (a + term))


def fisher(first: int, of_first: int, second: int, of_second: int) -> float:
    """The two-sided exact p value that `first` of `of_first` and `second` of `of_second` fail alike."""
    total, failed = of_first + of_second, first + second

    def chance(count: int) -> float:
        return comb(of_first, count) * comb(of_second, failed - count) / comb(total, failed)

    possible = range(max(0, failed - of_second), min(of_first, failed) + 1)
    seen = chance(first)
    # a little more than what was seen is what was seen, but for rounding
    return min(1.0, sum(one for one in map(chance, possible) if one <= seen * (1 + 1e-9)))


def sign_test(differences: Sequence[float]) -> float:
    """The two-sided exact p value that a difference is as often above 0 as below; 0 itself says nothing."""
    above, below = (sum(one > 0 for one in differences), sum(one < 0 for one in differences))
    count, rarer = above + below, min(above, below)
    return min(1.0, 2 * sum(comb(count, k) for k in range(rarer + 1)) / 2.0**count)


def holm(values: Sequence[float]) -> list[float]:
    """P values corrected for their number (Holm 1979), in the same order."""
    corrected, largest = [0.0] * len(values), 0.0
    for rank, place in enumerate(sorted(range(len(values)), key=lambda place: values[place])):
        largest = max(largest, min(1.0, (len(values) - rank) * values[place]))
        corrected[place] = largest
    return corrected


def relative_drop(whole: float, cut: float, chance: float) -> float:
    """The share of an accuracy above chance that a lesion takes."""
    return (whole - cut) / (whole - chance)


def rank_correlation(first: Sequence[float], second: Sequence[float]) -> float:
    """Spearman's: the correlation of ranks, equal values sharing theirs."""
    a, b = _ranks(first), _ranks(second)
    middle = (len(a) + 1) / 2
    products = sum((x - middle) * (y - middle) for x, y in zip(a, b, strict=True))
    sizes = sqrt(sum((x - middle) ** 2 for x in a) * sum((y - middle) ** 2 for y in b))
    return products / sizes if sizes else 0.0


def rank_interval(first: Sequence[float], second: Sequence[float], level: float = 0.05) -> Interval | None:
    """Spearman's correlation with the interval of Bonett and Wright (2000); None where a side does not vary."""
    count = len(first)
    if count < 4 or len(set(first)) < 2 or len(set(second)) < 2:
        return None
    rho = rank_correlation(first, second)
    if abs(rho) > 1 - TINY:
        return Interval(rho, rho, rho, level, count)
    half = NormalDist().inv_cdf(1 - level / 2) * sqrt((1 + rho * rho / 2) / (count - 3))
    return Interval(tanh(atanh(rho) - half), rho, tanh(atanh(rho) + half), level, count)


def _ranks(values: Sequence[float]) -> list[float]:
    order = sorted(values)
    return [order.index(value) + (order.count(value) + 1) / 2 for value in values]

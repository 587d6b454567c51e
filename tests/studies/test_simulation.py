"""The rules on seeds of which the truth is known: intervals hold, false verdicts are rare, true ones are seen."""

from functools import partial
from random import Random

import pytest

from resnet_explorer.studies.rules import CONTRADICTED, SUPPORTED, Difference, Within
from resnet_explorer.studies.simulation import coverage, normal, shares, two_heaps, verdicts

STUDIES = 600
# three standard errors of a share near a twentieth
CLOSE = 3 * (0.05 * 0.95 / STUDIES) ** 0.5


@pytest.mark.parametrize("count", [3, 5, 8])
def test_an_interval_holds_the_mean_as_often_as_it_says(count: int) -> None:
    assert coverage(partial(normal, 0.0), count, STUDIES, Random(1)) == pytest.approx(0.95, abs=CLOSE)


def test_three_seeds_in_two_heaps_are_too_few() -> None:
    few, many = (coverage(partial(two_heaps, 0.0), count, STUDIES, Random(2)) for count in (3, 8))
    assert few < 0.85 < many


def test_no_difference_is_seldom_taken_for_one_though_it_is_looked_at_thrice() -> None:
    assert verdicts(Difference(0.01), SUPPORTED, partial(normal, 0.0), STUDIES, Random(3)) < 0.05 + CLOSE


def test_a_large_difference_is_seen_and_a_small_one_is_not_called_none() -> None:
    assert verdicts(Difference(0.5), SUPPORTED, partial(normal, 3.0), 100, Random(4)) > 0.9
    assert verdicts(Within(-1.0, 1.0), SUPPORTED, partial(normal, 1.0), STUDIES, Random(5)) < 0.05 + CLOSE
    assert verdicts(Within(-1.0, 1.0), CONTRADICTED, partial(normal, 3.0), 100, Random(6)) > 0.5


def test_the_table_has_a_row_for_each_case() -> None:
    table = list(shares(4))
    assert len({share.what for share in table}) == len(table) == 6 + 20
    assert all(0 <= share.share <= 1 for share in table)

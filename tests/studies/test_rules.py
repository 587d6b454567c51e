"""Every rule can give each verdict, decides at the looks alone, and is known by its hash."""

import math
from collections.abc import Sequence

import pytest

from resnet_explorer.studies.rules import (
    CONTRADICTED,
    INCONCLUSIVE,
    LOOKS,
    SUPPORTED,
    Difference,
    Exact,
    FailsMore,
    Rule,
    Within,
)

LARGER, SAME, EXACT, FAILS = Difference(0.05), Within(-0.1, 0.1), Exact(1e-6), FailsMore(5)
CASES: list[tuple[Rule, Sequence[float], str]] = [
    (LARGER, [0.45, 0.46, 0.44], SUPPORTED),
    (LARGER, [-0.45, -0.46, -0.44], CONTRADICTED),
    # surely above 0, and surely too small
    (LARGER, [0.010, 0.011, 0.012], CONTRADICTED),
    (LARGER, [0.4, -0.4, 0.1], INCONCLUSIVE),
    (SAME, [0.01, -0.01, 0.005], SUPPORTED),
    (SAME, [0.5, 0.51, 0.49], CONTRADICTED),
    (SAME, [0.5, -0.51, 0.1], INCONCLUSIVE),
    (EXACT, [1e-7, 2e-7], SUPPORTED),
    (EXACT, [1e-7, 0.9], CONTRADICTED),
    (EXACT, [1e-7, 5e-6], INCONCLUSIVE),
    (EXACT, [1e-7, math.nan], INCONCLUSIVE),
    (EXACT, [], INCONCLUSIVE),
    (FAILS, [0, 0, 0, 0, 0, 1, 1, 1, 1, 1], SUPPORTED),
    (FAILS, [0, 0, 0, 0, 0, 1, 1, 0, 0, 0], INCONCLUSIVE),
    (FAILS, [1, 0, 0, 0, 0, 0, 0, 0, 0, 1], CONTRADICTED),
    (FAILS, [0, 0, 1, 1], INCONCLUSIVE),
]


@pytest.mark.parametrize(("rule", "values", "word"), CASES)
def test_a_rule_gives_each_verdict(rule: Rule, values: Sequence[float], word: str) -> None:
    verdict = rule.judge(values)
    assert verdict.word == word
    assert verdict.reason


def test_it_stops_at_the_first_look_that_decides() -> None:
    clear, unclear = [0.45, 0.46, 0.44], [0.2, 0.6, 0.05]
    assert LARGER.judge([*clear, -9, -9]).seeds == LOOKS[0]
    assert LARGER.judge(unclear).word == INCONCLUSIVE
    # seeds between two looks change nothing
    assert LARGER.judge([*unclear, -9]) == LARGER.judge(unclear)
    later = LARGER.judge([*unclear, 0.3, 0.31])
    assert later.seeds == LOOKS[1]


def test_the_looks_share_the_level() -> None:
    interval = LARGER.judge([0.4, 0.5, 0.6]).interval
    assert interval
    # 7.65 standard errors at three seeds
    assert (interval.high - interval.mean) / (0.1 / math.sqrt(3)) == pytest.approx(7.65, abs=0.01)


def test_a_rule_is_known_by_its_numbers() -> None:
    rules = [LARGER, Difference(0.06), SAME, Within(-0.05, 0.05), EXACT, FAILS]
    assert len({rule.hash for rule in rules}) == len(rules)
    assert Difference(0.05).hash == LARGER.hash
    assert all("supported if" in rule.words and "contradicted if" in rule.words for rule in rules)

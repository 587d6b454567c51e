"""The linear model and the interval of a rank correlation, against numpy and scipy and by simulation."""

import numpy as np
import pytest
from scipy import stats

from resnet_explorer.studies.linear_model import linear_model
from resnet_explorer.studies.statistics import rank_interval


def test_effects_and_intervals_are_those_of_least_squares() -> None:
    random = np.random.default_rng(1)
    columns = random.integers(0, 2, (60, 4)).astype(float)
    ys = 0.3 + columns @ np.array([0.2, 0.0, -0.1, 0.05]) + 0.05 * random.standard_normal(60)
    model = linear_model(columns.tolist(), ys.tolist())
    design = np.column_stack([np.ones(60), columns])
    effects, left, *_ = np.linalg.lstsq(design, ys, rcond=None)
    error = np.sqrt(left[0] / 55 * np.diag(np.linalg.inv(design.T @ design)))
    half = stats.t.ppf(0.975, 55) * error
    assert model is not None
    assert model.constant == pytest.approx(effects[0])
    for place, interval in enumerate(model.effects, 1):
        assert interval is not None
        assert (interval.low, interval.high) == pytest.approx(
            (effects[place] - half[place], effects[place] + half[place])
        )
    assert model.explained == pytest.approx(1 - left[0] / ((ys - ys.mean()) ** 2).sum())


def test_a_column_that_follows_from_others_has_no_effect_of_its_own() -> None:
    rows = [[float(number % 2), float(number % 3 == 0), 1.0 - number % 2] for number in range(12)]
    model = linear_model(rows, [float(number) for number in range(12)])
    assert model is not None
    assert [effect is None for effect in model.effects] == [False, False, True]


def test_too_few_rows_give_no_model() -> None:
    assert linear_model([[0.0, 1.0], [1.0, 0.0]], [1.0, 2.0]) is None
    assert linear_model([], []) is None


def test_a_rank_correlation_is_scipys_and_its_interval_covers() -> None:
    random = np.random.default_rng(2)
    truth = stats.spearmanr(*random.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], 200_000).T).statistic
    held = 0
    for _ in range(400):
        xs, ys = random.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], 60).T
        interval = rank_interval(xs.tolist(), ys.tolist())
        assert interval is not None
        assert interval.mean == pytest.approx(stats.spearmanr(xs, ys).statistic)
        held += interval.low <= truth <= interval.high
    assert 0.92 <= held / 400 <= 0.98


def test_where_a_side_does_not_vary_there_is_no_correlation() -> None:
    assert rank_interval([1.0] * 9, list(map(float, range(9)))) is None
    assert rank_interval([1.0, 2.0, 3.0], [1.0, 2.0, 3.0]) is None
    perfect = rank_interval(list(map(float, range(9))), list(map(float, range(9))))
    assert perfect is not None
    assert (perfect.low, perfect.high) == (1.0, 1.0)

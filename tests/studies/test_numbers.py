"""The numbers that are judged, on curves and values of which the answer is known."""

import math

import pytest

from resnet_explorer.runs.events import Evaluated, Event, Failed, Queued, Record, Started, Stepped
from resnet_explorer.runs.experiment import prepare
from resnet_explorer.studies import numbers
from resnet_explorer.studies.measuring import read_curve
from resnet_explorer.studies.numbers import LATE, Curve

CHANCE = math.log(10)


def test_late_loss_is_that_of_the_last_steps_and_at_most_chance() -> None:
    assert numbers.late_loss(Curve([9.0] * 100 + [0.5] * LATE)) == pytest.approx(0.5)
    assert numbers.late_loss(Curve([0.1] * 100 + [9.0] * LATE)) == pytest.approx(CHANCE)
    assert numbers.late_loss(Curve([0.1, math.nan])) == pytest.approx((0.1 + CHANCE) / 2)
    assert math.isnan(numbers.late_loss(Curve([])))


def test_the_mean_takes_each_step_at_most_as_chance() -> None:
    assert numbers.mean_loss(Curve([9.0, 1.0])) == pytest.approx((CHANCE + 1) / 2)


@pytest.mark.parametrize(
    ("losses", "lost"),
    [([0.5] * 60, 0.0), ([2.4] * 60, 1.0), ([0.5] * 59 + [math.inf], 1.0), ([2.4] * 60 + [1.0] * LATE, 0.0)],
)
def test_a_run_is_lost_at_chance_or_without_a_loss(losses: list[float], lost: float) -> None:
    assert numbers.failed(Curve(losses)) == lost
    assert numbers.diverged(Curve(losses)) == float(math.inf in losses)


def test_an_error_is_in_per_cent() -> None:
    assert numbers.final_error(Curve([1.0], accuracies=[0.2, 0.75])) == pytest.approx(25.0)


def _records(*events: Event) -> list[Record]:
    return [Record(number, 0, 1, event) for number, event in enumerate(events, 1)]


def test_a_run_that_diverged_counts_as_chance_to_its_end() -> None:
    experiment = prepare("cifar-basic-8", "shapes", "short", 0, {"steps": "4"})
    steps = [Stepped(step, 0.1 * step, loss, 0.0, 0.1, 1.0, 1.0) for step, loss in ((1, 1.0), (2, math.inf))]
    curve = read_curve(_records(Queued(), Started(0, 4), *steps, Failed("no loss", "nonfinite")), experiment)
    assert curve.losses == [1.0, math.inf, math.inf, math.inf]
    assert numbers.mean_loss(curve) == pytest.approx((1 + 3 * CHANCE) / 4)
    whole = read_curve(_records(Queued(), Started(0, 4), steps[0], Evaluated(4, 1.0, 1.0, 0.5, 10)), experiment)
    assert whole.accuracies == [0.5]
    assert whole.classes == 10


def test_growth_is_a_logarithm_and_survives_an_overflow() -> None:
    assert numbers.gradient_growth({"gradient": [100.0, 5.0, 1.0]}) == pytest.approx(2.0)
    assert numbers.signal_growth({"moment": [1.0, 5.0, 1000.0]}) == pytest.approx(3.0)
    assert numbers.signal_growth({"moment": [1.0, math.inf]}) == math.inf
    assert math.isnan(numbers.signal_growth({"moment": [0.0, 1.0]}))
    assert math.isnan(numbers.signal_growth({"moment": [1.0, None]}))


def test_a_cut_is_counted_where_shapes_are_equal() -> None:
    values = {"deleted": [0.55, 0.1, None], "changes_shape": [1], "baseline": 1.0, "chance": 0.1}
    assert numbers.drop_by_one(values) == pytest.approx(0.5)


def test_smoothness_is_a_correlation_of_ranks() -> None:
    rising = {"counts": [1, 2, 3], "several_loss": [[0.1, 0.2], [0.5], [0.9, 1.1]]}
    assert numbers.smoothness_of_cuts(rising) == pytest.approx(1.0)
    orders = [{"tau": 0.9, "loss": 3.0}, {"tau": 0.5, "loss": 2.0}, {"tau": 0.1, "loss": 1.0}]
    assert numbers.smoothness_of_orders({"orders": orders}) == pytest.approx(-1.0)
    assert math.isnan(numbers.smoothness_of_orders({"orders": orders[:2]}))


def test_branches_are_compared_with_what_they_are_added_to() -> None:
    assert numbers.branch_over_trunk({"branch": [1.0, 1.0, 3.0], "moment": [4.0, 1.0, 1.0, 9.0]}) == pytest.approx(1.0)
    assert numbers.shorter_paths({"middle": 4.5, "effective": {"mean": 3.0}}) == pytest.approx(1.5)
    assert math.isnan(numbers.shorter_paths({"middle": 4.5, "effective": None}))

"""How often a run says what, however long it is."""

import pytest

from resnet_explorer.runs.recipes import MOST_STEPS, Recipe
from resnet_explorer.training.reporting import MOST_NUMBERS, MOST_REPORTS, ReportSchedule, report_schedule

LENGTHS = [1, 7, 300, 5_000, 5_001, 64_000, MOST_STEPS]
each_length = pytest.mark.parametrize("steps", LENGTHS)


def of(steps: int, weights: int = 56, units: int = 27, measure: int = 10) -> ReportSchedule:
    return report_schedule(Recipe(measure=measure, evaluate=100, save=70), steps, weights, units)


def report_steps(schedule: ReportSchedule) -> list[int]:
    return [step for step in range(1, schedule.steps + 1) if schedule.reports_at(step)]


def test_a_short_run_tells_every_step_with_every_weight() -> None:
    schedule = of(300)
    assert report_steps(schedule) == list(range(1, 301))
    assert all(map(schedule.weights_at, report_steps(schedule)))
    assert [step for step in range(301) if step and schedule.measures_at(step)] == list(range(10, 301, 10))


@each_length
def test_the_first_and_the_last_step_are_always_told_with_their_weights(steps: int) -> None:
    schedule = of(steps)
    assert all(schedule.reports_at(step) and schedule.weights_at(step) for step in (1, steps))


@each_length
@pytest.mark.parametrize(("weights", "units"), [(20, 9), (1202, 600)])
def test_a_run_never_says_more_than_a_journal_should_hold(steps: int, weights: int, units: int) -> None:
    schedule = of(steps, weights, units, measure=1)
    reported = report_steps(schedule)
    measured = [step for step in reported if schedule.measures_at(step)]
    assert len(reported) <= MOST_REPORTS + 2
    assert sum(map(schedule.weights_at, reported)) * weights <= MOST_NUMBERS + 2 * weights
    assert len(measured) * 3 * units <= MOST_NUMBERS + 3 * units


@each_length
def test_a_step_with_weights_or_measures_is_a_tick(steps: int) -> None:
    schedule = of(steps)
    assert all(
        schedule.reports_at(step)
        for step in range(1, steps + 1)
        if schedule.weights_at(step) or schedule.measures_at(step)
    )


def test_nothing_is_measured_where_it_was_not_asked_for() -> None:
    assert not any(map(of(300, measure=0).measures_at, range(1, 301)))


def test_what_is_evaluated_or_saved_is_so_at_the_end_too() -> None:
    schedule = of(150)
    assert [step for step in range(1, 151) if schedule.evaluates_at(step)] == [100, 150]
    assert [step for step in range(1, 151) if schedule.saves_at(step)] == [70, 140, 150]

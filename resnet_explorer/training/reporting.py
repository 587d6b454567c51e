"""Which steps are reported, measured, evaluated and saved: functions of the step alone, as a resumed run needs."""

from dataclasses import dataclass
from math import ceil

from resnet_explorer.runs.recipes import Recipe

# beyond these a picture shows no more, and a journal grows
MOST_REPORTS = 5_000
MOST_NUMBERS = 500_000


@dataclass(frozen=True)
class ReportSchedule:
    """Steps between two reports, two reports with the norms of weights, and so on; 0 means never.

    `weights` and `measure` are multiples of `every`. First and last step are always reported, the last is
    always evaluated and saved.
    """

    steps: int
    every: int
    weights: int
    measure: int
    evaluate: int
    save: int

    def reports_at(self, step: int) -> bool:
        return step in (1, self.steps) or step % self.every == 0

    def weights_at(self, step: int) -> bool:
        return step in (1, self.steps) or step % self.weights == 0

    def measures_at(self, step: int) -> bool:
        return bool(self.measure) and step % self.measure == 0

    def evaluates_at(self, step: int) -> bool:
        return step == self.steps or (bool(self.evaluate) and step % self.evaluate == 0)

    def saves_at(self, step: int) -> bool:
        return step == self.steps or (bool(self.save) and step % self.save == 0)


def report_schedule(recipe: Recipe, steps: int, weights: int, units: int) -> ReportSchedule:
    """The schedule for a network with so many weights and units, within MOST_REPORTS and MOST_NUMBERS."""
    every = ceil(steps / MOST_REPORTS)
    weights_every = every * max(1, ceil(steps / every * weights / MOST_NUMBERS))
    # in reports: a measurement belongs to one
    between = ceil(recipe.measure / every)
    measure = between * ceil(steps / every / between * 3 * units / MOST_NUMBERS) * every if between else 0
    return ReportSchedule(steps, every, weights_every, measure, recipe.evaluate, recipe.save)

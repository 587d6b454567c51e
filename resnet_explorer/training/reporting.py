"""Which steps say what: functions of the step alone, so that a resumed run says the same as one that was not."""

from dataclasses import dataclass
from math import ceil

from resnet_explorer.runs.recipes import Recipe

# beyond these a picture shows no more, and a journal grows
MOST_TICKS = 5_000
MOST_NUMBERS = 500_000


@dataclass(frozen=True)
class ReportSchedule:
    """How often a run of so many steps says what: every so many, 0 never; `weights` and `measure` are ticks too."""

    steps: int
    tick: int
    weights: int
    measure: int
    evaluate: int
    save: int

    def reports_at(self, step: int) -> bool:
        return step in (1, self.steps) or step % self.tick == 0

    def weighs(self, step: int) -> bool:
        return step in (1, self.steps) or step % self.weights == 0

    def measures(self, step: int) -> bool:
        return bool(self.measure) and step % self.measure == 0

    def evaluates(self, step: int) -> bool:
        return step == self.steps or (bool(self.evaluate) and step % self.evaluate == 0)

    def saves(self, step: int) -> bool:
        return step == self.steps or (bool(self.save) and step % self.save == 0)


def report_schedule(recipe: Recipe, steps: int, weights: int, units: int) -> ReportSchedule:
    """How often, for a network with so many weights and units: ticks and numbers have a most."""
    tick = ceil(steps / MOST_TICKS)
    thinned = tick * max(1, ceil(steps / tick * weights / MOST_NUMBERS))
    every = ceil(recipe.measure / tick)
    measure = every * ceil(steps / tick / every * 3 * units / MOST_NUMBERS) * tick if every else 0
    return ReportSchedule(steps, tick, thinned, measure, recipe.evaluate, recipe.save)

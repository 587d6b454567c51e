"""What the rules do to made-up seeds of which the truth is known: coverage of intervals, false verdicts, power.

Seeds are drawn from a normal distribution, or from one of two heaps, as where some seeds start and others do not.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from random import Random

from resnet_explorer.studies.rules import CONTRADICTED, LOOKS, SUPPORTED, Difference, Rule, Within
from resnet_explorer.studies.statistics import paired_interval

Draw = Callable[[Random], float]
# how far the two heaps lie apart, in their own spread
APART = 6.0


@dataclass(frozen=True)
class Share:
    """How often something happened in so many simulated studies."""

    what: str
    share: float
    studies: int


def normal(mean: float, random: Random) -> float:
    """A seed around the mean, with a spread of 1."""
    return random.gauss(mean, 1)


def two_heaps(mean: float, random: Random) -> float:
    """Half of the seeds here and half there, the spread of all being about 3."""
    return mean + random.choice((-APART / 2, APART / 2)) + random.gauss(0, 1)


def shares(studies: int, seed: int = 0) -> Iterator[Share]:
    """Coverage by number of seeds, and what each rule says by the size of the true difference."""
    random = Random(seed)
    for name, draw in (("normal", normal), ("two heaps", two_heaps)):
        for count in LOOKS:
            hit = coverage(partial(draw, 0.0), count, studies, random)
            yield Share(f"the 95 % interval of {count} seeds, {name}, holds the mean", hit, studies)
    for rule, size in ((Difference(0.5), 0.5), (Within(-2.0, 2.0), 2.0)):
        for mean in (0.0, 0.5, 1.0, 2.0, 3.0):
            for word in (SUPPORTED, CONTRADICTED):
                often = verdicts(rule, word, partial(normal, mean), studies, random)
                what = f"{rule.name} ({size:g} spreads) is {word} where the true difference is {mean:g} spreads"
                yield Share(what, often, studies)


def coverage(draw: Draw, count: int, studies: int, random: Random) -> float:
    """How often the 95 % interval of the mean of such seeds, whose mean is 0, holds 0."""
    hits = 0
    for _ in range(studies):
        interval = paired_interval([draw(random) for _ in range(count)], 0.05)
        hits += interval.low <= 0 <= interval.high
    return hits / studies


def verdicts(rule: Rule, word: str, draw: Draw, studies: int, random: Random) -> float:
    """How often a study whose seeds are drawn so ends with this word, looked at whenever the rule looks."""
    return sum(rule.judge([draw(random) for _ in range(LOOKS[-1])]).word == word for _ in range(studies)) / studies

"""Decision rules, each fixed before its runs: from numbers by seed to a verdict, its reason and its interval.

Differences are signed so that the claim says that they are above 0. They are looked at with 3, 5 and 8 seeds alone,
each time at a third of the level, so that looking thrice misleads no more often than looking once; what is undecided
after the last look is inconclusive.
"""

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import inf
from typing import ClassVar

from resnet_explorer.studies.statistics import Interval, fisher, paired_interval, paired_p

SUPPORTED, CONTRADICTED, INCONCLUSIVE, NOT_MEASURED = "supported", "contradicted", "inconclusive", "not measured here"
WORDS = SUPPORTED, CONTRADICTED, INCONCLUSIVE, NOT_MEASURED
LEVEL = 0.05
LOOKS = 3, 5, 8
# an error so many times the bound is no matter of rounding
FAR = 10.0


@dataclass(frozen=True)
class Verdict:
    """What a rule says of what was measured, why, and after how many seeds."""

    word: str
    reason: str
    seeds: int
    interval: Interval | None = None
    p: float | None = None


class Rule(ABC):
    """How a claim is judged; frozen, and known by its hash."""

    name: ClassVar[str]

    @property
    def hash(self) -> str:
        """What a verdict names the rule by: it changes with every number in it."""
        text = json.dumps([self.name, asdict(self)], sort_keys=True)  # type: ignore[call-overload]
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @property
    @abstractmethod
    def words(self) -> str:
        """The rule as a sentence."""

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """The least and the most that the statistic may be, for a picture; None where there is no such bound."""
        return None, None

    @abstractmethod
    def judge(self, values: Sequence[float]) -> Verdict:
        """The verdict on the values of the seeds so far."""

    def looks(self, most: int) -> tuple[int, ...]:
        """After how many seeds it is judged, where there may be so many."""
        return (most,)


class ByInterval(Rule):
    """A rule that looks at the interval of paired differences, at the looks alone."""

    def judge(self, values: Sequence[float]) -> Verdict:
        """The first look that decides; else that it is undecided, with the last look's interval."""
        verdict = Verdict(INCONCLUSIVE, f"{_seeds(len(values))}; the first look is at {LOOKS[0]}", len(values))
        for look in LOOKS:
            if look > len(values):
                break
            interval = paired_interval(values[:look], LEVEL / len(LOOKS))
            word, reason = self.decide(interval)
            verdict = Verdict(word, reason, look, interval, self.p(values[:look]))
            if word != INCONCLUSIVE:
                break
        return verdict

    def looks(self, most: int) -> tuple[int, ...]:
        """The looks within so many seeds; the first one always."""
        return tuple(look for look in LOOKS if look <= max(most, LOOKS[0]))

    def p(self, values: Sequence[float]) -> float | None:
        """The p value of the null hypothesis that the rule can reject; None where it has none."""
        return None

    @abstractmethod
    def decide(self, interval: Interval) -> tuple[str, str]:
        """A word and its reason."""


@dataclass(frozen=True)
class Difference(ByInterval):
    """There is a difference, and it is at least `least`."""

    least: float
    name: ClassVar[str] = "difference"

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        return self.least, None

    def p(self, values: Sequence[float]) -> float | None:
        """Of a mean difference of 0."""
        return paired_p(values)

    @property
    def words(self) -> str:
        return (
            f"supported if the whole interval lies above 0 and the mean is at least {self.least:g}; "
            f"contradicted if the whole interval lies below {self.least:g}"
        )

    def decide(self, interval: Interval) -> tuple[str, str]:
        if interval.low > 0 and interval.mean >= self.least:
            return SUPPORTED, f"the difference is above 0, and {interval.mean:.3g} on average"
        if interval.high < 0:
            return CONTRADICTED, "reversed: the difference is below 0"
        if interval.high < self.least:
            return CONTRADICTED, f"smaller than claimed: below {self.least:g}"
        return INCONCLUSIVE, f"the interval reaches from {interval.low:.3g} to {interval.high:.3g}"


@dataclass(frozen=True)
class Within(ByInterval):
    """What is measured lies between two bounds, of which one may be missing."""

    low: float = -inf
    high: float = inf
    name: ClassVar[str] = "within"

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        return (None if self.low == -inf else self.low), (None if self.high == inf else self.high)

    @property
    def words(self) -> str:
        return f"supported if the whole interval lies {self._bounds}; contradicted if the whole interval lies outside"

    @property
    def _bounds(self) -> str:
        if self.low == -inf:
            return f"below {self.high:g}"
        return f"above {self.low:g}" if self.high == inf else f"between {self.low:g} and {self.high:g}"

    def decide(self, interval: Interval) -> tuple[str, str]:
        seen = f"the interval reaches from {interval.low:.3g} to {interval.high:.3g}"
        if self.low < interval.low and interval.high < self.high:
            return SUPPORTED, f"{seen}, {self._bounds}"
        if interval.low > self.high or interval.high < self.low:
            return CONTRADICTED, f"{seen}, not {self._bounds}"
        return INCONCLUSIVE, seen


@dataclass(frozen=True)
class Exact(Rule):
    """An identity: every error is at most `most`."""

    most: float
    name: ClassVar[str] = "exact"

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        return None, self.most

    @property
    def words(self) -> str:
        far = FAR * self.most
        return f"supported if every error is at most {self.most:g}; contradicted if one is above {far:g}"

    def judge(self, values: Sequence[float]) -> Verdict:
        if not values:
            return Verdict(INCONCLUSIVE, "nothing is measured yet", 0)
        largest = max(values)
        # NaN is neither
        if all(value <= self.most for value in values):
            return Verdict(SUPPORTED, f"the largest error is {largest:.3g}", len(values))
        if any(value > FAR * self.most for value in values):
            return Verdict(CONTRADICTED, f"an error of {largest:.3g}", len(values))
        return Verdict(INCONCLUSIVE, f"the largest error is {largest:.3g}, near the bound", len(values))


@dataclass(frozen=True)
class FailsMore(Rule):
    """Runs of the second kind fail more often than those of the first; values are 1 for a failed run of it, else 0."""

    runs: int
    name: ClassVar[str] = "fails more"

    @property
    def words(self) -> str:
        return (
            f"supported if, of {self.runs} runs of each, so many more fail that Fisher's exact test gives less than "
            f"{LEVEL:g}; contradicted if as many or fewer fail"
        )

    def judge(self, values: Sequence[float]) -> Verdict:
        """Values: the failures of the reference, then those of the other, as many."""
        half = len(values) // 2
        fewer, more = int(sum(values[:half])), int(sum(values[half:]))
        if half < self.runs:
            return Verdict(INCONCLUSIVE, f"{half} of {self.runs} runs of each have ended", half)
        p = fisher(more, half, fewer, half)
        reason = f"{more} of {half} fail against {fewer} of {half}, p = {p:.2g}"
        if more <= fewer:
            return Verdict(CONTRADICTED, reason, half, p=p)
        return Verdict(SUPPORTED if p < LEVEL else INCONCLUSIVE, reason, half, p=p)


def _seeds(count: int) -> str:
    return "1 seed" if count == 1 else f"{count} seeds"

"""What a study is: a claim with its source, and for each of its parts what is measured, on which lanes, and the rule.

All of it is data. A part has one statistic and one rule, fixed before anything is measured; its hash changes with
whatever could change its verdict.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isnan, log10, nan
from typing import Any, Protocol

from resnet_explorer.networks.request import LETTERS
from resnet_explorer.studies.rules import (
    CONTRADICTED,
    INCONCLUSIVE,
    NOT_MEASURED,
    SUPPORTED,
    FailsMore,
    Rule,
    Verdict,
)

# seeds of verdicts; smaller ones served to choose the forms
FIRST_SEED = 100


@dataclass(frozen=True)
class Lane:
    """A network by its line, with fields of the recipe of its own."""

    line: str
    settings: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return " ".join([self.line, *(f"{name}={value}" for name, value in self.settings.items())])


@dataclass(frozen=True)
class FromRuns:
    """A number of each lane's training run; `data` is empty where any images do."""

    number: str
    recipe: str = "short"
    settings: Mapping[str, str] = field(default_factory=dict)
    data: str = ""


@dataclass(frozen=True)
class FromAnalysis:
    """A number of each lane in an analysis: of initial weights, or of those that `trained` gives.

    A lane whose trained network is right on less than `least_accuracy` of the images has no number.
    """

    number: str
    analysis: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    trained: FromRuns | None = None
    least_accuracy: float = 0.0
    data: str = "shapes"


@dataclass(frozen=True)
class FromPlan:
    """A number that follows from each lane's plan, with nothing measured."""

    number: str


Measure = FromRuns | FromAnalysis | FromPlan


class Contrast(Protocol):
    """How the lanes' numbers become the one that is judged."""

    def value(self, numbers: Sequence[float]) -> float: ...
    def words(self, letters: str) -> str: ...


@dataclass(frozen=True)
class Sum:
    """The numbers, or their decimal logarithms, each times a factor."""

    factors: tuple[float, ...] = (1.0,)
    logarithm: bool = False

    def value(self, numbers: Sequence[float]) -> float:
        """The statistic of one seed; none where a number or its logarithm is none."""
        if self.logarithm and any(not number > 0 for number in numbers):
            return nan
        read = [log10(number) for number in numbers] if self.logarithm else numbers
        return sum(factor * number for factor, number in zip(self.factors, read, strict=True))

    def words(self, letters: str) -> str:
        """Such as B - A."""
        terms = []
        for factor, letter in zip(self.factors, letters, strict=False):
            sign = "-" if factor < 0 else "+"
            size = "" if abs(factor) == 1 else f"{abs(factor):g} "
            terms.append(f"{sign} {size}{f'log10 {letter}' if self.logarithm else letter}")
        # what is added comes first, so that it reads B - A and not - A + B
        text = " ".join(sorted(terms, key=lambda term: term.startswith("-")))
        return text.removeprefix("+ ")


@dataclass(frozen=True)
class Largest:
    """The largest of the numbers."""

    def value(self, numbers: Sequence[float]) -> float:
        """The statistic of one seed; none where a number is none."""
        return nan if any(map(isnan, numbers)) else max(numbers)

    def words(self, letters: str) -> str:
        """Such as the largest of A, B."""
        return f"the largest of {', '.join(letters)}" if len(letters) > 1 else letters


@dataclass(frozen=True)
class FarFrom:
    """How far the first number, over the second if there are two, is from what is expected."""

    expected: float

    def value(self, numbers: Sequence[float]) -> float:
        """The statistic of one seed."""
        ratio = numbers[0] / numbers[1] if len(numbers) > 1 else numbers[0]
        return abs(ratio - self.expected)

    def words(self, letters: str) -> str:
        """Such as |A / B - 0.186|."""
        return f"|{' / '.join(letters)} - {self.expected:g}|"


@dataclass(frozen=True)
class Form:
    """How a part is measured and judged; `seeds` is the most it is judged after, `cannot` what it cannot show."""

    rule: Rule
    measure: Measure
    lanes: tuple[Lane, ...]
    contrast: Contrast
    seeds: int = 3
    cannot: str = ""

    def judge(self, rows: Sequence[Sequence[float]]) -> Verdict:
        """The verdict on the lanes' numbers, one row a seed."""
        values = [self.contrast.value(row) for row in rows]
        missing = sum(map(isnan, values))
        if missing:
            reason = (
                f"{missing} of {len(values)} seeds have no number: a network did not learn, or what it gave is none"
            )
            return Verdict(NOT_MEASURED, reason, len(values))
        if isinstance(self.rule, FailsMore):
            # it counts the failures of each lane
            return self.rule.judge([row[lane] for lane in (0, 1) for row in rows])
        return self.rule.judge(values)


@dataclass(frozen=True)
class StudyPart:
    """One statement of a claim with its rule; instead of a form there may be the reason why there is none."""

    name: str
    statement: str
    short: Form | str
    full: Form | str

    def form(self, name: str) -> Form | str:
        """The form of a name: short or full."""
        return self.short if name == "short" else self.full

    @property
    def hash(self) -> str:
        """What a verdict names the part by: its rules with all that says what is measured, but not the words."""
        forms = [_identity(form) for form in (self.short, self.full)]
        text = json.dumps([self.name, forms])
        return hashlib.sha256(text.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Study:
    """A claim of a paper, and what it is judged by; the verdict on it is that of its weakest part."""

    id: str
    claim: str
    paper: str
    place: str
    arxiv: str
    parts: tuple[StudyPart, ...]
    published: str = ""
    pitfalls: str = ""

    def part(self, name: str) -> StudyPart:
        """The part of a name."""
        return next(part for part in self.parts if part.name == name)


def headline(words: Sequence[str]) -> str:
    """The verdict on a claim with these verdicts on its parts: that of the weakest."""
    from_weakest = (CONTRADICTED, INCONCLUSIVE, NOT_MEASURED, SUPPORTED)
    return min(words, key=from_weakest.index) if words else NOT_MEASURED


def lane(line: str, **settings: str) -> Lane:
    """A lane, with fields of the recipe by name."""
    return Lane(line, settings)


def lanes(*lines: str, **settings: str) -> tuple[Lane, ...]:
    """Lanes that have these fields of the recipe in common."""
    return tuple(Lane(line, settings) for line in lines)


def letters(form: Form) -> str:
    """The letters of a form's lanes."""
    return LETTERS[: len(form.lanes)]


def _identity(form: Form | str) -> str:
    """All of a form that decides its numbers, and no words; nothing where there is no form."""
    if isinstance(form, str):
        return ""
    return repr((form.rule.hash, form.lanes, form.measure, form.contrast, form.seeds))

"""What a study is: a claim with its source, and for each of its parts what is measured, on which lanes, and the rule."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log10

from resnet_explorer.studies.rules import Rule

# what a run can be asked for: see `measures.py`
RUN_MEASURES = {
    "late loss": "mean training loss of the last 50 steps; chance where it is above chance or not finite",
    "mean loss": "mean training loss of all steps, each capped at chance",
    "test error": "share of held-out images that is wrong at the end, in per cent",
    "failed": "1 for a run that ends at chance or with a loss that is not finite, else 0",
}


@dataclass(frozen=True)
class FromRuns:
    """A number of each lane's training run of a seed."""

    measure: str
    data: str
    recipe: str
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FromAnalysis:
    """A number of each lane in an analysis: the value by its name, and how it becomes one number if it is a list."""

    analysis: str
    value: str
    reduce: str = "whole"
    settings: Mapping[str, object] = field(default_factory=dict)
    weights: str = "initial"
    data: str = "shapes"


Source = FromRuns | FromAnalysis


@dataclass(frozen=True)
class Contrast:
    """From the lanes' numbers to the one that is judged: a sum with a factor for each lane, or of their logarithms."""

    factors: Sequence[float]
    logarithm: bool = False

    def value(self, numbers: Sequence[float]) -> float:
        """The statistic of one seed."""
        read = [log10(number) for number in numbers] if self.logarithm else numbers
        return sum(factor * number for factor, number in zip(self.factors, read, strict=True))


@dataclass(frozen=True)
class Form:
    """How a part is measured: short (two cores, at most five minutes) or full; `cannot` is what it cannot show."""

    lanes: Sequence[str]
    source: Source
    contrast: Contrast
    seeds: Sequence[int]
    minutes: float
    cannot: str = ""


@dataclass(frozen=True)
class StudyPart:
    """One statement of a claim with its one statistic; a form that is missing is said to be with its reason."""

    name: str
    statement: str
    rule: Rule
    short: Form | str
    full: Form | str

    @property
    def hash(self) -> str:
        """What a verdict names the part by: the rule with all that says what is measured, but not the words."""
        forms = [repr(form) if isinstance(form, Form) else "" for form in (self.short, self.full)]
        text = json.dumps([self.name, self.rule.hash, forms])
        return hashlib.sha256(text.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Study:
    """A claim of a paper, and what it is judged by; the verdict on it is that of its weakest part."""

    id: str
    claim: str
    paper: str
    place: str
    arxiv: str
    parts: Sequence[StudyPart]
    published: str = ""
    pitfalls: str = ""

"""The table of analyses: a row is a name, a question, where it comes from, its settings, what it needs and counts.

From a row follow the panel on the page, the command, the verbs and the tests. The row `some-name` is computed by
`analyses/some_name.py` (`measure` and `findings`) and drawn by `figures/some_name.py` (`draw`). This loads no torch.
"""

from dataclasses import dataclass, fields
from typing import Any, Literal

from resnet_explorer.errors import AnalysisError

Needs = Literal["nothing", "init", "trained"]


@dataclass(frozen=True)
class Analysis:
    """One analysis: `needs` is what a subject must have at least, `values` explains each name of a lane's values."""

    name: str
    title: str
    question: str
    citation: str
    arxiv: str
    settings: type
    needs: Needs
    counts: str
    values: dict[str, str]

    @property
    def module(self) -> str:
        """The dotted name of the module that computes it."""
        return f"resnet_explorer.analyses.{self.name.replace('-', '_')}"

    def defaults(self) -> dict[str, Any]:
        """Every setting with its default."""
        return {each.name: each.default for each in fields(self.settings)}


ANALYSES: tuple[Analysis, ...] = ()


def find_analysis(name: str) -> Analysis:
    """The analysis of a name; raises AnalysisError for one that there is not."""
    for analysis in ANALYSES:
        if analysis.name == name:
            return analysis
    raise AnalysisError(f"unknown analysis {name[:40]!r}; there are {', '.join(each.name for each in ANALYSES)}")

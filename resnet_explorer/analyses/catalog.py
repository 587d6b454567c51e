"""The table of analyses: a row is a name, a question, where it comes from, its settings, what it needs and counts.

From a row follow the panel on the page, the command, the verbs and the tests. The row `some-name` is computed by
`analyses/some_name.py` (`measure` and `findings`) and drawn by `figures/some_name.py` (`draw`). This loads no torch.
"""

from dataclasses import dataclass, fields
from typing import Any, Literal

from resnet_explorer.analyses.settings import whole
from resnet_explorer.errors import AnalysisError

Needs = Literal["nothing", "init", "trained"]


@dataclass(frozen=True)
class Analysis:
    """One analysis: `needs` is what a subject must have at least, `values` explains each name of a lane's values.

    `version` counts up when the same question gets other numbers than before: what was computed earlier is not shown.
    """

    name: str
    title: str
    question: str
    citation: str
    arxiv: str
    settings: type
    needs: Needs
    counts: str
    values: dict[str, str]
    version: int = 1

    @property
    def module(self) -> str:
        """The dotted name of the module that computes it."""
        return f"resnet_explorer.analyses.{self.name.replace('-', '_')}"

    def defaults(self) -> dict[str, Any]:
        """Every setting with its default."""
        return {each.name: each.default for each in fields(self.settings)}


@dataclass(frozen=True)
class ReceptiveSettings:
    """How the effective receptive field is measured."""

    images: int = whole(32, 1, 512, "held-out images that the gradients are taken at")
    seed: int = whole(0, 0, 1_000_000, "of the random sum over channels")


ANALYSES: tuple[Analysis, ...] = (
    Analysis(
        "receptive",
        "Receptive field",
        "How much of the image does one place of the output look at?",
        "Luo et al. 2016, Understanding the Effective Receptive Field",
        "1701.04128",
        ReceptiveSettings,
        "init",
        "root mean square gradient of the central output of each stage, by a random sum over its channels, over "
        "held-out images; BN in evaluation mode",
        {
            "effective": "after each stage, the side of a square of as many pixels as have over 4.55 % of the largest "
            "gradient",
            "theoretical": "after each stage, the pixels a side that kernels and strides allow",
            "maps": "after each stage, the gradient at each pixel as a share of the largest",
            "side": "pixels a side of the image",
            "images": "how many images so far",
        },
    ),
)


def find_analysis(name: str) -> Analysis:
    """The analysis of a name; raises AnalysisError for one that there is not."""
    for analysis in ANALYSES:
        if analysis.name == name:
            return analysis
    raise AnalysisError(f"unknown analysis {name[:40]!r}; there are {', '.join(each.name for each in ANALYSES)}")

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

    `repeats`: the same question gives the same numbers again, which times do not.
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
    repeats: bool = True

    @property
    def module(self) -> str:
        """The dotted name of the module that computes it."""
        return f"resnet_explorer.analyses.{self.name.replace('-', '_')}"

    def defaults(self) -> dict[str, Any]:
        """Every setting with its default."""
        return {each.name: each.default for each in fields(self.settings)}


@dataclass(frozen=True)
class LatencySettings:
    """How the lanes are timed."""

    batch: int = whole(8, 1, 512, "images in a batch; fewer for large networks, so that a turn stays short")
    rounds: int = whole(20, 1, 200, "turns that each lane takes")
    seed: int = whole(0, 0, 2**31 - 1, "seed of the order of turns in each round")


ANALYSES: tuple[Analysis, ...] = (
    Analysis(
        "latency",
        "Latency",
        "How long does each network take here, and is it what its multiply-adds foretell?",
        "He, Zhang, Ren, Sun 2015, Deep Residual Learning for Image Recognition, Table 1",
        "1512.03385",
        LatencySettings,
        "nothing",
        "each lane as its line writes it, at its own image size, with noise for images, in fp32, on the threads that "
        "are named: median over rounds in which the lanes take turns, after one that does not count; forward in "
        "evaluation mode, training with the gradients of all weights and without the update",
        {
            "milliseconds": "a pass forward of one batch, median over the rounds",
            "milliseconds_low": "the quarter of the rounds that took less",
            "milliseconds_high": "the quarter of the rounds that took more",
            "training_milliseconds": "forward, loss and gradients of one batch, median over the rounds",
            "training_milliseconds_low": "the quarter of the rounds that took less",
            "training_milliseconds_high": "the quarter of the rounds that took more",
            "images_per_second": "images a second forward",
            "training_images_per_second": "images a second in training",
            "gmacs_per_second": "billions of multiply-adds a second, forward",
            "macs": "multiply-adds of convolutions and fully connected layers, for one image",
            "bytes": "what a pass forward of the batch reads and writes at least: weights, and each layer's output once",
            "layers": "layers in sequence, of all kinds",
            "weighted_layers": "weighted layers in sequence",
            "parameters": "learnable parameters",
            "batch": "images in a batch",
            "threads": "threads that compute",
            "rounds": "milliseconds forward, by round",
            "training_rounds": "milliseconds in training, by round",
        },
        repeats=False,
    ),
)


def find_analysis(name: str) -> Analysis:
    """The analysis of a name; raises AnalysisError for one that there is not."""
    for analysis in ANALYSES:
        if analysis.name == name:
            return analysis
    raise AnalysisError(f"unknown analysis {name[:40]!r}; there are {', '.join(each.name for each in ANALYSES)}")

"""The table of analyses: a row is a name, a question, where it comes from, its settings, what it needs and counts.

From a row follow the panel on the page, the command, the verbs and the tests. The row `some-name` is computed by
`analyses/some_name.py` (`measure`), said by `analyses/some_name_findings.py` (`findings`) and drawn by
`figures/some_name.py` (`draw`). This, and what says and draws it, loads no torch.
"""

from dataclasses import dataclass, fields
from typing import Any, Literal

from resnet_explorer.analyses import values
from resnet_explorer.analyses.settings import (
    FeaturesSettings,
    GradientPathsSettings,
    IdentitySettings,
    LandscapeSettings,
    LatencySettings,
    LesionSettings,
    PathsSettings,
    ReceptiveSettings,
    SignalSettings,
    SolverSettings,
    UnrollSettings,
)
from resnet_explorer.errors import AnalysisError

# of these an analysis needs no weights of the lanes
WITHOUT_WEIGHTS = ("nothing", "plan")
Needs = Literal["nothing", "plan", "init", "trained"]


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


ANALYSES: tuple[Analysis, ...] = (
    Analysis(
        "gradient-paths",
        "Gradient by branches passed",
        "Which way does the gradient travel: past all branches, through one, two, or more?",
        "He, Zhang, Ren, Sun 2016, Identity Mappings in Deep Residual Networks, equation 5",
        "1603.05027",
        GradientPathsSettings,
        "init",
        "norms over all numbers and all held-out images so far of the gradient of each image's own cross entropy by "
        "the first unit's input; BN in evaluation mode; what stands on the trunk or a shortcut is passed by all, a "
        "Runge-Kutta step is one branch",
        values.GRADIENT_PATHS,
    ),
    Analysis(
        "unroll",
        "Unrolled sum",
        "Is a stage's output its input plus the sum of its branches, and what does each branch contribute?",
        "He, Zhang, Ren, Sun 2016, Identity Mappings in Deep Residual Networks, equation 4",
        "1603.05027",
        UnrollSettings,
        "init",
        "norms over all numbers of a tensor and all images so far, held-out images, BN in evaluation mode, double "
        "precision; x_l is what the first shortcut of a stage brings, x_L what its last unit gives",
        values.UNROLL,
    ),
    Analysis(
        "signal",
        "Signal",
        "How large are signal and gradient at each unit, and do two inputs still agree on the gradient?",
        "Balduzzi, Frean, Leary, Lewis, Ma, McWilliams 2017, The Shattered Gradients Problem; He 2015, figure 7",
        "1702.08591",
        SignalSettings,
        "init",
        "means over batches of one pass each; BN by the batch's statistics, or left out; dropout off; at x_0 before "
        "the first unit and after each; gradients of the output in one direction, by a random sign an image, or of the "
        "cross entropy; remedies: one batch, its own cross entropy, the rate and momentum of the lane's recipe",
        values.SIGNAL,
    ),
    Analysis(
        "lesion",
        "Lesion",
        "What does a trained network lose when units are cut or put in another order?",
        "Veit, Wilber, Belongie 2016, Residual Networks Behave Like Ensembles of Relatively Shallow Networks",
        "1605.06431",
        LesionSettings,
        "init",
        "share of held-out images that are right, and mean cross entropy; evaluation mode, nothing trained again, BN "
        "with the statistics of the whole network; a unit that keeps the shape is left out, one that changes it keeps "
        "its shortcut and loses its branch",
        values.LESION,
    ),
    Analysis(
        "paths",
        "Path lengths",
        "How long are the paths that the gradient takes, out of the 2^n through n units?",
        "Veit, Wilber, Belongie 2016, Residual Networks Behave Like Ensembles of Relatively Shallow Networks",
        "1605.06431",
        PathsSettings,
        "init",
        "norms of the gradient of an image's own cross entropy by the first unit's input, along paths drawn without "
        "preference, mean over paths and held-out images; forward the whole network, BN in evaluation mode; a length "
        "counts branches, a Runge-Kutta step is one",
        values.PATHS,
    ),
    Analysis(
        "landscape",
        "Loss landscape",
        "Is the loss around these weights smooth, and does a shortcut make it smoother?",
        "Li, Xu, Taylor, Studer, Goldstein 2018, Visualizing the Loss Landscape of Neural Nets",
        "1712.09913",
        LandscapeSettings,
        "init",
        "mean cross entropy over the first so many held-out images, evaluation mode, no augmentation; directions from "
        "N(0, 1), each filter's part as long as the filter; biases, BN and its statistics stay; sharpness: the Hessian "
        "of the same loss by all learnable weights, BN's too",
        values.LANDSCAPE,
    ),
    Analysis(
        "identity",
        "Identity",
        "Can a stack of units learn to change nothing, and does a shortcut help?",
        "He, Zhang, Ren, Sun 2015, Deep Residual Learning for Image Recognition, section 3.1",
        "1512.03385",
        IdentitySettings,
        "nothing",
        "the energy of y - x over that of x on batches of 16 new 8 by 8 images from N(0, 1) before each step, BN in "
        "training mode, dropout off, one seed, trained here, not the lane's weights; 1 is what an output of 0 has",
        values.IDENTITY,
    ),
    Analysis(
        "solver",
        "Solver",
        "What does a step of higher order gain, and does a branch let it?",
        "Luo, Sun, Zhou, Wu, Kamata 2021, Rethinking ResNets: Improved Stacking Strategies With High Order Schemes",
        "2103.15244",
        SolverSettings,
        "init",
        "norms over all numbers of the state at the end, of all images together, of the difference from the exact one, "
        "over the norm of that; in double precision, BN in evaluation mode; exact: the matrix exponential, or RK4 with "
        "steps a fourth of the smallest; what stands on the trunk is left out of the field",
        values.SOLVER,
    ),
    Analysis(
        "latency",
        "Latency",
        "How long does each network take here, and is it what its multiply-adds foretell?",
        "He, Zhang, Ren, Sun 2015, Deep Residual Learning for Image Recognition, table 1",
        "1512.03385",
        LatencySettings,
        "plan",
        "each lane as its line writes it, at its own image size, a run's as it was trained, with noise for images, in "
        "fp32, on the threads that are named: median over rounds in which the lanes take turns; forward in evaluation "
        "mode, training with the gradients of all weights and without the update",
        values.LATENCY,
    ),
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
        values.RECEPTIVE,
    ),
    Analysis(
        "features",
        "Features",
        "What does each branch write onto the trunk, seen on one image?",
        "He, Zhang, Ren, Sun 2015, Deep Residual Learning for Image Recognition, figure 2",
        "1512.03385",
        FeaturesSettings,
        "init",
        "one image, BN in evaluation mode; maps: the mean size over channels, or the size in one channel, and over "
        "pixels where a map is smaller; norms: root mean squares over all numbers; trunk: what the shortcut brings to "
        "the merge, branch: what is added, sum: before what follows the merge",
        values.FEATURES,
    ),
)


def find_analysis(name: str) -> Analysis:
    """The analysis of a name; raises AnalysisError for one that there is not."""
    for analysis in ANALYSES:
        if analysis.name == name:
            return analysis
    raise AnalysisError(f"unknown analysis {name[:40]!r}; there are {', '.join(each.name for each in ANALYSES)}")

"""The table of analyses: a row is a name, a question, where it comes from, its settings, what it needs and counts.

From a row follow the panel on the page, the command, the verbs and the tests. The row `some-name` is computed by
`analyses/some_name.py` (`measure` and `findings`) and drawn by `figures/some_name.py` (`draw`). This loads no torch.
"""

from dataclasses import dataclass, fields
from typing import Any, Literal

from resnet_explorer.analyses.settings import (
    GradientPathsSettings,
    IdentitySettings,
    LandscapeSettings,
    LatencySettings,
    LesionSettings,
    PathsSettings,
    ReceptiveSettings,
    SignalSettings,
    UnrollSettings,
)
from resnet_explorer.errors import AnalysisError

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
        {
            "error": "the largest |sum of parts - gradient| over |gradient|, against an ordinary backward pass",
            "terms": "by the number of branches passed, from 0, the norm of that part over that of the gradient",
            "term_share": "by the number of branches passed, the projection of that part on the gradient, over that",
            "branches": "by unit, the norm of what its branch adds, brought on past all branches, over the gradient's",
            "share": "by unit, the projection of that; with the first of term_share these sum to 1",
            "direct": "from the first unit's input to the last one's output, the norm of what passed no branch over "
            "that of the gradient there",
            "whole": "at the same places, the root mean square over images of the gradient's norm",
            "cosine": "of the angle between what passed no branch and the gradient at the first unit's input",
            "lumped": "whether the last part is that of all longer paths",
            "shortcuts": "whether there is a way past a branch",
            "images": "how many images so far",
        },
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
        {
            "error": "the largest of the errors of the stages",
            "errors": "by stage, the largest |x_L - x_l - sum F| over the largest |x_L|",
            "promised": "whether the plan says that the sum is exact",
            "verdict": "what the plan says of the identity path",
            "stage": "the stage of each unit",
            "terms": "by unit, the norm of its branch F over that of the x_L of its stage",
            "angle": "by unit, degrees between its branch and the trunk it is added to; null where there is no trunk",
            "share": "by unit, the projection of its branch on the x_L of its stage, over the norm of x_L",
            "direct": "by stage, the same share of x_l",
            "images": "how many images so far",
        },
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
        "the first unit and after each; gradients of the output along one direction, by a random sign an image",
        {
            "moment": "E x² before the first unit and after each",
            "variance": "variance inside a channel, mean over channels, at the same places",
            "branch": "deviation of each branch's output before the addition; of a Runge-Kutta step its first stage",
            "share": "that deviation over the deviation of the unit's output",
            "responses": "deviation of each 3x3 convolution's output, after its BN if one follows, before all else",
            "sorted_responses": "the same, largest first",
            "gradient": "norm of the gradient at each place",
            "correlation": "mean cosine between the gradients of two images of a batch",
            "largest": "largest size of a number, mean over batches",
            "not_finite": "share of numbers that are infinite or none",
            "theory": "theory's curve by name, null where there is none: for initial weights, wide networks, noise",
            "units": "units of the network",
            "images": "images sent so far",
            "trained": "whether the weights are trained",
            "redrawn": "whether the initial weights were drawn anew by the setting",
            "has_norm": "whether there is batch normalisation",
        },
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
        {
            "units": "units of the network",
            "baseline": "accuracy of the whole network",
            "baseline_loss": "cross entropy of the whole network",
            "deleted": "accuracy without each unit in turn; null where it cannot be cut",
            "deleted_loss": "cross entropy without each unit in turn",
            "changes_shape": "units that change the shape, from 0",
            "swapped": "accuracy with each unit and the next exchanged; null where they are not of one shape and stage",
            "swapped_loss": "cross entropy with each unit and the next exchanged",
            "counts": "numbers of units cut together, of those that keep the shape",
            "several": "accuracy by number of cut units and trial",
            "several_loss": "cross entropy by number of cut units and trial",
            "orders": "each other order tried: pairs exchanged one after another, Kendall's tau of the order over all "
            "units, accuracy and loss",
            "chance": "accuracy of a guess",
            "images": "images that cuts of one unit are measured on so far",
            "trained": "whether the weights are trained",
        },
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
        {
            "lengths": "the lengths of paths, in branches",
            "longest": "the longest of them",
            "middle": "the mean length of all paths",
            "counts": "how many paths there are of each length",
            "gradient": "by length, the mean norm of a path's gradient; null where it is not measured",
            "carried": "by length, paths times norm, as a share of the sum; where no norm is measured its logarithm is "
            "interpolated",
            "effective": "the mean length by what is carried, and the fewest lengths in a row, low to high, that carry "
            "95 %, with what they carry and which share of all paths they are",
            "paths": "how many paths so far",
            "products": "vector-Jacobian products through a branch so far",
            "images": "how many images",
        },
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
        {
            "axis": "distances from the weights along a direction; at 1 each filter is moved by its own length",
            "loss": "the loss by row (second direction, or line) and distance; null where it is not known or no number",
            "centre": "the loss at the weights themselves",
            "sharpness": "the Hessian's eigenvalue that is largest in size, by power iteration",
            "sharpness_change": "by which part of it the last iteration changed the eigenvalue",
            "iterations": "power iterations so far",
            "points": "points evaluated so far",
            "overflowed": "points with a loss that is no finite number",
            "images": "images that the loss is the mean over",
            "guessing": "the loss of guessing among the classes",
            "trained": "whether the weights are trained",
            "trajectory": "weights of earlier steps in the plane of training: steps, x, y, the share of the squared "
            "distances that each direction explains, and how long one unit of each is; null in a random plane",
        },
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
        {
            "units": "units in each stack",
            "steps": "training steps after which an error is given",
            "error": "error by kind and units: the mean over the steps since the one before",
            "final_error": "the newest error, by kind, for each number of units",
            "gap": "decades by which the plain stack's newest error is above the residual one's",
            "floor": "the least error that any weights can reach where the unit ends with a ReLU, else 0",
            "channels": "channels of the stacks",
            "plain": "the plain unit",
            "residual": "the residual unit",
        },
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
        {
            "milliseconds": "a pass forward of one batch, median over the rounds",
            "milliseconds_low": "a quarter of the rounds took less",
            "milliseconds_high": "a quarter of the rounds took more",
            "training_milliseconds": "forward, loss and gradients of one batch, median over the rounds",
            "training_milliseconds_low": "a quarter of the rounds took less",
            "training_milliseconds_high": "a quarter of the rounds took more",
            "images_per_second": "images a second forward",
            "training_images_per_second": "images a second in training",
            "gmacs_per_second": "billions of multiply-adds a second, forward",
            "macs": "multiply-adds of convolutions and fully connected layers, for one image",
            "bytes": "what a pass forward of the batch moves at least: weights, and each layer's output once, in fp32",
            "layers": "layers in sequence, of all kinds",
            "weighted_layers": "weighted layers in sequence",
            "parameters": "learnable parameters",
            "batch": "images in a batch",
            "threads": "threads that compute",
            "rounds": "milliseconds forward, by round",
            "training_rounds": "milliseconds in training, by round",
        },
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

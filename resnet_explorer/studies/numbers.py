"""The numbers that studies judge: of a run's curve, of what an analysis found of a lane, and of a plan.

Each has a name, and words for what it is. One that there is not is NaN.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf, isfinite, log, log10, nan, sqrt
from statistics import mean, median
from typing import Any

from resnet_explorer.networks.plan import Plan
from resnet_explorer.studies.statistics import rank_correlation, relative_drop

# steps that "late" means
LATE = 50
# a run whose late loss is so near to guessing is at chance
NEAR_CHANCE = 0.98


@dataclass(frozen=True)
class Curve:
    """What a run recorded: the loss of its steps in order, its held-out accuracies, and what guessing would give."""

    losses: Sequence[float]
    seconds: Sequence[float] = ()
    accuracies: Sequence[float] = ()
    classes: int = 10

    @property
    def chance(self) -> float:
        """The loss of guessing among the classes."""
        return log(self.classes)


@dataclass(frozen=True)
class Number:
    """A number that can be judged, and what it is in words."""

    words: str
    read: Callable[[Any], float] = field(repr=False)


def late_loss(curve: Curve) -> float:
    """The mean of the last steps' losses, at most chance."""
    return min(curve.chance, mean(_capped(curve)[-LATE:])) if curve.losses else nan


def mean_loss(curve: Curve) -> float:
    """The mean over all steps, each at most chance."""
    return mean(_capped(curve)) if curve.losses else nan


def final_error(curve: Curve) -> float:
    """The share of held-out images that is wrong at the end, in per cent."""
    return 100 * (1 - curve.accuracies[-1]) if curve.accuracies else nan


def failed(curve: Curve) -> float:
    """Whether the loss is not finite somewhere, or ends at chance."""
    if not curve.losses:
        return nan
    return float(not all(map(isfinite, curve.losses)) or late_loss(curve) > NEAR_CHANCE * curve.chance)


def points_found(curve: Curve) -> float:
    """The share of held-out points that are found at the end, in per cent."""
    return 100 * curve.accuracies[-1] if curve.accuracies else nan


def diverged(curve: Curve) -> float:
    """Whether a loss is not finite."""
    return float(not all(map(isfinite, curve.losses))) if curve.losses else nan


def _capped(curve: Curve) -> list[float]:
    """The losses, each at most chance; one that is not finite is chance."""
    return [min(loss, curve.chance) if isfinite(loss) else curve.chance for loss in curve.losses]


OF_RUNS: Mapping[str, Number] = {
    "late loss": Number(
        f"mean training loss of the last {LATE} steps; at most that of guessing, which stands for no number", late_loss
    ),
    "mean loss": Number("mean training loss of all steps, each at most that of guessing", mean_loss),
    "test error": Number("held-out images that are wrong at the end, in per cent", final_error),
    "points found": Number("PCK@0.1 at the end: held-out points that are found, in per cent", points_found),
    "diverged": Number("1 for a run with a loss that is no finite number, else 0", diverged),
    "failed": Number("1 for a run that has an infinite loss or ends at chance, else 0", failed),
}


Values = Mapping[str, Any]


def gradient_growth(values: Values) -> float:
    """The gradient's norm before the first unit over that after the last one, as a decimal logarithm."""
    return _log_ratio(values["gradient"][0], values["gradient"][-1])


def signal_growth(values: Values) -> float:
    """E x² after the last unit over that before the first one, as a decimal logarithm."""
    return _log_ratio(values["moment"][-1], values["moment"][0])


def branch_over_trunk(values: Values) -> float:
    """The median over units of the deviation of the branch over the root mean square of the unit's input."""
    pairs = zip(values["branch"], values["moment"], strict=False)
    return median(branch / sqrt(moment) if moment else nan for branch, moment in pairs if branch is not None)


def largest_branch(values: Values) -> float:
    """The largest deviation of a branch's output."""
    return float(max(values["branch"]))


def drop_by_one(values: Values) -> float:
    """The mean over cut units of the share of the accuracy above chance that a cut takes; of equal shapes only."""
    kept = [
        accuracy
        for unit, accuracy in enumerate(values["deleted"])
        if accuracy is not None and unit not in values["changes_shape"]
    ]
    drops: list[float] = [relative_drop(values["baseline"], accuracy, values["chance"]) for accuracy in kept]
    return mean(drops) if drops else nan


def smoothness_of_cuts(values: Values) -> float:
    """Spearman's correlation of the mean loss with the number of cut units."""
    counts, losses = values["counts"], [mean(row) for row in values["several_loss"] if row]
    return rank_correlation(counts[: len(losses)], losses) if len(losses) > 2 else nan


def smoothness_of_orders(values: Values) -> float:
    """Spearman's correlation of the loss with the disorder, 1 less Kendall's tau."""
    orders = values["orders"]
    if len(orders) < 3:
        return nan
    return rank_correlation([1 - order["tau"] for order in orders], [order["loss"] for order in orders])


def shorter_paths(values: Values) -> float:
    """By how many branches the paths that carry the gradient are shorter than the mean of all paths."""
    effective = values.get("effective")
    return nan if not effective else values["middle"] - effective["mean"]


def identity_gap(values: Values) -> float:
    """Decades by which the deepest plain stack's final error is above the residual one's."""
    gap = values["gap"][-1]
    return nan if gap is None else float(gap)


def _log_ratio(over: float | None, under: float | None) -> float:
    """A decimal logarithm; infinite where the first is too large for a number."""
    if over is None or under is None or not under:
        return nan
    if not isfinite(over):
        return inf
    return log10(over / under) if over > 0 else -inf


OF_ANALYSES: Mapping[str, Number] = {
    "gradient growth": Number(
        "log10 of the gradient's norm before the first unit over that after the last", gradient_growth
    ),
    "signal growth": Number("log10 of E x² after the last unit over that before the first", signal_growth),
    "branch over trunk": Number(
        "deviation of the branch over the root mean square of its unit's input, median over units", branch_over_trunk
    ),
    "largest branch": Number("largest deviation of a branch's output", largest_branch),
    "sum error": Number("largest |x_L - x_l - sum F| over the largest |x_L|", lambda values: values["error"]),
    "parts error": Number("largest |sum of parts - gradient| over |gradient|", lambda values: values["error"]),
    "direct share": Number(
        "norm of the part of the gradient that passed no branch over that of the gradient",
        lambda values: values["terms"][0],
    ),
    "drop by one cut": Number(
        "share of the accuracy above chance that the cut of one unit takes, mean over units of equal shapes",
        drop_by_one,
    ),
    "smoothness of cuts": Number("Spearman's correlation of the loss with the number of cut units", smoothness_of_cuts),
    "smoothness of orders": Number("Spearman's correlation of the loss with the disorder", smoothness_of_orders),
    "shorter paths": Number(
        "mean length of all paths less that of the paths by what they carry, in branches", shorter_paths
    ),
    "identity gap": Number("log10 of the deepest plain stack's error over that of the residual one", identity_gap),
    "fourth order growth": Number("what RK4 makes of x' = x in time 1", lambda values: values["growth"]["rk4"]),
    "milliseconds a multiply-add": Number(
        "milliseconds of a pass forward of one image, median over rounds, over the multiply-adds of one image",
        lambda values: values["milliseconds"] / values["macs"],
    ),
    "mean response": Number(
        "deviation of a 3x3 convolution's output after its batch normalisation, mean over layers",
        lambda values: mean(values["responses"]),
    ),
    "sharpness": Number(
        "log10 of the size of the Hessian's largest eigenvalue",
        lambda values: log10(abs(values["sharpness"])) if values["sharpness"] else nan,
    ),
}

OF_PLANS: Mapping[str, Number] = {
    "parameters": Number("learnable parameters", lambda plan: float(_params(plan))),
    "parameters of the head's first layer": Number(
        "learnable parameters of the first layer of the head, with all that it holds",
        lambda plan: float(plan.head[0].params),
    ),
    "field of the head's first layer": Number(
        "pixels a side of its input that one place of the head's first layer sees",
        lambda plan: float(plan.head[0].kernel_extent),
    ),
    "multiply-adds": Number(
        "multiply-adds of convolutions and fully connected layers, for one image", lambda plan: float(plan.macs)
    ),
}


def _params(plan: Plan) -> int:
    count: int = plan.params
    return count

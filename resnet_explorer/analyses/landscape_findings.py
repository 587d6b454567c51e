"""Height, dents and curvature of a landscape, and what may not be compared, in sentences."""

from collections.abc import Sequence
from itertools import product

from resnet_explorer.analyses.request import LaneResult
from resnet_explorer.analyses.settings import LandscapeSettings
from resnet_explorer.describe.sentence import Sentence, joined

# places on a path of training before its end: with fewer there are no two directions
FEWEST = 2
# of the loss of guessing among the classes, from where on a network is said to guess
GUESSES = 0.97
# losses, and curvatures, within this ratio are called alike
ALIKE = 1.1


def findings(lanes: Sequence[LaneResult], settings: LandscapeSettings) -> list[Sentence]:
    """Height and dents of each lane's picture, its curvature, and what may not be compared."""
    known = [lane for lane in lanes if lane.values.get("centre") is not None]
    sentences = [_describe(lane, settings) for lane in known]
    sentences += _compare(known)
    untrained = ", ".join(lane.letter for lane in known if not lane.values["trained"])
    if untrained:
        text = "{lanes}: initial weights, no minimum: the picture shows where training starts."
        sentences.append(Sentence(text, {"lanes": untrained}))
    if settings.plane == "training" and settings.dimensions == "2":
        sentences += [_describe_path(lane) for lane in known]
    if known and not all(lane.values["trajectory"] for lane in known):
        lines = Sentence("{n} of very many directions", {"n": settings.directions})
        text = (
            "Seed {seed} shows {shown} through the weights, and another may look otherwise; where the picture and the "
            "curvature disagree, the curvature has seen all directions."
        )
        shown = lines if settings.dimensions == "1" else "a plane"
        sentences.append(Sentence(text, {"seed": settings.seed, "shown": shown}))
    return sentences


def _describe(lane: LaneResult, settings: LandscapeSettings) -> Sentence:
    values = lane.values
    losses = [loss for row in values["loss"] for loss in row if loss is not None]
    heights = {
        "lane": lane.letter,
        "centre": f"{values['centre']:.3g}",
        "low": f"{min(losses):.3g}",
        "high": f"{max(losses):.3g}",
        "points": f"{values['points']:,}",
        "reach": f"{settings.reach:g}",
    }
    text = (
        "{lane}: the loss is {centre} at the weights, and {low} to {high} at {points} points within a distance of "
        "{reach}"
    )
    parts: list[Sentence | str] = [Sentence(text, heights)]
    if values["trained"] and values["centre"] > GUESSES * values["guessing"]:
        parts.append(", no better than guessing, so this is no minimum")
    if settings.dimensions == "2":
        count = dents(values["loss"])
        one, several = ", with {n} dent lower than all points around", ", with {n} dents lower than all points around"
        parts.append(Sentence(one if count == 1 else several, {"n": count}))
    if values["overflowed"]:
        parts.append(Sentence("; {n} points have no finite loss", {"n": f"{values['overflowed']:,}"}))
    if values["sharpness"] is not None:
        text = "; the sharpest curvature is {sharpness} (iteration {iteration}, which changed it by {change})"
        words = {"sharpness": f"{values['sharpness']:.3g}", "change": f"{values['sharpness_change']:.1%}"}
        parts.append(Sentence(text, {**words, "iteration": values["iterations"]}))
    return Sentence("{said}.", {"said": joined(parts)})


def _describe_path(lane: LaneResult) -> Sentence:
    path = lane.values["trajectory"]
    if not path:
        text = "{lane}: no weights are kept of two earlier steps, so its plane is random."
        return Sentence(text, {"lane": lane.letter})
    first, second = path["explained"]
    return Sentence(
        "{lane}: along its training (weights of steps {steps}) the first direction explains {first} and the second "
        "{second} of the squared distances{exact}.",
        {
            "lane": lane.letter,
            "steps": ", ".join(f"{step:,}" for step in path["steps"]),
            "first": f"{first:.1%}",
            "second": f"{second:.1%}",
            "exact": "; of so few steps a plane always holds all" if len(path["steps"]) == FEWEST else "",
        },
    )


def _compare(lanes: Sequence[LaneResult]) -> list[Sentence]:
    curved = sorted(
        (lane for lane in lanes if lane.values["sharpness"]), key=lambda lane: abs(lane.values["sharpness"])
    )
    if len(curved) < 2:
        return []
    flat, sharp = curved[0], curved[-1]
    ratio = abs(sharp.values["sharpness"] / flat.values["sharpness"])
    words = {"flat": flat.letter, "sharp": sharp.letter, "ratio": f"{ratio:.3g}"}
    parts = [Sentence("{sharp} is curved {ratio} times as sharply as {flat}", words)]
    if ratio < ALIKE:
        alike = (
            "The sharpest curvatures differ by less than a tenth between {flat} and {sharp}, which tells nothing apart"
        )
        parts = [Sentence(alike, words)]
    losses = sorted(max(lane.values["centre"], 1e-12) for lane in (flat, sharp))
    if losses[1] / losses[0] > ALIKE:
        text = "; their losses differ too, {low} and {high}, so this is not about the shape alone"
        parts.append(Sentence(text, {"low": f"{losses[0]:.3g}", "high": f"{losses[1]:.3g}"}))
    return [Sentence("{said}.", {"said": joined(parts)})]


def dents(rows: Sequence[Sequence[float | None]]) -> int:
    """Inner points that are lower than all eight around, where all nine are known."""
    count = 0
    for y, x in product(range(1, len(rows) - 1), range(1, len(rows) - 1)):
        around = [rows[y + b][x + a] for a, b in product((-1, 0, 1), repeat=2) if a or b]
        numbers = [loss for loss in around if loss is not None]
        here = rows[y][x]
        count += here is not None and len(numbers) == len(around) and here < min(numbers)
    return count

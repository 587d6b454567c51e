"""What a run's share right is a share of: of images whose class is right, or of points that are found."""

from collections.abc import Iterable
from dataclasses import dataclass

from resnet_explorer.runs.datasets import CLASSES, DATA_SETS, POINTS

# a point is found where the largest value of its map lies within this share of the image's side
PCK_SHARE = 0.1
# of drawn points what a fixed place finds, the best one for each
DRAWN_POINTS_CHANCE = 0.122


@dataclass(frozen=True)
class Measure:
    """The name of a share right, and how it is counted."""

    name: str
    meaning: str
    loss: str


MEASURES = {
    CLASSES: Measure("accuracy", "the share of images whose class has the largest output", "cross entropy"),
    POINTS: Measure(
        f"PCK@{PCK_SHARE:g}",
        f"the share of points found within {PCK_SHARE:g} of the image's side",
        "squared error of the maps, an empty one's is ½",
    ),
}


def measure_of(data: str) -> Measure:
    """The measure of runs on data with this label, such as `shapes:hard`; that of classes for what is not known."""
    known = DATA_SETS.get(data.partition(":")[0])
    return MEASURES[known.task if known else CLASSES]


def measure_name(data: Iterable[str]) -> str:
    """The names of the measures of runs on these, joined by "or"; accuracy where there are none."""
    names = dict.fromkeys(measure_of(each).name for each in data)
    return " or ".join(names) or MEASURES[CLASSES].name


def chance_of(data: str) -> tuple[float, float] | None:
    """What is right without looking, and how many answers an image has; None where it is not known."""
    known = DATA_SETS.get(data.partition(":")[0])
    if known is None or not known.classes:
        return None
    return (DRAWN_POINTS_CHANCE, known.classes) if known.task == POINTS else (1 / known.classes, 1)

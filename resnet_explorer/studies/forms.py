"""What the forms of many studies have in common: names of networks, measures, rules, and what a form cannot show."""

from resnet_explorer.studies.rules import Difference, Within
from resnet_explorer.studies.study import Contrast, Form, FromRuns, Lane, Sum

# differences that count, and those that do not: of a training loss, and of an error in points
LOSS, ALIKE, POINTS = 0.05, 0.10, 0.3
LARGER_LOSS, ALIKE_LOSS = Difference(LOSS), Within(-ALIKE, ALIKE)
LARGER_ERROR, ALIKE_ERROR = Difference(POINTS), Within(-POINTS, POINTS)
LATE, MEAN = FromRuns("late loss"), FromRuns("mean loss")
TEST_ERROR = FromRuns("test error", "he2015", data="cifar10")
MINUS, PLUS = Sum((-1.0, 1.0)), Sum((1.0, -1.0))

EARLY = "300 steps at half the width and 16 pixels show early speed, neither the final error nor the final order"
AT_INIT = "initial weights say nothing of what training makes of them"
SMALL = "networks of half the width on 16 by 16 pixels"
BARRED = "Not measured in a short form: "


def net(depth: int, ordering: str = "") -> str:
    """The line of a basic network for CIFAR."""
    return f"cifar-basic-{depth}{':' if ordering else ''}{ordering}"


def own(line: str, *fields: str) -> str:
    """A line with fields set."""
    return ";".join([line, *fields])


def early(
    lanes: tuple[Lane, ...],
    contrast: Contrast,
    measure: FromRuns = LATE,
    rule: Difference | Within = LARGER_LOSS,
    seeds: int = 3,
    cannot: str = EARLY,
) -> Form:
    """A short form that compares losses after few steps."""
    return Form(rule, measure, lanes, contrast, seeds, cannot)


def final(
    lanes: tuple[Lane, ...], contrast: Contrast, rule: Difference | Within = LARGER_ERROR, seeds: int = 5
) -> Form:
    """A full form that compares test errors after the recipe of He et al. 2015 on CIFAR-10."""
    return Form(rule, TEST_ERROR, lanes, contrast, seeds, "other data and other recipes")

"""Test errors that papers report for networks of the catalogue, in per cent: data, one line each.

Only what the papers' own tables say, with the paper's own training; ImageNet: one crop of 224 pixels, top-1.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from resnet_explorer.language.orderings import ORDERINGS

CIFAR10, CIFAR100, IMAGENET = "cifar10", "cifar100", "imagenet"
MEAN = "mean of 5 runs"
MEDIAN = "median of 5 runs"


@dataclass(frozen=True)
class PublishedError:
    """A network's line, the error, the paper's key, and the series that a figure connects, if it is of one."""

    data: str
    line: str
    error: float
    paper: str
    series: str = ""
    note: str = ""


RESNET = "ResNet"
PRE = "pre-activation"
WIDE = "WRN-40"
TABLE = (
    PublishedError(CIFAR10, "cifar-basic-20:original", 8.75, "he2015", RESNET),
    PublishedError(CIFAR10, "cifar-basic-32:original", 7.51, "he2015", RESNET),
    PublishedError(CIFAR10, "cifar-basic-56:original", 6.97, "he2015", RESNET),
    PublishedError(CIFAR10, "cifar-basic-110:original", 6.61, "he2015", RESNET, MEAN),
    PublishedError(CIFAR10, "cifar-basic-1202:original", 7.93, "he2015", RESNET),
    PublishedError(CIFAR10, "cifar-bottleneck-1001:original", 7.61, "he2016"),
    PublishedError(CIFAR10, "cifar-bottleneck-1001:full-preactivation", 4.92, "he2016", PRE, MEDIAN),
    PublishedError(CIFAR10, "wrn-40-1", 6.85, "wrn", WIDE),
    PublishedError(CIFAR10, "wrn-40-2", 5.33, "wrn", WIDE),
    PublishedError(CIFAR10, "wrn-40-4", 4.97, "wrn", WIDE),
    PublishedError(CIFAR10, "wrn-40-8", 4.66, "wrn", WIDE),
    PublishedError(CIFAR10, "wrn-16-4", 5.02, "wrn"),
    PublishedError(CIFAR10, "wrn-16-8", 4.81, "wrn"),
    PublishedError(CIFAR10, "wrn-22-10", 4.44, "wrn"),
    PublishedError(CIFAR10, "wrn-28-10", 4.17, "wrn"),
    PublishedError(CIFAR10, "resnext-29-8x64d", 3.65, "resnext"),
    PublishedError(CIFAR100, "cifar-bottleneck-164:original", 25.16, "he2016", RESNET),
    PublishedError(CIFAR100, "cifar-bottleneck-1001:original", 27.82, "he2016", RESNET),
    PublishedError(CIFAR100, "cifar-bottleneck-164:full-preactivation", 24.33, "he2016", PRE),
    PublishedError(CIFAR100, "cifar-bottleneck-1001:full-preactivation", 22.71, "he2016", PRE),
    PublishedError(CIFAR100, "wrn-40-1", 30.89, "wrn", WIDE),
    PublishedError(CIFAR100, "wrn-40-2", 26.04, "wrn", WIDE),
    PublishedError(CIFAR100, "wrn-40-4", 22.89, "wrn", WIDE),
    PublishedError(CIFAR100, "wrn-16-4", 24.03, "wrn"),
    PublishedError(CIFAR100, "wrn-16-8", 22.07, "wrn"),
    PublishedError(CIFAR100, "wrn-22-10", 20.75, "wrn"),
    PublishedError(CIFAR100, "wrn-28-10", 20.50, "wrn"),
    PublishedError(CIFAR100, "resnext-29-8x64d", 17.77, "resnext"),
    PublishedError(CIFAR100, "res2next-29-8c-25w-4s", 16.93, "res2net"),
    PublishedError(IMAGENET, "imagenet-50", 24.7, "he2015", RESNET),
    PublishedError(IMAGENET, "imagenet-101", 23.6, "he2015", RESNET),
    PublishedError(IMAGENET, "imagenet-152", 23.0, "he2015", RESNET),
    PublishedError(IMAGENET, "resnext-50-2x40d", 23.0, "resnext"),
    PublishedError(IMAGENET, "resnext-50-4x24d", 22.6, "resnext"),
    PublishedError(IMAGENET, "resnext-50-8x14d", 22.3, "resnext"),
    PublishedError(IMAGENET, "resnext-50-32x4d", 22.2, "resnext", "ResNeXt 32x4d"),
    PublishedError(IMAGENET, "resnext-101-32x4d", 21.2, "resnext", "ResNeXt 32x4d"),
    PublishedError(IMAGENET, "res2net-50-26w-4s", 22.01, "res2net"),
    PublishedError(IMAGENET, "res2net-50-14w-8s", 21.86, "res2net"),
    PublishedError(IMAGENET, "res2next-50-8c-4w-4s", 21.76, "res2net"),
)
# the networks of He 2016's table of orderings, by depth
DEPTHS = {110: "cifar-basic-110", 164: "cifar-bottleneck-164"}


def published_errors(data: str) -> list[PublishedError]:
    """What papers report on a data set: cifar10, cifar100 or imagenet; nothing for another."""
    orderings = _of_orderings() if data == CIFAR10 else ()
    known = [*(point for point in TABLE if point.data == data), *orderings]
    # ResNet-110 stands in both papers
    return list({point.line: point for point in reversed(known)}.values())[::-1]


def _of_orderings() -> Iterator[PublishedError]:
    for ordering in ORDERINGS.values():
        series = PRE if ordering.name == "full-preactivation" else ""
        for depth, error in ordering.errors:
            yield PublishedError(CIFAR10, f"{DEPTHS[depth]}:{ordering.name}", error, "he2016", series, MEDIAN)

"""The verb that sets what networks cost beside how often they are wrong: published numbers and one's own runs."""

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from statistics import fmean
from typing import TypedDict

from resnet_explorer.api.run_answers import RunAnswer
from resnet_explorer.api.run_reader import MAX_LISTED, RunReader
from resnet_explorer.errors import ExplorerError
from resnet_explorer.language.orderings import PAPERS
from resnet_explorer.networks.network import Network
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.published import PublishedError, published_errors
from resnet_explorer.networks.request import parse_request, with_settings
from resnet_explorer.runs.datasets import CLASSES, DATA_SETS, FOLDER, require_known
from resnet_explorer.runs.experiment import prepare

IMAGENET = "imagenet"
DATA = (*(name for name, each in DATA_SETS.items() if name != FOLDER and each.task == CLASSES), IMAGENET)


class CostPoint(TypedDict):
    """One network: what it costs for one image, and its test error in per cent, published or measured here.

    `low` and `high` are the range over the seeds of `runs`; `recorded` says where recorded runs come from.
    """

    source: str
    network: str
    series: str
    paper: str
    note: str
    params: int
    macs: int
    error: float
    low: float
    high: float
    runs: list[str]
    recipe: str
    steps: int
    recorded: str


class CostErrors(TypedDict):
    """The points of one data set: published ones, then those of finished runs."""

    data: str
    points: list[CostPoint]


def cost_error(data: str = "cifar10", *, reader: RunReader) -> CostErrors:
    """Set parameters and multiply-adds beside the test error: what papers published, and finished runs.

    Runs that differ in their seed alone are one point. A folder of images whose name begins with the data set's, such
    as cifar10-jpeg.tar.xz, counts as that data set. Multiply-adds are those of convolutions and linear layers.

    Args:
        data: cifar10, cifar100, imagenet, shapes, svhn, fashion-mnist or mnist
    """
    require_known("data", data, DATA)
    finished = reader.runs("finished", limit=MAX_LISTED)["runs"]
    matching = [run for run in finished if run["test_accuracy"] is not None and _is_of(run["data"], data)]
    points = [_published_point(point) for point in published_errors(data)]
    return CostErrors(data=data, points=[*points, *_measured_points(matching)])


def _published_point(point: PublishedError) -> CostPoint:
    params, macs = _cost_of_line(point.line, 0 if point.data == IMAGENET else DATA_SETS[point.data].classes)
    paper = PAPERS[point.paper]
    return CostPoint(
        source="published",
        network=point.line,
        series=point.series,
        paper=f"{paper.authors} {paper.year}",
        note=point.note,
        params=params,
        macs=macs,
        error=point.error,
        low=point.error,
        high=point.error,
        runs=[],
        recipe="",
        steps=0,
        recorded="",
    )


def _measured_points(runs: Iterable[RunAnswer]) -> list[CostPoint]:
    """One point for runs that differ in their seed alone."""
    groups: dict[str, list[RunAnswer]] = {}
    for run in runs:
        same = (run["line"], run["data"], run["recipe"], sorted(run["settings"].items()), run["steps"])
        groups.setdefault(json.dumps(same), []).append(run)
    points = (_measured_point(group) for group in groups.values())
    return [point for point in points if point]


def _measured_point(runs: Sequence[RunAnswer]) -> CostPoint | None:
    """The point of some runs; none where an older program trained a network that is refused now."""
    first = runs[0]
    texts = json.dumps(first["settings"], sort_keys=True)
    try:
        params, macs = _cost_of_run(first["line"], first["data"], first["recipe"], texts)
    except ExplorerError:
        return None
    errors = [100 * (1 - float(str(run["test_accuracy"]))) for run in runs]
    return CostPoint(
        source="measured",
        network=first["line"],
        series="",
        paper="",
        note="",
        params=first["parameters"] or params,
        macs=macs,
        error=fmean(errors),
        low=min(errors),
        high=max(errors),
        runs=[run["run"] for run in runs],
        recipe=" ".join((first["recipe"], *(f"{name}={value}" for name, value in first["settings"].items()))),
        steps=first["steps"],
        recorded=first["recorded"],
    )


def _is_of(run_data: str, data: str) -> bool:
    """Whether a run's data is of a data set, or a folder named after it; shapes:hard is not shapes."""
    name, _, rest = run_data.partition(":")
    folder = Path(rest).name
    named = folder.startswith(data) and not folder.removeprefix(data)[:1].isalnum()
    return run_data == data or (name == FOLDER and named)


@lru_cache(2048)
def _cost_of_line(line: str, classes: int) -> tuple[int, int]:
    network = parse_request(line).network
    return _cost(with_settings(network, {"classes": str(classes)}) if classes else network)


@lru_cache(2048)
def _cost_of_run(line: str, data: str, recipe: str, settings: str) -> tuple[int, int]:
    """What the network cost that was really trained, at the run's width and image size."""
    return _cost(prepare(line, data, recipe, 0, json.loads(settings)).network)


def _cost(network: Network) -> tuple[int, int]:
    planned = plan(network)
    return planned.params, planned.macs

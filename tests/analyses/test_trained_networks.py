"""What papers say of trained networks, on those that come with the program: depth forgives lesions, paths are short."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from resnet_explorer.analyses import lesion, paths
from resnet_explorer.analyses.request import Part, SubjectRequest
from resnet_explorer.analyses.settings import LesionSettings, PathsSettings
from resnet_explorer.analyses.subject import Subject, load_subject
from resnet_explorer.runs.recorded_networks import find_recorded
from resnet_explorer.training.predictions import CPU

DEEP, SHALLOW, PLAIN = "cifar-basic-56:original", "cifar-basic-20:full-preactivation", "cifar-basic-20:plain"
DEEP_PREACTIVATION = "cifar-basic-56:full-preactivation"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One home for all, so that the shapes are drawn once."""
    return tmp_path_factory.mktemp("home")


def recorded(line: str, home: Path) -> Subject:
    return load_subject(SubjectRequest(line, data="shapes", recorded=find_recorded(line, "shapes").weights), home, CPU)


def last(parts: Iterator[Part], lanes: int) -> Sequence[dict[str, object]]:
    """The values of each lane when all is known."""
    values = {part.lane: dict(part.values) for part in parts}
    return [values[lane] for lane in range(lanes)]


def test_depth_forgives_a_lesion_and_a_plain_network_does_not(home: Path) -> None:
    lanes = [recorded(line, home) for line in (DEEP, SHALLOW, PLAIN)]
    known = last(lesion.measure(lanes, LesionSettings(images=100, trials=0)), len(lanes))
    deep, shallow, plain = map(mean_drop, known)
    assert deep < 0.05 < 0.2 < shallow < plain
    # the rule that the claim is judged by
    assert plain - shallow > 0.2


def test_the_gradient_comes_by_short_paths_where_the_network_is_deep(home: Path) -> None:
    lanes = [recorded(line, home) for line in (DEEP_PREACTIVATION, SHALLOW)]
    deep, shallow = last(paths.measure(lanes, PathsSettings(trials=3, images=2)), len(lanes))
    assert lag(deep) > 3
    assert abs(lag(shallow)) < 1


def mean_drop(values: dict[str, object]) -> float:
    """The mean share of what is above chance that a cut takes, of the units that keep the shape."""
    whole, cuts, other = values["baseline"], values["deleted"], values["changes_shape"]
    assert isinstance(whole, float)
    assert isinstance(cuts, list)
    assert isinstance(other, list)
    drops = [(whole - one) / (whole - 0.1) for unit, one in enumerate(cuts) if one is not None and unit not in other]
    return float(sum(drops) / len(drops))


def lag(values: dict[str, object]) -> float:
    """By how many branches the paths that carry the gradient are shorter than the mean of all paths."""
    middle, effective = values["middle"], values["effective"]
    assert isinstance(middle, float)
    assert isinstance(effective, dict)
    mean = effective["mean"]
    assert isinstance(mean, float)
    return middle - mean

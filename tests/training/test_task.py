"""The loss and the share right of classes and of points, and that a small network learns to find points."""

from pathlib import Path

import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode

from resnet_explorer.errors import RunError
from resnet_explorer.runs.events import Evaluated, Finished, Stepped
from resnet_explorer.runs.experiment import prepare
from resnet_explorer.runs.measures import DRAWN_POINTS_CHANCE, PCK_SHARE
from resnet_explorer.training.task import Classify, FindPoints, Task, find_points, target_maps
from tests.fixtures.tiny_run import only, ran

TASK = FindPoints()
NONE = torch.nan
QUICK = {"width": "1/2", "measure": "0", "precision": "fp32", "evaluate": "0", "save": "0", "test": "300"}


def counted(output: torch.Tensor, target: torch.Tensor, task: Task = TASK) -> list[float]:
    """How many answers are right, of how many."""
    return torch.stack(task.right(output, target)).tolist()


def points(*pairs: tuple[float, float]) -> torch.Tensor:
    return torch.tensor([pairs])


@pytest.mark.parametrize("side", [4, 8, 16, 46])
def test_a_point_is_found_in_its_own_map_within_a_quarter_of_a_place(side: int) -> None:
    places = torch.rand(50, 3, 2, generator=torch.Generator().manual_seed(0))
    guesses = find_points(target_maps(places, side, side))
    off = (guesses - places).abs() * side
    inner = (places * side > 1) & (places * side < side - 1)
    assert off[inner].max() <= 0.26
    assert off.max() <= 0.51


def test_an_empty_map_costs_a_half_and_a_perfect_one_nothing() -> None:
    places = points((0.5, 0.5))
    maps = target_maps(places, 32, 32)
    assert float(TASK.loss(torch.zeros_like(maps), places)) == pytest.approx(0.5, rel=1e-3)
    assert float(TASK.loss(maps, places)) == 0
    both = torch.cat([1 - maps, maps], 1)
    assert float(TASK.loss(both, places)) == 0
    assert counted(both, places) == [1, 1]


def test_a_point_that_is_not_there_is_not_counted_and_wants_an_empty_map() -> None:
    places = points((0.3, 0.3), (NONE, NONE))
    maps = target_maps(places, 8, 8)
    assert not maps[0, 1].any()
    assert counted(maps, places) == [1, 1]
    assert float(TASK.share_right(maps, places[:, 1:].repeat(1, 2, 1))) == 0


@pytest.mark.parametrize(("off", "right"), [(0.9 * PCK_SHARE, 1), (1.4 * PCK_SHARE, 0)])
def test_near_enough_is_a_tenth_of_the_side(off: float, right: int) -> None:
    assert counted(target_maps(points((0.5 + off, 0.5)), 64, 64), points((0.5, 0.5))) == [right, 1]


def test_classes_are_counted_as_ever() -> None:
    output, labels = torch.eye(4)[[0, 1, 1, 3]], torch.tensor([0, 1, 2, 3])
    assert float(Classify().share_right(output, labels)) == 0.75
    assert counted(output, labels, Classify()) == [3, 4]


@pytest.mark.parametrize(
    ("task", "output", "target"),
    [(TASK, (4, 4, 8, 8), (4, 3, 2)), (TASK, (4, 3, 1, 1), (4, 3, 2)), (Classify(), (4, 10), (4,))],
)
def test_a_step_never_waits_for_the_device(task: Task, output: tuple[int, ...], target: tuple[int, ...]) -> None:
    # a fake tensor has no numbers, so whoever reads one fails, as would the capture of a graph
    with FakeTensorMode():
        given = torch.zeros(target, dtype=torch.float32 if len(target) > 1 else torch.int64)
        share = task.share_right(torch.zeros(output), given)
        assert share.shape == task.loss(torch.zeros(output, requires_grad=True), given).shape == ()


def test_a_small_network_finds_points_far_above_chance(tmp_path: Path) -> None:
    wanted = prepare("cifar-basic-8;head=conv1(bias=true)", "points", "short", 0, QUICK)
    events = ran(wanted, tmp_path)
    (tested,) = only(Evaluated, events)
    steps = only(Stepped, events)
    assert only(Finished, events)
    assert tested.images == 300
    assert tested.accuracy > 3 * DRAWN_POINTS_CHANCE
    assert steps[-1].accuracy > 3 * DRAWN_POINTS_CHANCE > steps[0].accuracy
    assert steps[-1].loss < 0.3 * steps[0].loss


HEADS = ("wasp(2/1, width=8) conv1(bias=true)", "aspp(1/2, width=8) conv1(bias=true)", "res2(4) conv1(bias=true)")
DECODER = "wasp(2/1, width=8) decoder(low=4, width=8)"


@pytest.mark.parametrize("head", [*HEADS, DECODER])
def test_heads_with_maps_train_with_a_background_or_without(head: str, tmp_path: Path) -> None:
    settings = QUICK | {"steps": "3", "size": "8", "subset": "64", "batch": "16", "test": "8", "augment": "crop-flip"}
    events = ran(prepare(f"cifar-basic-8;head={head}", "points", "short", 0, settings), tmp_path)
    assert len(only(Stepped, events)) == 3
    assert only(Finished, events)


@pytest.mark.parametrize(
    ("line", "data", "says"),
    [
        ("unipose", "shapes", "one class an image, and this network gives maps.* train it on points"),
        ("cifar-basic-8", "points", "points to be found, and this network gives classes; train it on shapes, or give"),
        ("cifar-basic-8;head=conv1(width=5)", "points", "3 kinds of points, so a head gives 3 maps, or 4 .*, not 5"),
    ],
)
def test_a_network_of_the_other_kind_is_refused_with_what_would_be_right(line: str, data: str, says: str) -> None:
    with pytest.raises(RunError, match=says):
        prepare(line, data, "short", 0)


def test_unipose_itself_can_be_trained_on_points() -> None:
    assert prepare("unipose", "points", "short", 0).network.classes == 3

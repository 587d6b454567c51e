"""Points: drawn the same every time, at the centres that are said, apart from each other; in crops and mirrors too."""

import pytest
import torch
from torch import Tensor

from resnet_explorer.runs.datasets import DATA_SETS, Data
from resnet_explorer.runs.measures import DRAWN_POINTS_CHANCE, PCK_SHARE
from resnet_explorer.training.data.batches import Batches
from resnet_explorer.training.data.images import Images, mirrored_names
from resnet_explorer.training.data.points import NAMES, draw


def brightest(pixels: Tensor) -> Tensor:
    """The places, x and y as shares of the side, of the brightest pixels, in the middle of images and in corners."""
    side = pixels.shape[-1]
    best = pixels.float().sum(1).flatten(1).argmax(1)
    return (torch.stack([best % side, best // side], 1) + 0.5) / side


def lamps(side: int = 8) -> Images:
    """Dark images of one bright pixel each, whose place is the first point; the second is never there."""
    pixels = torch.zeros(side * side, 3, side, side, dtype=torch.uint8)
    for place in range(side * side):
        pixels[place, :, place // side, place % side] = 255
    points = torch.full((side * side, 2, 2), torch.nan)
    points[:, 0] = brightest(pixels)
    return Images(pixels, points)


def test_the_same_seed_draws_the_same_and_another_size_the_same_scenes() -> None:
    (a, points), (b, again), (c, others) = draw(250, 16), draw(250, 16), draw(250, 16, seed=1)
    assert torch.equal(a, b)
    assert torch.equal(points, again)
    assert not torch.equal(points, others)
    large, same = draw(250, 32)
    assert torch.equal(points, same)
    shrunk = torch.nn.functional.interpolate(large.float(), size=16, mode="area")
    assert (shrunk - a.float()).abs().mean() < 10
    assert c.dtype == torch.uint8
    assert len(NAMES) == DATA_SETS["points"].classes


def test_shapes_are_brighter_than_the_ground_where_their_points_are() -> None:
    pixels, points = draw(400, 32)
    row, column = (points * 32).long().unbind(2)[::-1]
    grey = pixels.float().mean(1)
    at = grey[torch.arange(400)[:, None], row, column].mean(0)
    # a disc and a plus have a middle, a ring has a hole unless another shape lies there
    assert at[0] > 1.8 * grey.mean()
    assert at[1] > 1.8 * grey.mean()
    assert at[2] < at[0]
    assert ((points > 0.2) & (points < 0.8)).all()


def test_the_best_fixed_places_find_no_more_than_chance_says() -> None:
    _, points = draw(6000, 8)
    axis = torch.linspace(0.2, 0.8, 25)
    grid = torch.cartesian_prod(axis, axis)
    best = grid[((points[:3000, None] - grid[:, None]).norm(dim=3) <= PCK_SHARE).float().mean(0).argmax(0)]
    share = ((points[3000:] - best).norm(dim=2) <= PCK_SHARE).float().mean()
    assert float(share) == pytest.approx(DRAWN_POINTS_CHANCE, abs=0.01)


@pytest.mark.parametrize("channels_last", [True, False])
@pytest.mark.parametrize("augment", ["crop-flip", "crop", "flip", "none"])
def test_points_stay_where_they_are_in_an_image_that_is_cropped_and_mirrored(augment: str, channels_last: bool) -> None:
    batches = Batches(lamps(), Data("points", augment=augment), 64, 0, channels_last)
    for step in range(4):
        pixels, points = batches.pixels_at(step)
        there = ~points[:, 0].isnan().any(1)
        assert torch.equal(there, pixels.flatten(1).any(1))
        assert torch.allclose(points[there, 0], brightest(pixels)[there])
        assert points[:, 1].isnan().all()
    assert there.all() == ("crop" not in augment)


def test_left_is_right_in_the_mirror() -> None:
    names = ("head", "left hand", "right hand", "left foot")
    assert mirrored_names(names) == [0, 2, 1, 3]
    images = lamps()
    both = Images(images.pixels, torch.stack([images.labels[:, 0], images.labels[:, 0] * torch.nan], 1))
    batches = Batches(both, Data("points", augment="flip"), 64, 0, mirrored_names=[1, 0])
    _, points = batches.at(0)
    moved = points[:, 0].isnan().any(1)
    assert 16 < moved.sum() < 48
    assert torch.equal(moved, ~points[:, 1].isnan().any(1))

"""Shapes: the same everywhere and every time, of ten classes, and as hard as they are said to be."""

import pytest
import torch

from resnet_explorer.training.data.shape_sdf import FORMS
from resnet_explorer.training.data.shapes import LEVELS, NAMES, draw


@pytest.mark.parametrize("level", LEVELS)
def test_the_same_seed_draws_the_same_images_and_another_others(level: str) -> None:
    (a, labels), (b, again), (c, _) = draw(300, 16, level), draw(300, 16, level), draw(300, 16, level, seed=1)
    assert torch.equal(a, b)
    assert torch.equal(labels, again)
    assert not torch.equal(a, c)


def test_drawing_leaves_the_generator_of_torch_alone() -> None:
    before = torch.get_rng_state()
    draw(10, 8)
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize("size", [8, 16, 31, 64])
def test_images_are_bytes_of_the_size_asked_for(size: int) -> None:
    pixels, labels = draw(20, size)
    assert (pixels.dtype, pixels.shape, labels.dtype) == (torch.uint8, (20, 3, size, size), torch.int64)


def test_every_class_has_as_many_images_as_any_other() -> None:
    _, labels = draw(1000, 8)
    assert labels.bincount().tolist() == [100] * len(NAMES) == [100] * 10


def test_another_size_shows_the_same_scenes() -> None:
    (small, labels), (large, again) = draw(200, 16), draw(200, 32)
    shrunk = torch.nn.functional.interpolate(large.float(), size=16, mode="area")
    assert torch.equal(labels, again)
    assert (shrunk - small.float()).abs().mean() < 10


@pytest.mark.parametrize("name", FORMS)
def test_a_form_fits_its_frame_and_covers_a_fair_part_of_it(name: str) -> None:
    axis = torch.linspace(-1.5, 1.5, 301)
    x, y = torch.meshgrid(axis, axis, indexing="xy")
    inside = FORMS[name](x, y) < 0
    assert 0.25 < inside.sum() / (torch.hypot(x, y) < 1).sum() < 0.8
    assert (torch.hypot(x, y)[inside] < 1.25).all()


@pytest.mark.parametrize("name", FORMS)
def test_a_distance_near_the_outline_is_one(name: str) -> None:
    axis = torch.linspace(-1.2, 1.2, 961)
    x, y = torch.meshgrid(axis, axis, indexing="xy")
    distance = FORMS[name](x, y)
    rise = torch.stack(torch.gradient(distance, spacing=2.4 / 960)).square().sum(0).sqrt()
    near = rise[(distance.abs() < 0.02)]
    assert near.quantile(0.1) > 0.9
    assert near.median() == pytest.approx(1, abs=0.05)


def test_no_class_is_told_by_the_mean_colour() -> None:
    pixels, labels = draw(3000, 8)
    means = pixels.float().mean((2, 3))
    of_class = torch.stack([means[labels == label].mean(0) for label in range(10)])
    assert of_class.std(0).max() < 0.25 * means.std(0).min()

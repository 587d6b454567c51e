"""Ten shapes in colour on a noisy ground: a data set that is drawn, not downloaded.

Shapes are drawn as coverage, from signed distances, so their edges are smooth at every size. What an image
shows follows from its seed alone and not from the size in pixels; only the noise is drawn pixel by pixel.
"""

from dataclasses import dataclass
from math import pi

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from resnet_explorer.training.data.shape_sdf import FORMS

NAMES = tuple(FORMS)
TRAIN, TEST = 10_000, 2_000
# the same set for every run, whatever the run's own seed
SEED = 2015
CHUNK = 200
CELLS = 4
CANDIDATES = 3


@dataclass(frozen=True)
class Level:
    """How hard it is to see a shape; lengths in halves of an image, colours from 0 to 1, angles in radians.

    `contrast` multiplies how far the shape's colour is from the ground's; `clutter` counts strokes over it all.
    """

    radius: tuple[float, float]
    contrast: tuple[float, float]
    turn: float
    noise: float
    ground: float
    clutter: int = 0


LEVELS = {
    "easy": Level(radius=(0.55, 0.9), contrast=(0.6, 1.2), turn=0.2, noise=0.04, ground=0.08),
    "hard": Level(radius=(0.5, 0.9), contrast=(0.6, 1.2), turn=0.3, noise=0.05, ground=0.1, clutter=2),
}


@dataclass(frozen=True)
class _Scenes:
    """What each image shows, before it is drawn as pixels; a row an image."""

    label: Tensor
    centre: Tensor
    radius: Tensor
    turn: Tensor
    ground: Tensor
    colour: Tensor
    cells: Tensor
    strokes: Tensor


def draw(count: int, size: int, level: str = "easy", seed: int = SEED) -> tuple[Tensor, Tensor]:
    """Images (uint8, N×3×size×size) and labels, as many of each class as of any other."""
    generator = torch.Generator().manual_seed(seed)
    pixels = torch.empty(count, 3, size, size, dtype=torch.uint8)
    labels = torch.arange(count)[torch.randperm(count, generator=generator)] % len(NAMES)
    for start in range(0, count, CHUNK):
        part = slice(start, start + CHUNK)
        generator.manual_seed(seed + start)
        pixels[part] = _paint(_draw_scenes(labels[part], LEVELS[level], generator), size, LEVELS[level], generator)
    return pixels, labels


def _draw_scenes(label: Tensor, level: Level, generator: Generator) -> _Scenes:
    count = len(label)

    def between(low: float, high: float, *shape: int) -> Tensor:
        return low + (high - low) * torch.rand(count, *shape, generator=generator)

    radius = between(*level.radius)
    ground, colours = between(0, 1, 3), between(0, 1, CANDIDATES, 3)
    # the farthest of a few: a colour is seldom that of the ground, and no colour or brightness belongs to a shape
    farthest = (colours - ground[:, None]).norm(dim=2).argmax(1)
    colour = colours[torch.arange(count), farthest]
    return _Scenes(
        label,
        between(-1, 1, 2) * (0.95 - radius)[:, None].clamp(min=0),
        radius,
        between(-level.turn, level.turn),
        ground,
        ground + (colour - ground) * between(*level.contrast, 1),
        torch.randn(count, 3, CELLS, CELLS, generator=generator) * level.ground,
        between(0, 1, level.clutter, 6),
    )


def _paint(scenes: _Scenes, size: int, level: Level, generator: Generator) -> Tensor:
    image = F.interpolate(scenes.cells, size=(size, size), mode="bilinear", align_corners=False)
    image += scenes.ground[:, :, None, None]
    axis = (torch.arange(size) + 0.5) * 2 / size - 1
    x = (axis - scenes.centre[:, :1])[:, None, :]
    y = (axis - scenes.centre[:, 1:])[:, :, None]
    coverage = _coverage(scenes, x, y, size)
    image += coverage[:, None] * (scenes.colour[:, :, None, None] - image)
    for stroke in scenes.strokes.unbind(1):
        _paint_stroke(image, stroke, axis)
    image += torch.randn(image.shape, generator=generator) * level.noise
    return image.mul_(255).round_().clamp_(0, 255).to(torch.uint8)


def _coverage(scenes: _Scenes, x: Tensor, y: Tensor, size: int) -> Tensor:
    """The part of each pixel that the shape covers, by the distance of its middle from the outline."""
    cos, sin = (part[:, None, None] / scenes.radius[:, None, None] for part in (scenes.turn.cos(), scenes.turn.sin()))
    across, along = x * cos + y * sin, y * cos - x * sin
    pixel = 2 / size / scenes.radius[:, None, None]
    distance = torch.empty_like(across)
    for label, form in enumerate(FORMS.values()):
        chosen = scenes.label == label
        distance[chosen] = form(across[chosen], along[chosen])
    return (0.5 - distance / pixel).clamp_(0, 1)


def _paint_stroke(image: Tensor, stroke: Tensor, axis: Tensor) -> None:
    """Lay a short stroke of another colour over each image."""
    x, y, turn, *colour = stroke.unbind(1)
    across, along = axis - (1.8 * x - 0.9)[:, None], axis - (1.8 * y - 0.9)[:, None]
    cos, sin = (turn * pi).cos()[:, None, None], (turn * pi).sin()[:, None, None]
    u, v = across[:, None, :] * cos + along[:, :, None] * sin, along[:, :, None] * cos - across[:, None, :] * sin
    half = len(axis) / 2
    inside = torch.minimum(0.28 - u.abs(), 0.07 - v.abs())
    coverage = (0.5 + inside * half).clamp_(0, 1)
    image += coverage[:, None] * (torch.stack(colour, 1)[:, :, None, None] - image)

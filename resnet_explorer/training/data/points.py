"""A disc, a plus and a ring in each image, whose centres are to be found: a data set that is drawn, not downloaded.

The shapes are brighter than the ground, and as far apart as the best of a few draws has them. What an image shows
follows from its seed alone and not from the size in pixels; only the noise is drawn pixel by pixel.
"""

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from resnet_explorer.training.data.shape_sdf import FORMS

NAMES = ("disc", "plus", "ring")
TRAIN, TEST = 10_000, 2_000
SEED = 2020
CHUNK = 200
# lengths in halves of an image, colours from 0 to 1, angles in radians
RADIUS, TURN = (0.35, 0.5), 0.2
DARKEST_SHAPE, BRIGHTEST_GROUND = 0.6, 0.35
GROUND, NOISE, CELLS = 0.08, 0.04, 4
# draws of all centres, of which the one is taken whose shapes are farthest apart
LAYOUTS = 8


def draw(count: int, size: int, seed: int = SEED) -> tuple[Tensor, Tensor]:
    """Images (uint8, N×3×size×size), and for each the centres of its shapes (N×3×2): x and y as shares of the side."""
    generator = Generator().manual_seed(seed)
    pixels = torch.empty(count, 3, size, size, dtype=torch.uint8)
    points = torch.empty(count, len(NAMES), 2)
    for start in range(0, count, CHUNK):
        part = slice(start, min(start + CHUNK, count))
        generator.manual_seed(seed + start)
        pixels[part], points[part] = _draw_part(part.stop - start, size, generator)
    return pixels, points


def _draw_part(count: int, size: int, generator: Generator) -> tuple[Tensor, Tensor]:
    def between(low: float, high: float, *shape: int) -> Tensor:
        return low + (high - low) * torch.rand(count, *shape, generator=generator)

    kinds = len(NAMES)
    radius, turn = between(*RADIUS, kinds), between(-TURN, TURN, kinds)
    centre = _farthest_apart(between(-1, 1, LAYOUTS, kinds, 2) * (0.95 - radius)[:, None, :, None])
    ground, colour = between(0, BRIGHTEST_GROUND, 3), between(DARKEST_SHAPE, 1, kinds, 3)
    cells = torch.randn(count, 3, CELLS, CELLS, generator=generator) * GROUND
    image = F.interpolate(cells, size=(size, size), mode="bilinear", align_corners=False)
    image += ground[:, :, None, None]
    for kind, name in enumerate(NAMES):
        coverage = _coverage(name, centre[:, kind], radius[:, kind], turn[:, kind], size)
        image += coverage[:, None] * (colour[:, kind, :, None, None] - image)
    image += torch.randn(image.shape, generator=generator) * NOISE
    return image.mul_(255).round_().clamp_(0, 255).to(torch.uint8), (centre + 1) / 2


def _farthest_apart(layouts: Tensor) -> Tensor:
    """For each image the layout of centres whose nearest two are farthest from each other."""
    between = torch.cdist(layouts, layouts)
    # a shape has no distance from itself
    between.diagonal(dim1=-2, dim2=-1).fill_(torch.inf)
    return layouts[torch.arange(len(layouts)), between.flatten(2).amin(2).argmax(1)]


def _coverage(name: str, centre: Tensor, radius: Tensor, turn: Tensor, size: int) -> Tensor:
    """The part of each pixel that the shape covers, by the distance of its middle from the outline."""
    axis = (torch.arange(size) + 0.5) * 2 / size - 1
    x, y = (axis - centre[:, :1])[:, None, :], (axis - centre[:, 1:])[:, :, None]
    cos, sin = (part[:, None, None] / radius[:, None, None] for part in (turn.cos(), turn.sin()))
    distance = FORMS[name](x * cos + y * sin, y * cos - x * sin)
    return (0.5 - distance * radius[:, None, None] * size / 2).clamp(0, 1)

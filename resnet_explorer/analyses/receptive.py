"""How much of the image one place of a stage's output looks at: gradients of the central output (Luo et al. 2016).

The gradient of a random sum over channels, squared, is on average the squared norm of the whole Jacobian (Hutchinson),
so that one backward pass an image stands for one a channel.
"""

from collections.abc import Iterator, Sequence
from math import sqrt
from typing import Any

import torch
from torch import Generator, Tensor

from resnet_explorer.analyses.request import Part
from resnet_explorer.analyses.settings import ReceptiveSettings
from resnet_explorer.analyses.subject import Subject

# images in one pass
CHUNK = 8
# of the largest value; what is below two standard deviations of a bell curve in the paper
THRESHOLD = 1 - 0.9545


def measure(subjects: Sequence[Subject], settings: ReceptiveSettings) -> Iterator[Part]:
    """Sharpen the map of every lane's stages by a few images a pass, all lanes in turn."""
    generators = [Generator().manual_seed(settings.seed) for _ in subjects]
    sums: dict[int, list[Tensor]] = {}
    starts = range(0, settings.images, CHUNK)
    of = len(starts) * len(subjects)
    done = 0
    for start in starts:
        for lane, subject in enumerate(subjects):
            x = subject.x[start : min(start + CHUNK, settings.images)]
            maps = squared_gradients(subject, x, generators[lane])
            sums[lane] = [old + new for old, new in zip(sums.get(lane, maps), maps)] if lane in sums else maps
            done += 1
            images = min(start + len(x), len(subject.x))
            yield Part(lane, done, of, _values(subject, sums[lane], images))


def squared_gradients(subject: Subject, x: Tensor, generator: Generator) -> list[Tensor]:
    """For each stage, over the image's pixels: the squared gradient of its central output, summed over the images."""
    x = x.detach().requires_grad_()
    with torch.enable_grad():
        y = subject.net.stem(x)
        maps = []
        for stage in subject.net.stages:
            y = stage(y)
            centre = torch.zeros_like(y)
            signs = torch.randn(y.shape[:2], generator=generator, dtype=torch.float64)
            centre[:, :, y.shape[2] // 2, y.shape[3] // 2] = signs.to(y)
            (gradient,) = torch.autograd.grad(y, x, centre, retain_graph=True)
            maps.append(gradient.double().square().sum((0, 1)).cpu())
    return maps


def theoretical_fields(subject: Subject) -> list[int]:
    """Pixels a side that can reach one place of each stage's output, by kernels and strides."""
    last = {position.stage: position.receptive_field for position in subject.plan.units()}
    return [last[stage] for stage in sorted(last)]


def effective_size(squares: Tensor) -> float:
    """The side of a square of as many pixels as have more than 4.55 % of the largest gradient."""
    norms = squares.sqrt()
    largest = norms.max()
    return sqrt(int((norms > THRESHOLD * largest).sum())) if largest > 0 else 0.0


def _values(subject: Subject, squares: Sequence[Tensor], images: int) -> dict[str, Any]:
    return {
        "effective": [round(effective_size(each), 3) for each in squares],
        "theoretical": theoretical_fields(subject),
        "maps": [_shades(each) for each in squares],
        "side": int(subject.x.shape[-1]),
        "images": images,
    }


def _shades(squares: Tensor) -> list[list[float]]:
    """The root of a map, as shares of its largest value."""
    norms = squares.sqrt()
    shares: list[list[float]] = (norms / norms.max().clamp(min=1e-300)).mul(1e4).round().div(1e4).tolist()
    return shares

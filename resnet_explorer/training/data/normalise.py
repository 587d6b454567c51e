"""Normalises pixels to floats around 0, in one of two ways, each computed from the training images alone."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

# images of one sum: that of their bytes is exact in a float of 32 bits
CHUNK = 1000
WHITE = 255.0


@dataclass(frozen=True)
class Normaliser:
    """Subtract `mean` (C×H×W, or C×1×1 where it is the same everywhere), times `factor` (C×1×1); in bytes."""

    mean: Tensor
    factor: Tensor

    def __call__(self, pixels: Tensor) -> Tensor:
        """Normalise whole images, in one pass."""
        return torch.addcmul(-self.mean * self.factor, pixels.float(), self.factor)


def normaliser_for(pixels: Tensor, normalise: str) -> Normaliser:
    """The normaliser for training images (uint8, N×C×H×W), by a name in `runs.datasets.NORMALISE`."""
    return NORMALISERS[normalise](pixels)


def _by_channel(pixels: Tensor) -> Normaliser:
    """Each channel less its mean, over its standard deviation."""
    variances, means = zip(*(_moments(part) for part in _chunks(pixels)), strict=True)
    each = torch.cat(means)
    mean = each.mean(0)
    variance = torch.cat(variances).mean(0) + (each - mean).square().mean(0)
    # a channel that is the same everywhere has no deviation; it is divided by 1
    factor = 1 / variance.sqrt().clamp(min=1)
    return Normaliser(mean.float().view(-1, 1, 1), factor.float().view(-1, 1, 1))


def _chunks(pixels: Tensor) -> Iterator[Tensor]:
    return (pixels[start : start + CHUNK] for start in range(0, len(pixels), CHUNK))


def _moments(pixels: Tensor) -> tuple[Tensor, Tensor]:
    variance, mean = torch.var_mean(pixels.float().flatten(2), dim=2, correction=0)
    return variance.double(), mean.double()


def _by_pixel(pixels: Tensor) -> Normaliser:
    """The mean image subtracted, the rest as parts of white (He 2015 subtracts the per-pixel mean)."""
    total = torch.stack([part.float().sum(0).double() for part in _chunks(pixels)]).sum(0)
    channels = pixels.shape[1]
    return Normaliser((total / len(pixels)).float(), torch.full((channels, 1, 1), 1 / WHITE, device=pixels.device))


NORMALISERS = {"channel": _by_channel, "pixel": _by_pixel}

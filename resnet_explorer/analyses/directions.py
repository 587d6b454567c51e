"""Random directions in the space of weights, each filter's part as long as the filter (Li et al. 2018)."""

from collections.abc import Mapping, Sequence
from zlib import crc32

import torch
from torch import Generator, Tensor, nn

# as in the authors' code, so that a filter of zeros has a direction of zeros
TINY = 1e-10
Direction = Mapping[str, Tensor]


def moved_weights(net: nn.Module) -> dict[str, Tensor]:
    """What a direction moves: filters and matrices. Biases, and the scales and shifts of BN, stay where they are."""
    return {name: weight.detach() for name, weight in net.named_parameters() if weight.dim() > 1}


def filter_normalised(weights: Direction, generator: Generator) -> dict[str, Tensor]:
    """A direction from N(0, 1); the part of each output channel is as long as that channel's weights are."""
    return {name: _as_long_as(weight, _draw(weight, generator)) for name, weight in weights.items()}


def draw_directions(net: nn.Module, count: int, seed: int) -> list[dict[str, Tensor]]:
    """So many filter-normalised directions; networks of the same shape have the same ones, up to the lengths."""
    # a text's sum: initial weights of the same seed are not the first direction
    generator = Generator().manual_seed(crc32(f"directions of seed {seed}".encode()))
    weights = moved_weights(net)
    return [filter_normalised(weights, generator) for _ in range(count)]


def _draw(weight: Tensor, generator: Generator) -> Tensor:
    return torch.randn(weight.shape, generator=generator, dtype=weight.dtype).to(weight.device)


def _as_long_as(weight: Tensor, direction: Tensor) -> Tensor:
    factors = _lengths(weight) / (_lengths(direction) + TINY)
    return direction * factors


def _lengths(weight: Tensor) -> Tensor:
    """The norm of each output channel's part, in a shape that multiplies the whole."""
    lengths: Tensor = torch.linalg.vector_norm(weight.flatten(1), dim=1)
    return lengths.view(-1, *[1] * (weight.dim() - 1))


def principal_directions(
    path: Sequence[Direction], weights: Direction
) -> tuple[list[dict[str, Tensor]], list[list[float]], list[float]]:
    """The two directions of length 1 along which weights on a path differ most from these.

    Also the place of each on the path along both, and the share of the squared distances that each direction holds.
    """
    rows = torch.stack([torch.cat([(step[name] - weights[name]).flatten() for name in weights]) for step in path])
    # as many rows as checkpoints: their products are small, all weights are not
    values, vectors = torch.linalg.eigh(rows.double() @ rows.double().T)
    top = [vectors[:, place] * values[place].clamp(min=TINY).sqrt() for place in (-1, -2)]
    lengths = [values[place].clamp(min=TINY).sqrt() for place in (-1, -2)]
    axes = [(vectors[:, place] / length) @ rows.double() for place, length in zip((-1, -2), lengths, strict=True)]
    shares = [float(values[place].clamp(min=0) / values.clamp(min=0).sum().clamp(min=TINY)) for place in (-1, -2)]
    return [_split(axis, weights) for axis in axes], [coordinates.tolist() for coordinates in top], shares


def _split(flat: Tensor, weights: Direction) -> dict[str, Tensor]:
    sizes = [weight.numel() for weight in weights.values()]
    parts = torch.split(flat, sizes)
    return {
        name: part.view(weight.shape).to(weight) for (name, weight), part in zip(weights.items(), parts, strict=True)
    }

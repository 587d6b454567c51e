"""Where a network finds the points of test images, beside where they are: numbers, and pictures with marks."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from resnet_explorer.runs.measures import PCK_SHARE
from resnet_explorer.training.data.images import Images
from resnet_explorer.training.data.pictures import Mark, data_uri, marked
from resnet_explorer.training.task import find_points, point_maps


def nearness(output: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """Where each point is found (N×K×2), and how far from where it is (N×K, shares of the side; NaN: not there)."""
    guesses = find_points(point_maps(output, targets))
    return guesses, (guesses - targets).norm(dim=2)


def all_found(distances: Tensor) -> Tensor:
    """For each image whether all of its points are found, of those that are there."""
    return ((distances <= PCK_SHARE) | distances.isnan()).all(1)


def describe_image(place: int, images: Images, guesses: Tensor, distances: Tensor, names: Sequence[str]) -> Any:
    """One image with its points: where they are and are found, and a picture with rings and crosses."""
    targets = images.labels[place]
    points = [
        {
            "name": name,
            "x": _share(target[0]),
            "y": _share(target[1]),
            "found_x": _share(guess[0]),
            "found_y": _share(guess[1]),
            "right": bool(distance <= PCK_SHARE),
        }
        for name, target, guess, distance in zip(names, targets, guesses[place], distances[place], strict=True)
    ]
    there = [point for point in points if point["x"] is not None]
    right = [point for point in there if point["right"]]
    share = len(right) / max(len(there), 1)
    return {
        "image": place,
        "label": _joined(there),
        "predicted": _joined(right),
        "right": len(right) == len(there),
        "probability": round(share, 4),
        "of_label": round(share, 4),
        "points": points,
        "png": data_uri(marked(images.pixels[place], [mark for point in there for mark in _marks(point)])),
    }


def with_points(pixels: Tensor, points: Tensor) -> Tensor:
    """An image with a ring around each of its points."""
    there = points[~points.isnan().any(1)]
    return marked(pixels, [Mark(float(x), float(y), "ring") for x, y in there])


def _marks(point: dict[str, Any]) -> list[Mark]:
    cross = Mark(point["found_x"], point["found_y"], "cross", wrong=not point["right"])
    return [Mark(point["x"], point["y"], "ring"), cross]


def _joined(points: Sequence[dict[str, Any]]) -> str:
    return ", ".join(str(point["name"]) for point in points)


def _share(value: Tensor) -> float | None:
    return None if torch.isnan(value) else round(float(value), 4)

"""Weights in half precision, as a file that numpy reads: for trained networks that come with the program.

All floats lie in one row, their high bytes first and then their low ones, which compresses a fifth better than
a file with an entry for each tensor; counters lie in another row. `names` says in JSON what is cut from which.
"""

import json
from collections.abc import Mapping
from math import prod
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import torch
from torch import Tensor

from resnet_explorer.errors import RunError


def write(path: Path, state: Mapping[str, Tensor]) -> None:
    """Keep every tensor by its name, floats in half precision."""
    path.parent.mkdir(parents=True, exist_ok=True)
    floats = {name: tensor for name, tensor in state.items() if tensor.is_floating_point()}
    counters = {name: tensor for name, tensor in state.items() if name not in floats}
    names = json.dumps([{name: list(tensor.shape) for name, tensor in part.items()} for part in (floats, counters)])
    halves = _row(floats, np.dtype("<f2")).view(np.uint8).reshape(-1, 2)
    np.savez_compressed(
        path, allow_pickle=False, names=np.array(names), low=halves[:, 0], high=halves[:, 1],
        counters=_row(counters, np.dtype("<i8")),
    )  # fmt: skip


def read(path: Path) -> dict[str, Tensor]:
    """The tensors, floats in single precision; raises RunError where the file cannot be read."""
    try:
        with np.load(path, allow_pickle=False) as file:
            floats, counters = json.loads(str(file["names"]))
            halves = np.stack([file["low"], file["high"]], axis=1).view("<f2")[:, 0]
            return _cut(halves.astype(np.float32), floats) | _cut(file["counters"], counters)
    except (OSError, ValueError, EOFError, KeyError, BadZipFile, RuntimeError) as error:
        raise RunError(f"the weights {path.name} cannot be read ({type(error).__name__})") from None


def _row(tensors: Mapping[str, Tensor], dtype: "np.dtype[np.generic]") -> np.ndarray:
    """All numbers of the tensors, one after the other."""
    parts = [tensor.cpu().numpy().ravel().astype(dtype) for tensor in tensors.values()]
    return np.concatenate([np.zeros(0, dtype), *parts])


def _cut(row: np.ndarray, shapes: Mapping[str, list[int]]) -> dict[str, Tensor]:
    """The tensors of a row again."""
    ends = np.cumsum([prod(shape) for shape in shapes.values()])
    parts = np.split(row, ends[:-1]) if shapes else []
    return {
        name: torch.from_numpy(part.reshape(shape).copy())
        for (name, shape), part in zip(shapes.items(), parts, strict=True)
    }

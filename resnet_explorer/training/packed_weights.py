"""Weights in half precision, as a file that numpy reads: for trained networks that come with the program."""

from collections.abc import Mapping
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import torch
from torch import Tensor

from resnet_explorer.errors import RunError


def write(path: Path, state: Mapping[str, Tensor]) -> None:
    """Keep every tensor by its name, floats in half precision."""
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, allow_pickle=False, **{name: _half(tensor) for name, tensor in state.items()})


def read(path: Path) -> dict[str, Tensor]:
    """The tensors, floats in single precision; raises RunError where the file cannot be read."""
    try:
        with np.load(path, allow_pickle=False) as file:
            tensors = {name: torch.from_numpy(file[name]) for name in file.files}
    except (OSError, ValueError, EOFError, KeyError, BadZipFile) as error:
        raise RunError(f"the weights {path.name} cannot be read ({type(error).__name__})") from None
    return {name: tensor.float() if tensor.is_floating_point() else tensor for name, tensor in tensors.items()}


def _half(tensor: Tensor) -> np.ndarray:
    kept = tensor.half() if tensor.is_floating_point() else tensor
    return np.asarray(kept.cpu().numpy())

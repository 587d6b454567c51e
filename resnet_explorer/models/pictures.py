"""Pictures sent as bytes, as a batch that a network can take."""

import torch
from torch import Tensor

from resnet_explorer.errors import NetworkError

SIDE = 32
PIXELS = 3 * SIDE * SIDE


def tensor(data: bytes) -> Tensor:
    """N×3×32×32 from RGB bytes, picture after picture; each channel has mean 0 and variance 1 over all of them.

    Raises NetworkError if the bytes are not a whole number of pictures.
    """
    if not data or len(data) % PIXELS:
        raise NetworkError(f"pictures are {PIXELS} bytes each, {SIDE}×{SIDE} RGB; {len(data):,} bytes are none")
    pictures = torch.frombuffer(bytearray(data), dtype=torch.uint8).view(-1, SIDE, SIDE, 3).permute(0, 3, 1, 2).float()
    mean = pictures.mean((0, 2, 3), keepdim=True)
    # pictures of one colour stay finite
    deviation = pictures.std((0, 2, 3), keepdim=True).clamp_min(1.0)
    return (pictures - mean) / deviation

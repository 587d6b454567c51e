"""Images as small PNG files, and as the texts that a page shows without another request."""

import io
from base64 import b64encode

from PIL import Image
from torch import Tensor


def png(pixels: Tensor) -> bytes:
    """A PNG of one image (uint8, C×H×W with one channel or three)."""
    channels, height, width = pixels.shape
    content = bytes(pixels.permute(1, 2, 0).contiguous().flatten().tolist())
    file = io.BytesIO()
    Image.frombytes("L" if channels == 1 else "RGB", (width, height), content).save(file, "PNG")
    return file.getvalue()


def data_uri(pixels: Tensor) -> str:
    """The same as `data:image/png;base64,...`."""
    return f"data:image/png;base64,{b64encode(png(pixels)).decode()}"


def grey(values: Tensor) -> Tensor:
    """A map of numbers (H×W) as an image: its least value black, its largest white; all black where they are one."""
    low, high = values.min(), values.max()
    scaled = (values - low) / (high - low).clamp(min=1e-12)
    return (scaled * 255).round().byte()[None]

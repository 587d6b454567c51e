"""Images as small PNG files, and as the texts that a page shows without another request."""

import io
from base64 import b64encode
from collections.abc import Sequence
from typing import Literal, NamedTuple

import torch
from PIL import Image, ImageDraw
from torch import Tensor

# a picture with marks has at least so many pixels a side, so that they can be told apart
LEAST_SIDE = 96
# of a mark, in shares of the side; and its colours, that of one at a wrong place last
REACH = 0.06
AROUND, INSIDE, WRONG = "#1b1b19", "#fbfbf9", "#ff8552"


class Mark(NamedTuple):
    """A ring or a cross at x and y, shares of the side; a wrong one has the colour of a warning."""

    x: float
    y: float
    form: Literal["ring", "cross"]
    wrong: bool = False


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


def marked(pixels: Tensor, marks: Sequence[Mark]) -> Tensor:
    """An image (uint8, C×H×W), each pixel as a square of some, with marks; RGB."""
    side = pixels.shape[-1]
    times = -(-LEAST_SIDE // side)
    large = pixels.expand(3, -1, -1).repeat_interleave(times, 1).repeat_interleave(times, 2)
    side *= times
    image = Image.frombytes("RGB", (side, side), bytes(large.permute(1, 2, 0).contiguous().flatten().tolist()))
    draw = ImageDraw.Draw(image)
    for mark in marks:
        for width, colour in ((5, AROUND), (2, WRONG if mark.wrong else INSIDE)):
            _draw_mark(draw, mark, side, width, colour)
    return torch.frombuffer(bytearray(image.tobytes()), dtype=torch.uint8).view(side, side, 3).permute(2, 0, 1)


def _draw_mark(draw: ImageDraw.ImageDraw, mark: Mark, side: int, width: int, colour: str) -> None:
    x, y, reach = mark.x * side, mark.y * side, REACH * side
    if mark.form == "ring":
        more = width / 2
        draw.ellipse((x - reach - more, y - reach - more, x + reach + more, y + reach + more), None, colour, width)
        return
    for sign in (1, -1):
        draw.line((x - reach, y - sign * reach, x + reach, y + sign * reach), colour, width)


def grey(values: Tensor) -> Tensor:
    """A map of numbers (H×W) as an image: its least value black, its largest white; all black where they are one."""
    low, high = values.min(), values.max()
    scaled = (values - low) / (high - low).clamp(min=1e-12)
    return (scaled * 255).round().byte()[None]

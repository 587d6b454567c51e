"""From the bytes of image files to one tensor of squares: JPEG by the list, the rest one by one."""

import io
import warnings
from collections.abc import Iterator, Sequence
from typing import cast

import torch
import torch.nn.functional as F
from PIL import Image, ImageOps
from torch import Tensor

JPEG = b"\xff\xd8\xff"
# start of frame: where a JPEG says its size; the gaps are tables and reserved numbers
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
# a small file may say that it is a huge image
MOST_PIXELS = 64_000_000
AT_ONCE = 16_000_000


def decoded(files: Sequence[bytes], size: int) -> list[Tensor | None]:
    """Each file as RGB (uint8, 3×size×size), cut to its middle square; None for what is no image."""
    found: list[Tensor | None] = [None] * len(files)
    for places in _rows(files):
        images = _jpegs([files[place] for place in places])
        for place, image in zip(places, _shrunk(images, size), strict=True):
            found[place] = image
    for place, one in enumerate(files):
        if found[place] is None:
            found[place] = _shrunk([_by_pillow(one)], size)[0]
    return found


def resized(pixels: Tensor, size: int) -> Tensor:
    """Images (uint8, N×C×H×W) at another size, each pixel the mean of the area it covers."""
    if pixels.shape[-2:] == (size, size):
        return pixels
    return F.interpolate(pixels.float(), size=(size, size), mode="area").round_().to(torch.uint8)


def _rows(files: Sequence[bytes]) -> Iterator[list[int]]:
    """The places of JPEGs, as many at once as fit into memory when they are unpacked."""
    row: list[int] = []
    total = 0
    for place, one in enumerate(files):
        pixels = _pixels(one) if one.startswith(JPEG) else 0
        if not 0 < pixels <= MOST_PIXELS:
            continue
        if row and total + pixels > AT_ONCE:
            yield row
            row, total = [], 0
        row.append(place)
        total += pixels
    if row:
        yield row


def _jpegs(files: list[bytes]) -> list[Tensor | None]:
    try:
        return [*_listed(files)]
    except RuntimeError:
        return [_alone(one) for one in files]


def _alone(file: bytes) -> Tensor | None:
    try:
        return _listed([file])[0]
    except RuntimeError:
        return None


def _listed(files: list[bytes]) -> list[Tensor]:
    from torchvision.io import ImageReadMode, decode_jpeg

    raw = [torch.frombuffer(bytearray(one), dtype=torch.uint8) for one in files]
    with warnings.catch_warnings():
        # it is to move to another package, which is not one of ours yet
        warnings.simplefilter("ignore", DeprecationWarning)
        return cast(list[Tensor], decode_jpeg(raw, ImageReadMode.RGB, apply_exif_orientation=True))


def _by_pillow(file: bytes) -> Tensor | None:
    try:
        with warnings.catch_warnings():
            # what is odd about a file is its owner's business as long as there is an image
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(file)) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    return None
                image = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        return None
    raw = torch.frombuffer(bytearray(image.tobytes()), dtype=torch.uint8)
    return raw.view(image.height, image.width, 3).permute(2, 0, 1)


def _pixels(jpeg: bytes) -> int:
    """How many pixels a JPEG says it has; 0 where it does not say."""
    place = 2
    while place + 9 <= len(jpeg) and jpeg[place] == 0xFF:
        kind, length = jpeg[place + 1], int.from_bytes(jpeg[place + 2 : place + 4])
        if kind in FRAMES:
            return int.from_bytes(jpeg[place + 5 : place + 7]) * int.from_bytes(jpeg[place + 7 : place + 9])
        # a byte that fills up has no length
        place += 1 if kind == 0xFF else 2 + length
    return 0


def _square(image: Tensor) -> Tensor:
    """The middle, as high as wide."""
    _, height, width = image.shape
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return image[:, top : top + side, left : left + side]


def _shrunk(images: list[Tensor | None], size: int) -> list[Tensor | None]:
    """Squares of the size asked for, all that are equally large at once."""
    sides: dict[int, list[int]] = {}
    squares = [None if image is None else _square(image) for image in images]
    for place, square in enumerate(squares):
        if square is not None:
            sides.setdefault(square.shape[-1], []).append(place)
    for places in sides.values():
        small = resized(torch.stack([cast(Tensor, squares[place]) for place in places]), size)
        for place, square in zip(places, small, strict=True):
            squares[place] = square
    return squares

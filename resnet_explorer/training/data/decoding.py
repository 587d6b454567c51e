"""Decodes image files to square tensors of one size: JPEGs in batches, other formats one by one."""

import io
import warnings
from collections.abc import Iterator, Sequence
from typing import cast

import torch
import torch.nn.functional as F
from PIL import Image, ImageOps
from torch import Tensor

JPEG = b"\xff\xd8\xff"
# markers of a start of frame, where a JPEG has its size; the gaps are tables and reserved numbers
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
# the tag of EXIF that says how an image is turned, and its values for a quarter of a turn
ORIENTATION, QUARTER_TURNS = 0x0112, (5, 6, 7, 8)
# a small file may hold a huge image
MOST_PIXELS = 64_000_000
BATCH_PIXELS = 16_000_000


def decode(files: Sequence[bytes], size: int) -> list[Tensor | None]:
    """Each file as RGB (uint8, 3×size×size), cut to its middle square; None for a file that is no image."""
    decoded: list[Tensor | None] = [None] * len(files)
    for indices in _jpeg_batches(files):
        images = _decode_jpegs([files[index] for index in indices])
        for index, image in zip(indices, _resize_to_squares(images, size), strict=True):
            decoded[index] = image
    for index, file in enumerate(files):
        if decoded[index] is None:
            decoded[index] = _resize_to_squares([_decode_by_pillow(file)], size)[0]
    return decoded


def size_of(file: bytes) -> tuple[int, int]:
    """Width and height of an image that can be decoded, turned as its file says."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(file)) as opened:
            turned = opened.getexif().get(ORIENTATION, 1) in QUARTER_TURNS
            return (opened.height, opened.width) if turned else (opened.width, opened.height)


def resize(pixels: Tensor, size: int) -> Tensor:
    """Images (uint8, N×C×H×W) at another size, each pixel the mean of the area it covers."""
    if pixels.shape[-2:] == (size, size):
        return pixels
    return F.interpolate(pixels.float(), size=(size, size), mode="area").round_().to(torch.uint8)


def _jpeg_batches(files: Sequence[bytes]) -> Iterator[list[int]]:
    """The indices of JPEGs, in batches that fit into memory when they are decoded."""
    batch: list[int] = []
    total = 0
    for index, file in enumerate(files):
        pixels = _count_pixels(file) if file.startswith(JPEG) else 0
        if not 0 < pixels <= MOST_PIXELS:
            continue
        if batch and total + pixels > BATCH_PIXELS:
            yield batch
            batch, total = [], 0
        batch.append(index)
        total += pixels
    if batch:
        yield batch


def _decode_jpegs(files: list[bytes]) -> list[Tensor | None]:
    try:
        return [*_decode_list(files)]
    except RuntimeError:
        return [_decode_jpeg(file) for file in files]


def _decode_jpeg(file: bytes) -> Tensor | None:
    try:
        return _decode_list([file])[0]
    except RuntimeError:
        return None


def _decode_list(files: list[bytes]) -> list[Tensor]:
    from torchvision.io import ImageReadMode, decode_jpeg

    raw = [torch.frombuffer(bytearray(file), dtype=torch.uint8) for file in files]
    with warnings.catch_warnings():
        # decode_jpeg is to move to another package, which is no requirement yet
        warnings.simplefilter("ignore", DeprecationWarning)
        return cast(list[Tensor], decode_jpeg(raw, ImageReadMode.RGB, apply_exif_orientation=True))


def _decode_by_pillow(file: bytes) -> Tensor | None:
    try:
        with warnings.catch_warnings():
            # oddities of a file do not matter as long as it gives an image
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(file)) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    return None
                image = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        return None
    raw = torch.frombuffer(bytearray(image.tobytes()), dtype=torch.uint8)
    return raw.view(image.height, image.width, 3).permute(2, 0, 1)


def _count_pixels(jpeg: bytes) -> int:
    """How many pixels a JPEG has by its header; 0 without one."""
    index = 2
    while index + 9 <= len(jpeg) and jpeg[index] == 0xFF:
        marker, length = jpeg[index + 1], int.from_bytes(jpeg[index + 2 : index + 4])
        if marker in FRAMES:
            return int.from_bytes(jpeg[index + 5 : index + 7]) * int.from_bytes(jpeg[index + 7 : index + 9])
        # a fill byte has no length
        index += 1 if marker == 0xFF else 2 + length
    return 0


def _crop_to_square(image: Tensor) -> Tensor:
    """The middle of an image, as high as wide."""
    _, height, width = image.shape
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return image[:, top : top + side, left : left + side]


def _resize_to_squares(images: list[Tensor | None], size: int) -> list[Tensor | None]:
    """The middle squares of images at a size; those of the same size are resized at once."""
    sides: dict[int, list[int]] = {}
    squares = [None if image is None else _crop_to_square(image) for image in images]
    for index, square in enumerate(squares):
        if square is not None:
            sides.setdefault(square.shape[-1], []).append(index)
    for indices in sides.values():
        small = resize(torch.stack([cast(Tensor, squares[index]) for index in indices]), size)
        for index, square in zip(indices, small, strict=True):
            squares[index] = square
    return squares

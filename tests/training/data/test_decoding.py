"""Files to squares: each format, odd sizes, and what is no image or pretends to be a huge one."""

import io
import struct
import zlib

import pytest
import torch
from PIL import Image
from torch import Tensor

from resnet_explorer.training.data.decoding import decode, resize
from tests.fixtures.image_files import picture


def rows(width: int, height: int, form: str, mode: str = "RGB") -> bytes:
    """White on the left half, black on the right."""
    image = Image.new("RGB", (width, height), (0, 0, 0))
    image.paste((255, 255, 255), (0, 0, width // 2, height))
    file = io.BytesIO()
    image.convert(mode).save(file, form)
    return file.getvalue()


def one(file: bytes, size: int = 8) -> Tensor:
    (image,) = decode([file], size)
    assert image is not None
    return image


@pytest.mark.parametrize(
    ("form", "mode"),
    [
        ("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "L"), ("PNG", "P"),
        ("PNG", "1"), ("WEBP", "RGB"), ("GIF", "P"), ("BMP", "RGB"),
    ],
)  # fmt: skip
def test_every_format_becomes_rgb(form: str, mode: str) -> None:
    image = one(rows(16, 16, form, mode))
    assert (image.dtype, image.shape) == (torch.uint8, (3, 8, 8))
    assert image[:, :, :3].min() > 240
    assert image[:, :, 5:].max() < 15


@pytest.mark.parametrize(("width", "height"), [(40, 20), (20, 40), (21, 8), (1, 9), (300, 200)])
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_the_middle_square_is_kept(width: int, height: int, form: str) -> None:
    image = Image.new("RGB", (width, height), (200, 0, 0))
    side = min(width, height)
    left, top = (width - side) // 2, (height - side) // 2
    image.paste((0, 0, 200), (left, top, left + side, top + side))
    file = io.BytesIO()
    image.save(file, form, **({"quality": 100, "subsampling": 0} if form == "JPEG" else {}))
    assert one(file.getvalue())[0].float().mean() < 40


def test_a_photograph_on_its_side_is_put_upright() -> None:
    image = Image.open(io.BytesIO(rows(16, 16, "PNG")))
    exif = Image.Exif()
    exif[0x0112] = 6
    file = io.BytesIO()
    image.save(file, "JPEG", exif=exif)
    upright = one(file.getvalue())
    assert upright[:, :3].min() > 240
    assert upright[:, 5:].max() < 15


def test_jpegs_decode_as_pillow_decodes_them() -> None:
    file = rows(32, 32, "JPEG")
    theirs = torch.frombuffer(bytearray(Image.open(io.BytesIO(file)).tobytes()), dtype=torch.uint8)
    assert (one(file, 32).int() - theirs.view(32, 32, 3).permute(2, 0, 1).int()).abs().max() <= 2


@pytest.mark.parametrize("file", [b"", b"\xff\xd8\xff", b"no image", picture(9)[:200], picture(9, form="PNG")[:45]])
def test_what_is_no_image_is_none_and_harms_no_other(file: bytes) -> None:
    first, bad, last = decode([picture(9), file, picture(99, form="PNG")], 8)
    assert bad is None
    assert first is not None
    assert last is not None
    assert (int(first.max()), int(last.max())) == (9, 99)


def huge_png() -> bytes:
    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(bytes(1000))) + part(b"IEND", b"")


def huge_jpeg() -> bytes:
    file = bytearray(picture(9))
    at = file.index(b"\xff\xc0") + 5
    file[at : at + 4] = struct.pack(">HH", 60_000, 60_000)
    return bytes(file)


@pytest.mark.parametrize("make", [huge_png, huge_jpeg])
def test_an_image_that_says_it_is_huge_is_not_unpacked(make: object) -> None:
    assert callable(make)
    assert decode([make()], 8) == [None]


def test_large_images_are_unpacked_a_few_at_a_time() -> None:
    assert [image is not None for image in decode([picture(n, (3000, 2500)) for n in range(5)], 8)] == [True] * 5


def test_resizing_is_the_mean_of_an_area() -> None:
    pixels = torch.randint(256, (2, 3, 32, 32), dtype=torch.uint8)
    blocks = pixels.float().unfold(2, 2, 2).unfold(3, 2, 2).mean((4, 5))
    assert torch.equal(resize(pixels, 16), blocks.round().to(torch.uint8))
    assert resize(pixels, 32) is pixels
    assert resize(pixels[:, :, :8, :8], 64).shape[-1] == 64

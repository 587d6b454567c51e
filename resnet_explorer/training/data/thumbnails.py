"""A visitor's image files as the small pictures that a probe takes."""

import warnings
from pathlib import Path

from PIL import Image, ImageOps

from resnet_explorer.errors import NetworkError

SIDE = 32
MOST_PIXELS = 64_000_000


def thumbnail(path: Path) -> bytes:
    """The middle square of an image at 32×32, RGB bytes, on white; raises NetworkError for a file that is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise NetworkError(f"{path.name} has more than {MOST_PIXELS:,} pixels")
                image = ImageOps.exif_transpose(opened).convert("RGBA")
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        raise NetworkError(f"{path.name} is not an image that can be read") from None
    small = ImageOps.fit(image, (SIDE, SIDE), Image.Resampling.BOX)
    ground = Image.new("RGBA", small.size, "white")
    return Image.alpha_composite(ground, small).convert("RGB").tobytes()

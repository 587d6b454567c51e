"""A user's own images with key points, from a folder or an archive: decoded once, then kept as a pack."""

from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from resnet_explorer.errors import DataError
from resnet_explorer.runs.datasets import Data
from resnet_explorer.runs.events import Prepared
from resnet_explorer.runs.image_folder import fingerprint
from resnet_explorer.runs.point_folder import PointLayout, Points, scan_points
from resnet_explorer.training.data.cache import load_pack
from resnet_explorer.training.data.images import Images, LoadedDataset, Loading
from resnet_explorer.training.data.user_images import check_size, damage_note, decode_into, split

Size = tuple[int, int]


def load_user_points(data: Data, size: int, home: Path) -> Loading:
    """The images of a folder or archive at a size, with their points."""
    path = Path(data.path).expanduser()
    layout = scan_points(path)
    key = f"points {path.resolve()} {fingerprint(path)} {layout.digest} {size}"
    return (yield from load_pack(home, key, data.label, partial(_decode, path, layout, size, data.label)))


def _decode(path: Path, layout: PointLayout, size: int, label: str) -> Loading:
    yield Prepared(f"look into {path.name}")
    images = layout.train | layout.test
    check_size(len(images), size)
    pixels = torch.zeros(len(images), 3, size, size, dtype=torch.uint8)
    sizes: dict[str, Size] = {}
    damaged = yield from decode_into(pixels, {name: row for row, name in enumerate(images)}, path, sizes)
    notes = damage_note(sorted(damaged), len(images), path.name)
    good = torch.tensor([name not in damaged for name in images])
    points = torch.stack([_place(name, images[name], layout.names, sizes.get(name)) for name in images])
    cut_off = sum(place is not None for name in images if name in sizes for place in images[name])
    cut_off -= int((~points[good].isnan()).all(2).sum())
    if cut_off:
        notes += (f"{cut_off:,} points lie outside the middle square that images are cut to, and count as not seen",)
    parts = split(Images(pixels, points), good, len(layout.train), path.name)
    return LoadedDataset(*parts, layout.names, label, notes)


def _place(image: str, points: Points, names: tuple[str, ...], size: Size | None) -> Tensor:
    """Points as shares of the middle square's side; NaN for one that is not seen, or lies outside that square."""
    if size is None:
        return torch.full((len(points), 2), torch.nan)
    width, height = size
    for name, point in zip(names, points, strict=True):
        if point and not (0 <= point[0] <= width and 0 <= point[1] <= height):
            x, y = point
            raise DataError(
                f"the point {name[:40]!r} of {image[-60:]!r} is at {x:g}, {y:g}, outside its {width} × {height} pixels"
            )
    side = min(size)
    corner = torch.tensor([(width - side) // 2, (height - side) // 2])
    places = torch.tensor([point or (torch.nan, torch.nan) for point in points])
    shares = (places - corner) / side
    return torch.where(((shares >= 0) & (shares <= 1)).all(1, keepdim=True), shares, torch.nan)

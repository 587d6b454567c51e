"""Where the key points of a folder's or archive's images are: from the one JSON file in it.

{"points": ["head", "left hand", "right hand"],
 "images": {"a.jpg": [[104, 31.5], [80, 90], null], "b.jpg": [[60, 22], null, null]},
 "test": ["b.jpg"]}

Names of images are relative to the JSON; x and y count pixels of the file from its upper left corner, and null stands
for a point that cannot be seen. Without `test` a sixth of the images is held out.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from math import isfinite
from pathlib import Path
from typing import Any, NamedTuple

from resnet_explorer.errors import DataError
from resnet_explorer.runs.archives import contents, members
from resnet_explorer.runs.image_folder import HELD_OUT_SHARE, IMAGES, fingerprint

MOST_POINTS = 64
FORM = '{"points": [names], "images": {"a.jpg": [[x, y], null, ...]}}'
# x and y in pixels of each point of an image, None for one that cannot be seen
Points = tuple[tuple[float, float] | None, ...]


class PointLayout(NamedTuple):
    """The names of the points, and those of each image; `digest` changes with any of them."""

    names: tuple[str, ...]
    train: dict[str, Points]
    test: dict[str, Points]
    digest: str


def count_points(path: str | Path) -> int:
    """How many points an image of a folder or archive has; nothing is decoded."""
    return len(scan_points(path).names)


def scan_points(path: str | Path) -> PointLayout:
    """The layout of a folder or archive; read again only if it has changed."""
    expanded = Path(path).expanduser()
    changes = [file.stat() for file in sorted(expanded.glob("*.json"))]
    stamp = " ".join(f"{change.st_size} {change.st_mtime_ns}" for change in changes)
    return _scan_once(expanded, f"{fingerprint(expanded)} {stamp}")


@lru_cache(maxsize=8)
def _scan_once(path: Path, _stamp: str) -> PointLayout:
    names = [member.name for member in members(path)]
    files = [name for name in names if name.lower().endswith(".json")]
    if len(files) != 1:
        count = f"{len(files)} of them, {files[0]!r} first" if files else "none"
        raise DataError(f"{path.name} needs one .json file that says where the points are, and holds {count}")
    ((_, text),) = contents(path, set(files))
    folder = files[0].rpartition("/")[0]
    return read_layout(text, files[0], f"{folder}/" if folder else "", set(names))


def read_layout(text: bytes, file: str, folder: str, present: set[str]) -> PointLayout:
    """The layout that a JSON text describes, of files that are present; raises DataError for any other text."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        raise DataError(f"{file} is not JSON; it is written {FORM}") from None
    if not isinstance(values, dict) or not isinstance(values.get("images"), dict):
        raise DataError(f"{file} has no images; it is written {FORM}")
    names = _read_names(values.get("points"), file)
    images = {name: _read_image(name, points, names, file) for name, points in values["images"].items()}
    for name in images:
        if f"{folder}{name}" not in present or not name.lower().endswith(IMAGES):
            raise DataError(f"{file} names {name[-60:]!r}, and there is no such image beside it ({', '.join(IMAGES)})")
    held_out = _held_out(values.get("test"), images, file)
    train = {f"{folder}{name}": points for name, points in sorted(images.items()) if name not in held_out}
    test = {f"{folder}{name}": points for name, points in sorted(images.items()) if name in held_out}
    if not train or not test:
        raise DataError(f"{file} has {len(train)} images to train on and {len(test)} held out; at least one of each")
    return PointLayout(names, train, test, hashlib.blake2b(text, digest_size=16).hexdigest())


def _read_names(names: Any, file: str) -> tuple[str, ...]:
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names) or len({*names}) < len(names):
        raise DataError(f'{file} needs "points", a list of their names, each another text')
    if not 1 <= len(names) <= MOST_POINTS:
        raise DataError(f"{file} names {len(names)} points; there can be 1 to {MOST_POINTS}")
    return tuple(names)


def _read_image(image: str, points: Any, names: tuple[str, ...], file: str) -> Points:
    if not isinstance(points, list) or len(points) != len(names):
        count = len(points) if isinstance(points, list) else "no list of"
        raise DataError(f"{file} has {count} points for {image[-60:]!r}, and names {len(names)}; null is one not seen")
    return tuple(_read_point(point, name, image, file) for point, name in zip(points, names, strict=True))


def _read_point(point: Any, name: str, image: str, file: str) -> tuple[float, float] | None:
    if point is None:
        return None
    fits = isinstance(point, list) and len(point) == 2
    if not fits or not all(type(part) in (int, float) and isfinite(part) for part in point):
        raise DataError(f"{file}: the point {name[:40]!r} of {image[-60:]!r} is [x, y] or null, not {str(point)[:40]}")
    return float(point[0]), float(point[1])


def _held_out(test: Any, images: Mapping[str, Points], file: str) -> set[str]:
    """The names that are held out: those that the file lists, else the sixth with the lowest hashes."""
    if test is None:
        ranked = sorted(images, key=lambda name: hashlib.blake2b(name.encode()).digest())
        return set(ranked[: max(len(ranked) // HELD_OUT_SHARE, min(len(ranked) - 1, 1))])
    if not isinstance(test, list) or not all(isinstance(name, str) for name in test):
        raise DataError(f'{file}: "test" is a list of names of images')
    if unknown := sorted(set(test).difference(images)):
        raise DataError(f"{file} holds out {unknown[0][-60:]!r}, and has no points for it")
    return set(test)

"""Which images of a folder or archive belong to which class, and which are held out: from their names alone.

train/CLASS/* with test/, val/ or valid/ beside it, or CLASS/* alone, of which a sixth of the images is held out.
A single folder around all of that makes no difference.
"""

import hashlib
import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from resnet_explorer.errors import DataError
from resnet_explorer.runs.archives import members

IMAGES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp")
TRAIN, HELD_OUT = "train", ("test", "val", "valid", "validation")
# one of so many images of a class is held out
HELD_OUT_SHARE = 6
MOST_CLASSES = 1000
# files of one folder whose size and time enter its fingerprint
SAMPLED = 50
# for each file its name split at the slashes
Parts = dict[str, list[str]]


class ImageLayout(NamedTuple):
    """The classes in order, and for each image its class by number."""

    classes: tuple[str, ...]
    train: dict[str, int]
    test: dict[str, int]


def count_classes(path: str | Path) -> int:
    """How many classes a folder or archive holds; nothing is decoded."""
    return len(scan(path).classes)


def scan(path: str | Path) -> ImageLayout:
    """The layout of a folder or archive; read again only if its fingerprint has changed."""
    expanded = Path(path).expanduser()
    return _scan_once(expanded, fingerprint(expanded))


@lru_cache(maxsize=8)
def _scan_once(path: Path, _fingerprint: str) -> ImageLayout:
    return group_by_class((member.name for member in members(path)), path.name)


def fingerprint(path: str | Path) -> str:
    """A text that changes when a folder or archive does; raises DataError if there is none.

    Of a file its size and time. Of a folder all names, and sizes and times of up to 50 files in each folder of it:
    to look up those of every file would take longer than all else that is done to open it again.
    """
    expanded = Path(path).expanduser()
    if not expanded.exists():
        raise DataError(f"there is no folder or archive {expanded.name!r} where the path says")
    if not expanded.is_dir():
        return _size_and_time(str(expanded.resolve()))
    digest = hashlib.blake2b(digest_size=16)
    for folder, below, names in os.walk(expanded):
        below.sort()
        names.sort()
        sample = names[:: -(-len(names) // SAMPLED) or 1]
        lines = [folder, *names, *(_size_and_time(f"{folder}/{name}") for name in sample)]
        digest.update("\0".join(lines).encode(errors="surrogateescape"))
    return digest.hexdigest()


def group_by_class(names: Iterable[str], what: str) -> ImageLayout:
    """The layout of files with these names; raises DataError if they are no two classes with held-out images."""
    paths = _without_wrapper({name: name.split("/") for name in names if name.lower().endswith(IMAGES)})
    tops = {parts[0].lower(): parts[0] for parts in paths.values()}
    beside = [tops[name] for name in HELD_OUT if name in tops]
    if TRAIN in tops and beside:
        train, test = _below(paths, tops[TRAIN]), _below(paths, beside[0])
    else:
        train, test = _hold_out({name: parts for name, parts in paths.items() if len(parts) > 1})
    classes = tuple(sorted({parts[0] for parts in train.values()}))
    _check_classes(classes, {parts[0] for parts in test.values()}, what)
    number = {name: index for index, name in enumerate(classes)}
    return ImageLayout(classes, *({name: number[part[name][0]] for name in sorted(part)} for part in (train, test)))


def _size_and_time(path: str) -> str:
    status = os.stat(path, follow_symlinks=False)
    return f"{status.st_size} {status.st_mtime_ns}"


def _without_wrapper(paths: Parts) -> Parts:
    """Without the folders that hold all of the files, as long as a class and a name are left below."""
    while paths and len({parts[0] for parts in paths.values()}) == 1 and min(map(len, paths.values())) > 2:
        paths = {name: parts[1:] for name, parts in paths.items()}
    return paths


def _below(paths: Parts, top: str) -> Parts:
    return {name: parts[1:] for name, parts in paths.items() if parts[0] == top and len(parts) > 2}


def _hold_out(paths: Parts) -> tuple[Parts, Parts]:
    """Hold out a sixth of each class: those whose names have the lowest hashes, so that a new image moves few."""
    classes: dict[str, list[str]] = {}
    for name, parts in paths.items():
        classes.setdefault(parts[0], []).append(name)
    held = set[str]()
    for names in classes.values():
        ranked = sorted(names, key=lambda name: hashlib.blake2b("/".join(paths[name]).encode()).digest())
        held.update(ranked[: max(len(names) // HELD_OUT_SHARE, min(len(names) - 1, 1))])
    train = {name: parts for name, parts in paths.items() if name not in held}
    return train, {name: parts for name, parts in paths.items() if name in held}


def _check_classes(classes: tuple[str, ...], tested: set[str], what: str) -> None:
    if len(classes) < 2:
        content = f"one class, {classes[0]!r}" if classes else "no class with an image"
        raise DataError(f"{what} holds {content}; two or more are needed, each a folder of {', '.join(IMAGES)}")
    if len(classes) > MOST_CLASSES:
        raise DataError(f"{what} holds {len(classes):,} classes; the most is {MOST_CLASSES:,}")
    if untrained := sorted(tested.difference(classes)):
        raise DataError(f"{what} holds out images of {untrained[0]!r}, a class without training images")
    if not tested:
        raise DataError(f"{what} holds out no image, so nothing can be tested")

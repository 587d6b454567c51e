"""Folders, zip and tar files read alike: as a series of regular files, in memory, within limits.

Nothing is ever unpacked to disk. A name that leads outside, a link, and a file that would grow beyond the limits
are refused before they are read.
"""

import bz2
import gzip
import lzma
import os
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any, NamedTuple

from resnet_explorer.errors import DataError

OPENERS: dict[str, Callable[..., Any]] = {
    ".tar": open,
    ".tar.gz": gzip.open,
    ".tgz": gzip.open,
    ".tar.xz": lzma.open,
    ".txz": lzma.open,
    ".tar.bz2": bz2.open,
    ".tbz2": bz2.open,
}
# a name that is no text raises ValueError, a header that ends too soon struct.error
DAMAGED = (
    tarfile.TarError, zipfile.BadZipFile, lzma.LZMAError, zlib.error, EOFError, OSError, RuntimeError, ValueError,
    struct.error,
)  # fmt: skip
HIDDEN = (".", "__MACOSX/")
MEGA = 1 << 20


class ArchiveLimits(NamedTuple):
    """The most that is read from one archive; `ratio` is unpacked over packed, where that is more than `free`."""

    files: int = 200_000
    one: int = 32 * MEGA
    total: int = 8192 * MEGA
    ratio: int = 200
    free: int = 16 * MEGA


class Member(NamedTuple):
    """A regular file: its name from the top, with slashes, and its size."""

    name: str
    size: int


LIMITS = ArchiveLimits()
# each member, and a function that reads its content
Members = Iterator[tuple[Member, Callable[[], bytes]]]


def members(path: Path, limits: ArchiveLimits = LIMITS) -> list[Member]:
    """Every regular file that is not hidden, in the archive's order."""
    with _readable(path):
        return [member for member, _ in _checked_members(path, limits)]


def contents(path: Path, names: Collection[str], limits: ArchiveLimits = LIMITS) -> Iterator[tuple[str, bytes]]:
    """Names and contents of the wanted files, in the archive's order."""
    with _readable(path):
        for member, read in _checked_members(path, limits):
            if member.name in names:
                yield member.name, read()


def suffix(path: Path) -> str:
    """The ending that says how an archive is packed; empty for any other name."""
    return next((ending for ending in (".zip", *OPENERS) if path.name.lower().endswith(ending)), "")


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Turn what the libraries raise about a damaged file into a DataError of one sentence."""
    try:
        yield
    except DAMAGED as error:
        # the system's own sentence would name the whole path
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise DataError(f"{path.name} cannot be read: {reason[:100]}") from None


def _checked_members(path: Path, limits: ArchiveLimits) -> Members:
    """The members that are not hidden; raises DataError where there are too many, or they are too large."""
    count = total = 0
    for member, read in _all_members(path, limits):
        count, total = count + 1, total + member.size
        if count > limits.files:
            raise DataError(f"{path.name} holds more than {limits.files:,} files")
        if member.size > limits.one:
            raise DataError(f"{member.name[-60:]} in {path.name} is larger than {limits.one // MEGA} MB")
        if total > limits.total:
            raise DataError(f"{path.name} unpacks to more than {limits.total // MEGA:,} MB")
        if not member.name.startswith(HIDDEN) and "/." not in member.name:
            yield member, read


def _all_members(path: Path, limits: ArchiveLimits) -> Members:
    if path.is_dir():
        return _folder_members(path, path, limits)
    if not path.exists():
        raise DataError(f"there is no folder or archive {path.name!r} where the path says")
    ending = suffix(path)
    if not ending:
        raise DataError(f"{path.name!r} is no folder and no archive; archives end in .zip, {', '.join(OPENERS)}")
    return _zip_members(path, limits) if ending == ".zip" else _tar_members(path, OPENERS[ending], limits)


def _folder_members(path: Path, top: Path, limits: ArchiveLimits) -> Members:
    with os.scandir(path) as unsorted:
        entries = sorted(unsorted, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_symlink():
            raise DataError(f"{entry.name[-60:]} in {top.name} is a link; only regular files are read")
        if entry.is_dir():
            yield from _folder_members(Path(entry.path), top, limits)
        elif entry.is_file():
            name = Path(entry.path).relative_to(top).as_posix()
            yield Member(name, entry.stat().st_size), partial(_read_file, entry.path, limits.one)


def _read_file(path: str, most: int) -> bytes:
    # since it was listed, a file can have become a link, or have grown
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
        return file.read(most)


def _zip_members(path: Path, limits: ArchiveLimits) -> Members:
    with zipfile.ZipFile(path) as archive:
        infos = [info for info in archive.infolist() if not info.filename.endswith("/")]
        _check_size(sum(info.file_size for info in infos), _most_unpacked(path, limits), path.name)
        for info in infos:
            file_type = stat.S_IFMT(info.external_attr >> 16)
            if file_type not in (0, stat.S_IFREG):
                raise DataError(f"{info.filename[-60:]} in {path.name} is a link or a device; only files are read")
            if info.flag_bits & 1:
                raise DataError(f"{path.name} is locked with a password")
            yield Member(_safe_name(info.filename, path), info.file_size), partial(archive.read, info)


def _tar_members(path: Path, opener: Callable[..., Any], limits: ArchiveLimits) -> Members:
    with opener(path, "rb") as stream:
        bounded = _BoundedStream(stream, path, limits)
        with tarfile.open(fileobj=bounded, mode="r:") as archive:  # type: ignore[call-overload]
            for info in archive:
                # the library would keep every header in memory
                archive.members = []
                if info.isreg() and not info.issparse():
                    yield Member(_safe_name(info.name, path), info.size), partial(_read_member, archive, info)
                elif not info.isdir():
                    raise DataError(f"{info.name[-60:]} in {path.name} is a link or a device; only files are read")
            # the library mistakes a damaged header for the end
            bounded.seek(archive.offset)
            if bounded.read(tarfile.BLOCKSIZE) != tarfile.NUL * tarfile.BLOCKSIZE:
                raise DataError(f"{path.name} is damaged, or ends too soon")


def _read_member(archive: tarfile.TarFile, info: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(info)
    return file.read() if file else b""


class _BoundedStream:
    """The unpacked bytes of an archive; raises DataError before it reads or skips more than the limits allow."""

    def __init__(self, stream: IO[bytes], path: Path, limits: ArchiveLimits) -> None:
        self._stream, self._name, self._one = stream, path.name, limits.one
        self._most, self._position = _most_unpacked(path, limits), 0

    def tell(self) -> int:
        return self._position

    def read(self, size: int) -> bytes:
        if size > self._one:
            raise DataError(f"{self._name} holds a part larger than {self._one // MEGA} MB")
        _check_size(self._position + size, self._most, self._name)
        data = self._stream.read(size)
        self._position += len(data)
        return data

    def seek(self, position: int) -> int:
        if position != self._position:
            _check_size(position, self._most, self._name)
            self._position = self._stream.seek(position)
        return self._position


def _most_unpacked(path: Path, limits: ArchiveLimits) -> int:
    return min(limits.total, max(limits.free, limits.ratio * path.stat().st_size))


def _check_size(unpacked: int, most: int, name: str) -> None:
    if unpacked > most:
        raise DataError(f"{name} unpacks to more than {most // MEGA:,} MB, the most for an archive of its size")


def _safe_name(name: str, path: Path) -> str:
    """A member's name with plain slashes; raises DataError for one that leads outside."""
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or name.startswith(("/", "\\")) or ":" in parts[0]:
        raise DataError(f"{path.name} holds the name {name[:60]!r}, which leads outside")
    plain = "/".join(part for part in parts if part not in ("", "."))
    if not plain:
        raise DataError(f"{path.name} holds a file without a name")
    return plain

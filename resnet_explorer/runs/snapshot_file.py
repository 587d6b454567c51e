"""A copy of a run as one file elsewhere, which is whole or not taken for a copy at all.

NAME.TIME.DIGEST.tar    of a run or a small file of the home, at so many milliseconds, with the SHA-256 of its bytes

The folder may be object storage that is mounted as if it were a disk: there nothing is locked, appended to or changed
in place, and a rename may leave half a file. Half a file has another digest than its name says.
"""

import errno
import hashlib
import io
import os
import re
import secrets
import tarfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, NamedTuple

from resnet_explorer.errors import DataError
from resnet_explorer.runs.archives import MEGA, ArchiveLimits, contents, members
from resnet_explorer.runs.run_folder import RunFolder, milliseconds

NAME = re.compile(r"([a-z2-7-]{3,40})\.([0-9]{13})\.([0-9a-f]{64})\.tar")
DRAFT = re.compile(r"\.[a-z2-7-]{3,40}\.[0-9a-f]{8}\.part")
# seconds after which nobody writes a draft any more
OLD_DRAFT = 3600.0
# what of a run is copied; its results are among its events
RUN_FILES = re.compile(r"job\.json|wanted|events\.jsonl|checkpoints/[0-9]{1,12}\.pt")
# a larger checkpoint is left out: the run would begin anew
LARGEST = 512 * MEGA
LIMITS = ArchiveLimits(files=16, one=LARGEST, total=2 * LARGEST + MEGA)
# a file system that cannot wait for its disk
NO_SYNC = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP)


class Snapshot(NamedTuple):
    """A copy by its name alone, which does not say whether it is whole; the newest of one name compares as largest."""

    name: str
    time: int
    digest: str

    @property
    def file(self) -> str:
        return f"{self.name}.{self.time:013d}.{self.digest}.tar"


class Part(NamedTuple):
    """A file that is copied, up to a size."""

    name: str
    size: int
    content: IO[bytes]


@contextmanager
def run_parts(folder: RunFolder) -> Iterator[list[Part]]:
    """The files of a run as they are at one moment; raises FileNotFoundError or JournalError where that is no run.

    The checkpoint is opened before the events are read: so the events have every step that it has.
    """
    folder.job()
    with ExitStack() as files:
        checkpoint = _newest_checkpoint(folder, files)
        events = files.enter_context(folder.events.open("rb"))
        yield [
            _part("job.json", (folder.path / "job.json").read_bytes()),
            _part("wanted", folder.read_command().encode()),
            Part("events.jsonl", _end_of_last_line(events), events),
            *(part for part in checkpoint if part.size <= LARGEST),
        ]


@contextmanager
def file_parts(path: Path) -> Iterator[list[Part]]:
    """A small file as it is now."""
    yield [_part(path.name, path.read_bytes())]


def list_snapshots(folder: Path) -> dict[str, list[Snapshot]]:
    """The copies in a folder by name, the newest first; raises OSError if it cannot be read.

    Deletes what was left by a process that was killed while it wrote, if that is long ago.
    """
    snapshots: dict[str, list[Snapshot]] = {}
    for file in sorted(os.listdir(folder), reverse=True):
        if match := NAME.fullmatch(file):
            name, written, digest = match.groups()
            snapshots.setdefault(name, []).append(Snapshot(name, int(written), digest))
        elif DRAFT.fullmatch(file):
            with suppress(OSError):
                if (folder / file).stat().st_mtime < time.time() - OLD_DRAFT:
                    (folder / file).unlink()
    return snapshots


def write_snapshot(folder: Path, name: str, parts: Sequence[Part], earlier: Sequence[Snapshot] = ()) -> Snapshot:
    """Copy the parts into one new file, unless the first of the earlier copies is the same; raises OSError."""
    if any(part.size > LARGEST for part in parts):
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    packed = _pack(parts)
    if earlier and earlier[0].digest == packed.digest and _size(folder / earlier[0].file) == packed.size:
        return earlier[0]
    draft = folder / f".{name}.{secrets.token_hex(4)}.part"
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            packed = _pack(parts, file)
            file.flush()
            _sync(file)
        # the clock may have been turned back
        now = max(milliseconds(), *(snapshot.time + 1 for snapshot in earlier), 0)
        snapshot = Snapshot(name, now, packed.digest)
        os.rename(draft, folder / snapshot.file)
        if _size(folder / snapshot.file) != packed.size:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
    except OSError:
        with suppress(OSError):
            draft.unlink()
        raise
    return snapshot


def fetch_snapshot(folder: Path, snapshot: Snapshot, to: Path) -> None:
    """Bring a copy to the local disk; raises DataError if it is not whole."""
    digest, size = hashlib.sha256(), 0
    with (folder / snapshot.file).open("rb") as source, to.open("xb") as target:
        while size <= LIMITS.total and (block := source.read(MEGA)):
            digest.update(block)
            size += target.write(block)
    if size > LIMITS.total or digest.hexdigest() != snapshot.digest:
        raise DataError("it is damaged, or was not written to its end")


def unpack_snapshot(tar: Path, into: Path, names: re.Pattern[str]) -> None:
    """Write the files whose names fit into a new folder; raises DataError for anything but regular files."""
    into.mkdir(mode=0o700)
    fitting = {member.name for member in members(tar, LIMITS) if names.fullmatch(member.name)}
    for name, content in contents(tar, fitting, LIMITS):
        path = into / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        try:
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
        except FileExistsError:
            raise DataError(f"{tar.name} holds {name} twice") from None


def delete_snapshots(folder: Path, snapshots: Sequence[Snapshot]) -> None:
    """Delete copies; raises OSError if one stays."""
    for snapshot in snapshots:
        (folder / snapshot.file).unlink(missing_ok=True)


class _Packed(NamedTuple):
    digest: str
    size: int


class _HashingFile:
    """Takes the bytes of a tar one after another, and passes them on to a file if there is one."""

    def __init__(self, file: IO[bytes] | None) -> None:
        self.file, self.digest, self.size = file, hashlib.sha256(), 0

    def write(self, block: bytes) -> int:
        self.digest.update(block)
        self.size += len(block)
        if self.file:
            self.file.write(block)
        return len(block)


def _pack(parts: Sequence[Part], file: IO[bytes] | None = None) -> _Packed:
    """The same parts give the same bytes; without a file they are only counted."""
    hashing = _HashingFile(file)
    with tarfile.open(fileobj=hashing, mode="w|", format=tarfile.USTAR_FORMAT, bufsize=MEGA) as tar:  # type: ignore[call-overload]
        for part in parts:
            info = tarfile.TarInfo(part.name)
            info.size, info.mode = part.size, 0o600
            part.content.seek(0)
            tar.addfile(info, part.content)
    return _Packed(hashing.digest.hexdigest(), hashing.size)


def _part(name: str, content: bytes) -> Part:
    return Part(name, len(content), io.BytesIO(content))


def _newest_checkpoint(folder: RunFolder, files: ExitStack) -> list[Part]:
    """The newest checkpoint, opened, so that its content stays while newer ones take its place; or nothing."""
    for path in sorted(folder.path.glob("checkpoints/*.pt"), reverse=True):
        with suppress(FileNotFoundError):
            file = files.enter_context(path.open("rb"))
            return [Part(f"checkpoints/{path.name}", os.fstat(file.fileno()).st_size, file)]
    return []


def _end_of_last_line(file: IO[bytes]) -> int:
    """The offset after the last whole line; what follows is still being written, or was torn by a crash."""
    end = file.seek(0, os.SEEK_END)
    while end:
        start = max(0, end - MEGA)
        file.seek(start)
        at = file.read(end - start).rfind(b"\n")
        if at >= 0:
            return start + at + 1
        end = start
    return 0


def _sync(file: IO[bytes]) -> None:
    try:
        os.fsync(file.fileno())
    except OSError as error:
        if error.errno not in NO_SYNC:
            raise


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1

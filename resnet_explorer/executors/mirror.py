"""The home's side of a run on a cluster: its folder, packed for a node, and kept as the node's copy becomes.

The journals here and there are the same to the byte, so the length of the one is the offset to read on from in the
other. Whoever mirrors a run holds the lock of its journal, and is its only writer.
"""

import fcntl
import io
import os
import secrets
import tarfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from resnet_explorer.errors import JournalError
from resnet_explorer.executors.base import home_of
from resnet_explorer.executors.spool import CHECKPOINT, COMMAND, FILE, JOB, JOURNAL, News
from resnet_explorer.runs.events import LIVE, Event, Interrupted, Noted, Paused, Saved
from resnet_explorer.runs.progress import progress
from resnet_explorer.runs.run_folder import ID, RunFolder

LOST = "the worker was lost"
# attempts that may be lost one after the other without a checkpoint between them
MOST_LOST = 3


class Mirror:
    """One attempt of a run that is worked on elsewhere, from `open` to `close`."""

    def __init__(self, folder: RunFolder) -> None:
        """Take the journal; raises JournalError if another process has it, OSError if it is gone."""
        self.folder = folder
        _drop_torn_line(folder)
        self._writer = folder.writer()
        self.state, self.attempt = self._writer.state, self._writer.attempt

    @property
    def offset(self) -> int:
        """Where the other journal is to be read on."""
        return os.fstat(self._writer.file).st_size

    def cargo(self) -> bytes:
        """A tar of the folder, and of the jobs and checkpoints of the runs that an analysis looks at."""
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w") as tar:
            for folder in (self.folder, *_subjects(self.folder)):
                for name in _names(folder, whole=folder is self.folder):
                    with suppress(FileNotFoundError):
                        _add(tar, f"runs/{folder.run}/{name}", (folder.path / name).read_bytes())
        return buffer.getvalue()

    def take(self, news: News) -> None:
        """Keep what is new: files first, as lines name them. Raises OSError as the disk does; then it comes again."""
        for name, (_, content) in news.files.items():
            if FILE.fullmatch(name):
                _write_file(self.folder.path / name, content)
        for path in self.folder.path.glob("checkpoints/*.pt"):
            name = f"checkpoints/{path.name}"
            if CHECKPOINT.fullmatch(name) and name not in news.checkpoints:
                path.unlink(missing_ok=True)
        self._append(news.lines)
        if news.files or news.code is not None:
            os.fsync(self._writer.file)

    def requeue(self, why: str) -> None:
        """Begin a new attempt from the last checkpoint; a run that gets nowhere is interrupted instead."""
        self._writer.close()
        self._writer = self.folder.writer()
        records = self.folder.records()[0]
        now, lost = progress(records), 0
        for record in reversed(records):
            lost += isinstance(record.event, Noted) and record.event.text.startswith(LOST)
            if isinstance(record.event, Saved):
                break
        if now.state not in LIVE or self._writer.attempt != self.attempt:
            return
        goes_on: list[Event] = [Noted(f"{LOST}, {why}"), Paused(now.step, now.seconds)]
        for event in goes_on if lost < MOST_LOST else [Interrupted(f"{LOST} again and again, {why}", "node_lost")]:
            self._writer.append(event)
        self._writer.sync()

    def close(self) -> None:
        """Let go of the journal."""
        self._writer.close()

    def _append(self, lines: bytes) -> None:
        size = self.offset
        try:
            while lines:
                lines = lines[os.write(self._writer.file, lines) :]
        except OSError:
            # the disk is full: the next line must not be joined to half a line
            os.ftruncate(self._writer.file, size)
            raise


def downloads(home: Path) -> tuple[str, ...]:
    """The data sets that a home has fetched."""
    return tuple(sorted(path.name for path in home.glob("downloads/*") if path.is_dir()))


def home_id(home: Path) -> str:
    """A text that names a home among all that use a cluster; made at the first call."""
    path = home / "cluster-id"
    with suppress(OSError):
        return path.read_text()
    _write_file(path, secrets.token_hex(6).encode())
    return path.read_text()


def _drop_torn_line(folder: RunFolder) -> None:
    """Cut off a line that a crash tore, as it comes again whole."""
    # where somebody else has it, the writer is refused next
    with folder.events.open("rb+") as file, suppress(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        text = file.read()
        file.truncate(text.rfind(b"\n") + 1)


def _subjects(folder: RunFolder) -> Iterator[RunFolder]:
    """The runs whose weights an analysis looks at."""
    with suppress(JournalError, LookupError, TypeError, ValueError):
        lanes = folder.job().what["request"]["lanes"]
        for run in sorted({str(lane["run"]) for lane in lanes}):
            if ID.fullmatch(run):
                yield RunFolder(home_of(folder) / "runs" / run)


def _names(folder: RunFolder, whole: bool) -> list[str]:
    """The files of a run that a node needs."""
    paths = [*folder.path.glob("*"), *folder.path.glob("checkpoints/*.pt")]
    names = [str(path.relative_to(folder.path)) for path in paths if path.is_file()]
    wanted = (JOURNAL, JOB, COMMAND)
    return [
        name for name in names if FILE.fullmatch(name) and (whole or name in wanted[1:2] or CHECKPOINT.fullmatch(name))
    ]


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    tar.addfile(member, io.BytesIO(content))


def _write_file(path: Path, content: bytes) -> None:
    """Write a file, so that a reader sees it whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)

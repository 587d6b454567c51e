"""The node's side of a run on a cluster: a copy of its folder, a thread that works in it, and what is new there.

The copy lies in a home of the attempt's own; images are kept beside these homes, so that a node prepares them once.
"""

import io
import re
import shutil
import tarfile
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from resnet_explorer.errors import JournalError
from resnet_explorer.executors.base import PAUSE, StopRequest
from resnet_explorer.executors.jobs import run
from resnet_explorer.executors.worker_process import NICE, limit_damage
from resnet_explorer.runs.events import Interrupted
from resnet_explorer.runs.run_folder import RunFolder

# bytes of the journal that are read at once
MOST = 1 << 20
JOURNAL, JOB, COMMAND = "events.jsonl", "job.json", "wanted"
CHECKPOINT = re.compile(r"checkpoints/[0-9]{1,12}\.pt")
# of a run, what is copied back when the attempt has ended; drafts have other names
FILE = re.compile(r"(checkpoints/)?[A-Za-z0-9_-][A-Za-z0-9._-]*")
# folders of images, which all attempts on a node share
SHARED = ("packs", "downloads")
# a file's length, and when it was written
Stamp = tuple[int, int]


class Order(NamedTuple):
    """One attempt of a run, and how it is worked on; `downloads` names the data sets that the home has fetched.

    `root` is the node's folder for all this, empty for one among its temporary files.
    """

    name: str
    run: str
    attempt: int
    kinds: Mapping[str, str]
    device: str
    threads: int
    seconds: float
    root: str
    downloads: tuple[str, ...]


class News(NamedTuple):
    """What a folder has that is new: whole lines of its journal, and whole files; all its `checkpoints` by name.

    `code` is the exit code once the attempt has ended and this is the last of it.
    """

    lines: bytes
    files: Mapping[str, tuple[Stamp, bytes]]
    checkpoints: tuple[str, ...]
    code: int | None


class Spool:
    """Works on one attempt from its making on, and answers what is new meanwhile."""

    def __init__(self, order: Order, cargo: bytes) -> None:
        """`cargo` holds the run's folder and those of the runs that it looks at, as `Mirror.cargo` packs them."""
        root = Path(order.root or Path(tempfile.gettempdir()) / "resnet-explorer-spool")
        self.order, self.home = order, root / "attempts" / order.name
        self.folder = RunFolder(self.home / "runs" / order.run)
        self.stop = StopRequest()
        self._code: int | None = None
        self._begun_at = time.monotonic()
        _unpack(cargo, root, self.home, order.downloads)
        self._carried = {name: stamp for name, _, stamp in _files(self.folder)}
        threading.Thread(target=self._work, name=f"run {order.run}", daemon=True).start()

    def _work(self) -> None:
        order, code = self.order, 1
        try:
            run(self.folder, order.attempt, order.kinds, order.device, order.threads, self.stop)
            code = 0
        except (OSError, JournalError) as error:
            # the journal itself cannot be written
            code = getattr(error, "errno", 0) or 1
        finally:
            self._code = code

    def stand_back(self) -> None:
        """Be a process that disturbs its node as little as workers do elsewhere."""
        limit_damage(NICE)

    def look(self, offset: int, known: Mapping[str, Stamp], command: str, request: str) -> News:
        """What is new beyond an offset of the journal and the `known` files; `request` is empty, pause or cancel."""
        if command == "stop" != self.folder.read_command():
            self.folder.write_command(command)
        if request:
            self.stop.set(PAUSE if request == "pause" else Interrupted("the server ended", "server"))
        if time.monotonic() - self._begun_at > self.order.seconds > 0:
            self.stop.set(Interrupted("it took longer than a run may", "wall_time"))
        # in this order: with the code comes all, and with a line the checkpoint that it names
        code = self._code
        lines, all_read = _read_lines(self.folder.events, offset)
        files = {}
        ended = code is not None and all_read
        for name, path, stamp in _files(self.folder):
            is_new = stamp not in (known.get(name), self._carried.get(name))
            if is_new and (ended or CHECKPOINT.fullmatch(name)) and (content := _read_file(path)) is not None:
                files[name] = stamp, content
        checkpoints = tuple(name for name, _, _ in _files(self.folder) if CHECKPOINT.fullmatch(name))
        return News(lines, files, checkpoints, code if ended else None)

    def clear(self) -> None:
        """Remove the copy; images stay."""
        shutil.rmtree(self.home, ignore_errors=True)


def _unpack(cargo: bytes, root: Path, home: Path, downloads: tuple[str, ...]) -> None:
    """Put folders of runs into a new home, which has the node's images."""
    # of earlier attempts whose worker was killed
    for old in home.parent.glob(f"{home.name.rpartition('-')[0]}-*"):
        shutil.rmtree(old, ignore_errors=True)
    home.mkdir(parents=True, mode=0o700)
    for name in SHARED:
        (root / name).mkdir(exist_ok=True)
        (home / name).symlink_to(root / name)
    for name in downloads:
        # what one node has fetched, another may fetch
        (root / "downloads" / name).mkdir(exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(cargo)) as tar:
        tar.extractall(home, filter="data")


def _files(folder: RunFolder) -> Iterator[tuple[str, Path, Stamp]]:
    """The files of a run but its journal, job and command, by their names in its folder."""
    for path in sorted([*folder.path.glob("*"), *folder.path.glob("checkpoints/*")]):
        name = str(path.relative_to(folder.path))
        whole = FILE.fullmatch(name) and not name.endswith(".part") and name not in (JOURNAL, JOB, COMMAND)
        try:
            stat = path.stat()
        except FileNotFoundError:
            continue  # an old checkpoint, removed meanwhile
        if whole and path.is_file():
            yield name, path, (stat.st_size, stat.st_mtime_ns)


def _read_file(path: Path) -> bytes | None:
    """The content of a file, None if it is gone."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _read_lines(path: Path, offset: int) -> tuple[bytes, bool]:
    """The whole lines from an offset on, and whether these are all."""
    with path.open("rb") as file:
        file.seek(offset)
        text = file.read(MOST)
        if len(text) == MOST:
            text += file.readline()
    return text[: text.rfind(b"\n") + 1], len(text) < MOST

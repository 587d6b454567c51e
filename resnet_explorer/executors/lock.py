"""Who owns a home: one process at a time, by a lock that the kernel releases when the process ends."""

import fcntl
import json
import os
import socket
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from resnet_explorer.errors import RunError
from resnet_explorer.runs.run_folder import milliseconds

# the role of an owner that ends soon: a page waits for it
GUEST = "command line"


class HomeLock:
    """The lock of one home; its file says who holds it."""

    def __init__(self, home: Path, role: str) -> None:
        self.home, self.role = home, role
        self.since = 0
        self._file: int | None = None

    def acquire(self) -> bool:
        """Take the lock; False if another process has it."""
        self.home.mkdir(parents=True, exist_ok=True)
        file = os.open(self.home / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        self._file, self.since = file, milliseconds()
        self.write_owner(0)
        return True

    def write_owner(self, slots: int) -> None:
        """Write who holds the lock, and how many runs they work on at once."""
        if self._file is not None:
            owner = {"pid": os.getpid(), "host": socket.gethostname(), "role": self.role, "started": self.since}
            text = json.dumps(owner | {"slots": slots}).encode()
            # on a disk that is full nothing is written; the lock holds all the same
            with suppress(OSError):
                os.pwrite(self._file, text, 0)
                os.ftruncate(self._file, len(text))

    def holder(self) -> Mapping[str, Any]:
        """What `read_owner` says of this home."""
        return read_owner(self.home)

    def refusal(self) -> RunError:
        """The error for whoever cannot have the home, which names its owner."""
        owner = self.holder()
        who = f"the {owner.get('role', 'page')}, process {owner.get('pid', '?')} on {owner.get('host', '?')}"
        return RunError(f"home {self.home} is in use by {who}")

    @property
    def held(self) -> bool:
        """Whether this process holds it."""
        return self._file is not None

    def release(self) -> None:
        if self._file is not None:
            os.close(self._file)
        self._file = None


def read_owner(home: Path) -> Mapping[str, Any]:
    """What the owner of a home wrote of itself: pid, host, role, started and slots; empty where nobody did."""
    try:
        owner = json.loads((home / "lock").read_text())
    except (OSError, ValueError):
        return {}
    return owner if isinstance(owner, dict) else {}


def is_held(home: Path) -> bool:
    """Whether somebody works on a home now; nothing is changed."""
    try:
        file = os.open(home / "lock", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False

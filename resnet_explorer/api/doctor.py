"""What a machine needs for this program, looked at one by one: what is fine, what is not, and what to do."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import TypedDict

from resnet_explorer.api.health import LEAST_FREE, package_version
from resnet_explorer.executors.lock import is_held, read_owner
from resnet_explorer.executors.machine import total_memory
from resnet_explorer.runs.index.schema import old_sqlite

OLDEST_PYTHON, OLDEST_TORCH = (3, 11), (2, 8)
PORT, MOST_PORTS = 7860, 65_535
# seconds that torch may take to tell what it computes on
PATIENCE = 60
ASK_TORCH = (
    "import torch; cuda = torch.cuda.is_available(); "
    "print(torch.cuda.get_device_name(0) if cuda else f'no GPU, {torch.get_num_threads()} threads of a processor')"
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class Check(TypedDict):
    """One thing looked at: `state` is ok, warning or failed; `advice` is what to do, where there is something."""

    name: str
    state: str
    seen: str
    advice: str


def doctor(home: Path, port: int = 0) -> list[Check]:
    """Look at everything; nothing is changed.

    Args:
        home: where runs are kept
        port: the page's; 0: the one that it would take
    """
    return [
        _python(),
        _package("torch", OLDEST_TORCH, needed="no probe and no training without it"),
        _package("torchvision", (), needed="no fetched data sets and no torchvision networks without it"),
        _package("gradio", (6,), needed="no page without it"),
        _device(),
        _memory(),
        _home(home),
        _owner(home),
        _sqlite(),
        _port(str(port or os.environ.get("GRADIO_SERVER_PORT") or PORT)),
        _browser(),
    ]


def _check(name: str, fine: bool, seen: str, advice: str = "", otherwise: str = "failed") -> Check:
    return Check(name=name, state="ok" if fine else otherwise, seen=seen, advice="" if fine else advice)


def _python() -> Check:
    fine = sys.version_info[:2] >= OLDEST_PYTHON
    return _check("Python", fine, sys.version.split()[0], f"install Python {_dotted(OLDEST_PYTHON)} or later")


def _package(name: str, oldest: tuple[int, ...], needed: str) -> Check:
    installed = package_version(name)
    fine = bool(installed) and _numbers(installed)[: len(oldest)] >= oldest
    wanted = f"{name}>={_dotted(oldest)}" if oldest else name
    return _check(name, fine, installed or "not installed", f"pip install '{wanted}'; {needed}")


def _device() -> Check:
    """What torch computes on, asked in a process of its own: a driver that hangs holds up nothing else."""
    try:
        answer = subprocess.run([sys.executable, "-c", ASK_TORCH], capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return _check("device", False, f"torch gave no answer in {PATIENCE} seconds", "look at the GPU's driver")
    lines = answer.stderr.strip().splitlines()
    advice = "install torch anew, for this machine's Python and GPU"
    return _check("device", answer.returncode == 0, answer.stdout.strip() or (lines or ["no answer"])[-1], advice)


def _memory() -> Check:
    size = total_memory()
    return _check("memory", size >= 2 << 30, f"{size >> 20:,} MB", "2 GB are the least for training", "warning")


def _home(home: Path) -> Check:
    there = next((path for path in (home, *home.parents) if path.exists()), Path("/"))
    free = shutil.disk_usage(there).free
    if not os.access(there, os.W_OK):
        advice = "make it writable, or name another folder in RESNET_EXPLORER_HOME"
        return _check("home", False, f"{home} cannot be written", advice)
    advice = f"free {LEAST_FREE >> 20} MB, or name another folder in RESNET_EXPLORER_HOME"
    return _check("home", free >= LEAST_FREE, f"{home}, {free >> 20:,} MB free", advice)


def _owner(home: Path) -> Check:
    if not is_held(home):
        return _check("who works on it", True, "nobody now")
    owner = read_owner(home)
    return _check("who works on it", True, f"{owner.get('role', 'somebody')}, process {owner.get('pid', '?')}")


def _sqlite() -> Check:
    trouble = old_sqlite()
    return _check(
        "SQLite", not trouble, trouble or "sound", "nothing to do as long as one page has the home", "warning"
    )


def _port(port: str) -> Check:
    if not port.isdecimal() or not 0 < int(port) <= MOST_PORTS:
        return _check("port", False, f"{port[:20]} is no port", f"name one from 1 to {MOST_PORTS}")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except OSError as error:
            return _check("port", False, f"{port}: {error.strerror}", "take another one: serve --port N", "warning")
    return _check("port", True, f"{port} is free")


def _browser() -> Check:
    installed = next((path for name in BROWSERS if (path := shutil.which(name))), "")
    advice = "only the tests need one: apt-get install chromium"
    return _check("browser for tests", bool(installed), installed or "none", advice, "warning")


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("+")[0].split(".") if part.isdecimal())


def _dotted(numbers: tuple[int, ...]) -> str:
    return ".".join(map(str, numbers))

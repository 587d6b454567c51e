"""Whether all is well: the version, the machine, the runs, the disk, and in sentences what is not as it should be."""

import platform
import shutil
from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TypedDict

from resnet_explorer import __version__
from resnet_explorer.errors import JournalError
from resnet_explorer.runs.commit import program_commit
from resnet_explorer.runs.index.store import Store

# with less than this a run could not save its weights
LEAST_FREE = 200 << 20
PACKAGES = ("torch", "torchvision", "gradio", "plotly")


class Health(TypedDict):
    """`status` is ok, degraded (it works) or failing; `why` says it. Bytes are those of the disk of the runs."""

    status: str
    why: list[str]
    version: str
    commit: str
    python: str
    packages: dict[str, str]
    devices: list[str]
    sharing: str
    runs: dict[str, int]
    free_bytes: int
    total_bytes: int


def health(
    home: Path,
    workers: str = "",
    devices: Sequence[str] = (),
    remarks: Sequence[str] = (),
    sharing: str = "",
) -> Health:
    """Look at a home: `workers` is what is wrong with those who work on it, `remarks` what else is, if anything.

    `devices` are what runs are trained on, `sharing` how many of them have one at once, and why.
    """
    states, unreadable = _read_index(home)
    disk, full = _disk(home)
    failing = [*([workers] if workers else []), *unreadable, *full]
    degraded = [*_set_aside(home), *remarks]
    return Health(
        status="failing" if failing else "degraded" if degraded else "ok",
        why=[*failing, *degraded],
        version=__version__,
        commit=program_commit(),
        python=platform.python_version(),
        packages={name: package_version(name) for name in PACKAGES},
        devices=list(devices),
        sharing=sharing,
        runs=states,
        free_bytes=disk[0],
        total_bytes=disk[1],
    )


@cache
def package_version(name: str) -> str:
    """The version of an installed package, without loading it; nothing where it is not there."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _read_index(home: Path) -> tuple[dict[str, int], list[str]]:
    """How many runs are in each state, and what is wrong with the index."""
    try:
        with Store(home / "index.sqlite3") as index:
            return index.states(), []
    except JournalError:
        return {}, ["the list of runs cannot be read; it is made anew from the runs' own files"]


def _set_aside(home: Path) -> list[str]:
    """What was damaged and set aside, by its name alone."""
    names = sorted(path.name for path in home.glob("index.corrupt-*") if not path.name.endswith(("-wal", "-shm")))
    aside = [f"a damaged list of runs was set aside as {name}, and made anew" for name in names[-1:]]
    return [f"{sentence}; remove that file once it was looked at" for sentence in aside]


def _disk(home: Path) -> tuple[Sequence[int], list[str]]:
    """Free and all bytes of the disk, and a sentence where nothing more can be kept."""
    there = next((path for path in (home, *home.parents) if path.exists()), Path("/"))
    usage = shutil.disk_usage(there)
    if usage.free < LEAST_FREE:
        return (usage.free, usage.total), [f"the disk has {usage.free >> 20} MB left; runs need {LEAST_FREE >> 20} MB"]
    try:
        probe = home / ".writable"
        probe.touch()
        # two may look at once
        probe.unlink(missing_ok=True)
    except OSError as error:
        return (usage.free, usage.total), [f"nothing can be written where runs are kept: {error.strerror}"]
    return (usage.free, usage.total), []

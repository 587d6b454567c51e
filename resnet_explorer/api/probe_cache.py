"""What was probed before, in memory and on disk: moving back to it costs nothing, also after a restart.

Weights and batch of a seed follow from the seed alone, so what a network gave once it gives again.
"""

import hashlib
import json
from collections import OrderedDict
from contextlib import suppress
from dataclasses import asdict, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from threading import Lock

from resnet_explorer import PACKAGE_DIR
from resnet_explorer.gradients.profile import ProbeConfig
from resnet_explorer.networks.network import Network

MAX_NUMBERS = 2_000_000
MAX_BYTES = 64 << 20
# files written between two looks at how much there is on disk
TRIM_EVERY = 200
# what a result follows from
ROOMS = ("language", "networks", "gradients", "models", "training/data")
# by metric a row of values for each seed from 0 on, and the losses
Rows = tuple[dict[str, tuple[tuple[float, ...], ...]], tuple[float, ...]]
NOTHING: Rows = ({}, ())


class ProbeCache:
    """Seeds measured, by network and conditions; those that were not needed for longest are dropped."""

    def __init__(self, folder: Path | None = None, max_numbers: int = MAX_NUMBERS, max_bytes: int = MAX_BYTES) -> None:
        """Without a folder nothing is written."""
        self.folder, self.max_numbers, self.max_bytes = folder, max_numbers, max_bytes
        self.size = 0
        self.rows: OrderedDict[str, Rows] = OrderedDict()
        self._written = 0
        self._lock = Lock()

    def get(self, key: str) -> Rows:
        """The seeds measured so far; none where nothing is known."""
        with self._lock:
            if key in self.rows:
                self.rows.move_to_end(key)
                return self.rows[key]
            rows = self._read(key)
            if rows[1]:
                self._put(key, rows)
            return rows

    def put(self, key: str, rows: Rows) -> None:
        """Keep the seeds of a key."""
        with self._lock:
            self._put(key, rows)
            self._write(key, rows)

    def _put(self, key: str, rows: Rows) -> None:
        self.size -= _size(self.rows.pop(key, NOTHING))
        self.rows[key] = rows
        self.size += _size(rows)
        while self.size > self.max_numbers:
            self.size -= _size(self.rows.popitem(last=False)[1])

    def _read(self, key: str) -> Rows:
        # a file that was cut off or spoilt is measured again
        with suppress(OSError, ValueError, TypeError, AttributeError):
            if self.folder:
                path = self.folder / f"{key}.json"
                values, losses = json.loads(path.read_text())
                tables = {name: tuple(tuple(map(float, row)) for row in table) for name, table in values.items()}
                path.touch()
                whole = tables and all(len(table) == len(losses) for table in tables.values())
                return (tables, tuple(map(float, losses))) if whole else NOTHING
        return NOTHING

    def _write(self, key: str, rows: Rows) -> None:
        # a full disk costs a measurement, not an answer
        with suppress(OSError):
            if self.folder:
                self.folder.mkdir(parents=True, exist_ok=True)
                whole = self.folder / f"{key}.part"
                whole.write_text(json.dumps(rows))
                whole.replace(self.folder / f"{key}.json")
                if self._written % TRIM_EVERY == 0:
                    _trim(self.folder, self.max_bytes)
                self._written += 1


def cache_key(network: Network, config: ProbeConfig, images: bytes) -> str:
    """Names a network, conditions and this version; not the seeds: those of a shorter question begin a longer one."""
    conditions = {**asdict(replace(config, seeds=1)), "network": network.id, "version": code_version()}
    text = json.dumps(conditions, sort_keys=True).encode()
    return hashlib.sha256(text + images).hexdigest()[:32]


@cache
def code_version() -> str:
    """Names the code that a result follows from: torch's version, and the source of the rooms that measure."""
    source = hashlib.sha256()
    for path in sorted(path for room in ROOMS for path in (PACKAGE_DIR / room).rglob("*.py")):
        source.update(path.read_bytes())
    try:
        return f"torch {version('torch')}, {source.hexdigest()[:12]}"
    except PackageNotFoundError:
        return source.hexdigest()[:12]


def _size(rows: Rows) -> int:
    return sum(len(row) for table in rows[0].values() for row in table)


def _trim(folder: Path, max_bytes: int) -> None:
    """Remove the files that were read longest ago, beyond so many bytes."""
    total = 0
    for path, stat in sorted(((path, path.stat()) for path in folder.iterdir()), key=lambda pair: -pair[1].st_mtime):
        total += stat.st_size
        if total > max_bytes:
            path.unlink(missing_ok=True)

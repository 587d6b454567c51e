"""A home and the folder of its copies; a Ray cluster."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from resnet_explorer.executors import restore
from tests.fixtures.ray_nodes import RayNodes, ray_nodes
from tests.fixtures.snapshots import Place


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """However little room the disk of this machine has."""
    monkeypatch.setattr(restore, "ROOM", 0)
    return Place(tmp_path)


@pytest.fixture(scope="session")
def nodes() -> Iterator[RayNodes]:
    """One for all tests that kill none of it."""
    with ray_nodes(2) as nodes:
        yield nodes

"""A home and the folder of its copies."""

from pathlib import Path

import pytest

from resnet_explorer.executors import restore
from tests.fixtures.snapshots import Place


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """However little room the disk of this machine has."""
    monkeypatch.setattr(restore, "ROOM", 0)
    return Place(tmp_path)

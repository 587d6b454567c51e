"""A home on a disk that is mounted read-only: what is there can be read, and nothing new is begun, in a sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures.cases import Count
from tests.fixtures.paths import ROOT
from tests.fixtures.runs import queued_training, state, supervised, until

# in a name space of its own, where the mount ends with the command
MOUNT = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'


def read_only(home: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A command that finds its home on a read-only disk."""
    variables = {**os.environ, "RESNET_EXPLORER_HOME": str(home)}
    words = ["unshare", "-rm", "sh", "-c", MOUNT, str(home), *command]
    return subprocess.run(words, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    if read_only(home, "true").returncode:
        pytest.skip("nothing may be mounted here")
    with supervised(home):
        folder = queued_training(home)
        folder.write_command("stop")
        until(lambda: state(folder) == "stopped")
    return home


@pytest.mark.parametrize(
    ("verb", "code", "reason"),
    [
        ("runs", 0, "stopped"),
        ("show RUN", 0, "cifar-basic-8"),
        ("curves RUN", 0, ""),
        ("export-run RUN --form jsonl", 0, "queued"),
        ("export-run RUN --form card", 0, "resnet-explorer-run-card"),
        ("train cifar-basic-8", 2, "Read-only file system"),
        ("resume RUN", 2, "Read-only file system"),
        ("remove RUN", 2, "Read-only file system"),
        ("serve", 1, "Read-only file system"),
    ],
)
def test_what_is_there_is_read_and_nothing_new_is_begun(
    home: Path, count: Count, verb: str, code: int, reason: str
) -> None:
    run = next((home / "runs").iterdir()).name
    with count():
        ended = read_only(home, sys.executable, "-m", "resnet_explorer", *verb.replace("RUN", run).split())
        assert ended.returncode == code, ended.stderr
        assert reason in (ended.stderr if code else ended.stdout)
        assert not code or ended.stderr.count("\n") == 1

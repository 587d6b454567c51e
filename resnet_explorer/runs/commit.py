"""The commit of this program, which a run and a verdict are launched from."""

import os
import subprocess
from functools import cache

from resnet_explorer import PACKAGE_DIR


@cache
def program_commit() -> str:
    """The commit of this program at the first call; where it is no git clone, what the environment says of it."""
    try:
        git = subprocess.run(["git", "rev-parse", "HEAD"], cwd=PACKAGE_DIR, capture_output=True, text=True, timeout=5)
    except (OSError, subprocess.SubprocessError):
        return _built_from()
    return git.stdout.strip()[:40] if git.returncode == 0 else _built_from()


def _built_from() -> str:
    """The commit that an image was built from."""
    return os.environ.get("RESNET_EXPLORER_COMMIT", "")[:40]

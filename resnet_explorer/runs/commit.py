"""The commit of this program, which a run and a verdict are launched from."""

import subprocess
from functools import cache

from resnet_explorer import PACKAGE_DIR


@cache
def program_commit() -> str:
    """The commit of this program at the first call, or nothing where it is not a git clone."""
    try:
        git = subprocess.run(["git", "rev-parse", "HEAD"], cwd=PACKAGE_DIR, capture_output=True, text=True, timeout=5)
    except (OSError, subprocess.SubprocessError):
        return ""
    return git.stdout.strip()[:40] if git.returncode == 0 else ""

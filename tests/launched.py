"""The real app in a process of its own, for tests that speak to it from outside."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.fixtures.paths import ROOT


@contextmanager
def launched() -> Iterator[str]:
    """Start the app with a home of its own on a free port, give its address, and end it."""
    with TemporaryDirectory() as home, started(Path(home), free_port()) as (address, _):
        yield address


@contextmanager
def started(home: Path, port: int) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The app over a home that may have been used before: its address, and its process, which may be killed."""
    command = [sys.executable, "-u", "app.py", "--port", str(port)]
    app = subprocess.Popen(command, cwd=ROOT, env=_environment(home), stdout=subprocess.PIPE, text=True)
    try:
        assert app.stdout is not None
        # it says where it runs once it answers
        said = next((line for line in app.stdout if "Running on local URL" in line), "")
        assert said, "the app ended before it answered"
        yield f"http://127.0.0.1:{port}", app
    finally:
        app.terminate()
        app.wait(timeout=20)
        if app.stdout is not None:
            app.stdout.close()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _environment(home: Path) -> dict[str, str]:
    return {
        **os.environ,
        "RESNET_EXPLORER_HOME": str(home),
        "GRADIO_SERVER_NAME": "127.0.0.1",
        "NO_PROXY": "127.0.0.1,localhost",
    }

"""The real app in a process of its own, for tests that speak to it from outside."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent


@contextmanager
def launched() -> Iterator[str]:
    """Start the app on a free port, give its address, and end it."""
    port = _free_port()
    command = [sys.executable, "-u", "app.py", "--port", str(port)]
    app = subprocess.Popen(command, cwd=ROOT, env=_environment(), stdout=subprocess.PIPE, text=True)
    try:
        assert app.stdout is not None
        # it says where it runs once it answers
        said = next((line for line in app.stdout if "Running on local URL" in line), "")
        assert said, "the app ended before it answered"
        yield f"http://127.0.0.1:{port}"
    finally:
        app.terminate()
        app.wait(timeout=20)
        if app.stdout is not None:
            app.stdout.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _environment() -> dict[str, str]:
    return {**os.environ, "GRADIO_SERVER_NAME": "127.0.0.1", "NO_PROXY": "127.0.0.1,localhost"}

"""A Gradio app to compare with: an empty one."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.fixtures.app_process import free_port

EMPTY = "import gradio\nwith gradio.Blocks() as app: pass\napp.launch()"


@contextmanager
def gradio_app(code: str) -> Iterator[tuple[str, int]]:
    """The address and the process of an app that has started."""
    port = free_port()
    environment = {**os.environ, "GRADIO_SERVER_PORT": str(port), "GRADIO_ANALYTICS_ENABLED": "False"}
    app = subprocess.Popen([sys.executable, "-u", "-c", code], env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert app.stdout is not None
        assert any("Running on local URL" in line for line in app.stdout)
        yield f"http://127.0.0.1:{port}", app.pid
    finally:
        app.terminate()
        app.wait(timeout=20)
        if app.stdout is not None:
            app.stdout.close()

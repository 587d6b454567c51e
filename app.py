"""Builds the page and launches it: the entry point for a person, Docker and a Space.

python app.py [--port 7860] [--mcp]
"""

import argparse
import os
import sys
import threading
from importlib.util import find_spec

# before gradio and torch are imported: no telemetry, and threads that wait without burning a core
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000")
os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "200")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
# but long enough to bridge the gap between two layers: a probe takes half the time, also on a busy machine
os.environ.setdefault("GOMP_SPINCOUNT", "10000")

from resnet_explorer import api
from resnet_explorer.ui.head import head
from resnet_explorer.ui.page import build_app
from resnet_explorer.ui.site import site

demo = build_app()


def main() -> None:
    """Launch the page, then load torch while the visitor reads."""
    given = _arguments()
    demo.launch(
        server_port=given.port,
        # a person at a terminal wants to see the page; a container and a test do not
        inbrowser=sys.stdout.isatty() and "SPACE_ID" not in os.environ,
        mcp_server=given.mcp,
        app_kwargs={"routes": site()},
        head=head(),
        ssr_mode=False,
        run_history=False,
        enable_monitoring=False,
        max_file_size="20mb",
        state_session_capacity=500,
        footer_links=[],
        prevent_thread_lock=True,
    )
    threading.Thread(target=_warm, name="warm", daemon=True).start()
    demo.block_thread()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Open ResNet Explorer.")
    parser.add_argument("--port", type=int, help="the port to serve on; otherwise GRADIO_SERVER_PORT, or 7860 and up")
    parser.add_argument("--mcp", action="store_true", help="serve the verbs to MCP clients too (requirements-mcp.txt)")
    return parser.parse_args()


def _warm() -> None:
    """Probe something small, so that the first gradient figure does not wait for torch to load."""
    if find_spec("torch"):
        api.probe(["cifar-basic-8"], seeds=1, batch=1)


if __name__ == "__main__":
    main()

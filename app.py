"""Builds the page and launches it: the entry point for a person, Docker and a Space.

python app.py [--port 7860] [--mcp]

Runs live in RESNET_EXPLORER_HOME, otherwise ~/.resnet-explorer; one page at a time works on them, a second one ends
with code 3. RESNET_EXPLORER_SHARED=off lets all who reach the page stop any run and read folders of this machine.
"""

import argparse
import os
import signal
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

import gradio as gr

from resnet_explorer.api import gradients
from resnet_explorer.api.runs import Runs
from resnet_explorer.errors import ExplorerError
from resnet_explorer.executors.local import Local
from resnet_explorer.executors.lock import GUEST, HomeLock
from resnet_explorer.executors.supervisor import Supervisor
from resnet_explorer.runs.run_folder import resolve_home
from resnet_explorer.ui.app import build_app
from resnet_explorer.ui.head import head
from resnet_explorer.ui.site import all_routes
from resnet_explorer.ui.train.sse import RunEventStream

HOME_IS_TAKEN = 3
# seconds that the server gets to say goodbye once every run is safe
GOODBYE = 1.0


def main() -> None:
    """Launch the page, then load torch while the visitor reads; work on runs until somebody ends it."""
    given = _arguments()
    home = resolve_home(os.environ.get("RESNET_EXPLORER_HOME", ""))
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    desk = Supervisor(home, Local())
    runs = Runs(home, shared=_shared())
    told = RunEventStream(runs)
    try:
        _refuse_taken(HomeLock(home, "page"))
        demo = _launched(runs, told, given)
        desk.start()
    except ExplorerError as error:
        print(error, file=sys.stderr)
        sys.exit(HOME_IS_TAKEN)
    except OSError as error:
        # the home cannot be written, or the port is taken
        print(f"the page cannot be opened: {error}", file=sys.stderr)
        sys.exit(1)
    threading.Thread(target=_warm, name="warm", daemon=True).start()
    ended.wait()
    told.close()
    closing = threading.Thread(target=demo.close, kwargs={"verbose": False}, daemon=True)
    closing.start()
    desk.stop()
    closing.join(GOODBYE)
    sys.stdout.flush()
    # what a visitor's probe still computes is nobody's any more, and is not waited for
    os._exit(0)


def _shared() -> bool:
    """Whether strangers may come: on a Space, or where the page is served beyond this machine."""
    beyond = os.environ.get("GRADIO_SERVER_NAME", "127.0.0.1") not in ("127.0.0.1", "localhost", "::1")
    usual = "on" if beyond or "SPACE_ID" in os.environ else "off"
    return os.environ.get("RESNET_EXPLORER_SHARED", usual) == "on"


def _refuse_taken(lock: HomeLock) -> None:
    """Find out before the page is shown; a command line lets go of the home when it is done."""
    if lock.acquire():
        lock.release()
    elif lock.holder().get("role") != GUEST:
        raise lock.refusal()


def _launched(runs: Runs, told: RunEventStream, given: argparse.Namespace) -> gr.Blocks:
    demo = build_app(runs)
    demo.launch(
        server_port=given.port,
        # a person at a terminal wants to see the page; a container and a test do not
        inbrowser=sys.stdout.isatty() and "SPACE_ID" not in os.environ,
        mcp_server=given.mcp,
        app_kwargs={"routes": all_routes(runs, told)},
        head=head(),
        ssr_mode=False,
        run_history=False,
        enable_monitoring=False,
        max_file_size="20mb",
        state_session_capacity=500,
        footer_links=[],
        prevent_thread_lock=True,
    )
    return demo


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Open ResNet Explorer.")
    parser.add_argument("--port", type=int, help="the port to serve on; otherwise GRADIO_SERVER_PORT, or 7860 and up")
    parser.add_argument("--mcp", action="store_true", help="serve the verbs to MCP clients too (requirements-mcp.txt)")
    return parser.parse_args()


def _warm() -> None:
    """Probe something small, so that the first gradient figure does not wait for torch to load."""
    if find_spec("torch"):
        gradients.probe(["cifar-basic-8"], seeds=1, batch=1)


if __name__ == "__main__":
    main()

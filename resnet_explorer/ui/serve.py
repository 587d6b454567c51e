"""Opens the page over a home folder, and works on its runs until somebody ends it.

Runs live in RESNET_EXPLORER_HOME, otherwise ~/.resnet-explorer; one page at a time works on them, a second one ends
with code 3. RESNET_EXPLORER_SNAPSHOTS names a folder for copies of the runs. RESNET_EXPLORER_SHARED=off lets all who
reach the page stop any run and read folders of this machine.
"""

import logging
import os
import resource
import signal
import sys
import threading
from contextlib import suppress
from functools import cache

# before gradio is imported: no telemetry
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000")
os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "200")

import gradio as gr

from resnet_explorer.api.lessons import VARIABLE as LESSON
from resnet_explorer.errors import ExplorerError, RunError
from resnet_explorer.ui.app import build_app, launch_options
from resnet_explorer.ui.class_links import hand_out
from resnet_explorer.ui.logs import start_log
from resnet_explorer.ui.services import Services, services

LOG = logging.getLogger(__name__)
HOME_IN_USE = 3
# of visitors, kept for their events: 60 KB each
SESSIONS = 500
EVERYWHERE = "0.0.0.0"  # noqa: S104
# seconds that the server gets to close its connections once every run is safe
CLOSING_SECONDS = 1.0


@cache
def page() -> gr.Blocks:
    """The page over the services of this process."""
    return build_app(services())


def reloading() -> bool:
    """Whether this thread runs a file again because it has changed, as `gradio app.py` does."""
    return not gr.NO_RELOAD


def serve(port: int | None = None, mcp: bool = False, lesson: str = "") -> None:
    """Launch the page; workers load torch while the visitor reads. The process ends with it.

    Without a port it takes GRADIO_SERVER_PORT, or the first free one from 7860 up; `mcp` serves the verbs to MCP
    clients too; `lesson` is the file of one, for a class.
    """
    if lesson and os.environ.get(LESSON) != lesson:
        os.environ[LESSON] = lesson
        # they may have been built without it
        page.cache_clear()
        services.cache_clear()
        # a lesson that cannot be read is refused as any argument
        services()
    port = _named_port() if port is None else port
    start_log()
    _open_many_files()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    try:
        services().refuse_home_in_use()
        _launch(page(), port, mcp)
    except ExplorerError as error:
        print(error, file=sys.stderr)
        sys.exit(HOME_IN_USE)
    except OSError as error:
        # the home cannot be written, or the port is taken
        print(f"the page cannot be opened: {error}", file=sys.stderr)
        sys.exit(1)
    LOG.info("the page is open on port %s", page().server_port)
    if shown := services().lesson:
        print(hand_out(shown, page().server_port, os.environ.get("GRADIO_ROOT_PATH", "")), flush=True)
    stopping.wait()
    LOG.info("the page is closing; runs are saved")
    _close(page(), services())


def _open_many_files() -> None:
    """Let the process have as many connections as it may: a stream for each page that follows runs."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _named_port() -> int | None:
    """The port that the environment names: it is served or refused, as one that an argument names."""
    text = os.environ.get("GRADIO_SERVER_PORT", "")
    if not text:
        return None
    if not text.isdecimal() or not 0 < int(text) < 1 << 16:
        raise RunError(f"GRADIO_SERVER_PORT is a number from 1 to 65535, not {text[:20]!r}")
    return int(text)


def _launch(demo: gr.Blocks, port: int | None, mcp: bool) -> None:
    """Let the page listen."""
    demo.launch(
        server_port=port,
        # a class comes from the network
        server_name=os.environ.get("GRADIO_SERVER_NAME", EVERYWHERE if services().lesson else None),
        # a person at a terminal wants to see the page; a container and a test do not
        inbrowser=sys.stdout.isatty() and "SPACE_ID" not in os.environ,
        mcp_server=mcp,
        state_session_capacity=SESSIONS,
        prevent_thread_lock=True,
        # no look at the page before visitors come: a busy machine may answer later than Gradio waits, and it would end
        _frontend=False,
        **launch_options(services()),
    )


def _close(demo: gr.Blocks, services: Services) -> None:
    """Save every run, close the server as far as it manages in time, and end the process."""
    services.events.close()
    closing = threading.Thread(target=demo.close, kwargs={"verbose": False}, daemon=True)
    closing.start()
    services.stop()
    closing.join(CLOSING_SECONDS)
    sys.stdout.flush()
    # a probe that still computes for a visitor who has left is not waited for
    os._exit(0)

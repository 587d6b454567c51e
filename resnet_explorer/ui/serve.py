"""Opens the page over a home folder, and works on its runs until somebody ends it.

Runs live in RESNET_EXPLORER_HOME, otherwise ~/.resnet-explorer; one page at a time works on them, a second one ends
with code 3. RESNET_EXPLORER_SHARED=off lets all who reach the page stop any run and read folders of this machine.
"""

import os
import signal
import sys
import threading

# before gradio is imported: no telemetry
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000")
os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "200")

import gradio as gr

from resnet_explorer.api.probe_cache import ProbeCache
from resnet_explorer.api.probe_runner import WARM_UP, ProbeRunner
from resnet_explorer.api.runs import Runs
from resnet_explorer.errors import ExplorerError
from resnet_explorer.executors.compute import Call
from resnet_explorer.executors.compute_pool import ComputePool
from resnet_explorer.executors.local import Local, available_memory, cores
from resnet_explorer.executors.lock import GUEST, HomeLock
from resnet_explorer.executors.supervisor import Supervisor
from resnet_explorer.figures.theme import DASHES
from resnet_explorer.runs.run_folder import resolve_home
from resnet_explorer.ui.app import all_routes, build_app
from resnet_explorer.ui.head import head
from resnet_explorer.ui.train.sse import RunEventStream

HOME_IN_USE = 3
# seconds that the server gets to close its connections once every run is safe
CLOSING_SECONDS = 1.0


def serve(port: int | None = None, mcp: bool = False) -> None:
    """Launch the page; workers load torch while the visitor reads. The process ends with it.

    Without a port it takes GRADIO_SERVER_PORT, or the first free one from 7860 up; `mcp` serves the verbs to MCP
    clients too.
    """
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    home = resolve_home(os.environ.get("RESNET_EXPLORER_HOME", ""))
    local = Local()
    supervisor, pool = Supervisor(home, local), _pool(local)
    runner = ProbeRunner(pool, ProbeCache(home / "probes"))
    runs = Runs(home, shared=_is_shared())
    events = RunEventStream(runs)
    try:
        _refuse_home_in_use(HomeLock(home, "page"))
        demo = _launch(runs, runner, events, port, mcp)
        supervisor.start()
        pool.start()
    except ExplorerError as error:
        print(error, file=sys.stderr)
        sys.exit(HOME_IN_USE)
    except OSError as error:
        # the home cannot be written, or the port is taken
        print(f"the page cannot be opened: {error}", file=sys.stderr)
        sys.exit(1)
    stopping.wait()
    pool.close()
    _close(demo, events, supervisor)


def _pool(local: Local) -> ComputePool:
    """Workers for what visitors wait for: one a core, in half of the memory, beside those that train."""
    return ComputePool(local.hire, min(cores(), len(DASHES)), available_memory() // 2, Call(WARM_UP))


def _is_shared() -> bool:
    """Whether strangers may come: on a Space, or where the page is served beyond this machine."""
    beyond = os.environ.get("GRADIO_SERVER_NAME", "127.0.0.1") not in ("127.0.0.1", "localhost", "::1")
    usual = "on" if beyond or "SPACE_ID" in os.environ else "off"
    return os.environ.get("RESNET_EXPLORER_SHARED", usual) == "on"


def _refuse_home_in_use(lock: HomeLock) -> None:
    """Raise before the page is shown if another page has the home; a command line lets go of it when it is done."""
    if lock.acquire():
        lock.release()
    elif lock.holder().get("role") != GUEST:
        raise lock.refusal()


def _launch(runs: Runs, runner: ProbeRunner, events: RunEventStream, port: int | None, mcp: bool) -> gr.Blocks:
    """The page, listening."""
    demo = build_app(runs, runner)
    demo.launch(
        server_port=port,
        # a person at a terminal wants to see the page; a container and a test do not
        inbrowser=sys.stdout.isatty() and "SPACE_ID" not in os.environ,
        mcp_server=mcp,
        app_kwargs={"routes": all_routes(runs, runner, events)},
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


def _close(demo: gr.Blocks, events: RunEventStream, supervisor: Supervisor) -> None:
    """Save every run, close the server as far as it manages in time, and end the process."""
    events.close()
    closing = threading.Thread(target=demo.close, kwargs={"verbose": False}, daemon=True)
    closing.start()
    supervisor.stop()
    closing.join(CLOSING_SECONDS)
    sys.stdout.flush()
    # a probe that still computes for a visitor who has left is not waited for
    os._exit(0)

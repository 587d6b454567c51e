"""The process that workers are forked from: it has torch loaded, so that a run begins in a moment.

Orders come as lines of JSON on its standard input, answers go out on its standard output:

    {"start": RUN, "path": FOLDER, "attempt": 1, "kinds": {...}, "device": "cpu", "threads": 1, ...}
    {"signal": RUN, "number": 15}
    {"ready": true, "gpus": []}    {"started": RUN, "pid": 4711}    {"ended": RUN, "code": 0}

Workers that compute for the page have no run: each is forked when the end of a connection comes through a socket
of its own, and answers the calls that come through that connection.

It is no thread's child but the page's: it ends, and all workers with it, when its input does.
It must never run a kernel, begin a thread or touch a GPU: a fork would inherit half of that.
"""

import gc
import os
import re
import socket
import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module

from resnet_explorer import PACKAGE_DIR

SECRET = re.compile(r"AUTH|KEY|TOKEN|SECRET|PASSW|CREDENTIAL|COOKIE|METRICS", re.IGNORECASE)
# threads that wait without burning a core, but bridge the gap between two layers; and none before a worker asks
QUIET = {
    "OMP_WAIT_POLICY": "PASSIVE",
    "GOMP_SPINCOUNT": "10000",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


def launch(preload: Sequence[str]) -> "tuple[subprocess.Popen[bytes], socket.socket]":
    """Start the process, with an environment that holds no secret; the socket takes connections for new workers."""
    harmless = {name: value for name, value in os.environ.items() if not SECRET.search(name)}
    path = os.pathsep.join([str(PACKAGE_DIR.parent), *filter(None, sys.path)])
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "resnet_explorer.executors.launcher", str(theirs.fileno()), *preload],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**harmless, **QUIET, "PYTHONPATH": path},
            pass_fds=[theirs.fileno()],
        )
    return process, ours


def main(connections: int, preload: Sequence[str]) -> None:
    """Load what workers need, then fork them."""
    forks = import_module("resnet_explorer.executors.fork_server")
    forks.die_with_parent()
    forks.ignore_signals()
    answers = os.dup(1)
    # what a module prints must not be taken for an answer
    os.dup2(2, 1)
    for name in preload:
        try:
            import_module(name)
        except ImportError as error:
            # the run that needs it says so in its journal
            print(f"{name} cannot be loaded: {error}", file=sys.stderr)
    gc.collect()
    gc.freeze()
    forks.ForkServer(0, answers, connections).serve()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])

"""What a worker that computes does from its birth to its end: one call after the other, until the page hangs up."""

import ctypes
import gc
import os
import signal
import sys
import traceback
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import NoReturn

from resnet_explorer.executors.compute import compute
from resnet_explorer.executors.worker_process import limit_damage

# below the page, which must answer meanwhile, and above runs, which nobody waits for
NICE = 3
# seconds without a call until memory that is free goes back to the system: after each call that would take 30 ms
IDLE = 10.0


def serve_calls(file: int, idle: float = IDLE) -> NoReturn:
    """Answer calls with pairs of value and error; the first one, the warm-up, comes as any other."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    limit_damage(NICE)
    try:
        with Connection(file) as connection:
            while True:
                if not connection.poll(idle):
                    release_memory()
                connection.send(compute(connection.recv()))
    except (EOFError, ConnectionError):
        pass
    finally:
        if sys.exc_info()[0]:
            # a fault of ours: the caller only learns that its worker ended
            traceback.print_exc()
        sys.stderr.flush()
        os._exit(0)


def release_memory() -> None:
    """Give memory that is free back to the system; glibc alone keeps it, half of what a worker holds."""
    gc.collect()
    with suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)

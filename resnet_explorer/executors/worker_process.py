"""The process of one run, from its fork to its end: its files, its limits, and the thread that enforces them."""

import os
import resource
import select
import signal
import sys
import threading
import time
import traceback
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from resnet_explorer.errors import JournalError
from resnet_explorer.executors.base import LOG, PAUSE, StopRequest
from resnet_explorer.executors.jobs import run
from resnet_explorer.runs.events import Failed, Interrupted
from resnet_explorer.runs.run_folder import RunFolder

# bytes of one file; packs of decoded images are the largest
MAX_FILE = 8 << 30
NICE = 5
# asks a worker to leave its slot to another run
PAUSE_SIGNAL = signal.SIGUSR1
# seconds between two looks at the limits
WATCH = 0.25
# seconds from a reason to end until the process is killed
GRACE = 5.0


def run_worker(order: Mapping[str, Any], orders: int) -> NoReturn:
    """Do one run, and end without the interpreter's clean-up; `orders` is a file that lives as long as the owner."""
    code = 1
    try:
        folder, stop = RunFolder(Path(order["path"])), StopRequest()
        owner = _move_into(folder, orders)
        _stop_on_signals(stop)
        _LimitWatchdog(stop, owner, order["memory"], order["seconds"]).start()
        run(folder, order["attempt"], order["kinds"], order["device"], order["threads"], stop)
        code = 0
    except OSError as error:
        # the journal itself cannot be written; the owner says why
        code = error.errno or 1
    except JournalError:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _move_into(folder: RunFolder, orders: int) -> int:
    """Take the run's folder, a log for output, and limits; returns another number for the orders."""
    owner = os.dup(orders)
    os.chdir(folder.path)
    _replace_file(0, os.open(os.devnull, os.O_RDONLY))
    log = os.open(LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    _replace_file(2, log)
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_FILE, MAX_FILE))
    limit_damage(NICE)
    return owner


def limit_damage(nice: int) -> None:
    """Leave no core file, stand back behind the page, and be what the kernel ends first where memory runs out."""
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(nice)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def _replace_file(number: int, file: int) -> None:
    os.dup2(file, number)
    os.close(file)


def _stop_on_signals(stop: StopRequest) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, lambda *_: stop.set(Interrupted("the server ended", "server")))
    signal.signal(PAUSE_SIGNAL, lambda *_: stop.set(PAUSE))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM, PAUSE_SIGNAL])


class _LimitWatchdog(threading.Thread):
    """Kills the worker when its owner ends, and asks it to stop where it takes more memory or time than it may."""

    def __init__(self, stop: StopRequest, owner: int, memory: int, seconds: float) -> None:
        super().__init__(name="watch", daemon=True)
        self.stop, self.owner = stop, owner
        self.memory, self.seconds = memory, seconds

    def run(self) -> None:
        # reports the end of the file, which comes when the owner ends
        owner = select.poll()
        owner.register(self.owner, 0)
        begin = time.monotonic()
        exceeded = 0.0
        while not owner.poll(WATCH * 1000):
            now = time.monotonic()
            if resident() > self.memory > 0:
                exceeded = exceeded or now
                cap = f"{self.memory / 1e9:.1f} GB"
                self.stop.set(Failed(f"it took more than the {cap} of memory that a run may", "memory"))
            if now - begin > self.seconds > 0:
                exceeded = exceeded or now
                self.stop.set(Interrupted("it took longer than a run may", "wall_time"))
            if exceeded and now - exceeded > GRACE:
                break
        os.kill(os.getpid(), signal.SIGKILL)


def resident(process: int = 0) -> int:
    """Bytes of memory a process holds, by default this one, without the files that are mapped into it."""
    try:
        _, resident_pages, shared_pages, *_ = map(int, Path(f"/proc/{process or 'self'}/statm").read_text().split())
        return (resident_pages - shared_pages) * resource.getpagesize()
    except OSError:
        return 0

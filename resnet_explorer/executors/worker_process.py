"""What a worker does between its birth and its run: it takes limits upon itself, and a watch over them."""

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
from resnet_explorer.executors.base import LOG, StopRequest
from resnet_explorer.executors.jobs import run
from resnet_explorer.runs.events import Failed, Interrupted
from resnet_explorer.runs.run_folder import RunFolder

# bytes of one file; packs of decoded images are the largest
LARGEST_FILE = 8 << 30
NICE = 5
WATCH = 0.25
# seconds between a reason to end and the end by force
GRACE = 5.0


def run_worker(order: Mapping[str, Any], orders: int) -> NoReturn:
    """Do one run and end, without the interpreter's long goodbye."""
    code = 1
    try:
        folder, ending = RunFolder(Path(order["path"])), StopRequest()
        alive = _settled(folder, orders)
        _obey(ending)
        _LimitWatchdog(ending, alive, order["memory"], order["seconds"]).start()
        run(folder, order["attempt"], order["kinds"], order["device"], order["threads"], ending)
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


def _settled(folder: RunFolder, orders: int) -> int:
    """Move into the run's folder, with output of its own and limits; the end of the file given back is the owner's."""
    alive = os.dup(orders)
    os.chdir(folder.path)
    _into(0, os.open(os.devnull, os.O_RDONLY))
    log = os.open(LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    _into(2, log)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    limit_damage(NICE)
    return alive


def limit_damage(nice: int) -> None:
    """Leave no core file, stand back behind the page, and be what the kernel ends first where memory runs out."""
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(nice)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def _into(number: int, file: int) -> None:
    os.dup2(file, number)
    os.close(file)


def _obey(ending: StopRequest) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, lambda *_: ending.set(Interrupted("the server ended", "server")))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])


class _LimitWatchdog(threading.Thread):
    """Ends the worker with its owner, and where it takes more memory or time than it may."""

    def __init__(self, ending: StopRequest, alive: int, memory: int, seconds: float) -> None:
        super().__init__(name="watch", daemon=True)
        self.ending, self.alive = ending, alive
        self.memory, self.seconds = memory, seconds

    def run(self) -> None:
        owner = select.poll()
        owner.register(self.alive, 0)
        born = time.monotonic()
        broken = 0.0
        while not owner.poll(WATCH * 1000):
            now = time.monotonic()
            if resident() > self.memory > 0:
                broken = broken or now
                cap = f"{self.memory / 1e9:.1f} GB"
                self.ending.set(Failed(f"it took more than the {cap} of memory that a run may", "memory"))
            if now - born > self.seconds > 0:
                broken = broken or now
                self.ending.set(Interrupted("it took longer than a run may", "wall_time"))
            if broken and now - broken > GRACE:
                break
        os.kill(os.getpid(), signal.SIGKILL)


def resident() -> int:
    """Bytes of memory this process holds, without the files that are mapped into it."""
    try:
        _, held, shared, *_ = map(int, Path("/proc/self/statm").read_text().split())
        return (held - shared) * resource.getpagesize()
    except OSError:
        return 0

"""The loop of the process that workers are forked from: orders in, workers out, and their ends told."""

import ctypes
import json
import os
import select
import signal
import sys
from contextlib import suppress
from importlib import import_module
from typing import Any

from resnet_explorer.executors.worker_process import run_worker

PR_SET_PDEATHSIG = 1


class ForkServer:
    """Forks a worker for each order, and tells of its end; ends with its input, and all workers with it."""

    def __init__(self, orders: int, answers: int) -> None:
        self.orders, self.answers = orders, answers
        self.runs: dict[int, str] = {}
        self._wake, self._bell = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._text = b""

    def serve(self) -> None:
        """Take orders until there are no more."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._bell, warn_on_full_buffer=False)
        self._say(ready=True, gpus=_gpus())
        while True:
            ready, _, _ = select.select([self.orders, self._wake], [], [])
            if self._wake in ready:
                os.read(self._wake, 4096)
            self._reap(os.WNOHANG)
            if self.orders in ready and not self._obey():
                break
        for pid in self.runs:
            os.kill(pid, signal.SIGKILL)

    def _obey(self) -> bool:
        text = os.read(self.orders, 1 << 16)
        *lines, self._text = (self._text + text).split(b"\n")
        for line in lines:
            order = json.loads(line)
            if "start" in order:
                self._start(order)
            else:
                self._signal(order["signal"], order["number"])
        return bool(text)

    def _start(self, order: dict[str, Any]) -> None:
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            die_with_parent(parent)
            for file in (self._wake, self._bell, self.answers):
                os.close(file)
            run_worker(order, self.orders)
        self.runs[pid] = order["start"]
        self._say(started=order["start"], pid=pid)

    def _signal(self, run: str, number: int) -> None:
        # a worker that has ended and is not reaped yet still has its id
        for pid, name in self.runs.items():
            if name == run:
                os.kill(pid, number)

    def _reap(self, how: int) -> None:
        while self.runs:
            pid, status = os.waitpid(-1, how)
            if not pid:
                return
            self._say(ended=self.runs.pop(pid), code=os.waitstatus_to_exitcode(status))

    def _say(self, **told: Any) -> None:
        # where the owner is gone, the end of its orders comes next
        with suppress(BrokenPipeError):
            os.write(self.answers, (json.dumps(told) + "\n").encode())


def ignore_signals() -> None:
    """Leave a terminal's Ctrl-C, and SIGTERM to a whole group, to the owner; a worker hears SIGTERM again."""
    for ignored in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])


def die_with_parent(parent: int = 0) -> None:
    """Ask the kernel to end this process with the one that made it, whatever happens to that."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if parent and os.getppid() != parent:
        os._exit(1)


def _gpus() -> int:
    """How many GPUs there are, as a child says that may touch them."""
    if "torch" not in sys.modules:
        return 0
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.write(writing, b"%d" % import_module("torch").cuda.device_count())
        os._exit(0)
    os.close(writing)
    told = os.read(reading, 8) if select.select([reading], [], [], 30)[0] else b""
    os.close(reading)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return int(told or 0)

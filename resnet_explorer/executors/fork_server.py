"""The loop of the process that workers are forked from: orders come in, and the ends of workers are reported."""

import ctypes
import json
import os
import select
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib import import_module
from typing import Any, NoReturn

from resnet_explorer.executors.compute_worker import serve_calls
from resnet_explorer.executors.worker_process import PAUSE_SIGNAL, run_worker

PR_SET_PDEATHSIG = 1


class ForkServer:
    """Forks a worker for each order and each connection; ends with its input, and all workers with it."""

    def __init__(self, orders: int, answers: int, connections: int) -> None:
        self.orders, self.answers = orders, answers
        self.connections = socket.socket(fileno=connections)
        # by process; a worker that computes has no run
        self.workers: dict[int, str] = {}
        self._wake, self._bell = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._text = b""

    def serve(self) -> None:
        """Take orders until there are no more."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._bell, warn_on_full_buffer=False)
        connections = self.connections.fileno()
        self._answer(ready=True, gpus=_find_gpus())
        while True:
            ready, _, _ = select.select([self.orders, self._wake, connections], [], [])
            if self._wake in ready:
                os.read(self._wake, 4096)
            self._reap()
            if self.orders in ready and not self._read_orders():
                break
            if connections in ready and not self._accept():
                break
        for pid in self.workers:
            os.kill(pid, signal.SIGKILL)

    def _read_orders(self) -> bool:
        """Follow the orders that have come; False once there will be no more."""
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
        pid = self._fork(partial(run_worker, order, self.orders))
        self.workers[pid] = order["start"]
        self._answer(started=order["start"], pid=pid)

    def _accept(self) -> bool:
        """Fork a worker for the connection that has come; False once there will be no more."""
        message, files, _, _ = socket.recv_fds(self.connections, 1, 1)
        for file in files:
            pid = self._fork(partial(serve_calls, file))
            self.workers[pid] = ""
            os.close(file)
        return bool(message)

    def _fork(self, work: Callable[[], NoReturn]) -> int:
        """The id of a new worker's process, which holds none of the server's own files."""
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            die_with_parent(parent)
            for file in (self._wake, self._bell, self.answers, self.connections.fileno()):
                os.close(file)
            work()
        return pid

    def _signal(self, run: str, number: int) -> None:
        # a worker that has ended and is not reaped yet still has its id
        for pid, name in self.workers.items():
            if name == run:
                os.kill(pid, number)

    def _reap(self) -> None:
        while self.workers:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            if run := self.workers.pop(pid):
                self._answer(ended=run, code=os.waitstatus_to_exitcode(status))

    def _answer(self, **fields: Any) -> None:
        # where the owner is gone, the end of its orders comes next
        with suppress(BrokenPipeError):
            os.write(self.answers, (json.dumps(fields) + "\n").encode())


def ignore_signals() -> None:
    """Leave a terminal's Ctrl-C, and SIGTERM to a whole group, to the owner; a worker hears its signals again."""
    for ignored in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM, PAUSE_SIGNAL])


def die_with_parent(parent: int = 0) -> None:
    """Ask the kernel to end this process with the one that made it, whatever happens to that."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if parent and os.getppid() != parent:
        os._exit(1)


def _find_gpus() -> list[tuple[str, int]]:
    """The name and the bytes of each GPU, read by a child that may touch them."""
    if "torch" not in sys.modules:
        return []
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            cuda = import_module("torch").cuda
            os.write(writing, json.dumps([_properties(cuda, n) for n in range(cuda.device_count())]).encode())
        finally:
            os._exit(0)
    os.close(writing)
    text = os.read(reading, 1 << 16) if select.select([reading], [], [], 30)[0] else b""
    os.close(reading)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return [(str(name), int(memory)) for name, memory in json.loads(text or "[]")]


def _properties(cuda: Any, number: int) -> tuple[str, int]:
    """Name and bytes of a GPU; of one that cannot be opened nothing, and the run that gets it says why."""
    try:
        properties = cuda.get_device_properties(number)
        return properties.name, properties.total_memory
    except RuntimeError:
        return "", 0

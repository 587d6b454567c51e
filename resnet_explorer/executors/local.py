"""Worker processes of this machine: for runs, one GPU or one thread each, and for what the page computes."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from resnet_explorer.errors import JournalError
from resnet_explorer.executors.base import Exit
from resnet_explorer.executors.jobs import KINDS
from resnet_explorer.executors.json_lines import JsonLines
from resnet_explorer.executors.launcher import launch
from resnet_explorer.executors.machine import total_memory
from resnet_explorer.executors.sharing import Gpu, Sharing, slot_names
from resnet_explorer.executors.worker_process import PAUSE_SIGNAL
from resnet_explorer.runs.processes import processes_of
from resnet_explorer.runs.run_folder import RunFolder

PRELOAD = (
    "torch",
    "torch.optim",
    "torch._dynamo",
    "resnet_explorer.training.loop",
    "resnet_explorer.analyses.runner",
    "resnet_explorer.executors.jobs",
)
# seconds until the process that workers are forked from is started again, doubled each time
RETRY, MAX_RETRY = 0.5, 60.0
# seconds that the owner waits longer than the worker itself does
OVERDUE = 10.0
DAY = 86_400.0
# where a run is that takes no slot
BESIDE = "cpu#beside"


class Local:
    """A process that has torch loaded, started once, from which each run's worker is forked."""

    def __init__(
        self,
        kinds: Mapping[str, str] = KINDS,
        slots: int = 0,
        device: str = "auto",
        memory: int = 0,
        seconds: float = 7 * DAY,
        preload: Sequence[str] = PRELOAD,
    ) -> None:
        """Slots 0: one a core, or as many a GPU as `sharing` says.

        `memory` and `seconds` are what a run may take; memory 0: its share.
        """
        self.kinds, self.preload = kinds, preload
        self.device, self.memory, self.seconds = device, memory, seconds
        # the runs that a study has at work at once; 0: one a slot
        self.at_once = 0
        self.sharing = Sharing()
        self.gpus: list[Gpu] = []
        self.pids: dict[str, int] = {}
        self._max_slots = slots
        self._slots: list[str] = []
        self._busy: dict[str, WorkerSlot] = {}
        self._process: subprocess.Popen[bytes] | None = None
        self._connections: socket.socket | None = None
        self._lines: JsonLines | None = None
        self._retry, self._next_start = RETRY, 0.0
        self._open = False

    @property
    def slots(self) -> int:
        """How many runs at once; none until the process is ready."""
        return len(self._slots)

    @property
    def device_names(self) -> list[str]:
        """What runs are trained on here, each once; empty until it is known."""
        return list(dict.fromkeys(name.partition("#")[0] for name in self._slots))

    @property
    def why_shared(self) -> str:
        """How many runs have each GPU, and why; empty on a processor, and where the number of slots was given."""
        return "" if self._max_slots else self.sharing.share(self.gpus).reason

    @property
    def busy(self) -> Mapping[str, int]:
        return {run: slot.attempt for run, slot in self._busy.items()}

    @property
    def process(self) -> int:
        """The id of the process that workers are forked from; 0 while there is none."""
        return self._process.pid if self._process else 0

    def start(self) -> None:
        """Start the process, which is ready a moment later; from the main thread, with which it ends."""
        self._open = True
        if self._process:
            return
        self._process, self._connections = launch(self.preload)
        self._lines = JsonLines(self._process)

    def submit(self, folder: RunFolder, attempt: int, beside: bool = False) -> None:
        names = (BESIDE,) if beside else self._free_slots(folder)
        device = ",".join(dict.fromkeys(name.partition("#")[0] for name in names))
        self._busy[folder.run] = WorkerSlot(names, attempt)
        threads = (self.at_once or self.slots) if beside else 1 if device == "cpu" else max(1, cores() // self.slots)
        order = {"start": folder.run, "path": str(folder.path), "attempt": attempt, "kinds": dict(self.kinds)}
        limits = {"memory": self.memory or available_memory() // self.slots, "seconds": self.seconds}
        self._send(order | limits | {"device": device, "threads": threads})

    def _free_slots(self, folder: RunFolder) -> tuple[str, ...]:
        """As many free slots as a run takes, on different devices first."""
        taken = {name for slot in self._busy.values() for name in slot.names}
        free = [name for name in self._slots if name not in taken]
        try:
            count = processes_of(folder.job())
        except JournalError:
            # its worker says what is wrong with it
            count = 1
        first = {name.partition("#")[0]: name for name in reversed(free)}.values()
        return tuple(sorted(free, key=lambda name: name not in first)[:count])

    def ended(self) -> list[Exit]:
        exits = []
        dead = self._process is not None and self._process.poll() is not None
        for answer in self._read_answers():
            if "ready" in answer:
                self._set_slots([Gpu(*gpu) for gpu in answer["gpus"]])
            elif "started" in answer:
                self.pids[answer["started"]] = answer["pid"]
            elif answer["ended"] in self._busy:
                exits.append(self._release(answer["ended"], answer["code"]))
        if dead:
            exits += [self._release(run, -signal.SIGKILL) for run in list(self._busy)]
            self._drop_process()
        if self._open and not self._process and time.monotonic() > self._next_start:
            self.start()
        self._kill_overdue()
        return exits

    def hire(self) -> Connection | None:
        """A connection to a new worker that computes, ready when the process is; none while there is no process."""
        connections = self._connections
        if not connections:
            return None
        ours, theirs = socket.socketpair()
        # if the process died, it is started again a moment later
        with ours, theirs, suppress(OSError):
            socket.send_fds(connections, [b"+"], [theirs.fileno()])
            return Connection(ours.detach())
        return None

    def cancel(self, run: str, hard: bool = False) -> None:
        self._send({"signal": run, "number": signal.SIGKILL if hard else signal.SIGTERM})

    def pause(self, run: str) -> None:
        self._send({"signal": run, "number": PAUSE_SIGNAL})

    def outlives(self, run: str) -> bool:
        """Never: workers end with this process."""
        return False

    def close(self) -> None:
        """End the process, and with it whatever is left."""
        self._open = False
        if self._process:
            process = self._process
            process.kill()
            process.wait()
            self._drop_process()

    def _set_slots(self, gpus: Sequence[Gpu]) -> None:
        """The devices that runs may have, one name a run, once the GPUs are known."""
        self._retry = RETRY
        self.gpus = [] if self.device == "cpu" else list(gpus)
        if self.gpus:
            self._slots = slot_names(len(self.gpus), self.sharing.share(self.gpus).runs, self._max_slots)
        else:
            self._slots = [f"cpu#{number}" for number in range(self._max_slots or cores())]

    def _release(self, run: str, code: int) -> Exit:
        self.pids.pop(run, None)
        return Exit(run, self._busy.pop(run).attempt, code)

    def _drop_process(self) -> None:
        """The process is gone, or let go of; after a while another is started."""
        assert self._process
        assert self._process.stdin
        assert self._process.stdout
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.stdout.close()
        if self._connections:
            self._connections.close()
        self._process, self._connections, self._slots, self._lines = None, None, [], None
        self._next_start = time.monotonic() + self._retry
        self._retry = min(MAX_RETRY, 2 * self._retry)

    def _send(self, order: Mapping[str, Any]) -> None:
        # where the process died, `ended` reports all that it worked on
        if self._lines:
            self._lines.send(order)

    def _read_answers(self) -> list[dict[str, Any]]:
        return self._lines.read() if self._lines else []

    def _kill_overdue(self) -> None:
        now = time.monotonic()
        for run, slot in self._busy.items():
            if now - slot.since > self.seconds + OVERDUE:
                self.cancel(run, hard=True)


class WorkerSlot:
    """The slots that one attempt of a run has been given, and since when."""

    def __init__(self, names: Sequence[str], attempt: int) -> None:
        self.names, self.attempt = names, attempt
        self.since = time.monotonic()


def cores() -> int:
    """The processors this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def available_memory() -> int:
    """Bytes of memory there are, in this container if it has less than the machine."""
    total = total_memory()
    try:
        return min(total, int(Path("/sys/fs/cgroup/memory.max").read_text()))
    except (OSError, ValueError):
        return total

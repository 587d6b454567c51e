"""What every executor shares: the interface, and `drain`, which turns a generator of events into a run's journal."""

import errno
import os
import signal
import time
import traceback
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import NamedTuple, Protocol

from resnet_explorer.errors import ExplorerError
from resnet_explorer.runs.events import Event, Failed, Finished, Interrupted, Saved, Stopped
from resnet_explorer.runs.run_folder import EventWriter, RunFolder

# how often a worker looks whether it is wanted still, and puts what it wrote on the disk
GLANCE = 0.05
SETTLE = 1.0
LOG = "log.txt"


class Exit(NamedTuple):
    """A worker that ended; the code is that of its process, negative for a signal."""

    run: str
    attempt: int
    code: int


class Executor(Protocol):
    """Where runs are worked on. `submit` only takes what fits into `slots`; no method waits."""

    def start(self) -> None: ...
    @property
    def slots(self) -> int: ...
    @property
    def busy(self) -> Mapping[str, int]:
        """The attempt of each run that is worked on."""

    def submit(self, folder: RunFolder, attempt: int) -> None: ...
    def ended(self) -> list[Exit]:
        """Those that ended since somebody asked."""

    def cancel(self, run: str, hard: bool = False) -> None:
        """Ask a worker to save and end; hard: end it."""

    def close(self) -> None: ...


class StopRequest:
    """Why a run has to end, said by a signal or another thread; the first reason counts."""

    def __init__(self) -> None:
        self.event: Event | None = None

    def set(self, event: Event) -> None:
        self.event = self.event or event


def drain(folder: RunFolder, events: Generator[Event], writer: EventWriter, ending: StopRequest | None = None) -> None:
    """Pull events into the journal until the run ends or is not wanted any more; the last word is always said."""
    pulled = _EventPump(folder, writer, ending or StopRequest())
    try:
        last = pulled.all(events)
    except Exception as error:
        last = event_for_error(error)
        if not isinstance(error, ExplorerError):
            with (folder.path / LOG).open("a") as log:
                traceback.print_exception(error, file=log)
    if last:
        writer.append(last)
    writer.sync()


class _EventPump:
    def __init__(self, folder: RunFolder, writer: EventWriter, ending: StopRequest) -> None:
        self.folder, self.writer, self.ending = folder, writer, ending
        self.step, self.seconds, self.saved = 0, 0.0, 0
        self.looked = self.synced = 0.0

    def all(self, events: Generator[Event]) -> Event | None:
        """The last word, unless the generator has said it."""
        if early := self.unwanted():
            return early
        for event in events:
            self.writer.append(event)
            self.step = getattr(event, "step", self.step)
            self.seconds = getattr(event, "seconds", self.seconds)
            self.settle(event)
            if isinstance(event, Finished | Stopped | Failed | Interrupted):
                events.close()
                return None
            if unwanted := self.unwanted():
                events.close()
                self.note_final_checkpoint()
                return unwanted
        return Failed("it ended without a word", "silent")

    def unwanted(self) -> Event | None:
        """Why to end here, if there is a reason; what a person asked for comes before what befell."""
        if self.ending.event or time.monotonic() - self.looked > GLANCE:
            self.looked = time.monotonic()
            if self.folder.read_command() == "stop":
                return Stopped(self.step, self.seconds)
        return self.ending.event

    def settle(self, event: Event) -> None:
        if isinstance(event, Saved):
            self.saved = event.step
        if isinstance(event, Saved) or time.monotonic() - self.synced > SETTLE:
            self.writer.sync()
            self.synced = time.monotonic()

    def note_final_checkpoint(self) -> None:
        """Tell of the checkpoint that a generator leaves when it is closed: it cannot tell of it itself."""
        for path in sorted(self.folder.path.glob("checkpoints/*.pt"))[-1:]:
            if path.stem.isdigit() and int(path.stem) > self.saved:
                self.writer.append(Saved(int(path.stem), str(path.relative_to(self.folder.path))))


def event_for_error(error: Exception) -> Event:
    """What an error means to the person who reads the run, in one sentence."""
    if isinstance(error, ExplorerError):
        return Failed(str(error))
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Interrupted(FULL, "disk_full")
    if type(error).__name__ == "OutOfMemoryError":
        return Failed("the GPU has too little memory for it; a smaller batch needs less", "oom_gpu")
    if isinstance(error, MemoryError):
        return Failed("the machine has too little memory for it; a smaller batch needs less", "oom")
    said = str(error).strip().split("\n")[0][:200]
    return Failed(f"{type(error).__name__}: {said}" if said else type(error).__name__)


FULL = "the disk is full"


def event_for_exit(exit: Exit) -> Event:
    """What is said for a worker that cannot say it any more."""
    if exit.code == -signal.SIGXCPU:
        return Interrupted("it took longer than a run may", "wall_time")
    if exit.code < 0:
        return Interrupted(f"the worker ended by signal {-exit.code}", "worker_killed")
    if exit.code in (errno.ENOSPC, errno.EDQUOT):
        return Interrupted(FULL, "disk_full")
    return Interrupted(f"the worker ended with code {exit.code}", "worker_killed")


def home_of(folder: RunFolder) -> Path:
    """The home a run is in."""
    return Path(os.path.abspath(folder.path)).parents[1]

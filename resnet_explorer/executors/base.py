"""What every executor shares: the interface, and `drain`, which turns a generator of events into a run's journal."""

import errno
import os
import signal
import time
import traceback
from collections.abc import Generator, Mapping
from contextlib import suppress
from math import isfinite
from pathlib import Path
from typing import NamedTuple, Protocol

from resnet_explorer.errors import ExplorerError, JournalError
from resnet_explorer.runs.events import Event, Failed, Finished, Interrupted, Paused, Saved, Stepped, Stopped
from resnet_explorer.runs.progress import progress
from resnet_explorer.runs.run_folder import EventWriter, RunFolder

# seconds between two readings of a run's command, and between two syncs of its journal to the disk
COMMAND_INTERVAL = 0.05
SYNC_INTERVAL = 1.0
LOG = "log.txt"
DISK_FULL = "the disk is full"
# the request; the event that is written says after which step
PAUSE = Paused(0, 0.0)


class Exit(NamedTuple):
    """A worker that ended; the code is its process's exit code, negative for a signal."""

    run: str
    attempt: int
    code: int


class Executor(Protocol):
    """Where runs are worked on. `submit` is called only for a free slot, or beside; no method waits for a worker."""

    def start(self) -> None: ...
    @property
    def slots(self) -> int: ...
    @property
    def busy(self) -> Mapping[str, int]:
        """The attempt of each run that is worked on, by the run's id."""

    def submit(self, folder: RunFolder, attempt: int, beside: bool = False) -> None:
        """Begin an attempt; `beside` the slots, where it computes nothing and waits for other runs."""

    def ended(self) -> list[Exit]:
        """The workers that ended since the last call."""

    def cancel(self, run: str, hard: bool = False) -> None:
        """Ask a worker to save and end; with `hard`, kill it."""

    def pause(self, run: str) -> None:
        """Ask a worker to save after its next step and end, so that another run can have its slot."""

    def outlives(self, run: str) -> bool:
        """Whether a run goes on when this process ends, and is found again by the next."""

    def close(self) -> None: ...


class StopRequest:
    """Why a run has to end, set by a signal or another thread; the first reason counts, but any before a pause."""

    def __init__(self) -> None:
        self.event: Event | None = None

    def set(self, event: Event) -> None:
        if self.event is None or isinstance(self.event, Paused):
            self.event = event


def drain(
    folder: RunFolder, events: Generator[Event | None], writer: EventWriter, stop: StopRequest | None = None
) -> None:
    """Pull events into the journal until the run ends or has to stop; always appends a final event.

    None is no event: what works on the run only waits, and can be stopped.
    """
    pump = _EventPump(folder, writer, stop or StopRequest())
    try:
        final = pump.run(events)
    except Exception as error:
        final = event_for_error(error)
        if not isinstance(error, ExplorerError):
            with (folder.path / LOG).open("a") as log:
                traceback.print_exception(error, file=log)
    if final:
        writer.append(final)
    writer.sync()


class _EventPump:
    """Writes the events of one generator, and looks between two of them whether the run has to stop."""

    def __init__(self, folder: RunFolder, writer: EventWriter, stop: StopRequest) -> None:
        self.folder, self.writer, self.stop = folder, writer, stop
        self.step, self.seconds, self.saved_step = 0, 0.0, 0
        self.can_pause = False
        self.command_read_at = self.synced_at = 0.0

    def run(self, events: Generator[Event | None]) -> Event | None:
        """The final event that is still to be written; None if the generator gave one itself."""
        if reason := self.reason_to_stop():
            return reason
        for event in events:
            if event:
                self.write(event)
            if isinstance(event, Finished | Stopped | Failed | Interrupted):
                events.close()
                return None
            if reason := self.reason_to_stop():
                events.close()
                self.note_final_checkpoint()
                return reason
        return Failed("it ended without a word", "silent")

    def write(self, event: Event) -> None:
        """Append one event; to the disk at once if it names a checkpoint, else once a second."""
        self.writer.append(event)
        self.step = getattr(event, "step", self.step)
        self.seconds = getattr(event, "seconds", self.seconds)
        # a run without a step in this turn would never get further, and one that diverged is about to fail
        self.can_pause = isfinite(event.loss) if isinstance(event, Stepped) else self.can_pause
        if isinstance(event, Saved):
            self.saved_step = event.step
        if isinstance(event, Saved) or time.monotonic() - self.synced_at > SYNC_INTERVAL:
            self.writer.sync()
            self.synced_at = time.monotonic()

    def reason_to_stop(self) -> Event | None:
        """The final event of a run that has to stop here, or None; a person's command comes before a signal."""
        if self.stop.event or time.monotonic() - self.command_read_at > COMMAND_INTERVAL:
            self.command_read_at = time.monotonic()
            if self.folder.read_command() == "stop":
                return Stopped(self.step, self.seconds)
        if isinstance(self.stop.event, Paused):
            return Paused(self.step, self.seconds) if self.can_pause else None
        return self.stop.event

    def note_final_checkpoint(self) -> None:
        """Append the checkpoint that a generator saves when it is closed, as it can give no event any more."""
        for path in sorted(self.folder.path.glob("checkpoints/*.pt"))[-1:]:
            if path.stem.isdigit() and int(path.stem) > self.saved_step:
                self.writer.append(Saved(int(path.stem), str(path.relative_to(self.folder.path))))


def event_for_error(error: Exception) -> Event:
    """The final event of a run that raised an error, with one sentence for the person who reads the run."""
    if isinstance(error, ExplorerError):
        return Failed(str(error))
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Interrupted(DISK_FULL, "disk_full")
    # by its name, as nothing here loads torch
    if type(error).__name__ == "OutOfMemoryError":
        return Failed("the GPU has too little memory for it; a smaller batch needs less", "oom_gpu")
    if isinstance(error, MemoryError):
        return Failed("the machine has too little memory for it; a smaller batch needs less", "oom")
    first_line = str(error).strip().split("\n")[0][:200]
    return Failed(f"{type(error).__name__}: {first_line}" if first_line else type(error).__name__)


def event_for_exit(exit: Exit) -> Event:
    """The final event of a run whose worker ended without writing one."""
    if exit.code == -signal.SIGXCPU:
        return Interrupted("it took longer than a run may", "wall_time")
    if exit.code < 0:
        return Interrupted(f"the worker ended by signal {-exit.code}", "worker_killed")
    if exit.code in (errno.ENOSPC, errno.EDQUOT):
        return Interrupted(DISK_FULL, "disk_full")
    return Interrupted(f"the worker ended with code {exit.code}", "worker_killed")


def stop_queued(folder: RunFolder) -> None:
    """Stop a run that is still queued; a run that a worker has locked sees the command by itself."""
    with suppress(JournalError, FileNotFoundError), folder.writer() as writer:
        now = progress(folder.records()[0])
        # whoever resumed it since the command was seen holds the writer while taking the command back
        if now.state == "queued" and folder.read_command() == "stop":
            writer.append(Stopped(now.step, now.seconds))


def home_of(folder: RunFolder) -> Path:
    """The home a run is in."""
    return Path(os.path.abspath(folder.path)).parents[1]

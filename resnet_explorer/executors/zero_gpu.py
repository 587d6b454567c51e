"""Runs that train in bursts on a GPU lent by a Hugging Face Space (ZeroGPU); another executor does all else.

The page's process has no GPU. What `spaces` decorates is called in a daemonic process forked from the page's, which has
one for the seconds that were ordered. There a run goes on from its newest checkpoint; before the time is over it saves
and pauses, and so is queued for its next burst, as a run that leaves its slot to another.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import suppress
from contextvars import Context
from dataclasses import dataclass
from importlib import import_module
from math import ceil
from pathlib import Path
from typing import NamedTuple

from resnet_explorer.errors import JournalError
from resnet_explorer.executors.base import PAUSE, Executor, Exit, StopRequest, home_of
from resnet_explorer.executors.fork_server import die_with_parent
from resnet_explorer.executors.jobs import KINDS, run
from resnet_explorer.executors.local import cores
from resnet_explorer.executors.supervisor import append_final_event
from resnet_explorer.runs.events import Interrupted
from resnet_explorer.runs.progress import progress
from resnet_explorer.runs.run_folder import TRAIN, RunFolder

# a burst that may end a run is ordered for so many times what the run takes at the speed it had
SPARE = 1.25
# seconds between two looks at the clock and at what the page asks for
WATCH = 0.05
REQUEST = "burst-request"
# loaded before the fork, so that no burst pays for it
PRELOAD = ("resnet_explorer.training.loop",)


@dataclass(frozen=True)
class BurstLength:
    """The seconds of a GPU that are ordered: `longest` at most, of which all but the `margin` are for training.

    In the margin CUDA starts and a checkpoint is written; a run that cannot pause is interrupted `patience` into it.
    """

    longest: int = 45
    margin: float = 10.0
    patience: float = 5.0


class Order(NamedTuple):
    """One attempt of a run, and the seconds of the GPU that are ordered for it; it can be pickled."""

    path: str
    attempt: int
    kinds: dict[str, str]
    device: str
    seconds: int
    length: BurstLength


BURST = BurstLength()
# gives the id of the process that has the GPU, and at the end an exit code
Burst = Callable[[Order], Generator[int]]


def burst(order: Order) -> Generator[int]:
    """Work on one attempt until it ends or its time is over, in the process that has the GPU."""
    die_with_parent()
    yield os.getpid()
    folder, stop = RunFolder(Path(order.path)), StopRequest()
    _close_inherited_locks(home_of(folder))
    watch = _Watch(folder, order, stop)
    watch.start()
    code, threads = 0, 1 if order.device == "cpu" else cores()
    try:
        run(folder, order.attempt, order.kinds, order.device, threads, stop)
    except (OSError, JournalError) as error:
        # the journal itself cannot be written
        code = getattr(error, "errno", 0) or 1
    finally:
        watch.ended.set()
    yield code


def lent_burst() -> Burst:
    """`burst` as the Space runs it, made before the page is launched: then `spaces` looks for such functions."""
    # installed by the Space, and nowhere else
    import spaces

    for name in PRELOAD:
        import_module(name)
    decorated: Burst = spaces.GPU(duration=seconds_of)(burst)
    return decorated


def seconds_of(order: Order) -> int:
    """The seconds of the GPU that an order is for, which a visitor's quota must still hold."""
    return order.seconds


class ZeroGpu:
    """Runs of the lent kinds train in bursts, each called by a thread of its own; the processor has all others.

    `context_of` gives the context in which the bursts of an owner's runs are called: `spaces` reads from it whose quota
    they are counted on.
    """

    def __init__(
        self,
        processor: Executor,
        burst: Burst,
        context_of: Callable[[str], Context] = lambda _owner: Context(),
        kinds: Mapping[str, str] = KINDS,
        lent: frozenset[str] = frozenset({TRAIN}),
        device: str = "cuda",
        length: BurstLength = BURST,
    ) -> None:
        self.processor, self.burst, self.context_of = processor, burst, context_of
        self.kinds, self.lent, self.device, self.length = kinds, lent, device, length
        self._callers: dict[str, _Caller] = {}

    def start(self) -> None:
        """Start the processor's workers; a burst's process starts with it."""
        self.processor.start()

    @property
    def slots(self) -> int:
        """As many as the processor has: which runs of them get a GPU at once is for the Space to say."""
        return self.processor.slots

    @property
    def busy(self) -> Mapping[str, int]:
        return {**self.processor.busy, **{run: caller.order.attempt for run, caller in self._callers.items()}}

    def submit(self, folder: RunFolder, attempt: int, beside: bool = False) -> None:
        kind, owner = "", ""
        # a job that cannot be read fails as any other
        with suppress(JournalError):
            job = folder.job()
            kind, owner = job.kind, job.owner
        if kind not in self.lent:
            self.processor.submit(folder, attempt, beside)
            return
        seconds = _seconds_needed(folder, self.length)
        order = Order(str(folder.path), attempt, dict(self.kinds), self.device, seconds, self.length)
        # of an attempt that another page did not get a GPU for
        with suppress(OSError):
            (folder.path / REQUEST).unlink()
        self._callers[folder.run] = _Caller(folder, order, self.burst, self.context_of(owner))
        self._callers[folder.run].start()

    def ended(self) -> list[Exit]:
        dead = [caller for caller in self._callers.values() if not caller.is_alive()]
        for caller in dead:
            del self._callers[caller.folder.run]
        exits = [Exit(caller.folder.run, caller.order.attempt, caller.code) for caller in dead]
        return exits + self.processor.ended()

    def cancel(self, run: str, hard: bool = False) -> None:
        if run in self._callers:
            self._callers[run].request("cancel", hard)
        else:
            self.processor.cancel(run, hard)

    def pause(self, run: str) -> None:
        if run in self._callers:
            self._callers[run].request("pause")
        else:
            self.processor.pause(run)

    def outlives(self, run: str) -> bool:
        """Never: bursts end with this process."""
        return False

    def close(self) -> None:
        """End the bursts that are left, and the processor's workers."""
        for caller in self._callers.values():
            caller.request("cancel", hard=True)
        self.processor.close()


class _Caller(threading.Thread):
    """Calls the burst of one attempt; `code` is its exit code, and `process` the id of the process that has the GPU."""

    def __init__(self, folder: RunFolder, order: Order, burst: Burst, context: Context) -> None:
        super().__init__(name=f"burst {folder.run}", daemon=True)
        self.folder, self.order, self.burst, self.context = folder, order, burst, context
        self.process = self.code = 0

    def run(self) -> None:
        try:
            self.code = self.context.run(self._call)
        # of any type: what the Space answers where it lends no GPU, or has taken one away
        except Exception as error:
            self.code = -signal.SIGKILL if self.process else self._refuse(error)
        with suppress(OSError):
            (self.folder.path / REQUEST).unlink()

    def _call(self) -> int:
        messages = self.burst(self.order)
        self.process = next(messages)
        (code,) = messages
        return code

    def _refuse(self, error: Exception) -> int:
        """Interrupt a run that no GPU was lent to, unless somebody has stopped it meanwhile."""
        message = str(getattr(error, "message", "")) or str(error) or type(error).__name__
        final = Interrupted(f"no GPU was lent: {message[:300]}", "no_gpu")
        stopped = self.folder.read_command() == "stop"
        return 0 if stopped or append_final_event(self.folder, self.order.attempt, final) else 1

    def request(self, what: str, hard: bool = False) -> None:
        """Ask the burst to `pause` or to `cancel`; with `hard`, kill its process."""
        with suppress(OSError):
            if hard and self.process:
                os.kill(self.process, signal.SIGKILL)
            else:
                draft = self.folder.path / f".{REQUEST}"
                draft.write_text(f"{self.order.attempt} {what}")
                draft.replace(self.folder.path / REQUEST)


class _Watch(threading.Thread):
    """Asks the run to pause before its time is over, and for what the page requests; no signal comes to its thread."""

    def __init__(self, folder: RunFolder, order: Order, stop: StopRequest) -> None:
        super().__init__(name="watch", daemon=True)
        self.path, self.order, self.stop = folder.path / REQUEST, order, stop
        self.ended = threading.Event()

    def run(self) -> None:
        begin, train = time.monotonic(), self.order.seconds - self.order.length.margin
        while not self.ended.wait(WATCH):
            request = self._read_request()
            seconds = time.monotonic() - begin
            if request == "cancel":
                self.stop.set(Interrupted("the server ended", "server"))
            elif seconds > train + self.order.length.patience:
                reason = f"it could not pause within the {self.order.seconds} seconds that it had a GPU"
                self.stop.set(Interrupted(reason, "wall_time"))
            elif request == "pause" or seconds > train:
                self.stop.set(PAUSE)

    def _read_request(self) -> str:
        """What the page asks of this attempt."""
        try:
            attempt, _, request = self.path.read_text().partition(" ")
        except OSError:
            return ""
        return request if attempt == str(self.order.attempt) else ""


def _seconds_needed(folder: RunFolder, length: BurstLength) -> int:
    """The seconds of the GPU to order: those that the run still takes at the speed it had, and the longest at most."""
    now = progress(folder.records()[0])
    if not now.step or not now.steps:
        return length.longest
    remaining = now.seconds / now.step * (now.steps - now.step)
    return min(length.longest, ceil(length.margin + SPARE * remaining))


def _close_inherited_locks(home: Path) -> None:
    """Close the files of a home whose locks came with the fork: their owner would seem to hold them for ever."""
    for name in os.listdir("/proc/self/fd"):
        with suppress(OSError):
            path = Path(os.readlink(f"/proc/self/fd/{name}"))
            if path == home / "lock" or (path.name == "events.jsonl" and path.is_relative_to(home)):
                os.close(int(name))

"""Runs in threads of this process: for notebooks and tests, and where no process can be started."""

import threading
from collections.abc import Mapping

from resnet_explorer.errors import JournalError
from resnet_explorer.executors.base import PAUSE, Exit, StopRequest
from resnet_explorer.executors.jobs import KINDS, run
from resnet_explorer.runs.events import Interrupted
from resnet_explorer.runs.run_folder import RunFolder


class Inline:
    """One run at a time, unless there are more slots. A thread cannot be killed: it ends between two events."""

    def __init__(
        self, kinds: Mapping[str, str] = KINDS, slots: int = 1, device: str = "auto", threads: int = 1
    ) -> None:
        self.kinds = kinds
        self.slots = slots
        self.device, self.threads = device, threads
        # the runs that a study has at work at once; 0: one a slot
        self.at_once = 0
        self._workers: dict[str, _Worker] = {}

    @property
    def busy(self) -> Mapping[str, int]:
        return {run: worker.attempt for run, worker in self._workers.items()}

    def start(self) -> None:
        """Does nothing: a thread starts with its run."""

    def submit(self, folder: RunFolder, attempt: int, beside: bool = False) -> None:
        worker = _Worker(folder, attempt, self, (self.at_once or self.slots) if beside else self.threads)
        self._workers[folder.run] = worker
        worker.start()

    def ended(self) -> list[Exit]:
        dead = [worker for worker in self._workers.values() if not worker.is_alive()]
        for worker in dead:
            del self._workers[worker.folder.run]
        return [Exit(worker.folder.run, worker.attempt, worker.code) for worker in dead]

    def cancel(self, run: str, hard: bool = False) -> None:
        if run in self._workers:
            self._workers[run].stop.set(Interrupted("the server ended", "server"))

    def pause(self, run: str) -> None:
        if run in self._workers:
            self._workers[run].stop.set(PAUSE)

    def outlives(self, run: str) -> bool:
        """Never: threads end with this process."""
        return False

    def close(self) -> None:
        """Does nothing: threads that are left end with the process."""


class _Worker(threading.Thread):
    """One attempt of a run; `code` tells after its end whether the journal could be written."""

    def __init__(self, folder: RunFolder, attempt: int, inline: Inline, threads: int) -> None:
        super().__init__(name=f"run {folder.run}", daemon=True)
        self.folder, self.attempt, self.inline, self.threads = folder, attempt, inline, threads
        self.stop = StopRequest()
        self.code = 0

    def run(self) -> None:
        inline = self.inline
        try:
            run(self.folder, self.attempt, inline.kinds, inline.device, self.threads, self.stop)
        except (OSError, JournalError) as error:
            # the journal itself cannot be written
            self.code = getattr(error, "errno", 0) or 1

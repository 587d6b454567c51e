"""Runs in a thread of this very process: for notebooks and tests, and where no process can be started."""

import threading
from collections.abc import Mapping

from resnet_explorer.errors import JournalError
from resnet_explorer.executors.base import Exit, StopRequest
from resnet_explorer.executors.jobs import KINDS, run
from resnet_explorer.runs.events import Interrupted
from resnet_explorer.runs.run_folder import RunFolder


class Inline:
    """One run at a time, unless more slots are given. A thread cannot be killed: it ends between two events."""

    def __init__(
        self, kinds: Mapping[str, str] = KINDS, slots: int = 1, device: str = "auto", threads: int = 1
    ) -> None:
        self.kinds = kinds
        self.slots = slots
        self.device, self.threads = device, threads
        self._works: dict[str, _Work] = {}

    @property
    def busy(self) -> Mapping[str, int]:
        return {name: work.attempt for name, work in self._works.items()}

    def start(self) -> None:
        """Nothing has to be there before the first run."""

    def submit(self, folder: RunFolder, attempt: int) -> None:
        work = _Work(folder, attempt, self)
        self._works[folder.run] = work
        work.start()

    def ended(self) -> list[Exit]:
        gone = [work for work in self._works.values() if not work.is_alive()]
        for work in gone:
            del self._works[work.folder.run]
        return [Exit(work.folder.run, work.attempt, work.code) for work in gone]

    def cancel(self, run: str, hard: bool = False) -> None:
        if run in self._works:
            self._works[run].ending.set(Interrupted("the server ended", "server"))

    def close(self) -> None:
        """Threads that are left end with the process."""


class _Work(threading.Thread):
    def __init__(self, folder: RunFolder, attempt: int, inline: Inline) -> None:
        super().__init__(name=f"run {folder.run}", daemon=True)
        self.folder, self.attempt, self.inline = folder, attempt, inline
        self.ending = StopRequest()
        self.code = 0

    def run(self) -> None:
        inline = self.inline
        try:
            run(self.folder, self.attempt, inline.kinds, inline.device, inline.threads, self.ending)
        except (OSError, JournalError) as error:
            # the journal itself cannot be written
            self.code = getattr(error, "errno", 0) or 1

"""Runs on a Ray cluster, as the page sees them; a process of its own talks to Ray (`ray_cluster.py`).

What is at work there is written down in the home, one small file a run, so that it counts as at work from the moment
another page or command line comes, and is found again once that has connected. Studies are done by the processor.
"""

import logging
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from resnet_explorer import PACKAGE_DIR
from resnet_explorer.executors.base import Exit, home_of
from resnet_explorer.executors.inline import Inline
from resnet_explorer.executors.jobs import KINDS
from resnet_explorer.executors.json_lines import JsonLines
from resnet_explorer.executors.launcher import SECRET
from resnet_explorer.executors.local import DAY, MAX_RETRY, RETRY, Local
from resnet_explorer.runs.run_folder import ID, RunFolder

# seconds until a process that has not connected is reported, and after how many such times it is started again
DEADLINE, PATIENCE = 30.0, 5
# seconds until one that is to go is killed
DISCONNECT = 2.0
FOLDER = "cluster"
# Ray would report to its makers how it is used
QUIET = {"RAY_USAGE_STATS_ENABLED": "0"}
LOG = logging.getLogger(__name__)
PROGRAM = (sys.executable, "-m", "resnet_explorer.executors.ray_cluster")


class Cluster:
    """One slot for each share of a GPU that the cluster has, or for each core where it has none."""

    def __init__(
        self,
        home: Path,
        processor: Local | Inline,
        address: str = "",
        gpus: float = 1.0,
        spool: str = "",
        kinds: Mapping[str, str] = KINDS,
        seconds: float = 7 * DAY,
        program: Sequence[str] = PROGRAM,
        deadline: float = DEADLINE,
    ) -> None:
        """Without an address, a cluster of this machine alone; `gpus` are what a run asks for, a fraction for a share.

        `spool` is the folder of the nodes that runs are copied to, one among their temporary files if it is empty.
        """
        self.home, self.processor, self.address = home.absolute(), processor, address
        self.kinds, self.seconds, self.deadline = kinds, seconds, deadline
        self.command = [*program, address, str(gpus), spool]
        self.slots, self.device = 0, ""
        # a sentence while there is no connection
        self.problem = ""
        self._attempts = {run: _Attempt(self._folder(run), attempt) for run, attempt in _at_work(self.home)}
        self._process: subprocess.Popen[bytes] | None = None
        self._lines: JsonLines | None = None
        self._retry, self._next_start, self._started_at = RETRY, 0.0, 0.0
        self._open = False

    @property
    def busy(self) -> Mapping[str, int]:
        return {**self.processor.busy, **{run: each.attempt for run, each in self._attempts.items()}}

    @property
    def device_names(self) -> list[str]:
        """What runs are trained on there; empty until it is known."""
        return [f"{self.device}, on Ray"] if self.device else []

    def outlives(self, run: str) -> bool:
        """Whether a run goes on when this process ends: on a cluster that was there before it."""
        return bool(self.address) and run in self._attempts

    def start(self) -> None:
        """Start the processor's workers, and begin to connect; from the main thread, with which both end."""
        self._open = True
        self.processor.start()
        if not self._process:
            self._connect()

    def submit(self, folder: RunFolder, attempt: int, beside: bool = False) -> None:
        if beside:
            self.processor.at_once = self.slots
            self.processor.submit(folder, attempt, beside)
            return
        self._attempts[folder.run] = _Attempt(folder, attempt)
        path = home_of(folder) / FOLDER / folder.run
        # on a disk that is full the run is worked on all the same, and not found again
        with suppress(OSError):
            path.parent.mkdir(exist_ok=True)
            path.write_text(str(attempt))
        self._send_start(folder.run)

    def ended(self) -> list[Exit]:
        exits = []
        dead = self._process is not None and self._process.poll() is not None
        for answer in self._read_answers():
            if "problem" in answer:
                self._report(answer["problem"])
            elif "ready" in answer:
                self._set_slots(answer["slots"], answer["device"])
            elif answer["ended"] in self._attempts:
                exits.append(self._release(answer["ended"], answer["code"]))
        if dead:
            self._drop_process()
        elif self._process and not self.device:
            self._check_deadline(self._process)
        if self._open and not self._process and time.monotonic() > self._next_start:
            self._connect()
        return exits + self.processor.ended()

    def cancel(self, run: str, hard: bool = False) -> None:
        if run in self._attempts:
            self._request(run, "kill" if hard else "cancel")
        else:
            self.processor.cancel(run, hard)

    def pause(self, run: str) -> None:
        if run in self._attempts:
            self._request(run, "pause")
        else:
            self.processor.pause(run)

    def close(self) -> None:
        """Disconnect; what is at work on a cluster goes on."""
        self._open = False
        if self._process:
            # its input ends; a cluster of this machine alone it takes down with it
            self._drop_process(wait=True)
        self.processor.close()

    def _folder(self, run: str) -> RunFolder:
        return RunFolder(self.home / "runs" / run)

    def _connect(self) -> None:
        # what Ray reads may be a secret, such as its token
        harmless = {
            name: value for name, value in os.environ.items() if name.startswith("RAY_") or not SECRET.search(name)
        }
        path = os.pathsep.join([str(PACKAGE_DIR.parent), *filter(None, sys.path)])
        self._process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**QUIET, **harmless, "PYTHONPATH": path}
        )
        self._lines = JsonLines(self._process)
        self._started_at = time.monotonic()
        for run in self._attempts:
            self._send_start(run)

    def _check_deadline(self, process: "subprocess.Popen[bytes]") -> None:
        waited = time.monotonic() - self._started_at
        if waited > self.deadline:
            self._report(f"the Ray cluster at {self.address or 'this machine'} does not answer")
        if waited > PATIENCE * self.deadline:
            process.kill()

    def _report(self, problem: str) -> None:
        if problem != self.problem:
            LOG.warning("%s", problem)
        self.problem = problem

    def _set_slots(self, slots: int, device: str) -> None:
        self.slots, self.device = slots, device
        self.problem, self._retry = "", RETRY

    def _release(self, run: str, code: int) -> Exit:
        attempt = self._attempts.pop(run)
        with suppress(OSError):
            (home_of(attempt.folder) / FOLDER / run).unlink()
        return Exit(run, attempt.attempt, code)

    def _drop_process(self, wait: bool = False) -> None:
        """The process is gone, or is to go; after a while another is started."""
        process = self._process
        assert process
        assert process.stdin
        assert process.stdout
        with suppress(BrokenPipeError):
            process.stdin.close()
        if wait:
            with suppress(subprocess.TimeoutExpired):
                process.wait(DISCONNECT)
            process.kill()
            process.wait()
        process.stdout.close()
        self._process, self.slots, self.device, self._lines = None, 0, "", None
        self._next_start = time.monotonic() + self._retry
        self._retry = min(MAX_RETRY, 2 * self._retry)

    def _request(self, run: str, request: str) -> None:
        attempt = self._attempts[run]
        if request != attempt.request:
            attempt.request = request
            self._send({"run": run, "request": request})

    def _send_start(self, run: str) -> None:
        each = self._attempts[run]
        order = {"start": run, "path": str(each.folder.path), "attempt": each.attempt}
        self._send(order | {"kinds": dict(self.kinds), "seconds": self.seconds})
        if each.request:
            self._send({"run": run, "request": each.request})

    def _send(self, order: Mapping[str, Any]) -> None:
        # where the process died, the next one gets all that is at work
        if self._lines:
            self._lines.send(order)

    def _read_answers(self) -> list[dict[str, Any]]:
        return self._lines.read() if self._lines else []


class _Attempt:
    """An attempt that the cluster has in hand, and what is asked of it: to pause, to cancel, or to be killed."""

    def __init__(self, folder: RunFolder, attempt: int) -> None:
        self.folder, self.attempt = folder, attempt
        self.request = ""


def _at_work(home: Path) -> list[tuple[str, int]]:
    """The runs that were handed to a cluster and have not ended, with their attempts."""
    runs = []
    for path in (home / FOLDER).glob("*"):
        # empty where the machine crashed as it was written
        with suppress(OSError, ValueError):
            runs += [(path.name, int(path.read_text()))] if ID.fullmatch(path.name) else []
    return runs

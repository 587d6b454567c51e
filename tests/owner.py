"""An owner of a home in a process of its own, as the page is, to be killed.

python -m tests.owner HOME [train]
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

from resnet_explorer.executors.local import Local
from resnet_explorer.runs.run_folder import folders
from tests.fixtures.paths import ROOT
from tests.fixtures.runs import desk, local, until

SLOTS = 3


def main(home: Path, kind: str) -> None:
    """Work on the runs of a home until the input ends."""
    executor = Local(slots=SLOTS, device="cpu") if kind == "train" else local(SLOTS)
    with desk(home, executor):
        print(executor.process, flush=True)
        sys.stdin.read()


class Owner:
    """The process, and every process there ever was below it."""

    def __init__(self, home: Path, kind: str = "count") -> None:
        self.home, self.kind = home, kind
        self.seen: set[int] = set()
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.owner", str(self.home), self.kind]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.seen.add(self.process.pid)

    def workers(self) -> dict[str, int]:
        """The worker of each run, by the folder that it sits in."""
        found = {}
        for path in Path("/proc").glob("[0-9]*"):
            try:
                place = Path(os.readlink(path / "cwd"))
            except OSError:
                continue
            if place.parent == self.home / "runs" and alive(int(path.name)):
                found[place.name] = int(path.name)
        self.seen |= set(found.values())
        return found

    def kill(self) -> None:
        """As if the machine had lost it; and wait until all that it had started is gone."""
        self.workers()
        self.process.send_signal(signal.SIGKILL)
        self._gone()

    def end(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self._gone()

    def _gone(self) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.seen |= {int(line) for line in self.process.stdout.read().split()}
        self.process.wait()
        self.process.stdout.close()
        if not self.process.stdin.closed:
            self.process.stdin.close()
        until(lambda: not any(map(alive, self.seen)) and not self.workers())
        # the last thread of a process lets go of its files a moment after the first is gone
        until(lambda: not any(folder.alive() for folder in folders(self.home)), 2)


def alive(process: int) -> bool:
    """Whether a process is there, and not only its entry in the table."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])

"""What the page works with: the runs of a home, who trains and computes for it, and the stream of what they report."""

import os
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

from resnet_explorer.api.health import Health, health
from resnet_explorer.api.lessons import VARIABLE as LESSON
from resnet_explorer.api.lessons import read_lesson
from resnet_explorer.api.passwords import VARIABLE, read_users
from resnet_explorer.api.probe_cache import ProbeCache
from resnet_explorer.api.probe_runner import WARM_UP, ProbeRunner
from resnet_explorer.api.quotas import RateLimit, RationedComputer, RunLimits
from resnet_explorer.api.runs import Runs
from resnet_explorer.errors import RunError
from resnet_explorer.executors.choice import choose_executor
from resnet_explorer.executors.cluster import Cluster
from resnet_explorer.executors.compute import Call
from resnet_explorer.executors.compute_pool import ComputePool
from resnet_explorer.executors.local import Local, available_memory, cores
from resnet_explorer.executors.lock import GUEST, HomeLock
from resnet_explorer.executors.snapshots import Snapshots
from resnet_explorer.executors.supervisor import Supervisor
from resnet_explorer.executors.zero_gpu import ZeroGpu, lent_burst
from resnet_explorer.figures.theme import DASHES
from resnet_explorer.runs.bundled import BUNDLED_DIR
from resnet_explorer.runs.run_folder import resolve_home
from resnet_explorer.ui.gpu_requests import GpuRequests
from resnet_explorer.ui.guards.visitor import KEY_FILE, Visitors
from resnet_explorer.ui.streams.run_events import RunEventStream

# probes, lesions, feature maps and the like that a visitor may ask for in a minute where strangers come
MEASUREMENTS = 120
METRICS, SHORTEST_WORD = "RESNET_EXPLORER_METRICS", 16
# where a Space keeps what outlives it, if it has that; and the folder there
OUTLIVES = Path("/data")
SNAPSHOTS = "resnet-explorer-snapshots"
# seconds for everything to be saved, and the least of them for the last copies
CLOSING, LAST_COPIES = 4.9, 0.3


class Services:
    """Runs, probes and their workers over one home; `start` lets them work, once, and `stop` saves every run."""

    def __init__(self) -> None:
        self.home = resolve_home(os.environ.get("RESNET_EXPLORER_HOME", ""))
        # a GPU that the Space lends is in no process of this machine but those that `spaces` forks
        self.gpu_is_lent = on_zero_gpu()
        self.local = local = Local(device="cpu" if self.gpu_is_lent else "auto")
        requests = GpuRequests()
        chosen = choose_executor(os.environ, self.home, local)
        executor = ZeroGpu(local, lent_burst(), requests.context) if self.gpu_is_lent else chosen
        self.cluster = executor if isinstance(executor, Cluster) else None
        self.supervisor = Supervisor(self.home, executor)
        snapshot_folder = _choose_snapshots(self.home)
        self.snapshots = Snapshots(self.home, snapshot_folder, [KEY_FILE]) if snapshot_folder else None
        # for what visitors wait for: a worker a core, in half of the memory, beside those that train
        self.pool = ComputePool(local.hire, min(cores(), len(DASHES)), available_memory() // 2, Call(WARM_UP))
        lesson = os.environ.get(LESSON, "")
        self.lesson = read_lesson(lesson) if lesson else None
        self.shared = _is_shared() or self.lesson is not None
        self.users = read_users(os.environ.get(VARIABLE, ""))
        self.visitors = Visitors(self.home, platform_address=on_a_space())
        computer = RationedComputer(self.pool, self._measurements()) if self.shared else self.pool
        self.runner = ProbeRunner(computer, ProbeCache(self.home / "probes"))
        self.runs = Runs(self.home, self.shared, BUNDLED_DIR, self.visitors.asking, self._run_limits(), requests.keep)
        self.metrics_word = _metrics_word()
        self.events = RunEventStream(self.runs.reader, self.visitors.asking)
        self.started = False
        self.lock = threading.Lock()

    def _run_limits(self) -> RunLimits:
        """What each visitor may have at once; a class sits behind one address."""
        if self.lesson is None:
            return RunLimits()
        all_pupils = self.lesson.pupils * self.lesson.runs
        return RunLimits(self.lesson.runs, all_pupils, all_pupils)

    def _measurements(self) -> RateLimit:
        """How often each visitor may measure."""
        if self.lesson is None:
            return RateLimit("measurements", MEASUREMENTS, self.visitors.asking)
        return RateLimit("measurements", self.lesson.measurements, self.visitors.asking, near=self.lesson.pupils)

    def start(self) -> None:
        """Begin to work on the home; raises before anything is started if another page has it."""
        with self.lock:
            if self.started:
                return
            self.refuse_home_in_use()
            if self.snapshots:
                self.snapshots.start()
            self.supervisor.start()
            self.pool.start()
            self.started = True

    def refuse_home_in_use(self) -> None:
        """Raise if another page has the home; a command line lets go of it when it is done."""
        lock = HomeLock(self.home, "page")
        if lock.acquire():
            lock.release()
        elif lock.holder().get("role") != GUEST:
            raise lock.refusal()

    def health(self) -> Health:
        """Whether all is well with the home and those who work on it."""
        at_work = self.supervisor.at_work and self.pool.at_work
        wrong = "" if at_work or not self.started else "those who train or measure have stopped"
        devices = ["cuda, lent in bursts"] if self.gpu_is_lent else self.local.device_names
        sharing = self.local.why_shared
        if self.cluster:
            wrong, devices, sharing = wrong or self.cluster.problem, self.cluster.device_names, ""
        return health(self.home, wrong, devices, self.snapshots.problems if self.snapshots else (), sharing)

    def stop(self) -> None:
        """Save every run and let the workers go; whoever comes second waits until that is done."""
        self.events.close()
        with self.lock:
            if self.started:
                self.started = False
                until = time.monotonic() + CLOSING
                self.pool.close()
                self.supervisor.stop()
                if self.snapshots:
                    self.snapshots.stop(max(LAST_COPIES, until - time.monotonic()))

    @asynccontextmanager
    async def lifespan(self, app: Any) -> AsyncIterator[None]:
        """Start with the server that serves the page, wherever it is mounted, and stop with it."""
        self.start()
        yield
        self.stop()


@cache
def services() -> Services:
    """The services of this process; a page that is built anew keeps them."""
    return Services()


def on_a_space() -> bool:
    """Whether this is a Hugging Face Space."""
    return "SPACE_ID" in os.environ


def on_zero_gpu() -> bool:
    """Whether this is a Space that GPUs are lent to, as `spaces` itself finds out."""
    return os.environ.get("SPACES_ZERO_GPU", "").lower() in ("1", "t", "true")


def _choose_snapshots(home: Path) -> Path | None:
    """The folder that RESNET_EXPLORER_SNAPSHOTS names; else one on a Space's lasting disk, unless the home is there."""
    named = os.environ.get("RESNET_EXPLORER_SNAPSHOTS", "")
    if named:
        return None if named == "off" else Path(named).expanduser().absolute()
    lasts = on_a_space() and OUTLIVES.is_dir() and os.access(OUTLIVES, os.W_OK)
    beside = not home.resolve().is_relative_to(OUTLIVES.resolve())
    return OUTLIVES / SNAPSHOTS if lasts and beside else None


def _is_shared() -> bool:
    """Whether strangers may come: on a Space, or where the page is served beyond this machine."""
    beyond = os.environ.get("GRADIO_SERVER_NAME", "127.0.0.1") not in ("127.0.0.1", "localhost", "::1")
    usual = "on" if beyond or on_a_space() else "off"
    return os.environ.get("RESNET_EXPLORER_SHARED", usual) == "on"


def _metrics_word() -> str:
    """Empty where no numbers are kept for Prometheus, `on` where all may read them, else what a scraper has to send."""
    word = os.environ.get(METRICS, "off").strip()
    if word in ("", "off"):
        return ""
    if word != "on" and len(word) < SHORTEST_WORD:
        raise RunError(f"{METRICS} is off, on, or a word of {SHORTEST_WORD} letters or more, not one of {len(word)}")
    return word

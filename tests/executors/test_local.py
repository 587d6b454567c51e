"""Real worker processes: what they have around them, how fast they begin, and that none outlives its owner."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from resnet_explorer.executors.jobs import KINDS
from resnet_explorer.executors.local import Local, available_memory, cores
from resnet_explorer.executors.sharing import Measurement, Sharing
from resnet_explorer.executors.supervisor import Supervisor
from resnet_explorer.runs.events import Noted, Started, Stepped
from resnet_explorer.runs.run_folder import RunFolder
from tests.fixtures.paths import ROOT
from tests.fixtures.runs import KINDS as WORLD
from tests.fixtures.runs import (
    inline,
    kinds,
    local,
    pid,
    queued_run,
    queued_training,
    reaches,
    resume,
    state,
    steps,
    supervised,
    until,
)

SECRETS = (
    "RESNET_EXPLORER_AUTH",
    "RESNET_EXPLORER_METRICS",
    "HF_TOKEN",
    "AWS_SECRET_ACCESS_KEY",
    "OPENAI_API_KEY",
    "MY_PASSWORD",
)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Supervisor]:
    """A desk whose workers have torch loaded, as the page has it."""
    with supervised(tmp_path_factory.mktemp("home"), Local({**KINDS, **WORLD}, slots=2, device="cpu")) as owner:
        until(lambda: owner.executor.slots, 120)
        yield owner


def surroundings_under(home: Path, executor: Local) -> dict[str, str]:
    with supervised(home, executor):
        return surroundings(home)


def surroundings(home: Path) -> dict[str, str]:
    """What a worker sees around itself."""
    folder = queued_run(home, "looks")
    until(lambda: state(folder) == "finished")
    notes = [record.event.text for record in folder.records()[0] if isinstance(record.event, Noted)]
    return dict(note.split(": ", 1) for note in notes)


def alive(process: int) -> bool:
    """Whether a process is there and not only its entry in the table."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_worker_sees_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SECRETS:
        monkeypatch.setenv(name, "hush")
    seen = surroundings_under(tmp_path, local())
    assert set(SECRETS) & set(seen["environment"].split()) == set()
    assert {"OMP_WAIT_POLICY", "OMP_NUM_THREADS", "PATH"} <= set(seen["environment"].split())


def test_a_worker_sits_in_its_folder_with_nothing_open_but_its_own(tmp_path: Path) -> None:
    seen = surroundings_under(tmp_path, local())
    here = Path(seen["cwd"])
    assert here.parent == tmp_path / "runs"
    assert (seen["stdin"], seen["core"], seen["umask"]) == ("/dev/null", "0", "0o77")
    assert int(seen["nice"]) == min(19, os.nice(0) + 5)
    files = {name for name in seen["files"].split() if name.startswith(str(tmp_path))}
    assert files == {str(here / "log.txt"), str(here / "events.jsonl")}
    assert (here / "log.txt").read_text() == "said on stdout\n"


def test_a_worker_loads_neither_the_page_nor_its_starter(trained: Supervisor) -> None:
    seen = surroundings(trained.home)
    assert {"torch", "resnet_explorer"} <= set(seen["modules"].split())
    assert {"gradio", "pytest", "plotly", "sqlite3"} & set(seen["modules"].split()) == {"sqlite3"}
    assert seen["main"].endswith("executors/launcher.py")


def test_the_process_that_is_forked_has_one_thread(trained: Supervisor) -> None:
    assert isinstance(trained.executor, Local)
    assert len(os.listdir(f"/proc/{trained.executor.process}/task")) == 1


def test_a_real_run_takes_less_than_a_second_of_the_processor_to_its_first_step(trained: Supervisor) -> None:
    # of the processor, not of the clock: others may want it too
    assert isinstance(trained.executor, Local)
    folder = queued_training(trained.home, steps=5000)
    until(lambda: "stepped" in kinds(folder))
    fields = Path(f"/proc/{pid(trained.executor, folder)}/stat").read_text().rsplit(")", 1)[1].split()
    assert (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") < 1
    folder.write_command("stop")
    until(lambda: state(folder) == "stopped")


def test_a_real_run_stops_within_a_second_and_goes_on_without_a_gap(trained: Supervisor) -> None:
    folder = queued_training(trained.home, steps=60)
    reaches(folder, 10)
    since = time.monotonic()
    folder.write_command("stop")
    until(lambda: state(folder) == "stopped")
    assert time.monotonic() - since < 1
    resume(folder)
    until(lambda: state(folder) == "finished")
    assert steps(folder) == list(range(1, 61))


def test_a_resumed_run_has_the_curve_of_one_that_was_not_stopped(trained: Supervisor) -> None:
    whole, parted = (queued_training(trained.home, steps=40) for _ in range(2))
    reaches(parted, 7)
    parted.write_command("stop")
    until(lambda: state(parted) in ("stopped", "finished"))
    if state(parted) == "stopped":
        resume(parted)
    until(lambda: state(parted) == state(whole) == "finished")
    assert losses(parted) == losses(whole)


def losses(folder: RunFolder) -> dict[int, float]:
    return {one.event.step: one.event.loss for one in folder.records()[0] if isinstance(one.event, Stepped)}


def test_a_killed_worker_is_told_within_a_second(tmp_path: Path) -> None:
    executor = local()
    with supervised(tmp_path, executor):
        folder = queued_run(tmp_path, steps=1000, pause=0.01)
        reaches(folder, 2)
        since = time.monotonic()
        os.kill(pid(executor, folder), signal.SIGKILL)
        until(lambda: state(folder) == "interrupted")
        assert time.monotonic() - since < 1
    end = folder.records()[0][-1].event
    assert (getattr(end, "reason", ""), getattr(end, "code", "")) == ("the worker ended by signal 9", "worker_killed")


def test_a_run_that_takes_too_much_memory_ends_alone(tmp_path: Path) -> None:
    with supervised(tmp_path, local(memory=400 << 20)):
        greedy, modest = queued_run(tmp_path, "grows"), queued_run(tmp_path, steps=20, pause=0.05)
        until(lambda: state(greedy) == "failed")
        until(lambda: state(modest) == "finished")
    assert "0.4 GB of memory" in greedy.records()[0][-1].event.reason  # type: ignore[union-attr]


def test_a_run_that_takes_too_long_is_interrupted_and_can_be_resumed(tmp_path: Path) -> None:
    with supervised(tmp_path, local(seconds=0.3)):
        folder = queued_run(tmp_path, steps=10_000, pause=0.01)
        until(lambda: state(folder) == "interrupted")
    assert folder.records()[0][-1].event.code == "wall_time"  # type: ignore[union-attr]
    assert kinds(folder)[-2] == "saved"


def test_workers_begin_again_after_the_process_they_come_from_died(tmp_path: Path) -> None:
    executor = local()
    with supervised(tmp_path, executor):
        folder = queued_run(tmp_path, steps=1000, pause=0.01)
        reaches(folder, 2)
        os.kill(executor.process, signal.SIGKILL)
        until(lambda: state(folder) == "interrupted")
        resume(folder)
        reaches(folder, 5)


def test_what_cannot_be_loaded_is_told_by_the_run_that_needs_it(tmp_path: Path) -> None:
    executor = Local({"count": "tests.nothing:count"}, slots=1, device="cpu", preload=())
    with supervised(tmp_path, executor):
        folder = queued_run(tmp_path)
        until(lambda: state(folder) == "failed")
    assert "tests.nothing" in folder.records()[0][-1].event.reason  # type: ignore[union-attr]


# what is asked of torch on a machine with GPUs
FAKE_TORCH = """
from types import SimpleNamespace
class cuda:
    device_count = staticmethod(lambda: {gpus})
    @staticmethod
    def get_device_properties(number):
        {answer}
"""
FAST = 'return SimpleNamespace(name="Fast GPU", total_memory=80 << 30)'
BROKEN = 'raise RuntimeError("no driver")'


def write_torch(folder: Path, gpus: int, answer: str) -> str:
    (folder / "torch.py").write_text(FAKE_TORCH.format(gpus=gpus, answer=answer))
    return str(folder)


@pytest.mark.parametrize("answer", [FAST, BROKEN])
def test_each_gpu_is_a_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    monkeypatch.syspath_prepend(write_torch(tmp_path, 2, answer))
    executor = Local({"count": "tests.fixtures.runs:count"}, preload=("torch", "tests.fixtures.runs"))
    with supervised(tmp_path, executor):
        runs = [queued_run(tmp_path, steps=100, pause=0.01) for _ in range(3)]
        until(lambda: all(state(folder) == "finished" for folder in runs))
        assert executor.slots == 2
    devices = [one.event.device for folder in runs for one in folder.records()[0] if isinstance(one.event, Started)]
    assert set(devices) == {"cuda:0", "cuda:1"}


def test_runs_share_a_gpu_as_was_measured_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(write_torch(tmp_path, 1, FAST))
    executor = Local({"count": "tests.fixtures.runs:count"}, preload=("torch", "tests.fixtures.runs"))
    executor.sharing = Sharing(Measurement("Fast GPU", {1: 10.0, 2: 18.0, 3: 18.5}, 2 << 30, "2026-11-28", "2.14", ""))
    with supervised(tmp_path, executor):
        runs = [queued_run(tmp_path, steps=10_000, pause=0.01) for _ in range(3)]
        until(lambda: len(executor.busy) == 2 and all(state(folder) == "running" for folder in runs[:2]))
        assert (executor.slots, executor.device_names) == (2, ["cuda:0"])
        assert state(runs[2]) == "queued"
        assert executor.why_shared == "2 runs share it: 1.8 times the steps of one, measured 2026-11-28"


def test_each_core_is_a_place_of_one_thread(tmp_path: Path) -> None:
    executor = Local({"count": "tests.fixtures.runs:count"}, device="cpu", preload=("tests.fixtures.runs",))
    with supervised(tmp_path, executor):
        folder = queued_run(tmp_path, steps=1)
        until(lambda: state(folder) == "finished")
        assert (executor.slots, executor.why_shared) == (cores(), "")
    started = next(record.event for record in folder.records()[0] if isinstance(record.event, Started))
    assert (started.device, started.threads) == ("cpu", 1)
    assert available_memory() > 1 << 28


OWNER = """
import sys
from pathlib import Path
from tests.fixtures.runs import local, pid, queued_run, reaches, supervised
home = Path(sys.argv[1])
executor = local()
with supervised(home, executor):
    runs = [queued_run(home, steps=10_000, pause=0.01) for _ in range(2)]
    for run in runs:
        reaches(run, 2)
    print(executor.process, *(pid(executor, run) for run in runs), flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("way", [signal.SIGKILL, signal.SIGTERM])
def test_no_worker_outlives_its_owner(tmp_path: Path, way: signal.Signals) -> None:
    command = [sys.executable, "-c", OWNER, str(tmp_path)]
    owner = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with owner:
        assert owner.stdout is not None
        pids = list(map(int, owner.stdout.readline().split()))
        assert all(map(alive, pids))
        since = time.monotonic()
        owner.send_signal(way)
        until(lambda: not any(map(alive, pids)))
        assert time.monotonic() - since < 0.5
    assert len(pids) == 3


def test_a_home_with_inline_runs_needs_no_process(tmp_path: Path) -> None:
    with supervised(tmp_path, inline()):
        folder = queued_run(tmp_path, steps=2)
        until(lambda: state(folder) == "finished")

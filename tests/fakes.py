"""A small world of runs for tests: a home of its own, jobs that need no torch, and a way to wait without sleeping."""

import os
import resource
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from resnet_explorer import events
from resnet_explorer.errors import DataError
from resnet_explorer.events import Evaluated, Event, Finished, Prepared, Queued, Saved, Started, Stepped
from resnet_explorer.executors.base import Executor
from resnet_explorer.executors.desk import Desk
from resnet_explorer.executors.inline import Inline
from resnet_explorer.executors.local import Local
from resnet_explorer.experiment import prepare
from resnet_explorer.journal import Folder, Job, new_id

DEADLINE = 30.0
KINDS = {
    name: f"tests.fakes:{name}"
    for name in ("count", "raises", "refuses", "runs_out", "is_silent", "is_deaf", "grows", "looks", "is_missing")
}
T = TypeVar("T")


def until(condition: Callable[[], T], deadline: float = DEADLINE) -> T:
    """What a condition gives as soon as that is true; an assertion where it never is."""
    end = time.monotonic() + deadline
    pause = threading.Event()
    while not (found := condition()):
        assert time.monotonic() < end, f"waited {deadline} s"
        pause.wait(0.004)
    return found


def asked(home: Path, kind: str = "count", owner: str = "", **what: Any) -> Folder:
    """A run that waits in a home."""
    return Folder.create(home, Job(new_id(), kind, what, owner))


def asked_to_train(home: Path, line: str = "cifar-basic-8", **settings: object) -> Folder:
    """A real run that waits in a home: a small network on small shapes."""
    given = {"size": "8", "steps": "20"} | {name: str(value) for name, value in settings.items()}
    experiment = prepare(line, "shapes", "short", 0, given)
    what = {"line": line, "data": "shapes", "recipe": "short", "settings": given, "experiment": experiment.changes()}
    return Folder.create(home, Job(new_id(), "train", what))


def resumed(folder: Folder) -> None:
    """Ask for another attempt."""
    folder.want("run")
    with folder.writer() as writer:
        writer.append(Queued())


def inline(slots: int = 2) -> Inline:
    return Inline(KINDS, slots)


def local(slots: int = 2, **settings: Any) -> Local:
    """Workers that load no torch, and so are there at once."""
    return Local(KINDS, slots, device="cpu", preload=("tests.fakes",), **settings)


EXECUTORS: Mapping[str, Callable[..., Executor]] = {"inline": inline, "local": local}


@contextmanager
def desk(home: Path, executor: Executor | None = None, **settings: Any) -> Iterator[Desk]:
    """A home with somebody who works on its runs."""
    with Desk(home, executor or inline(), **settings) as owner:
        yield owner


def pid(executor: Local, folder: Folder) -> int:
    """The process of a run's worker, as soon as that is known."""
    return until(lambda: executor.pids.get(folder.run, 0))


def state(folder: Folder) -> str:
    """What the file says."""
    return events.state(folder.records()[0])


def kinds(folder: Folder) -> list[str]:
    return [record.kind for record in folder.records()[0]]


def steps(folder: Folder) -> list[int]:
    """The steps of the run's curve."""
    told = events.joined(folder.records()[0])
    return [record.event.step for record in told if isinstance(record.event, Stepped)]


def reaches(folder: Folder, step: int, deadline: float = DEADLINE) -> None:
    """Wait until a run has done a step."""
    until(lambda: step in steps(folder), deadline)


def count(job: Job, folder: Folder, device: str, threads: int) -> Generator[Event]:
    """Count to `steps`, `pause` seconds each; saves where it is when it is closed, and goes on from there."""
    steps, pause = int(job.what.get("steps", 5)), float(job.what.get("pause", 0.0))
    kept = folder.path / "checkpoints"
    step = max((int(path.stem) for path in kept.glob("*.pt")), default=0)
    yield Prepared("numbers", 1, 1)
    yield Started(step, steps, device, hardware=str(os.getpid()), threads=threads)
    waiting = threading.Event()
    acknowledged = os.open(folder.path / "acknowledged", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        while step < steps:
            waiting.wait(pause)
            step += 1
            loss = float(job.what.get("loss", 1 / step))
            yield Stepped(step, step * 0.1, loss, 0.5, 0.1, 10.0, 1.0, (float("inf"), float("nan"), 1.0))
            # whoever pulled is back: what was said is written
            os.write(acknowledged, b"%d\n" % step)
            if step % 10 == 0:
                yield Saved(step, _save(kept, step))
    except GeneratorExit:
        _save(kept, step)
        raise
    finally:
        os.close(acknowledged)
    yield Evaluated(step, step * 0.1, 0.5, 0.5, 10)
    yield Finished(step, step * 0.1)


def _save(kept: Path, step: int) -> str:
    kept.mkdir(exist_ok=True)
    draft = kept / f"{step:07d}.part"
    draft.write_text("")
    draft.rename(kept / f"{step:07d}.pt")
    return f"checkpoints/{step:07d}.pt"


def raises(job: Job, folder: Folder, device: str, threads: int) -> Generator[Event]:
    yield Started(0, 5)
    raise ZeroDivisionError("divided by\nnothing")


def refuses(job: Job, folder: Folder, device: str, threads: int) -> Generator[Event]:
    yield Started(0, 5)
    raise DataError("the file images.tar is corrupt")


class OutOfMemoryError(RuntimeError):
    """Named as torch names it."""


def runs_out(job: Job, folder: Folder, device: str, threads: int) -> Generator[Event]:
    """Out of something, as `what` says."""
    yield Started(0, 5)
    if job.what["of"] == "disk":
        raise OSError(28, "No space left on device")
    raise MemoryError if job.what["of"] == "memory" else OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")


def is_silent(job: Job, folder: Folder, device: str, threads: int) -> Generator[Event]:
    yield Started(0, 5)


def is_deaf(job: Job, folder: Folder, device: str, threads: int) -> Generator[Event]:
    """One step that takes for ever."""
    yield Started(0, 5)
    threading.Event().wait(60)
    yield Finished(5, 1.0)


def grows(job: Job, folder: Folder, device: str, threads: int) -> Generator[Event]:
    """Take another 16 MB of memory each step."""
    yield Started(0, 10_000)
    held = []
    for step in range(1, 10_000):
        held.append(bytearray(b"x") * (16 << 20))
        threading.Event().wait(0.01)
        yield Stepped(step, 0.1, 1.0, 0.5, 0.1, 1.0, 1.0)


def looks(job: Job, folder: Folder, device: str, threads: int) -> Generator[Event]:
    """Tell what a worker sees around itself."""
    yield Started(0, 1, device, threads=threads)
    umask = os.umask(0o077)
    os.umask(umask)
    told = {
        "environment": " ".join(sorted(os.environ)),
        "modules": " ".join(sorted({name.split(".")[0] for name in sys.modules})),
        "cwd": os.getcwd(),
        "stdin": os.readlink("/proc/self/fd/0"),
        "files": " ".join(os.path.realpath(f"/proc/self/fd/{name}") for name in os.listdir("/proc/self/fd")),
        "core": str(resource.getrlimit(resource.RLIMIT_CORE)[0]),
        "nice": str(os.nice(0)),
        "umask": oct(umask),
        "main": str(getattr(sys.modules["__main__"], "__file__", "")),
    }
    print("said on stdout")
    for name, text in told.items():
        yield events.Noted(f"{name}: {text}")
    yield Finished(1, 0.1)

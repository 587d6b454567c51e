"""The process that talks to Ray: a detached named actor for each attempt of a run, found again by whoever comes next.

Orders come as lines of JSON on its standard input, answers go out on its standard output:

    {"start": RUN, "path": FOLDER, "attempt": 1, "kinds": {...}, "seconds": 60}
    {"request": "pause", "cancel" or "kill", "run": RUN}
    {"ready": true, "slots": 4, "device": "cuda"}    {"ended": RUN, "code": 0}    {"problem": "a sentence"}

It is no thread of the page's, as Ray ends the process that has lost the head of its cluster. It ends with its input;
actors on a cluster go on, and those of a cluster that it began itself end with it.
"""

import json
import os
import select
import signal
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import ray
from ray.exceptions import ActorUnavailableError, RayError

from resnet_explorer.errors import JournalError
from resnet_explorer.executors.base import home_of
from resnet_explorer.executors.fork_server import die_with_parent
from resnet_explorer.executors.mirror import Mirror, downloads, home_id
from resnet_explorer.executors.spool import News, Order, Spool, Stamp
from resnet_explorer.runs.events import LIVE
from resnet_explorer.runs.run_folder import RunFolder

NAMESPACE = "resnet-explorer"
# seconds between two looks at an actor, at the orders while there are actors, and at the cluster's size
LOOK, TICK, COUNT = 0.1, 0.02, 1.0
# bytes that a cluster of this machine alone keeps for what is sent
OBJECTS = 256 << 20


class Cluster:
    """A connection to Ray: how many runs fit, and what each of their actors asks for."""

    def __init__(self, address: str, gpus: float, root: str) -> None:
        """Connect, to a cluster of this machine alone where the address is empty; raises as Ray does."""
        self.gpus, self.root = gpus, root
        local = {} if address else {"object_store_memory": OBJECTS, "include_dashboard": False}
        ray.init(address=address or "local", namespace=NAMESPACE, log_to_driver=False, **local)
        self.slots, self.device, self.threads = 0, "cpu", 1
        self.count()

    def count(self) -> bool:
        """Count the slots, one for each share of a GPU, or for each core where no node has one; whether that is new."""
        nodes = [node["Resources"] for node in ray.nodes() if node["Alive"]]
        on_gpus = sum(int(node.get("GPU", 0) / self.gpus + 1e-9) for node in nodes)
        cores = int(sum(node.get("CPU", 0) for node in nodes))
        before = self.slots, self.device
        self.slots, self.device = on_gpus or cores, "cuda" if on_gpus else "cpu"
        self.threads = max(1, cores // on_gpus) if on_gpus else 1
        return (self.slots, self.device) != before

    def order(self, folder: RunFolder, start: dict[str, Any]) -> Order:
        """What an actor is to do."""
        home = home_of(folder)
        name = f"{home_id(home)}-{folder.run}-{start['attempt']}"
        device = "cuda:0" if self.device == "cuda" else "cpu"
        how = (start["kinds"], device, self.threads, start["seconds"], self.root, downloads(home))
        return Order(name, folder.run, start["attempt"], *how)

    def begin(self, order: Order, cargo: bytes) -> Any:
        """A new actor, which begins as soon as a node has room for it."""
        gpus = self.gpus if self.device == "cuda" else 0
        options = {"name": order.name, "lifetime": "detached", "max_restarts": 0, "num_cpus": 1, "num_gpus": gpus}
        actor = ray.remote(Spool).options(**options).remote(order, cargo)
        actor.stand_back.remote()
        return actor

    def find(self, order: Order) -> Any:
        """The actor of an attempt, None if there is none."""
        with suppress(ValueError):
            return ray.get_actor(order.name, NAMESPACE)
        return None


class Attempt:
    """One attempt of a run: its actor, and the mirror of what that does."""

    def __init__(self, cluster: Cluster, folder: RunFolder, start: dict[str, Any]) -> None:
        self.cluster, self.folder = cluster, folder
        self.order = cluster.order(folder, start)
        self.request = ""
        self.actor: Any = None
        self.mirror: Mirror | None = None
        self._reference: Any = None
        self._known: dict[str, Stamp] = {}
        self._looked_at = 0.0

    def begin(self) -> int | None:
        """Find the actor or make it; an exit code where there is nothing to do."""
        self.actor = self.cluster.find(self.order)
        try:
            self.mirror = Mirror(self.folder)
            return self._begin()
        except JournalError:
            return 1  # another process has the run
        except OSError as error:
            self.end()
            return error.errno or 1

    def _begin(self) -> int | None:
        assert self.mirror
        if self.mirror.attempt != self.order.attempt or self.mirror.state not in LIVE:
            self.end()
            return 0
        if self.actor is None and self.mirror.state != "queued":
            return self._lose("and its node with it")
        if self.actor is None:
            self.actor = self.cluster.begin(self.order, self.mirror.cargo())
        return None

    def poll(self) -> int | None:
        """Take in what is new, if it is there; the exit code once the attempt has ended."""
        if self.request == "kill":
            self.end()
            return -signal.SIGKILL
        try:
            return self._poll()
        except ActorUnavailableError:
            return None  # whether it is lost, Ray says later
        except RayError as error:
            return self._lose(str(getattr(error, "cause", None) or error).strip().split("\n")[0][:200])
        except OSError:
            return None  # the home's disk is full: it comes again

    def _poll(self) -> int | None:
        assert self.mirror
        if self._reference is None:
            if time.monotonic() - self._looked_at > LOOK:
                self._looked_at = time.monotonic()
                command = self.folder.read_command()
                self._reference = self.actor.look.remote(self.mirror.offset, self._known, command, self.request)
            return None
        if not ray.wait([self._reference], timeout=0)[0]:
            return None
        reference, self._reference = self._reference, None
        news: News = ray.get(reference)
        self.mirror.take(news)
        self._known |= {name: stamp for name, (stamp, _) in news.files.items()}
        if news.code is not None:
            self.end()
        elif news.lines:
            # more may be there already
            self._looked_at = 0.0 if len(news.lines) >= 1 << 20 else self._looked_at
        return news.code

    def _lose(self, why: str) -> int:
        assert self.mirror
        self.mirror.requeue(why)
        self.end()
        return 0

    def end(self) -> None:
        """Let go of the journal, and of the actor once it has cleared its copy away."""
        if self.mirror:
            self.mirror.close()
        if self.actor is not None:
            if self.request != "kill":
                with suppress(RayError):
                    ray.wait([self.actor.clear.remote()], timeout=1.0)
            ray.kill(self.actor)


class Bridge:
    """Takes orders until there are no more, and looks after the attempts between them."""

    def __init__(self, cluster: Cluster, orders: int, answers: int) -> None:
        self.cluster, self.orders, self.answers = cluster, orders, answers
        self.attempts: dict[str, Attempt] = {}
        self._text = b""
        self._counted_at = 0.0

    def serve(self) -> None:
        """Return when the input ends."""
        _answer(self.answers, ready=True, slots=self.cluster.slots, device=self.cluster.device)
        while True:
            ready, _, _ = select.select([self.orders], [], [], TICK if self.attempts else COUNT)
            if ready and not self._read_orders():
                return
            for run, attempt in list(self.attempts.items()):
                self._release(run, attempt.poll())
            if time.monotonic() - self._counted_at > COUNT:
                self._counted_at = time.monotonic()
                if self.cluster.count():
                    _answer(self.answers, ready=True, slots=self.cluster.slots, device=self.cluster.device)

    def _read_orders(self) -> bool:
        text = os.read(self.orders, 1 << 16)
        *lines, self._text = (self._text + text).split(b"\n")
        for order in map(json.loads, lines):
            if "start" in order:
                self.attempts[order["start"]] = Attempt(self.cluster, RunFolder(Path(order["path"])), order)
                self._release(order["start"], self.attempts[order["start"]].begin())
            elif order["run"] in self.attempts:
                self.attempts[order["run"]].request = order["request"]
        return bool(text)

    def _release(self, run: str, code: int | None) -> None:
        if code is not None:
            del self.attempts[run]
            _answer(self.answers, ended=run, code=code)


def main(address: str, gpus: float, root: str) -> None:
    """Connect, then serve."""
    die_with_parent()
    # Ctrl-C is for the page, which ends this process when runs are saved
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.dup(1)
    # what Ray prints must not be taken for an answer
    os.dup2(2, 1)
    if problem := _why_unreachable(address):
        _answer(answers, problem=problem)
        return
    try:
        cluster = Cluster(address, gpus, root)
    except Exception as error:
        # of many types, among them RuntimeError for another version of Ray
        first_line = str(error).strip().split("\n")[0][:300]
        _answer(answers, problem=f"no Ray cluster at {address or 'this machine'}: {first_line}")
        return
    try:
        Bridge(cluster, 0, answers).serve()
    finally:
        ray.shutdown()


def _why_unreachable(address: str) -> str:
    """A sentence where nothing listens at HOST:PORT; Ray itself would go on trying for minutes."""
    host, colon, port = address.rpartition(":")
    if "/" in address or not colon or not port.isdigit():
        return ""
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=5).close()
    except OSError as error:
        return f"the Ray cluster at {address} cannot be reached: {error.strerror or error}"
    return ""


def _answer(answers: int, **values: Any) -> None:
    os.write(answers, (json.dumps(values) + "\n").encode())


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), sys.argv[3])

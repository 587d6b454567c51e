"""SIGTERM while everything goes on: runs, a probe, streams, launches. The page ends with 0 and every run can go on."""

import random
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx

from resnet_explorer.runs.events import RESUMABLE
from resnet_explorer.runs.run_folder import run_folders
from tests.executors.test_faults import assert_index_is_whole
from tests.fixtures.app_process import free_port, started
from tests.fixtures.cases import Count, many
from tests.fixtures.launches import LONG
from tests.fixtures.runs import state, until
from tests.ui.test_serve import children, is_gone

VERB = "/gradio_api/explorer/verb"
# of a busy machine; ten seconds are what Docker waits before it kills
SECONDS = 10.0


class Visitors:
    """Threads that ask for everything at once until nobody answers."""

    def __init__(self, address: str) -> None:
        self.client = httpx.Client(base_url=address, timeout=60)
        self.threads = [
            threading.Thread(target=self.loop, args=(work,)) for work in (self.follow, self.probe, self.launch)
        ]
        for thread in self.threads:
            thread.start()

    def loop(self, work: Any) -> None:
        with suppress(httpx.HTTPError):
            while True:
                work()

    def ask(self, verb: str, **arguments: object) -> None:
        self.client.post(f"{VERB}/{verb}", json=arguments)

    def follow(self) -> None:
        with self.client.stream("GET", "/gradio_api/explorer/runs/events") as answer:
            for _ in answer.iter_text():
                pass

    def probe(self) -> None:
        self.ask("probe", networks=["cifar-basic-20"], seeds=1, batch=random.randrange(2, 64))

    def launch(self) -> None:
        self.ask("train", networks=["cifar-basic-8"], settings=LONG, owner="me")
        self.ask("describe", network="cifar-basic-110")
        self.ask("stop", run="aaaaaa")

    def leave(self) -> None:
        for thread in self.threads:
            thread.join()
        self.client.close()


def test_the_page_ends_in_order_whatever_it_does(tmp_path: Path, count: Count) -> None:
    chance = random.Random(0)
    for number in range(many(1)):
        home = tmp_path / str(number)
        with count(), started(home, free_port()) as (address, process):
            visitors = Visitors(address)
            until(lambda home=home: any(state(run) == "running" for run in run_folders(home)))  # type: ignore[misc]
            threading.Event().wait(chance.random())
            below, since = children(process.pid), time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
            assert time.monotonic() - since < SECONDS
            visitors.leave()
            until(lambda below=below: all(map(is_gone, below)))  # type: ignore[misc]
            assert {state(run) for run in run_folders(home)} <= {*RESUMABLE, "queued", "finished"}
            assert_index_is_whole(home)

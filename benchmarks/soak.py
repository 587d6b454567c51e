"""A day of use within minutes, against a real page: python -m benchmarks.soak

Visitors come and go by the page's own protocol: they change lanes, read tables, probe, follow runs and cut the stream,
train, stop, resume and remove, and analyse. Memory, open files, threads and processes are looked at once a second. When
it is warm, and at the end, everybody leaves: memory may have grown by a twentieth in between, and the rest by nothing.
They ask few different questions, so that what is kept of answers, up to a limit, is full when it is warm.
SOAK_SECONDS says for how long (900); the figures go to results/soak.json. The end is 1 where something grew.
"""

import asyncio
import json
import os
import random
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from benchmarks.load import API, page_event
from benchmarks.measure import RESULTS, commit, machine
from resnet_explorer.describe.text_tables import Cell, aligned
from resnet_explorer.language.orderings import ORDERINGS
from resnet_explorer.runs.events import LIVE
from resnet_explorer.ui.serve import SESSIONS
from tests.fixtures.app_process import free_port, started

OUT = RESULTS / "soak.json"
VISITORS, MOST_BATCH = 6, 17
# requests at once before it is warm
AT_ONCE = 50
# seconds that everybody is away before and while it is measured
IDLE, MEASURED = 20.0, 10.0
# of the time until it is warm; how much memory may grow, and the others, which are counted
WARM_UP, MOST_GROWTH, MOST_MORE = 0.2, 0.05, 0
OWNER = "soak"
LANES = tuple(f"cifar-basic-{depth}:{ordering}" for depth in (20, 32, 56) for ordering in ("original", "plain"))
TINY = {"size": "8", "batch": "8", "steps": "2000", "subset": "64", "test": "32", "warmup": "0", "evaluate": "0"}


@dataclass(frozen=True)
class Sample:
    """One look at the page and the processes below it; megabytes."""

    seconds: float
    page_mb: float
    children_mb: float
    files: int
    threads: int
    processes: int


class Looker(threading.Thread):
    """Looks once a second."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.process, self.begun = process, time.monotonic()
        self.samples: list[Sample] = []
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(1.0):
            below = _below(self.process)
            files, threads = (sum(1 for _ in Path(f"/proc/{self.process}/{kind}").iterdir()) for kind in ("fd", "task"))
            memory = _megabytes(self.process), sum(map(_megabytes, below))
            seconds = round(time.monotonic() - self.begun, 1)
            self.samples.append(Sample(seconds, *memory, files, threads, len(below)))

    def open_files(self) -> Counter[str]:
        """What the page has open, by the names of files and kinds of the rest."""
        names: Counter[str] = Counter()
        for path in Path(f"/proc/{self.process}/fd").iterdir():
            with suppress(OSError):
                names[re.sub(r"\W*\d+\W*$", "", os.path.basename(os.readlink(path)))] += 1
        return names

    def last(self, seconds: float) -> Sample:
        """The medians of the last seconds."""
        recent = [asdict(one) for one in self.samples if one.seconds > self.samples[-1].seconds - seconds]
        middle = {name: median(one[name] for one in recent) for name in recent[0]}
        return Sample(**middle)


class Visitor:
    """One who comes with a session of its own, does several things, and leaves; again and again."""

    def __init__(self, address: str, event: Mapping[str, Any], done: Counter[str], number: int) -> None:
        self.address, self.event, self.done = address, event, done
        self.chance = random.Random(number)

    async def come_and_go(self, until: float) -> None:
        while time.monotonic() < until:
            limits = httpx.Limits(max_keepalive_connections=4)
            async with httpx.AsyncClient(base_url=self.address, timeout=120, limits=limits) as client:
                self.client, self.session = client, f"{self.chance.getrandbits(60):x}"
                beat = asyncio.create_task(self.cut("GET", f"{API}/heartbeat/{self.session}", 3600))
                try:
                    await self.visit(until)
                except (httpx.HTTPError, AssertionError) as error:
                    self.done[f"failed: {type(error).__name__} {str(error)[:80]}"] += 1
                beat.cancel()
                await asyncio.gather(beat, return_exceptions=True)

    async def visit(self, until: float) -> None:
        """Open the page, and do some things in any order."""
        answer = await self.client.get("/")
        assert answer.status_code == 200, answer.status_code
        self.done["sessions"] += 1
        things = (
            self.lanes,
            self.lanes,
            self.lanes,
            self.call,
            self.table,
            self.probe,
            self.follow,
            self.train,
            self.analyse,
        )
        for thing in self.chance.sample(things, 5):
            if time.monotonic() < until:
                await thing()
                self.done[thing.__name__] += 1

    def lane(self) -> str:
        return self.chance.choice(LANES)

    async def lanes(self) -> None:
        lanes = [
            {"slot": slot, "name": self.lane().partition(":")[0], "unit": unit, "settings": {}}
            for slot, unit in enumerate(ORDERINGS)
        ]
        body = {**self.event, "data": [lanes, *self.event["data"][1:]], "session_hash": self.session}
        answer = await self.client.post(f"{API}/run/predict", json=body)
        assert answer.status_code == 200, answer.text

    async def call(self) -> None:
        begun = await self.client.post(f"{API}/call/v2/describe", json={"network": self.lane()})
        assert begun.status_code == 200, begun.text
        async with self.client.stream("GET", f"{API}/call/describe/{begun.json()['event_id']}") as answer:
            assert "event: complete" in "".join([part async for part in answer.aiter_text()])

    async def table(self) -> None:
        assert "params" in await self.ask("describe", network=self.lane())
        await self.ask("compare", networks=[self.lane(), self.lane()])

    async def probe(self) -> None:
        answer = await self.ask("probe", networks=[self.lane()], seeds=1, batch=self.chance.randrange(2, MOST_BATCH))
        assert "error" not in answer, answer

    async def follow(self) -> None:
        await self.cut("GET", f"{API}/explorer/runs/events", self.chance.uniform(0, 3))

    async def train(self) -> None:
        launched = await self.ask(
            "train", networks=["cifar-basic-8"], settings=TINY, owner=OWNER, seeds=[self.chance.getrandbits(30)]
        )
        run = launched["runs"][0]["run"]
        await self.cut("GET", f"{API}/explorer/runs/events?runs={run}", self.chance.uniform(0, 2))
        for verb in ("stop", "resume", "stop"):
            await self.ask(verb, run=run, owner=OWNER)
            await self.until(run, () if verb == "resume" else LIVE)
        await self.ask("remove", run=run, owner=OWNER)

    async def analyse(self) -> None:
        seed = self.chance.getrandbits(30)
        answer = await self.ask("analyse", analysis="signal", networks=["cifar-basic-8"], seed=seed, owner=OWNER)
        await self.until(answer["run"], LIVE)
        await self.ask("remove", run=answer["run"], owner=OWNER)

    async def until(self, run: str, passing: Sequence[str]) -> None:
        """Wait until a run is in none of the states that pass."""
        while (await self.ask("show", run=run))["run"]["state"] in passing:
            await asyncio.sleep(0.3)

    async def ask(self, verb: str, **arguments: object) -> Any:
        return (await self.client.post(f"{API}/explorer/verb/{verb}", json=arguments)).json()

    async def cut(self, method: str, path: str, seconds: float) -> None:
        """Open a stream, and leave in the middle."""
        async with self.client.stream(method, path) as answer:
            try:
                async with asyncio.timeout(seconds):
                    async for _ in answer.aiter_raw():
                        pass
            except TimeoutError:
                return


async def ask_the_largest(address: str) -> None:
    """Probe every lane at the largest batch in every worker, so that each has needed the most that it ever will."""
    async with httpx.AsyncClient(base_url=address, timeout=120) as client:
        for lane in LANES:
            bodies = [{"networks": [lane], "seeds": 1, "batch": MOST_BATCH + more} for more in range(4)]
            await asyncio.gather(*(client.post(f"{API}/explorer/verb/probe", json=body) for body in bodies))


async def fill_sessions(address: str) -> None:
    """Come with as many sessions as the page keeps, so that a later one takes the place of an earlier one.

    So many at once come that every pool of threads has as many as it ever will.
    """
    async with httpx.AsyncClient(base_url=address, timeout=120) as client:
        event = page_event((await client.get("/config")).json())
        for first in range(0, SESSIONS, AT_ONCE):
            bodies = [{**event, "session_hash": f"earlier{first + number}"} for number in range(AT_ONCE)]
            answers = await asyncio.gather(*(client.post(f"{API}/run/predict", json=body) for body in bodies))
            assert {answer.status_code for answer in answers} == {200}, answers[0].text


async def use(address: str, seconds: float, done: Counter[str], first: int) -> None:
    """Visitors for so long; then nobody."""
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        event = page_event((await client.get("/config")).json())
    until = time.monotonic() + seconds
    visitors = [Visitor(address, event, done, first + number) for number in range(VISITORS)]
    await asyncio.gather(*(visitor.come_and_go(until) for visitor in visitors))
    await asyncio.sleep(IDLE + MEASURED)


def growth(warm: Sample, last: Sample) -> dict[str, float]:
    """How much more there is at the end: memory as a share, the rest as a number."""
    shares = {name: getattr(last, name) / getattr(warm, name) - 1 for name in ("page_mb", "children_mb")}
    more = {name: getattr(last, name) - getattr(warm, name) for name in ("files", "threads", "processes")}
    return {**{name: round(share, 4) for name, share in shares.items()}, **more}


def grew(more: Mapping[str, float], memory: float = MOST_GROWTH) -> list[str]:
    """What grew by more than it may."""
    return [name for name, value in more.items() if value > (memory if name.endswith("_mb") else MOST_MORE)]


def main() -> int:
    """Use a page for so long, write what was seen, and print it."""
    seconds, done = float(os.environ.get("SOAK_SECONDS", "900")), Counter[str]()
    os.environ |= {"RESNET_EXPLORER_SHARED": "on", "RESNET_EXPLORER_LOG": "off"}
    with TemporaryDirectory() as home, started(Path(home), free_port()) as (address, process):
        looker = Looker(process.pid)
        looker.start()
        asyncio.run(ask_the_largest(address))
        asyncio.run(fill_sessions(address))
        asyncio.run(use(address, WARM_UP * seconds, done, 0))
        warm, opened = looker.last(MEASURED), looker.open_files()
        asyncio.run(use(address, (1 - WARM_UP) * seconds, done, VISITORS))
        last, more_open = looker.last(MEASURED), looker.open_files() - opened
        looker.over.set()
        looker.join()
    more = growth(warm, last)
    seen = {
        "machine": machine(), "commit": commit(), "seconds": seconds, "visitors at once": VISITORS, "done": dict(done),
        "warm": asdict(warm), "last": asdict(last), "growth": more,
        "opened": dict(more_open),
        "most": {name: max(getattr(one, name) for one in looker.samples) for name in asdict(warm)},
        "samples": [list(asdict(one).values()) for one in looker.samples[:: max(1, len(looker.samples) // 100)]],
    }  # fmt: skip
    OUT.write_text(json.dumps(seen, indent=1) + "\n")
    rows: list[list[Cell]] = [
        [name, float(getattr(warm, name)), float(getattr(last, name)), value] for name, value in more.items()
    ]
    print(aligned(["", "warm", "at the end", "growth"], rows))
    print(json.dumps(dict(done)))
    failed = [*grew(more), *(kind for kind in done if kind.startswith("failed"))]
    print("\n".join(f"not flat: {name}" for name in failed))
    return int(bool(failed))


def _below(process: int) -> list[int]:
    try:
        children = [path.read_text() for path in Path(f"/proc/{process}/task").glob("*/children")]
    except OSError:
        return []
    below = [int(child) for text in children for child in text.split()]
    return below + [one for child in below for one in _below(child)]


def _megabytes(process: int) -> float:
    """Memory of a process that it shares with no other, and its share of the rest; nothing where it has ended."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return int(next(line for line in text.splitlines() if line.startswith("Pss:")).split()[1]) / 1024


if __name__ == "__main__":
    sys.exit(main())

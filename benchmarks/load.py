"""Many visitors at once, by the page's own protocol, on the machine that serves them: python -m benchmarks.load

Each opens the page, changes its lanes, reads tables by Gradio's calls and by our own route, follows runs, and a tenth
trains. What each kind of request took is written to results/load.json; the page's memory and processor time beside it.
"""

import argparse
import asyncio
import json
import os
import random
import resource
import statistics
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from resnet_explorer.language.orderings import ORDERINGS
from tests.fixtures.app_process import free_port, started

OUT = Path(__file__).parent / "results" / "load.json"
DEPTHS = (20, 32, 44, 56, 110)
API = "/gradio_api"
SMALL = {"steps": "60", "size": "8", "evaluate": "0"}


@dataclass
class Log:
    """Seconds of each kind of request, and those that failed."""

    seconds: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failed: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    async def time(self, kind: str, request: Callable[[], Awaitable[None]]) -> None:
        begun = time.perf_counter()
        try:
            await request()
        except (httpx.HTTPError, AssertionError, TimeoutError) as error:
            self.failed[kind].append(f"{type(error).__name__} {error}"[:200])
        else:
            self.seconds[kind].append(time.perf_counter() - begun)

    def table(self) -> dict[str, dict[str, float]]:
        """Of each kind how many, and the median and percentiles in milliseconds."""
        kinds = sorted({*self.seconds, *self.failed})
        return {kind: _row(self.seconds[kind], len(self.failed[kind])) for kind in kinds}


@dataclass
class Visitor:
    """One browser: it has its own cookie, session and lanes."""

    number: int
    client: httpx.AsyncClient
    log: Log
    event: Mapping[str, Any]
    until: float

    async def visit(self) -> None:
        """Come at some moment of the first seconds, and stay until the end."""
        await asyncio.sleep(random.uniform(0, 5))
        await self.log.time("open the page", self._open)
        follows = asyncio.create_task(self.log.time("follow runs", self._follow))
        if self.number % 10 == 0:
            await self.log.time("launch a run", self._train)
        while time.monotonic() < self.until:
            await self.log.time("change lanes", self._change)
            await asyncio.sleep(random.uniform(0.5, 1.5))
            await self.log.time("table, by Gradio's call", self._call)
            await asyncio.sleep(random.uniform(0.5, 1.5))
            await self.log.time("table, by our route", self._ask)
            await asyncio.sleep(random.uniform(0.5, 1.5))
        follows.cancel()

    def _lane(self) -> str:
        return f"cifar-basic-{random.choice(DEPTHS)}:{random.choice(list(ORDERINGS))}"

    async def _open(self) -> None:
        answer = await self.client.get("/")
        assert answer.status_code == 200, answer.status_code

    async def _change(self) -> None:
        """The event of the page that a changed lane sets off."""
        lanes = [
            {"slot": slot, "name": f"cifar-basic-{random.choice(DEPTHS)}", "unit": unit, "settings": {}}
            for slot, unit in enumerate(ORDERINGS)
        ]
        body = {**self.event, "data": [lanes, *self.event["data"][1:]], "session_hash": f"visitor{self.number}"}
        answer = await self.client.post(f"{API}/run/predict", json=body)
        assert answer.status_code == 200, answer.text

    async def _call(self) -> None:
        """A verb as gradio_client calls it: through the queue."""
        begun = await self.client.post(f"{API}/call/v2/describe", json={"network": self._lane()})
        assert begun.status_code == 200, begun.text
        async with self.client.stream("GET", f"{API}/call/describe/{begun.json()['event_id']}") as answer:
            text = "".join([part async for part in answer.aiter_text()])
        assert "event: complete" in text, text[:100]

    async def _ask(self) -> None:
        answer = await self.client.post(f"{API}/explorer/verb/describe", json={"network": self._lane()})
        assert answer.status_code == 200, answer.text
        assert "params" in answer.json(), answer.text

    async def _train(self) -> None:
        question = {
            "networks": ["cifar-basic-8:original"],
            "settings": SMALL,
            "owner": f"owner {self.number}",
            "seeds": [self.number],
        }
        answer = await self.client.post(f"{API}/explorer/verb/train", json=question)
        assert "runs" in answer.json(), answer.text
        self.run = answer.json()["runs"][0]["run"]

    async def _follow(self) -> None:
        """A stream, open as long as the visitor stays; counted where it was begun and not broken."""
        async with self.client.stream("GET", f"{API}/explorer/runs/events") as answer:
            assert answer.status_code == 200, answer.status_code
            async for _ in answer.aiter_text():
                if time.monotonic() > self.until:
                    return


def page_event(config: Mapping[str, Any]) -> dict[str, Any]:
    """The first event that a changed lane sets off without the queue, with the values that the page begins with."""
    parts = {part["id"]: part for part in config["components"]}
    lanes = next(part["id"] for part in config["components"] if "lanes" in (part["props"].get("elem_classes") or []))
    event = next(
        event
        for event in config["dependencies"]
        if event["backend_fn"] and not event["queue"] and event["inputs"][:1] == [lanes] and len(event["outputs"]) > 1
    )
    data = [parts[number]["props"].get("value") for number in event["inputs"]]
    return {"data": data, "fn_index": event["id"], "trigger_id": None}


async def load(address: str, visitors: int, seconds: float) -> Log:
    """So many visitors for so long."""
    log = Log()
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(base_url=address, timeout=60) as first:
        event = page_event((await first.get("/config")).json())
    until = time.monotonic() + seconds
    clients = [httpx.AsyncClient(base_url=address, timeout=60, limits=limits) for _ in range(visitors)]
    await asyncio.gather(*(Visitor(number, client, log, event, until).visit() for number, client in enumerate(clients)))
    await asyncio.gather(*(client.aclose() for client in clients))
    return log


async def streams(address: str, count: int, seconds: float) -> dict[str, Any]:
    """So many pages that follow one run while it trains: the points that each gets, and what a verb takes meanwhile."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(base_url=address, timeout=120, limits=limits) as client:
        question = {"networks": ["cifar-basic-8:original"], "settings": {**SMALL, "steps": "4000"}, "owner": "streams"}
        launched = await client.post(f"{API}/explorer/verb/train", json=question)
        run, until = launched.json()["runs"][0]["run"], time.monotonic() + seconds
        readers = [asyncio.create_task(_read_points(client, run, until)) for _ in range(count)]
        log = Log()
        while time.monotonic() < until:
            visitor = Visitor(0, client, log, {}, until)
            await log.time("table, by our route", visitor._ask)
            await asyncio.sleep(0.2)
        points = sorted(await asyncio.gather(*readers))
        await client.post(f"{API}/explorer/verb/stop", json={"run": run, "owner": "streams"})
    several = {"fewest": points[0], "median": points[count // 2], "most": points[-1]}
    return {"streams": count, "seconds": seconds, "points of a stream": several, "meanwhile": log.table()}


async def _read_points(client: httpx.AsyncClient, run: str, until: float) -> int:
    """How many points came in one stream."""
    points = 0
    async with client.stream("GET", f"{API}/explorer/runs/events", params={"runs": run}) as answer:
        async for line in answer.aiter_lines():
            if line.startswith("data: [{"):
                points += len(json.loads(line.removeprefix("data: ")))
            if time.monotonic() > until:
                return points
    return points


def main() -> None:
    """Serve a page where strangers come, let the visitors in, and write what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=200)
    parser.add_argument("--streams", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=30)
    options = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    os.environ["RESNET_EXPLORER_SHARED"] = "on"
    with TemporaryDirectory() as home, started(Path(home), free_port()) as (address, process):
        httpx.get(address)
        before = _usage(process.pid)
        log = asyncio.run(load(address, options.visitors, options.seconds))
        after = _usage(process.pid)
        followed = asyncio.run(streams(address, options.streams, options.seconds))
        last = _usage(process.pid)
    table = log.table()
    seen = {
        "visitors": options.visitors,
        "seconds": options.seconds,
        "requests": table,
        "page_processor_seconds": round(after[0] - before[0], 1),
        "page_memory_mb": [round(before[1]), round(after[1]), round(last[1])],
        "followed": followed,
        "failures": {kind: texts[:3] for kind, texts in log.failed.items()},
    }
    OUT.write_text(json.dumps(seen, indent=1) + "\n")
    print(json.dumps(seen, indent=1))


def _row(seconds: list[float], failed: int) -> dict[str, float]:
    if not seconds:
        return {"answers": 0, "failed": failed}
    ordered = sorted(seconds)
    cuts = {"median": 0.5, "p95": 0.95, "p99": 0.99}
    named = {f"{name}_ms": round(1e3 * ordered[int(share * (len(ordered) - 1))], 1) for name, share in cuts.items()}
    return {"answers": len(seconds), "failed": failed, **named, "mean_ms": round(1e3 * statistics.fmean(seconds), 1)}


def _usage(pid: int) -> tuple[float, float]:
    """Processor seconds and megabytes of a process."""
    stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ticks = int(stat[11]) + int(stat[12])
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return ticks / os.sysconf("SC_CLK_TCK"), pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


if __name__ == "__main__":
    main()

"""The page's process: gradient figures by its workers, what it holds at rest, and how it answers meanwhile."""

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

# as the entry points do, before torch is loaded
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("GOMP_SPINCOUNT", "10000")

import torch

from benchmarks.gradio_app import EMPTY, gradio_app
from benchmarks.measure import Ratio, Value, interleaved, ratios, report, value
from resnet_explorer.language.orderings import ORDERINGS
from resnet_explorer.models.build import build
from resnet_explorer.models.init import initialise
from resnet_explorer.models.units import Network
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.request import parse_request
from tests.fixtures.app_process import free_port, started

LANES = [f"cifar-basic-56:{name}" for name in ORDERINGS]
BATCH, SEEDS = 8, 3
# what was answered once is remembered, so every round asks another question of the same cost
QUESTIONS = list(product(("he-fan-out", "he-fan-in", "torch"), ("cross-entropy", "sum", "mean-square")))
ROUNDS = 5
# seconds over which a process at rest is watched, and in which it gets there
REST, SETTLE = 20.0, 8.0
TICKS = os.sysconf("SC_CLK_TCK")
Ask = Callable[..., tuple[float, float]]


def main() -> None:
    """Measure one page over one home, then a second one over the same home."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        questions = iter(QUESTIONS)
        with started(home, free_port()) as (address, process), httpx.Client(base_url=address, timeout=120) as client:
            rest = _at_rest(process.pid)
            ask = partial(_ask, client)
            ask(*next(questions))
            figures, first = _figures(ask, questions)
            again = [ask(*QUESTIONS[0])[1] for _ in range(10)]
            tables = _tables(address, lambda: [ask(*next(questions)) for _ in range(2)])
        with started(home, free_port()) as (address, _), httpx.Client(base_url=address, timeout=120) as client:
            ask = partial(_ask, client)
            restarted = [ask(*question)[1] for question in QUESTIONS[:ROUNDS]]
    values = [
        value("gradient figure, first lane", "s", first, "at most 0.4"),
        value("gradient figure, asked again", "ms", [1e3 * seconds for seconds in again], "at most 50"),
        value("gradient figure, asked again after a restart", "ms", [1e3 * s for s in restarted], "at most 50"),
        value("tables while six lanes are probed, 99th percentile", "ms", tables, "at most 20"),
    ]
    report("serving", figures, rest + values)


def _figures(ask: Ask, questions: Iterator[tuple[str, str]]) -> tuple[list[Ratio], list[float]]:
    """All lanes and seeds from the press to the last line against bare passes, and the seconds to the first lane."""
    torch.set_num_threads(os.cpu_count() or 1)
    nets = [build(plan(parse_request(lane).network)).train() for lane in LANES]
    first: list[float] = []
    loop = "a plain loop of forward and backward, re-initialised as often"
    candidates: dict[str, Callable[[], object]] = {
        "the page's stream": lambda: first.append(ask(*next(questions))[0]),
        loop: partial(_passes, nets),
    }
    times = interleaved(candidates, runs=ROUNDS)
    return ratios("gradient figure of six lanes at depth 56, three seeds, warm", times, {loop: "at most 0.7"}), first


def _ask(client: httpx.Client, init: str, loss: str) -> tuple[float, float]:
    """Seconds to the first figure and to the last line, for a visitor who is connected."""
    lanes = [{"slot": slot, "name": lane, "spec": lane} for slot, lane in enumerate(LANES)]
    fields = {"visitor": "benchmark", "lanes": lanes, "batch": BATCH, "seeds": SEEDS, "init": init, "loss": loss}
    begin, first, event = time.perf_counter(), 0.0, ""
    with client.stream("POST", "/gradio_api/explorer/stream/gradient", json=fields) as answer:
        for line in answer.iter_lines():
            event = json.loads(line)["event"]
            first = first or (time.perf_counter() - begin if event == "figure" else 0.0)
    assert event == "done"
    return first, time.perf_counter() - begin


def _passes(nets: list[Network]) -> None:
    for seed in range(SEEDS):
        for net in nets:
            initialise(net, "he-fan-out", torch.Generator().manual_seed(seed))
            labels = torch.randint(10, (BATCH,))
            loss = torch.nn.functional.cross_entropy(net(torch.randn(BATCH, 3, 32, 32)), labels)
            net.zero_grad()
            torch.autograd.backward(loss)


def _tables(address: str, probe: Callable[[], object]) -> list[float]:
    """Milliseconds: the 99th percentile of answers with a layer table, each asked while six lanes are probed."""
    probing = threading.Thread(target=probe)
    times: list[float] = []
    with httpx.Client() as client:
        probing.start()
        while probing.is_alive():
            begin = time.perf_counter()
            client.post(f"{address}/gradio_api/explorer/structure/describe", json={"network": "cifar-basic-56"})
            times.append(time.perf_counter() - begin)
            # a visitor's pace, not a flood
            time.sleep(0.02)
    return [1e3 * sorted(times)[int(0.99 * len(times))]]


def _at_rest(pid: int) -> list[Value]:
    """The page's process against an empty Gradio app: memory, and time on a core."""
    with gradio_app(EMPTY) as (_, empty):
        time.sleep(SETTLE)
        before = _cpu(pid), _cpu(empty)
        time.sleep(REST)
        busy = [100 * (now - then) / REST for now, then in zip((_cpu(pid), _cpu(empty)), before, strict=True)]
        held = [_memory(pid) / 1e6, _memory(empty) / 1e6]
    return [
        value("memory of the page's process at rest", "MB", held[:1], f"at most {held[1] + 80:.0f}"),
        value("memory of an empty Gradio app", "MB", held[1:]),
        value("time on a core of the page's process at rest", "%", busy[:1], f"at most {busy[1] + 1:.1f}"),
        value("time on a core of an empty Gradio app", "%", busy[1:]),
    ]


def _cpu(pid: int) -> float:
    """Seconds a process has spent on a core."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _memory(pid: int) -> float:
    """Bytes a process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()

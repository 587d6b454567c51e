"""The page as a visitor meets it: first paint against Gradio's hello world, and the warm gradient figure."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import product

import httpx
import torch
from playwright.sync_api import Browser, sync_playwright

from benchmarks.measure import Ratio, interleaved, ratios, report
from resnet_explorer.language.orderings import ORDERINGS
from resnet_explorer.models.build import build
from resnet_explorer.models.init import initialise
from resnet_explorer.models.units import Network
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.request import parse_request
from tests.fixtures.app_process import launched

LANES = [f"cifar-basic-56:{name}" for name in ORDERINGS]
BATCH, SEEDS = 8, 3
# what was answered once comes from memory, so every round asks another question of the same cost
QUESTIONS = product(("he-fan-out", "he-fan-in", "torch"), ("cross-entropy", "sum", "mean-square"))
ROUNDS = 7
HELLO = "import gradio; gradio.Interface(lambda name: f'Hello {name}', 'text', 'text').launch()"
QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
PAINTED = "performance.getEntriesByName('first-contentful-paint').length > 0"


def main() -> None:
    """Measure both, one after the other, against servers that have answered before."""
    with launched() as ours:
        found = _figures(ours)
        with _hello() as hello:
            found += _visits(ours, hello)
    report("page", found)


def _figures(address: str) -> list[Ratio]:
    """All lanes and seeds from the press to the last line, and to the first figure, against bare passes."""
    torch.set_num_threads(os.cpu_count() or 1)
    nets = [build(plan(parse_request(lane).network)).train() for lane in LANES]
    asked = iter(QUESTIONS)
    times = interleaved(
        {
            "the page's stream": lambda: _answer(address, *next(asked)),
            "a plain loop of forward and backward, re-initialised as often": partial(_passes, nets),
        },
        runs=ROUNDS,
    )
    return ratios("gradient figure of six lanes at depth 56, three seeds, warm", times)


def _answer(address: str, init: str, loss: str) -> None:
    lanes = [{"slot": slot, "name": lane, "spec": lane} for slot, lane in enumerate(LANES)]
    question = {"visitor": "bench", "lanes": lanes, "batch": BATCH, "seeds": SEEDS, "init": init, "loss": loss}
    path = f"{address}/gradio_api/explorer/stream/gradient"
    with httpx.stream("POST", path, json=question, timeout=120) as answer:
        *_, last = answer.iter_lines()
    assert '"event":"done"' in last


def _passes(nets: list[Network]) -> None:
    for seed in range(SEEDS):
        for net in nets:
            initialise(net, "he-fan-out", torch.Generator().manual_seed(seed))
            labels = torch.randint(10, (BATCH,))
            loss = torch.nn.functional.cross_entropy(net(torch.randn(BATCH, 3, 32, 32)), labels)
            net.zero_grad()
            torch.autograd.backward(loss)


def _visits(ours: str, hello: str) -> list[Ratio]:
    """A browser without a cache, each time."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    other = "Gradio's hello world"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        paint: dict[str, Callable[[], object]] = {
            "ours": partial(_paint, browser, ours),
            other: partial(_paint, browser, hello),
        }
        use: dict[str, Callable[[], object]] = {
            "ours": partial(_use, browser, ours, ".lane-reading"),
            other: partial(_use, browser, hello, "textarea >> nth=0"),
        }
        found = ratios("first paint", interleaved(paint, runs=9), {other: "at most 1"})
        found += ratios("first thing to read or use", interleaved(use, runs=9))
        browser.close()
    return found


def _paint(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address, wait_until="commit")
    page.wait_for_function(PAINTED)
    page.context.close()


def _use(browser: Browser, address: str, what: str) -> None:
    page = browser.new_page()
    page.goto(address, wait_until="commit")
    page.locator(what).first.wait_for()
    page.context.close()


@contextmanager
def _hello() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "GRADIO_SERVER_PORT": str(port), "GRADIO_ANALYTICS_ENABLED": "False"}
    app = subprocess.Popen([sys.executable, "-u", "-c", HELLO], env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert app.stdout is not None
        assert any("Running on local URL" in line for line in app.stdout)
        yield f"http://127.0.0.1:{port}"
    finally:
        app.terminate()
        app.wait(timeout=20)
        if app.stdout is not None:
            app.stdout.close()


if __name__ == "__main__":
    main()

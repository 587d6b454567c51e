"""The process that serves the page: light, while its workers compute."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.fixtures.app_process import free_port, started

NETWORKS = [f"cifar-basic-8:{ordering}" for ordering in ("original", "plain")]
LANES = [{"slot": slot, "name": network, "spec": network} for slot, network in enumerate(NETWORKS)]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    with started(tmp_path_factory.mktemp("home"), free_port()) as (address, process):
        yield address, process.pid


def ask(address: str, path: str, **fields: object) -> str:
    answer = httpx.post(f"{address}/gradio_api/explorer/{path}", json=fields, timeout=60)
    assert answer.status_code == 200
    return answer.text


def loaded(pid: int, library: str) -> bool:
    return library in Path(f"/proc/{pid}/maps").read_text()


def test_the_page_never_loads_torch(page: tuple[str, int]) -> None:
    address, pid = page
    assert '"event":"done"' in ask(address, "stream/gradient", lanes=LANES, seeds=2, batch=2)
    assert '"event":"done"' in ask(address, "stream/gradient", lanes=LANES, seeds=1, batch=2, source="shapes")
    assert "torchinfo counts" in ask(address, "structure/second-opinion", network="cifar-basic-8")
    assert '"ratio"' in ask(address, "verb/probe", networks=NETWORKS, seeds=1, batch=2)
    assert loaded(pid, "libpython") or loaded(pid, "python")
    assert not loaded(pid, "libtorch")


def test_a_lane_that_a_worker_refuses_says_the_sentence(page: tuple[str, int]) -> None:
    lanes = [{"slot": 0, "name": "odd", "spec": "cifar-basic-8;image=1"}]
    assert '"event":"failed"' in ask(page[0], "stream/gradient", lanes=lanes, batch=1, seeds=1)

"""The process that serves the page: one a home, light while its workers compute, and careful with strangers."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from resnet_explorer.errors import RunError
from resnet_explorer.ui import serve, services
from tests.fixtures.app_process import environment, free_port, started
from tests.fixtures.paths import ROOT
from tests.fixtures.runs import until

NETWORKS = [f"cifar-basic-8:{ordering}" for ordering in ("original", "plain")]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def page(home: Path) -> Iterator[tuple[str, int]]:
    with started(home, free_port()) as (address, process):
        yield address, process.pid


def ask(address: str, path: str, **fields: object) -> str:
    answer = httpx.post(f"{address}/gradio_api/explorer/{path}", json=fields, timeout=60)
    assert answer.status_code == 200
    return answer.text


def probe(address: str, networks: list[str] = NETWORKS, **conditions: object) -> str:
    """What a probe by the page's workers answers."""
    return ask(address, "verb/probe", **{"networks": networks, "seeds": 1, **conditions})


def loaded(pid: int, library: str) -> bool:
    return library in Path(f"/proc/{pid}/maps").read_text()


def test_the_page_never_loads_torch(page: tuple[str, int]) -> None:
    address, pid = page
    assert '"ratio"' in probe(address, seeds=2, batch=2)
    assert '"ratio"' in probe(address, batch=2, source="shapes")
    assert "torchinfo counts" in ask(address, "verb/second_opinion", network="cifar-basic-8")
    assert loaded(pid, "libpython") or loaded(pid, "python")
    assert not loaded(pid, "libtorch")


# a machine that is so busy that Gradio's own look at the page gets no answer in time
BUSY = """
import sys
from gradio import networking
from resnet_explorer.__main__ import main
networking.url_ok = lambda url: False
sys.exit(main(["serve", *sys.argv[1:]]))
"""


def test_the_page_opens_on_a_busy_machine(tmp_path: Path) -> None:
    with started(tmp_path, free_port(), ("-c", BUSY)) as (address, _):
        assert httpx.get(address, timeout=60).status_code == 200


def test_a_lane_that_a_worker_refuses_says_the_sentence(page: tuple[str, int]) -> None:
    answer = probe(page[0], ["cifar-basic-8;image=1"], batch=1)
    assert "Expected more than 1 value per channel" in answer


def open_page(home: Path) -> subprocess.CompletedProcess[str]:
    """Try to open a page, which ends at once if it may not."""
    command = [sys.executable, "-m", "resnet_explorer", "serve", "--port", str(free_port())]
    return subprocess.run(command, env=environment(home), capture_output=True, text=True, timeout=120)


def test_a_second_page_on_a_home_ends_with_code_3_and_names_the_first(page: tuple[str, int], home: Path) -> None:
    second = open_page(home)
    assert (second.returncode, second.stdout) == (3, "")
    assert f"is in use by the page, process {page[1]}" in second.stderr


def test_a_page_without_a_place_for_its_runs_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = open_page(tmp_path / "file")
    assert ended.returncode == 1
    assert ended.stderr.startswith("the page cannot be opened: ")
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("variables", "shared"),
    [
        ({}, False),
        ({"GRADIO_SERVER_NAME": "127.0.0.1"}, False),
        ({"GRADIO_SERVER_NAME": "0.0.0.0"}, True),
        ({"SPACE_ID": "somebody/explorer"}, True),
        ({"GRADIO_SERVER_NAME": "0.0.0.0", "RESNET_EXPLORER_SHARED": "off"}, False),
        ({"RESNET_EXPLORER_SHARED": "on"}, True),
    ],
)
def test_strangers_are_expected_where_the_page_is_reached_from_outside(
    variables: dict[str, str], shared: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GRADIO_SERVER_NAME", "SPACE_ID", "RESNET_EXPLORER_SHARED"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert services._is_shared() == shared


def test_gradio_sends_nothing_home() -> None:
    # set when the module is imported, before Gradio is
    assert serve.HOME_IN_USE
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"


@pytest.mark.parametrize("named", ["x", "0", "70000"])
def test_a_port_that_is_none_is_refused(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_SERVER_PORT", named)
    with pytest.raises(RunError, match=f"GRADIO_SERVER_PORT is a number from 1 to 65535, not '{named}'"):
        serve._named_port()


def test_a_taken_port_is_refused_and_no_other_one_is_served(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        variables = {**environment(tmp_path), "GRADIO_SERVER_PORT": port}
        command = [sys.executable, "app.py"]
        app = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=120)
    assert app.returncode == 1
    assert port in app.stderr
    assert "Running on" not in app.stdout


def children(pid: int) -> list[int]:
    """The processes below a process."""
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    below = [int(child) for thread in threads for child in thread.read_text().split()]
    return below + [process for child in below for process in children(child)]


def is_gone(pid: int) -> bool:
    """Whether a process has ended, whether or not somebody has noticed."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_workers_end_with_the_page_however_it_ends(tmp_path: Path) -> None:
    with started(tmp_path, free_port()) as (address, process):
        probe(address, batch=2)
        workers = children(process.pid)
        assert len(workers) > 2
        process.kill()
        process.wait()
        until(lambda: all(map(is_gone, workers)))


def test_the_page_answers_again_after_its_workers_were_killed(tmp_path: Path) -> None:
    with started(tmp_path, free_port()) as (address, process):
        probe(address, batch=2)
        for worker in children(process.pid):
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
        assert '"ratio"' in probe(address, batch=3)

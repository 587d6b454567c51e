"""The page on a Space that GPUs are lent to: who works on its runs, and whose request a run is counted on."""

import json
import os
import subprocess
import sys
from contextvars import Context
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from gradio.context import LocalContext

from resnet_explorer.api.run_rows import hash_owner
from resnet_explorer.api.runs import Runs
from resnet_explorer.executors.zero_gpu import ZeroGpu, burst
from resnet_explorer.ui.gpu_requests import MOST_OWNERS, TOKEN, GpuRequests
from resnet_explorer.ui.services import Services
from tests.fixtures.paths import ROOT

LAUNCHING = {"train", "resume", "resume_shown", "resume_all", "judge_all", "resume_each"}


# the name of each private event of the page, and whether it waits in Gradio's queue
EVENTS = """
import json, sys, types
spaces = sys.modules["spaces"] = types.ModuleType("spaces")
spaces.GPU = lambda duration=None: lambda each: each
spaces.gradio_auto_wrap = lambda each: each
from resnet_explorer.ui.serve import page
events = page().fns.values()
print(json.dumps([[event.name, event.queue] for event in events if event.api_visibility == "private"]))
"""


@pytest.fixture
def decorated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What `spaces` decorates on a Space; a stand-in, as it is installed nowhere else."""
    functions: list[object] = []
    spaces = ModuleType("spaces")
    monkeypatch.setattr(spaces, "GPU", lambda duration: lambda each: functions.append(each), raising=False)
    monkeypatch.setitem(sys.modules, "spaces", spaces)
    monkeypatch.setenv("RESNET_EXPLORER_HOME", str(tmp_path))
    return functions


def of_event(headers: dict[str, str]) -> Context:
    """The context in which Gradio answers an event with these headers."""
    context = Context()
    context.run(LocalContext.request.set, SimpleNamespace(headers=headers, client=None))  # type: ignore[arg-type]
    return context


def token_in(context: Context) -> str:
    request = context.run(LocalContext.request.get, None)
    return request.headers[TOKEN] if request else ""


@pytest.mark.parametrize("value", ["1", "true"])
def test_where_gpus_are_lent_a_burst_is_decorated_before_the_page_is_launched(
    decorated: list[object], monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("SPACES_ZERO_GPU", value)
    services = Services()
    assert isinstance(services.supervisor.executor, ZeroGpu)
    assert decorated == [burst]


def test_elsewhere_nothing_is_decorated(decorated: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPACES_ZERO_GPU", raising=False)
    assert not isinstance(Services().supervisor.executor, ZeroGpu)
    assert decorated == []


@pytest.mark.parametrize("lent", ["true", "false"])
def test_what_launches_runs_waits_in_the_queue_only_where_a_gpu_is_lent(tmp_path: Path, lent: str) -> None:
    environment = {**os.environ, "SPACES_ZERO_GPU": lent, "RESNET_EXPLORER_HOME": str(tmp_path)}
    ended = subprocess.run([sys.executable, "-c", EVENTS], cwd=ROOT, env=environment, capture_output=True, check=True)
    queues = {name: queue for name, queue in json.loads(ended.stdout) if name in LAUNCHING}
    assert queues == dict.fromkeys(LAUNCHING, lent == "true")


def test_a_run_is_counted_on_the_newest_request_of_its_owner_that_has_a_token(tmp_path: Path) -> None:
    requests = GpuRequests()
    runs = Runs(tmp_path, on_launch=requests.keep)
    for headers in ({TOKEN: "first"}, {TOKEN: "second"}, {}):
        of_event(headers).run(runs.train, ["cifar-basic-8"], settings={"size": "8"}, owner="me")
    assert token_in(requests.context(hash_owner("me"))) == "second"
    assert token_in(requests.context(hash_owner("somebody"))) == ""


def test_no_more_requests_are_kept_than_fit() -> None:
    requests = GpuRequests()
    for number in range(MOST_OWNERS + 1):
        of_event({TOKEN: str(number)}).run(requests.keep, str(number))
    assert [token_in(requests.context(owner)) for owner in ("0", "1")] == ["", "1"]

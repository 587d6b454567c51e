"""Somebody else's runs, over HTTP, where strangers share: no verb changes them for whoever is not their owner."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from resnet_explorer.api.probe_runner import ProbeRunner
from resnet_explorer.api.run_rows import hash_owner
from resnet_explorer.api.runs import Runs
from resnet_explorer.runs.events import Event, Finished, Interrupted, Started, Stopped
from resnet_explorer.runs.index.store import Store
from resnet_explorer.runs.run_folder import RunFolder
from resnet_explorer.ui import http
from tests.fixtures.cases import Count

OWNER = "ann"
STRANGERS = ("", "bob", "ANN", "ann ", " ann", "an", "anna", "ann\0", hash_owner(OWNER), "null", "*", "%", "ａnn")
ENDS: Mapping[str, tuple[Event, ...]] = {
    "queued": (),
    "running": (Started(0, 5),),
    "stopped": (Stopped(0, 0.0),),
    "interrupted": (Interrupted("the server ended", "server"),),
    "finished": (Started(0, 5), Finished(5, 1.0)),
}
LAUNCHES: Mapping[str, Mapping[str, object]] = {
    "train": {"networks": ["cifar-basic-8"]},
    "analyse": {"analysis": "signal", "networks": ["cifar-basic-8"]},
    "judge": {},
}


class World:
    """A shared home with a run of ann's of each kind in each state, before its routes."""

    def __init__(self, home: Path) -> None:
        runs = Runs(home, shared=True, bundled_dir=home / "bundled")
        self.browser = TestClient(Starlette(routes=http.routes(runs, ProbeRunner())))
        self.folders = {}
        with Store(home / "index.sqlite3", writing=True) as index:
            for kind, arguments in LAUNCHES.items():
                for state, events in ENDS.items():
                    known = set((home / "runs").glob("*"))
                    # another seed makes another question, which has a run of its own
                    answer = self.ask(kind, {**arguments, **_different(kind, state), "owner": OWNER})
                    assert "error" not in answer
                    (path,) = set((home / "runs").glob("*")) - known
                    folder = self.folders[f"{kind} {state}"] = RunFolder(path)
                    with folder.writer() as writer:
                        for event in events:
                            writer.append(event)
                    index.ingest(folder)

    def ask(self, verb: str, arguments: Mapping[str, object]) -> Mapping[str, object]:
        answer: Mapping[str, object] = self.browser.post(f"{http.PREFIX}/verb/{verb}", json=dict(arguments)).json()
        return answer


def _different(kind: str, state: str) -> Mapping[str, object]:
    number = list(ENDS).index(state)
    if kind == "judge":
        return {"claims": [("degradation", "cure", "flops", "unrolling", "orderings")[number]]}
    return {"seeds": [number]} if kind == "train" else {"seed": number}


def contents(folder: RunFolder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.path.iterdir() if path.is_file()}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("home"))


@pytest.mark.parametrize("verb", ["stop", "resume", "remove"])
def test_a_verb_about_a_run_obeys_its_owner_alone(world: World, count: Count, verb: str) -> None:
    for folder in world.folders.values():
        before = contents(folder)
        for stranger in STRANGERS:
            with count():
                answer = world.ask(verb, {"run": folder.run, "owner": stranger})
                assert "somebody else" in str(answer["error"])
                assert contents(folder) == before


@pytest.mark.parametrize("verb", ["stop_all", "resume_all"])
def test_a_verb_about_all_runs_passes_over_those_of_others(world: World, count: Count, verb: str) -> None:
    before = {name: contents(folder) for name, folder in world.folders.items()}
    for stranger in STRANGERS:
        with count():
            answer = world.ask(verb, {"owner": stranger})
            assert answer.get("runs", []) == []
            assert {name: contents(folder) for name, folder in world.folders.items()} == before


def test_the_owner_commands_them(world: World) -> None:
    run = world.folders["train finished"].run
    assert "error" not in world.ask("remove", {"run": run, "owner": OWNER})
    assert not world.folders["train finished"].path.exists()

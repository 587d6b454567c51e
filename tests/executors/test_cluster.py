"""The page's side of a cluster, with programs in the place of the one that talks to Ray."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from resnet_explorer.errors import RunError
from resnet_explorer.executors import choice
from resnet_explorer.executors.base import Exit
from resnet_explorer.executors.choice import choose_executor
from resnet_explorer.executors.cluster import Cluster
from resnet_explorer.executors.local import Local
from resnet_explorer.runs.events import Started
from resnet_explorer.runs.run_folder import RunFolder
from tests.fixtures.runs import inline, queued_run, state, supervised, until

# what has been ordered is written down; `answer` says what comes back
HEAD = """
import json, os, sys
log = open({log!r}, "a")
def answer(**values):
    print(json.dumps(values), flush=True)
"""
READY = 'answer(ready=True, slots=3, device="cpu")\n'
READ = "for line in sys.stdin:\n    log.write(line); log.flush()\n"


@contextmanager
def cluster(home: Path, *lines: str, address: str = "head:6379", **settings: Any) -> Iterator[Cluster]:
    program: Sequence[str] = [sys.executable, "-c", HEAD.format(log=str(home / "orders")) + "".join(lines)]
    made = Cluster(home, inline(), address, program=program, **settings)
    try:
        yield made
    finally:
        made.close()


def orders(home: Path) -> str:
    return (home / "orders").read_text() if (home / "orders").exists() else ""


def connected(made: Cluster) -> None:
    made.start()
    until(lambda: made.ended() or made.slots)


def test_the_slots_are_those_of_the_cluster(tmp_path: Path) -> None:
    with cluster(tmp_path, READY, READ) as made:
        assert made.slots == 0
        connected(made)
        assert (made.slots, made.device_names) == (3, ["cpu, on Ray"])


def test_what_the_cluster_has_in_hand_is_at_work_before_there_is_a_connection(tmp_path: Path) -> None:
    folder = queued_run(tmp_path)
    with cluster(tmp_path, READY, READ) as made:
        connected(made)
        made.submit(folder, 1)
        assert made.outlives(folder.run)
    with cluster(tmp_path, READ) as made:
        assert made.busy == {folder.run: 1}
        made.start()
        until(lambda: orders(tmp_path).count(f'"start": "{folder.run}"') == 2)


def test_an_end_is_kept_by_nobody(tmp_path: Path) -> None:
    folder = queued_run(tmp_path)
    with cluster(tmp_path, READY, f"sys.stdin.readline(); answer(ended={folder.run!r}, code=0)\n", READ) as made:
        connected(made)
        made.submit(folder, 1)
        assert until(made.ended) == [Exit(folder.run, 1, 0)]
        assert made.busy == {}
    with cluster(tmp_path, READ) as made:
        assert made.busy == {}


def test_a_program_that_dies_is_begun_again_with_all_that_is_at_work(tmp_path: Path) -> None:
    folder = queued_run(tmp_path)
    with cluster(tmp_path, READY, "log.write(sys.stdin.readline()); log.write(sys.stdin.readline())\n") as made:
        connected(made)
        made.submit(folder, 1)
        made.cancel(folder.run)
        made.cancel(folder.run)
        until(lambda: made.ended() or orders(tmp_path).count('"request": "cancel"') == 2)
        assert orders(tmp_path).count('"start"') == 2
        assert made.busy == {folder.run: 1}


def test_a_cluster_that_cannot_be_reached_is_a_plain_sentence(tmp_path: Path) -> None:
    with cluster(tmp_path, 'answer(problem="the Ray cluster at head:6379 cannot be reached")\n') as made:
        made.start()
        until(lambda: made.ended() or made.problem)
        assert made.problem == "the Ray cluster at head:6379 cannot be reached"
        assert made.slots == 0


def test_a_connection_that_takes_too_long_is_tried_again(tmp_path: Path) -> None:
    with cluster(tmp_path, "log.write('begun '); log.flush()\n", READ, deadline=0.3) as made:
        made.start()
        until(lambda: made.ended() or orders(tmp_path).count("begun") == 2)
        assert made.problem == "the Ray cluster at head:6379 does not answer"


def test_runs_of_a_cluster_of_this_machine_end_with_the_page(tmp_path: Path) -> None:
    folder = queued_run(tmp_path)
    with cluster(tmp_path, READY, READ, address="") as made:
        connected(made)
        made.submit(folder, 1)
        assert not made.outlives(folder.run)


def test_a_page_that_ends_asks_nothing_of_runs_that_go_on(tmp_path: Path) -> None:
    folder = queued_run(tmp_path)
    with cluster(tmp_path, READY, READ) as made, supervised(tmp_path, made):
        until(lambda: f'"start": "{folder.run}"' in orders(tmp_path))
        with folder.writer() as writer:
            writer.append(Started(0, 5))
    assert "cancel" not in orders(tmp_path)
    assert state(folder) == "running"


def test_a_study_is_done_by_the_processor(tmp_path: Path) -> None:
    folder = queued_run(tmp_path)
    with cluster(tmp_path, READY, READ) as made:
        connected(made)
        made.submit(folder, 1, beside=True)
        assert not made.outlives(folder.run)
        until(made.ended)
        started = [one.event for one in folder.records()[0] if isinstance(one.event, Started)]
        assert (state(folder), started[0].threads) == ("finished", 3)
    assert folder.run not in orders(tmp_path)


@pytest.mark.parametrize(("name", "kind"), [("", Local), ("local", Local), ("ray", Cluster)])
def test_a_variable_says_who_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, kind: type[Local] | type[Cluster]
) -> None:
    monkeypatch.setattr(choice, "find_spec", lambda _name: True)
    assert isinstance(choose_executor({"RESNET_EXPLORER_EXECUTOR": name}, tmp_path, Local()), kind)


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"RESNET_EXPLORER_EXECUTOR": "slurm"}, "local or ray, not 'slurm'"),
        ({"RESNET_EXPLORER_EXECUTOR": "ray", "RESNET_EXPLORER_RAY_GPUS": "0"}, "above 0, and 1 at most, not '0'"),
        ({"RESNET_EXPLORER_EXECUTOR": "ray", "RESNET_EXPLORER_RAY_GPUS": "half"}, "above 0, and 1 at most, not 'half'"),
    ],
)
def test_what_there_is_not_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], sentence: str
) -> None:
    monkeypatch.setattr(choice, "find_spec", lambda _name: True)
    with pytest.raises(RunError, match=sentence):
        choose_executor(variables, tmp_path, Local())


def test_a_machine_without_ray_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "find_spec", lambda _name: None)
    with pytest.raises(RunError, match=r"not installed: pip install 'resnet-explorer\[cluster\]'"):
        choose_executor({"RESNET_EXPLORER_EXECUTOR": "ray"}, tmp_path, Local())


def test_a_damaged_note_of_a_run_at_work_is_left_out(tmp_path: Path) -> None:
    folder, damaged = queued_run(tmp_path), queued_run(tmp_path)
    (tmp_path / "cluster").mkdir()
    (tmp_path / "cluster" / folder.run).write_text("2")
    (tmp_path / "cluster" / damaged.run).write_text("")
    with cluster(tmp_path, READ) as made:
        assert made.busy == {folder.run: 2}
        assert RunFolder(tmp_path / "runs" / damaged.run).job()

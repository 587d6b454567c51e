"""A process that trains its own runs alone, and leaves the home to a page that has it."""

from pathlib import Path

from resnet_explorer.executors.guest import supervised
from resnet_explorer.executors.lock import HomeLock
from resnet_explorer.runs.index.store import Store
from tests.fixtures.runs import inline, queued_run, state, until


def test_only_the_runs_of_the_call_are_begun(tmp_path: Path) -> None:
    ours, other = queued_run(tmp_path), queued_run(tmp_path)
    with supervised(tmp_path, inline(), frozenset([ours.run])):
        until(lambda: state(ours) == "finished")
    assert state(other) == "queued"


def test_without_runs_the_index_is_brought_up_to_date_and_the_home_let_go(tmp_path: Path) -> None:
    folder = queued_run(tmp_path)
    with supervised(tmp_path, inline(), frozenset()):
        pass
    assert Store(tmp_path / "index.sqlite3").row(folder.run)
    assert HomeLock(tmp_path, "page").acquire()


def test_a_home_that_a_page_lets_go_is_taken_over(tmp_path: Path) -> None:
    page, folder = HomeLock(tmp_path, "page"), queued_run(tmp_path)
    assert page.acquire()
    with supervised(tmp_path, inline(), frozenset([folder.run])) as take_over:
        take_over()
        assert state(folder) == "queued"
        page.release()
        take_over()
        until(lambda: state(folder) == "finished")

"""What one visitor, one address and all together may have, with made-up visitors."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from resnet_explorer.api.quotas import MOST_VISITORS, RateLimit, RationedComputer, RunLimits, RunQuota, Visitor
from resnet_explorer.api.runs import Runs
from resnet_explorer.errors import RunError
from resnet_explorer.executors.compute import Call, InProcess
from tests.fixtures.cases import Count

ANN, BOB = Visitor("ann", "1.1.1.1"), Visitor("bob", "2.2.2.2")
NET = "cifar-basic-8"


class Door:
    """Who asks now."""

    def __init__(self) -> None:
        self.visitor = ANN

    def __call__(self) -> Visitor:
        return self.visitor


def none_ended(runs: Sequence[str]) -> set[str]:
    return set()


def test_whoever_floods_is_stopped_and_others_are_not(tmp_path: Path, count: Count) -> None:
    door = Door()
    runs = Runs(tmp_path, shared=True, bundled_dir=tmp_path / "bundled", caller=door)
    # an owner of its own each time, and no index that has seen anything yet
    for number in range(RunLimits().address):
        runs.train([NET], owner=f"invented {number}")
    for number in range(400):
        with count(), pytest.raises(RunError, match="from one network address"):
            runs.train([NET], owner=f"one more {number}")
    door.visitor = BOB
    assert len(runs.train([NET], owner="bob", seeds=[0, 1])["runs"]) == 2


def test_runs_without_an_owner_are_refused_where_strangers_come(tmp_path: Path) -> None:
    runs = Runs(tmp_path, shared=True)
    with pytest.raises(RunError, match="name an owner"):
        runs.train([NET])
    assert not (tmp_path / "runs").exists()
    assert Runs(tmp_path).train([NET])["runs"]


def test_an_owner_an_address_and_all_have_limits() -> None:
    door = Door()
    quota = RunQuota(door, RunLimits(owner=2, address=3, all=5))
    quota.check(2, "a", {}, none_ended)
    quota.launched(["1", "2"], "a")
    with pytest.raises(RunError, match="2 runs of one visitor wait or are at work, and 1 more are over the limit of 2"):
        quota.check(1, "a", {}, none_ended)
    quota.check(1, "b", {}, none_ended)
    quota.launched(["3"], "b")
    with pytest.raises(RunError, match="from one network address"):
        quota.check(1, "c", {}, none_ended)
    door.visitor = BOB
    others = {"4": "d", "5": "d"}
    with pytest.raises(RunError, match="of all visitors"):
        quota.check(1, "e", others, none_ended)


def test_what_has_ended_counts_no_longer() -> None:
    quota = RunQuota(Door(), RunLimits(owner=1, address=1, all=1))
    quota.launched(["1"], "a")
    with pytest.raises(RunError):
        quota.check(1, "a", {"1": "a"}, none_ended)
    quota.check(1, "a", {}, set)


def test_a_run_counts_once_whether_or_not_the_index_has_it() -> None:
    quota = RunQuota(Door(), RunLimits(owner=2, address=9, all=9))
    quota.launched(["1"], "a")
    quota.check(1, "a", {"1": "a"}, none_ended)
    quota.check(1, "a", {}, none_ended)


def test_a_limit_says_until_when_and_forgets_what_is_past() -> None:
    now = [100.0]
    door = Door()
    limit = RateLimit("questions", 2, door, clock=lambda: now[0])
    limit.take()
    now[0] += 20
    limit.take()
    with pytest.raises(RunError, match="2 questions a minute are the limit here; go on in 40 seconds"):
        limit.take()
    door.visitor = BOB
    limit.take()
    door.visitor = ANN
    now[0] += 40
    limit.take()


def test_a_visitor_who_throws_the_cookie_away_meets_the_limit_of_the_address() -> None:
    door = Door()
    limit = RateLimit("questions", 2, door)
    for number in range(20):
        door.visitor = Visitor(str(number), "1.1.1.1")
        limit.take()
    with pytest.raises(RunError, match="20 questions"):
        limit.take()


def test_this_machine_itself_has_no_limit_and_memory_is_bounded() -> None:
    door = Door()
    limit = RateLimit("questions", 1, door)
    door.visitor = Visitor()
    for _ in range(5):
        limit.take()
    for number in range(MOST_VISITORS + 100):
        limit.take(visitor=Visitor(address=str(number)))
    assert len(limit._taken) == MOST_VISITORS


def test_a_computer_computes_nothing_for_whoever_is_over_the_limit() -> None:
    computer = RationedComputer(InProcess(), RateLimit("measurements", 1, Door()))
    assert [outcome.value for outcome in computer.outcomes([Call("math:sqrt", (4.0,))])] == [2.0]
    with pytest.raises(RunError, match="1 measurements a minute"):
        next(computer.outcomes([Call("math:sqrt", (4.0,))]))

"""Who is next: owners take turns, whoever asks for how much."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_explorer.executors.queue import first_that_fit, next_runs, queue_estimates
from resnet_explorer.runs.index.store import IndexedRun
from resnet_explorer.runs.progress import Progress
from resnet_explorer.runs.run_folder import Job


def row(number: int, owner: str = "", group: str = "", **progress: object) -> IndexedRun:
    job = Job(f"run{number}", "count", {}, owner, group, created=number)
    return IndexedRun(number, job, Progress(**progress), number)  # type: ignore[arg-type]


def names(rows: list[IndexedRun]) -> str:
    return " ".join(f"{row.job.owner}{row.number}" for row in rows)


def test_one_owner_is_served_in_the_order_of_asking() -> None:
    assert names(next_runs([row(3), row(1), row(2)])) == "1 2 3"


def test_owners_take_turns() -> None:
    queued = [row(1, "a"), row(2, "a"), row(3, "a"), row(4, "b"), row(5, "c"), row(6, "b")]
    assert names(next_runs(queued)) == "a1 b4 c5 a2 b6 a3"


def test_who_has_a_run_at_work_waits_for_who_has_none() -> None:
    assert names(next_runs([row(1, "a"), row(2, "b")], [row(0, "a")])) == "b2 a1"


def test_a_flooder_holds_another_up_by_one_run_at_most() -> None:
    flood = [row(number, "a") for number in range(1, 501)]
    # one slot: a's first run is done, b asked meanwhile
    assert names(next_runs([*flood[1:], row(600, "b")], served={("a",): 1})).startswith("b600 a2")


def test_of_a_launch_the_run_with_the_least_share_of_its_steps_is_next() -> None:
    queued = [
        row(1, group="g", step=50, steps=100),
        row(2, group="g", step=60, steps=1000),
        row(3, group="g", step=20, steps=100),
    ]
    assert names(next_runs([*queued, row(4, group="g")])) == "4 2 3 1"


def test_launches_of_an_owner_take_turns_and_a_resumed_run_is_not_behind_later_ones() -> None:
    later = [row(number, group="later") for number in (5, 6, 7)]
    resumed = row(1, group="first", step=90, steps=100)
    assert names(next_runs([*later, resumed])) == "1 5 6 7"
    assert names(next_runs([*later[1:], resumed], later[:1])) == "1 6 7"


@pytest.mark.parametrize(("quota", "ordered"), [(1, "b4"), (2, "b4 a1 b5"), (None, "b4 a1 b5 a2 b6 a3")])
def test_a_quota_leaves_out_what_is_over_it(quota: int | None, ordered: str) -> None:
    queued = [row(1, "a"), row(2, "a"), row(3, "a"), row(4, "b"), row(5, "b"), row(6, "b")]
    assert names(next_runs(queued, [row(0, "a")], quota=quota)) == ordered


@given(st.lists(st.sampled_from("abc"), max_size=20), st.dictionaries(st.sampled_from("abc"), st.integers(0, 3)))
def test_everybody_is_served_once_and_no_owner_gets_two_ahead(owners: list[str], busy: dict[str, int]) -> None:
    queued = [row(number, owner) for number, owner in enumerate(owners)]
    working = [row(100 + number, owner) for owner, many in busy.items() for number in range(many)]
    ordered = next_runs(queued, working)
    assert sorted(ordered) == queued
    counts = Counter(busy)
    for place, one in enumerate(ordered):
        waiting = {other.job.owner for other in ordered[place:]}
        assert counts[one.job.owner] == min(counts[owner] for owner in waiting)
        counts[one.job.owner] += 1


def test_places_and_expected_starts_follow_the_order() -> None:
    working = row(1, "a", state="running", step=50, steps=100, seconds=10.0)
    estimates = queue_estimates([working, row(2, "a"), row(3, "b")], slots=1)
    assert estimates == {"run3": (1, 10.0), "run2": (2, 30.0)}


def test_a_free_slot_is_had_at_once_and_the_unknown_is_not_guessed() -> None:
    assert queue_estimates([row(1), row(2)], slots=1) == {"run1": (1, 0.0), "run2": (2, None)}
    assert queue_estimates([row(1, state="preparing"), row(2)], slots=1) == {"run2": (1, None)}


def test_a_run_that_waits_for_its_turn_starts_when_a_turn_ends_at_the_latest() -> None:
    working = row(1, "a", state="running", step=50, steps=100, seconds=10.0)
    assert queue_estimates([working, row(2), row(3)], slots=1, turn=4.0) == {"run2": (1, 4.0), "run3": (2, 8.0)}


def test_a_run_that_has_ended_waits_for_nothing() -> None:
    assert queue_estimates([row(1, state="finished", step=5, steps=5, seconds=1.0)], slots=1) == {}


def several(number: int, gpus: int) -> IndexedRun:
    one = row(number)
    return one._replace(job=replace(one.job, what={"gpus": gpus}))


def test_nobody_overtakes_a_run_that_waits_for_several_slots() -> None:
    assert names(first_that_fit([row(1), several(2, 4), row(3)], 4, 4)) == "1"
    assert names(first_that_fit([several(2, 4), row(3)], 4, 4)) == "2"
    assert names(first_that_fit([several(2, 2), row(3), row(4)], 3, 4)) == "2 3"


def test_a_run_that_asks_for_more_slots_than_there_are_waits_for_all_of_them() -> None:
    assert names(first_that_fit([several(2, 8)], 4, 4)) == "2"
    assert first_that_fit([several(2, 8)], 3, 4) == []

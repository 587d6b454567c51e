"""Ten thousand runs of two hundred owners, launched within two hours, in the real queue with a made-up clock."""

from collections.abc import Iterator
from random import Random
from statistics import median

import pytest

from tests.fixtures.simulated_queue import Arrival, SimulatedMachine

RUNS, OWNERS, SPREAD = 10_000, 200, 7_200.0
SLOTS, FLOOD = 64, 1_000
FLOODER = "owner0"


def arrivals(random: Random) -> Iterator[Arrival]:
    """One owner launches a thousand runs at once, the others launches of six at any time."""
    for number in range(FLOOD):
        yield Arrival(0.0, FLOODER, f"flood{number // 72}", random.uniform(10, 50))
    for number in range((RUNS - FLOOD) // 6 + 1):
        owner, at = f"owner{1 + number % (OWNERS - 1)}", random.uniform(0, SPREAD)
        for _ in range(min(6, RUNS - FLOOD - 6 * number)):
            yield Arrival(at, owner, f"launch{number}", random.uniform(10, 50))


@pytest.fixture(scope="module")
def day() -> SimulatedMachine:
    return SimulatedMachine(arrivals(Random(1)), SLOTS).run()


def test_every_run_is_finished_and_no_slot_stays_empty_while_one_waits(day: SimulatedMachine) -> None:
    assert len(day.finished) == RUNS
    assert len({arrival.owner for arrival in day.arrived.values()}) == OWNERS
    assert day.idle == 0


def test_a_flood_of_one_owner_holds_the_others_up_by_less_than_a_run(day: SimulatedMachine) -> None:
    others = sorted(wait for number in range(1, OWNERS) for wait in day.waits(f"owner{number}"))
    assert median(others) <= 50
    assert others[int(0.99 * len(others))] < 300
    assert day.waits(FLOODER)[-1] > others[-1]


def test_owners_with_equal_loads_wait_equally_long(day: SimulatedMachine) -> None:
    means = sorted(sum(waits) / len(waits) for waits in (day.waits(f"owner{number}") for number in range(1, OWNERS)))
    assert means[-1] - means[0] < 120


def test_the_whole_takes_little_longer_than_its_work(day: SimulatedMachine) -> None:
    work = sum(arrival.seconds + day.tick for arrival in day.arrived.values()) / SLOTS
    assert max(day.finished.values()) < max(work, SPREAD) * 1.1


def test_a_decision_takes_less_than_a_tenth_of_a_second(day: SimulatedMachine) -> None:
    assert median(day.decisions) < 0.1


def test_turns_are_taken_and_no_run_is_left_behind_for_long(day: SimulatedMachine) -> None:
    stays = [day.finished[run] - day.started[run] for run, arrival in day.arrived.items() if arrival.owner != FLOODER]
    assert day.pauses > 0
    assert max(stays) < 600

"""Lanes measured side by side, in whatever order their seeds come."""

from collections.abc import Generator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from resnet_explorer.api.probe_cache import ProbeCache
from resnet_explorer.api.probe_runner import LaneFailure, LaneProgress, ProbeRunner, parse_lanes
from resnet_explorer.executors.compute import Call, InProcess, Outcome
from resnet_explorer.gradients.metrics import COMMON
from resnet_explorer.gradients.profile import ProbeConfig
from resnet_explorer.models.probe import measure

SMALL = ";stem_width=4;widths=4,8,8"
LANES = parse_lanes([f"cifar-basic-8:{ordering}{SMALL}" for ordering in ("original", "plain", "full-preactivation")])
CONFIG = ProbeConfig(seeds=3, batch=2)


class Backwards:
    """Computes the last call first, and keeps the calls."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def outcomes(self, calls: Sequence[Call], patient: bool = False) -> Generator[Outcome]:
        self.calls += calls
        for number, call in reversed(list(enumerate(calls))):
            for outcome in InProcess().outcomes([call]):
                yield outcome._replace(number=number)


class Broken:
    """Refuses the calls of the second lane."""

    def outcomes(self, calls: Sequence[Call], patient: bool = False) -> Generator[Outcome]:
        second = list(dict.fromkeys(call.group for call in calls))[1]
        for number, call in enumerate(calls):
            if call.group == second:
                yield Outcome(number, error=RuntimeError("no kernel for it"))
            else:
                yield from (outcome._replace(number=number) for outcome in InProcess().outcomes([call]))


def progress(runner: ProbeRunner, config: ProbeConfig = CONFIG) -> list[LaneProgress]:
    return [step for step in runner.measure(LANES, config) if isinstance(step, LaneProgress)]


def last(steps: list[LaneProgress]) -> dict[str, LaneProgress]:
    return {step.lane.letter: step for step in steps}


def test_the_first_seed_of_all_lanes_comes_before_the_second_of_any() -> None:
    steps = progress(ProbeRunner())
    assert [(step.lane.letter, len(step.losses)) for step in steps] == [(x, n) for n in (1, 2, 3) for x in "ABC"]


def test_seeds_stand_in_their_order_however_they_come() -> None:
    backwards = progress(ProbeRunner(Backwards()))
    assert last(backwards) == last(progress(ProbeRunner()))
    assert all(len(step.losses) == 3 for step in backwards)


def test_what_was_measured_is_not_measured_again() -> None:
    computer = Backwards()
    runner = ProbeRunner(computer)
    first, second = progress(runner), progress(runner)
    assert len(computer.calls) == 9
    assert (len(second), last(second)) == (3, last(first))


@pytest.mark.parametrize("name", COMMON)
def test_another_quantity_is_known_already_and_what_it_would_be_alone(name: str) -> None:
    computer = Backwards()
    runner = ProbeRunner(computer)
    progress(runner)
    steps = progress(runner, replace(CONFIG, metrics=(name,)))
    assert len(computer.calls) == 9
    alone = {lane.letter: [measure(lane.plan.network, replace(CONFIG, metrics=(name,)), seed) for seed in range(3)]
             for lane in LANES}  # fmt: skip
    for letter, step in last(steps).items():
        assert step.flow.rows == tuple(one.values[name] for one in alone[letter])
        assert step.losses == tuple(one.loss for one in alone[letter])


def test_a_pass_for_a_dear_quantity_records_all_others() -> None:
    computer = Backwards()
    runner = ProbeRunner(computer)
    progress(runner, replace(CONFIG, metrics=("weight-gradient",)))
    for config in (CONFIG, replace(CONFIG, metrics=("second-moment",)), replace(CONFIG, paths=True)):
        assert all(step.complete for step in progress(runner, config))
    assert len(computer.calls) == 9


def test_more_seeds_measure_only_those_that_are_missing() -> None:
    computer = Backwards()
    runner = ProbeRunner(computer)
    progress(runner, ProbeConfig(seeds=1, batch=2))
    progress(runner)
    assert sorted(call.turn for call in computer.calls) == [0, 0, 0, 1, 1, 1, 2, 2, 2]


def test_a_restart_forgets_nothing(tmp_path: Path) -> None:
    progress(ProbeRunner(cache=ProbeCache(tmp_path)))
    computer = Backwards()
    assert last(progress(ProbeRunner(computer, ProbeCache(tmp_path)))) == last(progress(ProbeRunner()))
    assert computer.calls == []


def test_the_same_network_in_two_lanes_is_measured_once() -> None:
    computer = Backwards()
    lanes = parse_lanes([f"cifar-basic-8{SMALL}"] * 2)
    steps = list(ProbeRunner(computer).measure(lanes, CONFIG))
    assert len(computer.calls) == 3
    assert {step.lane.letter for step in steps} == {"A", "B"}


def test_a_lane_that_fails_says_so_once_and_leaves_the_others_alone() -> None:
    steps = list(ProbeRunner(Broken()).measure(LANES, CONFIG))
    failures = [step for step in steps if isinstance(step, LaneFailure)]
    assert [(failure.lane.letter, str(failure.error)) for failure in failures] == [("B", "no kernel for it")]
    assert {step.lane.letter for step in steps if isinstance(step, LaneProgress) and step.complete} == {"A", "C"}


def test_a_closed_probe_measures_no_more() -> None:
    steps = ProbeRunner().measure(LANES, CONFIG)
    next(steps)
    steps.close()
    assert list(steps) == []


def test_a_depth_that_is_refused_says_why_and_the_others_are_measured() -> None:
    results = ProbeRunner().depths(LANES[:1], ProbeConfig(seeds=1, batch=2), [8, 14, 20000], "50MB")
    small, larger, refused = results
    assert (small.depth, larger.depth, small.refused) == (8, 14, "")
    assert "the limit is 50 MB" in refused.refused

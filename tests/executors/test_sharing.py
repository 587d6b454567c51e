"""How many runs share a GPU follows from what was measured, its memory, and what the person who runs it sets."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from resnet_explorer.errors import RunError
from resnet_explorer.executors.choice import choose_executor
from resnet_explorer.executors.local import Local
from resnet_explorer.executors.sharing import (
    FILE,
    PER_GPU,
    Gpu,
    Measurement,
    Sharing,
    read_sharing,
    slot_names,
    workers_on_one_gpu,
    write_measurement,
)

GB = 1 << 30
CURVE = {1: 100.0, 2: 180.0, 3: 192.0, 4: 200.0, 6: 201.0, 8: 150.0}
MEASURED = Measurement("Fast GPU", CURVE, 2 * GB, "2026-11-28", "2.14.1", "abc")
FAST, OTHER = Gpu("Fast GPU", 80 * GB), Gpu("Other GPU", 80 * GB)


@pytest.mark.parametrize(
    ("curve", "memory", "workers"),
    [
        # 95 per cent of 201 are 190.95
        (CURVE, 80 * GB, 3),
        ({**CURVE, 3: 190.0}, 80 * GB, 4),
        # exactly as many as fit
        ({1: 1.0, 2: 2.0, 3: 3.0}, 6 * GB, 3),
        ({1: 1.0, 2: 2.0, 3: 3.0}, 6 * GB - 1, 2),
        # the best is that of those that fit
        ({1: 1.0, 2: 1.04, 8: 8.0}, 4 * GB, 1),
        ({1: 1.0, 2: 2.0}, GB, 1),
        ({1: 1.0, 2: 2.0}, 0, 1),
        ({1: 2.0, 2: 1.0}, 80 * GB, 1),
        ({2: 2.0}, GB, 1),
        ({}, 80 * GB, 1),
    ],
)
def test_the_fewest_workers_with_nearly_the_best_throughput_share_a_gpu(
    curve: Mapping[int, float], memory: int, workers: int
) -> None:
    assert workers_on_one_gpu(curve, 2 * GB, memory) == workers


@pytest.mark.parametrize(
    ("sharing", "gpus", "runs", "sentence"),
    [
        (Sharing(MEASURED), [FAST], 3, "3 runs share it: 1.9 times the steps of one, measured 2026-11-28"),
        (Sharing(replace(MEASURED, curve={1: 9.0})), [FAST], 1, "one run has it: measured 2026-11-28"),
        (Sharing(replace(MEASURED, curve={2: 9.0})), [FAST], 2, "2 runs share it: measured 2026-11-28"),
        (Sharing(MEASURED), [OTHER], 1, "one run has it: what sharing gains was measured on Fast GPU"),
        (Sharing(MEASURED), [FAST, FAST], 1, "one run has it, as there are several GPUs"),
        (Sharing(MEASURED, 4), [OTHER], 4, "4 runs share it, as RESNET_EXPLORER_PER_GPU says"),
        (Sharing(), [FAST], 1, "one run has it: what sharing gains was not measured"),
        (Sharing(MEASURED, 4), [], 1, ""),
    ],
)
def test_what_decides_is_said(sharing: Sharing, gpus: list[Gpu], runs: int, sentence: str) -> None:
    assert sharing.share(gpus) == (runs, sentence)


def test_runs_go_to_different_gpus_before_they_share_one() -> None:
    assert slot_names(2, 2) == ["cuda:0#0", "cuda:1#1", "cuda:0#2", "cuda:1#3"]
    assert slot_names(2, 2, slots=3) == ["cuda:0#0", "cuda:1#1", "cuda:0#2"]


def test_a_home_keeps_its_last_measurement(tmp_path: Path) -> None:
    home = tmp_path / "home"
    write_measurement(home, replace(MEASURED, curve={1: 1.0}))
    write_measurement(home, MEASURED)
    assert read_sharing({}, home) == Sharing(MEASURED)
    assert [path.name for path in home.iterdir()] == [FILE]


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"curve": {}}', '{"curve": 1}', '{"curve": {"0": 9}}', '{"curve": {"two": 2}}', "\0"]
)
def test_a_damaged_measurement_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    assert read_sharing({}, tmp_path) == Sharing()


def test_no_worker_at_all_is_no_measurement(tmp_path: Path) -> None:
    write_measurement(tmp_path, replace(MEASURED, curve={0: 9.0, 1: 1.0}))
    assert read_sharing({}, tmp_path) == Sharing()


@pytest.mark.parametrize("number", ["0", "-1", "two", "65", "1.5"])
def test_a_number_of_runs_that_cannot_be_is_refused(tmp_path: Path, number: str) -> None:
    with pytest.raises(RunError, match="a whole number from 1 to 64, not"):
        choose_executor({PER_GPU: number}, tmp_path, Local())


def test_the_variable_comes_before_the_measurement(tmp_path: Path) -> None:
    write_measurement(tmp_path, MEASURED)
    local = Local()
    choose_executor({PER_GPU: "2"}, tmp_path, local)
    assert local.sharing == Sharing(MEASURED, 2)

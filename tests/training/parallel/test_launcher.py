"""Which of several processes that failed is named, and in which sentence."""

import json
from pathlib import Path

import pytest
from torch.distributed.elastic.multiprocessing.errors import ProcessFailure

from resnet_explorer.runs.events import Failed
from resnet_explorer.training.parallel.launcher import failure_event


def failure(folder: Path, rank: int, exitcode: int, message: str = "", second: int = 0) -> ProcessFailure:
    """What torch's launcher knows of a process that ended, with the file that the process left behind."""
    file = folder / f"{rank}.json"
    if message:
        file.write_text(json.dumps({"message": {"message": message, "extraInfo": {"timestamp": str(second)}}}))
    return ProcessFailure(rank, 4711 + rank, exitcode, str(file))


def test_a_process_that_a_signal_ended_is_named_and_not_those_that_missed_it(tmp_path: Path) -> None:
    lost = failure(tmp_path, 0, 1, "RuntimeError: Connection closed by peer", 1)
    killed = failure(tmp_path, 1, -9)
    event = failure_event({0: lost, 1: killed}, 2)
    assert event == Failed("process 2 of 2 was ended by signal 9", "rank_died")


def test_a_refusal_of_ours_is_the_whole_sentence(tmp_path: Path) -> None:
    refused = failure(tmp_path, 0, 1, "DataError: a batch of 16 needs as many training images, and there are 8", 1)
    ended = failure(tmp_path, 1, -15)
    event = failure_event({0: refused, 1: ended}, 2)
    assert event.reason == "a batch of 16 needs as many training images, and there are 8"


def test_of_two_errors_the_earlier_is_told_by_its_first_line(tmp_path: Path) -> None:
    later = failure(tmp_path, 0, 1, "RuntimeError: Connection closed by peer", 9)
    earlier = failure(tmp_path, 1, 1, "RuntimeError: no kernel\nsee the log", 8)
    event = failure_event({0: later, 1: earlier}, 2)
    assert event.reason == "process 2 of 2 failed: RuntimeError: no kernel"


@pytest.mark.parametrize("code", [3, 1])
def test_a_process_that_left_no_word_is_named_by_its_code(tmp_path: Path, code: int) -> None:
    silent = failure(tmp_path, 0, code)
    event = failure_event({0: silent}, 2)
    assert event.reason.startswith("process 1 of 2 failed: ")
    assert event.code == "rank_died"

"""Answers are kept where they never change, and only there, and never more than fit."""

import pytest

from resnet_explorer.errors import NetworkError
from resnet_explorer.ui.answer_cache import AnswerCache


class Count:
    """Answers with how often it was asked."""

    def __init__(self, size: int = 0) -> None:
        self.calls, self.size = 0, size

    def __call__(self) -> object:
        self.calls += 1
        return {"calls": self.calls, "filler": "x" * self.size}


def test_a_question_is_answered_once_whatever_the_order_of_its_arguments() -> None:
    cache, count = AnswerCache(), Count()
    first = cache.answer("describe", {"network": "a", "batch": 1}, count)
    again = cache.answer("describe", {"batch": 1, "network": "a"}, count)
    assert first == again
    assert count.calls == 1
    other = cache.answer("describe", {"network": "b", "batch": 1}, count)
    assert other.tag != first.tag


def test_what_changes_is_asked_each_time() -> None:
    cache, count = AnswerCache(), Count()
    assert cache.answer("runs", {}, count) != cache.answer("runs", {}, count)
    assert cache.bytes == 0


def test_a_refusal_is_not_kept() -> None:
    def refuse() -> object:
        raise NetworkError("no such network")

    cache, count = AnswerCache(), Count()
    with pytest.raises(NetworkError):
        cache.answer("describe", {}, refuse)
    assert cache.answer("describe", {}, count).body


def test_the_oldest_goes_where_there_is_no_more_room() -> None:
    cache, count = AnswerCache(most_bytes=1000), Count(size=300)
    for number in range(5):
        cache.answer("describe", {"number": number}, count)
    assert cache.bytes <= 1000
    cache.answer("describe", {"number": 4}, count)
    assert count.calls == 5
    cache.answer("describe", {"number": 0}, count)
    assert count.calls == 6

"""How found runs are sorted, and which of the bundled runs, which no index has, are found."""

from collections.abc import Callable, Sequence
from math import inf, isnan
from typing import Any

from resnet_explorer.api.run_answers import RunAnswer
from resnet_explorer.runs.events import LIVE
from resnet_explorer.runs.index.search import RunKey


def _least_first(number: float | None) -> float:
    """What has no number comes last."""
    return inf if number is None or isnan(number) else number


ORDERS: dict[str, Callable[[RunKey], Any]] = {
    "newest": lambda key: -key.created,
    "oldest": lambda key: key.created,
    "network": lambda key: (key.line, -key.created),
    "accuracy": lambda key: (_least_first(None if key.accuracy is None else -key.accuracy), -key.created),
    "seconds": lambda key: (_least_first(key.seconds or None), -key.created),
}


def sort_keys(keys: Sequence[RunKey], order: str) -> list[RunKey]:
    """The keys in an order; equal ones by id, so that parts do not overlap."""
    return sorted(sorted(keys, key=lambda key: key.run), key=ORDERS[order])


def key_of(run: RunAnswer) -> RunKey:
    """What a run's answer is sorted by."""
    accuracy, seconds = (None if run[name] is None else float(str(run[name])) for name in ("test_accuracy", "seconds"))
    return RunKey(run["run"], run["created"], run["line"], accuracy, seconds)


def holds(run: RunAnswer, state: str, words: Sequence[str]) -> bool:
    """Whether a bundled run is in a state, or recorded, and its texts hold every word."""
    states = ("recorded", run["state"], *(("live",) if run["state"] in LIVE else ()))
    if state and state not in states:
        return False
    texts = (run["run"], run["line"], run["data"], run["recipe"], str(run["settings"]), run["group"], run["recorded"])
    text = " ".join(texts).lower()
    return all(word in text for word in words)

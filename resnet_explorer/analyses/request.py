"""What is asked of an analysis: lanes with weights and images; and what is known of each, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from resnet_explorer.networks.request import LETTERS


@dataclass(frozen=True)
class SubjectRequest:
    """One lane: a network by its line, with initial weights of a seed, or those of a run after a step (0: the newest).

    `data` names the images that are sent through it; a run brings its own.
    """

    line: str
    slot: int = 0
    run: str = ""
    step: int = 0
    seed: int = 0
    data: str = "shapes"

    @property
    def letter(self) -> str:
        return LETTERS[self.slot]


class Part(NamedTuple):
    """What is known so far of one lane, by plain names: it takes the place of what was known of that lane before.

    `done` of `of` pieces of the whole analysis are done. Values are as in JSON: numbers, texts, lists, dicts.
    """

    lane: int
    done: int
    of: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class LaneResult:
    """A lane and what is known of it: `subject` says in words what weights and images were looked at."""

    slot: int
    letter: str
    network: str
    subject: str
    values: Mapping[str, Any]

"""What is asked of an analysis: lanes with weights and images; and what is known of each, as plain values."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from resnet_explorer.networks.request import LETTERS
from resnet_explorer.runs.run_folder import hashed_id

# what weights the networks of a question can have
WEIGHTS = INITIAL, RECORDED = "initial", "recorded"


@dataclass(frozen=True)
class SubjectRequest:
    """One lane: a network by its line, with initial weights of a seed, or those of a run after a step (0: the newest).

    `data` names the images that are sent through it; a run brings its own, and `experiment` is the id of its
    experiment. `recorded` is the checksum of weights that come with the program, where these are taken.
    """

    line: str
    slot: int = 0
    run: str = ""
    step: int = 0
    seed: int = 0
    data: str = "shapes"
    experiment: str = ""
    recorded: str = ""

    @property
    def letter(self) -> str:
        return LETTERS[self.slot]


@dataclass(frozen=True)
class AnalysisRequest:
    """A whole question: an analysis in one of its versions, a value for each setting, and lanes."""

    analysis: str
    version: int
    settings: Mapping[str, Any]
    lanes: tuple[SubjectRequest, ...]

    @property
    def id(self) -> str:
        """The id of the run that answers it: the same question has the same."""
        return hashed_id(json.dumps(self.to_json(), sort_keys=True))

    def to_json(self) -> dict[str, Any]:
        """The question as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "AnalysisRequest":
        """What `to_json` gave."""
        lanes = tuple(SubjectRequest(**lane) for lane in values["lanes"])
        return cls(values["analysis"], values["version"], dict(values["settings"]), lanes)


class Part(NamedTuple):
    """What is known so far of one lane, by plain names: it takes the place of what was known of that lane before.

    `lane` is the place of its subject among the subjects, from 0, whatever its letter.
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

"""What an atlas asks: which sentences, in networks of which depth, on which data; and the rounds of its tournament."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from resnet_explorer.errors import RunError
from resnet_explorer.networks.atlas_words import CONVS, MOST, Entry, entries
from resnet_explorer.runs.datasets import CLASSES, DATA_SETS, FOLDERS, read_data
from resnet_explorer.runs.experiment import MOST_SEED, Experiment, prepare
from resnet_explorer.runs.run_folder import hashed_id

DEEPEST, MOST_STEPS, MOST_SEEDS = 110, 10_000, 20
# half the width, 16 pixels, batches of 64, a rate at which orderings begin to learn on every seed
RECIPE = "steady"
ATLAS_DATA = tuple(name for name, row in DATA_SETS.items() if row.task == CLASSES and name not in FOLDERS)


@dataclass(frozen=True)
class Atlas:
    """Every entry of the sentences with so many words, as a CIFAR network of a depth, at half the width."""

    convs: int = 2
    bns: int = 2
    relus: int = 2
    depth: int = 20
    data: str = "shapes"
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what there is not."""
        if self.convs not in CONVS:
            raise RunError(f"convolutions of an atlas are {' or '.join(map(str, CONVS))}, not {self.convs}")
        _check_whole("bn of an atlas", self.bns, 0, MOST)
        _check_whole("relu of an atlas", self.relus, 0, MOST)
        if not 8 <= self.depth <= DEEPEST or self.depth % 6 != 2:
            raise RunError(f"depth of an atlas is 8, 14, 20 ... {DEEPEST} (6n+2), not {self.depth}")
        if read_data(self.data).name not in ATLAS_DATA:
            raise RunError(f"an atlas is made on {', '.join(ATLAS_DATA)}, not on {self.data[:40]}")
        _check_whole("seed", self.seed, 0, MOST_SEED)

    @property
    def id(self) -> str:
        """The id of the run that probes it: the same atlas has the same."""
        return hashed_id("probe " + json.dumps(asdict(self), sort_keys=True))

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What it consists of, in the order of their numbers."""
        return entries(self.convs, self.bns, self.relus)

    def line(self, number: int) -> str:
        """The network of an entry."""
        return f"cifar-basic-{self.depth}:{self.entries[number].sentence}"

    def experiment(self, number: int, settings: Mapping[str, str] | None = None, seed: int | None = None) -> Experiment:
        """An entry as the recipe trains it, or with other settings and another seed."""
        return prepare(self.line(number), self.data, RECIPE, self.seed if seed is None else seed, settings)

    def to_json(self) -> dict[str, Any]:
        """The atlas as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Atlas":
        """What `to_json` gave; what another version of the program wrote besides is left out."""
        return cls(**{field.name: values[field.name] for field in fields(cls) if field.name in values})


@dataclass(frozen=True)
class Tournament:
    """Successive halving over an atlas: `short` steps for a third and a sample, `long` for a ninth, then `seeds`."""

    atlas: Atlas = field(default_factory=Atlas)
    short: int = 150
    long: int = 600
    seeds: int = 3
    test: int = 1000

    def __post_init__(self) -> None:
        """Refuse rounds that cannot be."""
        _check_whole("steps of the first round", self.short, 1, MOST_STEPS)
        _check_whole("steps of the later rounds", self.long, self.short, MOST_STEPS)
        _check_whole("seeds of the last round", self.seeds, 1, MOST_SEEDS)
        _check_whole("held-out images", self.test, 10, 10_000)

    @property
    def id(self) -> str:
        """The id of the run that holds it."""
        return hashed_id("tournament " + json.dumps(self.to_json(), sort_keys=True))

    def settings(self, steps: int) -> dict[str, str]:
        """The fields of the recipe for so many steps."""
        given = {"steps": steps, "warmup": steps // 10, "test": self.test, "evaluate": 0, "save": 0, "measure": 0}
        return {name: str(value) for name, value in given.items()}

    def experiment(self, number: int, steps: int, seed: int) -> Experiment:
        """What is trained of an entry."""
        return self.atlas.experiment(number, self.settings(steps), seed)

    def to_json(self) -> dict[str, Any]:
        """The tournament as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Tournament":
        """What `to_json` gave."""
        return cls(**{**values, "atlas": Atlas.from_json(values["atlas"])})


def _check_whole(what: str, value: object, least: int, most: int) -> None:
    if type(value) is not int or not least <= value <= most:
        raise RunError(f"{what}: a whole number from {least:,} to {most:,}, not {str(value)[:20]}")

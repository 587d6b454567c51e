"""Trained networks that come with the program: what they are, where they come from, and where their weights lie.

Each is two files: NAME.json says what was trained and how well it does, NAME.npz holds the weights,
which `training/packed_weights.py` reads. This loads no torch.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from pathlib import Path

from resnet_explorer import PACKAGE_DIR
from resnet_explorer.errors import RunError
from resnet_explorer.runs.bundled import Provenance
from resnet_explorer.runs.experiment import Experiment, prepare

NETWORKS_DIR = PACKAGE_DIR / "assets" / "networks"
# what their settings are read with
RECIPE = "short"


@dataclass(frozen=True)
class RecordedNetwork:
    """A network by its line and data, how it was trained, and its accuracy with the weights as they are kept."""

    line: str
    data: str
    settings: Mapping[str, str]
    seed: int
    steps: int
    accuracy: float
    images: int
    provenance: Provenance
    weights: str

    @property
    def name(self) -> str:
        """The name of its files."""
        return file_name(self.line, self.data)

    @property
    def path(self) -> Path:
        """Where its weights lie."""
        return NETWORKS_DIR / f"{self.name}.npz"

    @cached_property
    def experiment(self) -> Experiment:
        return prepare(self.line, self.data, RECIPE, self.seed, self.settings)

    @property
    def words(self) -> str:
        """What weights these are, how good they are, and where they come from."""
        good = f"{self.accuracy:.1%} of {self.images:,} held-out images right"
        return f"{self.steps:,} steps on {self.data}, {good}, {self.provenance}"

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=1, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "RecordedNetwork":
        """What `to_json` gave."""
        values = json.loads(text)
        return cls(**{**values, "provenance": Provenance(**values["provenance"])})


@cache
def list_recorded() -> tuple[RecordedNetwork, ...]:
    """The recorded networks, by data and line."""
    networks = [RecordedNetwork.from_json(path.read_text()) for path in sorted(NETWORKS_DIR.glob("*.json"))]
    return tuple(sorted(networks, key=lambda one: (one.data, one.line)))


def find_recorded(line: str, data: str) -> RecordedNetwork:
    """The recorded network that a lane's line describes, trained on this data; raises RunError if there is none."""
    network = prepare(line, data, RECIPE, 0).network
    there = [one for one in list_recorded() if one.data == data]
    for one in there:
        if one.experiment.network == network:
            return one
    known = ", ".join(one.line for one in there) or "none"
    raise RunError(f"no weights of {line[:60]} on {data} come with the program; there are {known}")


def file_name(line: str, data: str) -> str:
    """What the files of a network are called."""
    return f"{data}-{line.replace(':', '-')}"


def checksum(path: Path) -> str:
    """What a file of weights is known by."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]

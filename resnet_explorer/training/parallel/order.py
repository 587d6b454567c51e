"""What the processes of a run are to do, as one text that is passed to each."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class ParallelOrder:
    """An experiment as JSON, where its files are, and on what device each process trains it."""

    experiment: str
    folder: str
    home: str
    # one a process: cpu, or a GPU of its own
    devices: Sequence[str]
    threads: int

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "ParallelOrder":
        """The order that `to_json` wrote."""
        return cls(**json.loads(text))

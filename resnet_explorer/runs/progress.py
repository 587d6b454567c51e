"""Where a run stands, derived from its events one by one: what a list of runs shows."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from resnet_explorer.runs.event_json import to_json
from resnet_explorer.runs.events import (
    STATES,
    Evaluated,
    Failed,
    Finished,
    Interrupted,
    Noted,
    Prepared,
    Record,
    Saved,
    Started,
    Stepped,
    Stopped,
)


@dataclass(frozen=True)
class Progress:
    """The newest of everything; None is what has not been said yet."""

    state: str = "queued"
    reason: str = ""
    code: str = ""
    attempt: int = 1
    step: int = 0
    steps: int = 0
    seconds: float = 0.0
    loss: float | None = None
    accuracy: float | None = None
    rate: float | None = None
    test_loss: float | None = None
    test_accuracy: float | None = None
    test_images: int = 0
    saved: int = 0
    parameters: int = 0
    device: str = ""
    hardware: str = ""
    precision: str = ""
    engine: str = ""
    note: str = ""
    preparing: str = ""
    done: int = 0
    of: int = 0
    started: int = 0
    ended: int = 0

    @property
    def remaining(self) -> float | None:
        """Seconds to the last step, at the speed so far; None where nothing can be said."""
        if self.state != "running" or not self.step or not self.seconds:
            return None
        return self.seconds / self.step * (self.steps - self.step)

    def to_json(self) -> dict[str, Any]:
        told: dict[str, Any] = to_json(asdict(self))
        return told

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "Progress":
        floats = ("seconds", "loss", "accuracy", "rate", "test_loss", "test_accuracy")
        known: dict[str, Any] = {name: told[name] for name in cls.__match_args__ if name in told}
        return cls(**known | {name: float(known[name]) for name in floats if known.get(name) is not None})


def progress(records: Iterable[Record]) -> Progress:
    """Where a run stands after all its records."""
    found = Progress()
    for record in records:
        found = after(found, record)
    return found


def after(found: Progress, record: Record) -> Progress:
    """Where a run stands after one more record."""
    state = STATES.get(record.kind)
    if state:
        found = replace(found, state=state, attempt=record.attempt, ended=0, reason="", code="")
    return _told(found, record)


def _told(found: Progress, record: Record) -> Progress:
    match record.event:
        case Prepared(what, done, of):
            return replace(found, preparing=what, done=done, of=of)
        case Noted(text):
            return replace(found, note=text)
        case Started() as told:
            shared = {name: getattr(told, name) for name in ("step", "steps", "parameters", "device", "hardware")}
            return replace(found, **shared, precision=told.precision, engine=told.engine, started=record.time)
        case Stepped() as told:
            shared = {name: getattr(told, name) for name in ("step", "seconds", "loss", "accuracy", "rate")}
            return replace(found, **shared)
        case Evaluated() as told:
            return replace(found, test_loss=told.loss, test_accuracy=told.accuracy, test_images=told.images)
        case Saved(step):
            return replace(found, saved=step)
        case Finished(step, seconds) | Stopped(step, seconds):
            return replace(found, step=step, seconds=seconds, ended=record.time)
        case Failed(reason, code) | Interrupted(reason, code):
            return replace(found, reason=reason, code=code, ended=record.time)
        case _:
            return found

"""Where a run stands, updated event by event: what a list of runs shows."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from resnet_explorer.runs.event_json import to_json
from resnet_explorer.runs.events import (
    STATES,
    Computed,
    Evaluated,
    Failed,
    Finished,
    Interrupted,
    Noted,
    Paused,
    Prepared,
    Record,
    Saved,
    Started,
    Stepped,
    Stopped,
)


@dataclass(frozen=True)
class Progress:
    """The newest value of everything that events carry; None where no event has had one yet."""

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
    def share(self) -> float:
        """How much of its steps a run has done, from 0 to 1."""
        return self.step / self.steps if self.steps else 0.0

    @property
    def remaining(self) -> float | None:
        """Seconds to the last step, at the speed so far; None if the run is not at work or did no step yet."""
        if self.state != "running" or not self.step or not self.seconds:
            return None
        return self.seconds / self.step * (self.steps - self.step)

    def to_json(self) -> dict[str, Any]:
        values: dict[str, Any] = to_json(asdict(self))
        return values

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Progress":
        """What `to_json` wrote; fields of a later version are left out."""
        floats = ("seconds", "loss", "accuracy", "rate", "test_loss", "test_accuracy")
        fields: dict[str, Any] = {name: values[name] for name in cls.__match_args__ if name in values}
        return cls(**fields | {name: float(fields[name]) for name in floats if fields.get(name) is not None})


def progress(records: Iterable[Record]) -> Progress:
    """Where a run stands after all its records."""
    now = Progress()
    for record in records:
        now = after(now, record)
    return now


def after(now: Progress, record: Record) -> Progress:
    """Where a run stands after one more record."""
    state = STATES.get(record.kind)
    if state:
        now = replace(now, state=state, attempt=record.attempt, ended=0, reason="", code="")
    return _with_values(now, record)


def _with_values(now: Progress, record: Record) -> Progress:
    """A copy with the values that the record's event carries."""
    match record.event:
        case Prepared(what, done, of):
            return replace(now, preparing=what, done=done, of=of)
        case Noted(text):
            return replace(now, note=text)
        case Started() as event:
            shared = {name: getattr(event, name) for name in ("step", "steps", "parameters", "device", "hardware")}
            return replace(now, **shared, precision=event.precision, engine=event.engine, started=record.time)
        case Stepped() as event:
            shared = {name: getattr(event, name) for name in ("step", "seconds", "loss", "accuracy", "rate")}
            return replace(now, **shared)
        case Computed(step, steps, seconds):
            return replace(now, step=step, steps=steps, seconds=seconds)
        case Evaluated() as event:
            return replace(now, test_loss=event.loss, test_accuracy=event.accuracy, test_images=event.images)
        case Saved(step):
            return replace(now, saved=step)
        case Paused(step, seconds):
            return replace(now, step=step, seconds=seconds)
        case Finished(step, seconds) | Stopped(step, seconds):
            return replace(now, step=step, seconds=seconds, ended=record.time)
        case Failed(reason, code) | Interrupted(reason, code):
            return replace(now, reason=reason, code=code, ended=record.time)
        case _:
            return now

"""What happens to a run: frozen values in the past tense, the state that follows from them, and their order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple


@dataclass(frozen=True)
class Queued:
    """The run waits for a slot; a resumed run is queued again."""


@dataclass(frozen=True)
class Prepared:
    """Progress before the first step: `done` of `of` images decoded, or bytes fetched."""

    what: str
    done: int = 0
    of: int = 0


@dataclass(frozen=True)
class Noted:
    """A remark for the reader, such as why an engine fell back."""

    text: str


@dataclass(frozen=True)
class Started:
    """An attempt begins, with `step` steps done before; `weights` names the weights whose norms `Stepped` has.

    Of an analysis, `subjects` says in words what each lane looks at.
    """

    step: int
    steps: int
    device: str = ""
    hardware: str = ""
    threads: int = 1
    precision: str = "fp32"
    engine: str = "eager"
    parameters: int = 0
    train: int = 0
    test: int = 0
    data: str = ""
    weights: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stepped:
    """A step was done: `seconds` of training so far, images a second, norm of all gradients and of each weight's.

    Loss and accuracy are those of the step's own training batch; loss with label smoothing if there is any.
    """

    step: int
    seconds: float
    loss: float
    accuracy: float
    lr: float
    rate: float
    gradient: float
    weights: tuple[float, ...] = ()


@dataclass(frozen=True)
class Measured:
    """Per unit: E x² on the trunk and |dL/dx| (both with x_0 in front), and the standard deviation of the branch."""

    step: int
    moments: tuple[float, ...]
    responses: tuple[float, ...]
    gradients: tuple[float, ...]


@dataclass(frozen=True)
class Evaluated:
    """Loss and accuracy on held-out images, in evaluation mode."""

    step: int
    seconds: float
    loss: float
    accuracy: float
    images: int


@dataclass(frozen=True)
class Computed:
    """What an analysis knows of a lane after `step` of `steps` pieces; it takes the place of what it knew before."""

    step: int
    steps: int
    seconds: float
    lane: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Concluded:
    """What follows from all that an analysis knows, in sentences that take the place of those before."""

    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Saved:
    """A checkpoint is on disk, from which the run can be resumed."""

    step: int
    file: str


@dataclass(frozen=True)
class Finished:
    """All steps are done."""

    step: int
    seconds: float


@dataclass(frozen=True)
class Stopped:
    """The run was stopped on command; it can be resumed."""

    step: int
    seconds: float


@dataclass(frozen=True)
class Paused:
    """The run gave its slot to another and is queued again, to go on from its newest checkpoint."""

    step: int
    seconds: float


@dataclass(frozen=True)
class Failed:
    """The run ended by itself before its last step; its events stay."""

    reason: str
    code: str = "error"


@dataclass(frozen=True)
class Interrupted:
    """The process that worked on the run is gone; the run can be resumed."""

    reason: str
    code: str = "killed"


Event = (
    Queued
    | Prepared
    | Noted
    | Started
    | Stepped
    | Measured
    | Evaluated
    | Computed
    | Concluded
    | Saved
    | Finished
    | Stopped
    | Paused
    | Failed
    | Interrupted
)
KINDS: dict[str, type[Event]] = {
    kind.__name__.lower(): kind
    for kind in (
        Queued,
        Prepared,
        Noted,
        Started,
        Stepped,
        Measured,
        Evaluated,
        Computed,
        Concluded,
        Saved,
        Finished,
        Stopped,
        Paused,
        Failed,
        Interrupted,
    )
}
# the state a run is in after an event; the others leave it as it was
STATES = {
    "queued": "queued",
    "paused": "queued",
    "prepared": "preparing",
    "started": "running",
    "finished": "finished",
    "stopped": "stopped",
    "failed": "failed",
    "interrupted": "interrupted",
}
_STATE_AFTER = {KINDS[kind]: state for kind, state in STATES.items()}
LIVE = ("queued", "preparing", "running")
ENDED = ("finished", "stopped", "failed", "interrupted")
RESUMABLE = ("stopped", "interrupted")


class Record(NamedTuple):
    """An event with its number in the run from 1, milliseconds of wall time, and attempt from 1."""

    seq: int
    time: int
    attempt: int
    event: Event

    @property
    def kind(self) -> str:
        return type(self.event).__name__.lower()


def state_of(records: Sequence[Record]) -> str:
    """The state a run is in after all its events."""
    for record in reversed(records):
        state = _STATE_AFTER.get(type(record.event))
        if state:
            return state
    return "queued"


def merge_attempts(records: Iterable[Record]) -> Iterator[Record]:
    """The records of one curve: steps that a later attempt repeats, as it went on from a checkpoint, are left out."""
    merged: list[Record] = []
    resumed_after = None
    for record in reversed(list(records)):
        step = getattr(record.event, "step", None)
        if isinstance(record.event, Started):
            resumed_after = record.event.step if resumed_after is None else min(resumed_after, record.event.step)
            attempt = record.attempt
        elif resumed_after is not None and record.attempt < attempt and step is not None and step > resumed_after:
            continue
        merged.append(record)
    return reversed(merged)
